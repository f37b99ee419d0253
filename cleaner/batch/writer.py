"""What a writer of outputs is, and the two that are used when no format is named."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol

from cleaner.batch.inputs import Input
from cleaner.batch.rows import clean_record, text_hash
from cleaner.batch.work import Outcome
from cleaner.document import Mode, Status
from cleaner.readers import Format
from cleaner.readers.jsonl import dump
from cleaner.readers.text import Decoded
from cleaner.strip import restored_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Restorable:
    """A row of the manifest, and the removed spans of that document: (start, end, text)."""

    row: Row
    cut: Sequence[tuple[int, int, str]]

    def text(self, kept: str) -> tuple[str, str]:
        """Put the spans back: the text, and what is wrong with it."""
        if self.row["status"] != Status.OK:
            return kept, f"was not cleaned ({self.row['error']})"
        text = restored_text(kept, self.cut)
        if text_hash(text) == self.row["text_hash"]:
            return text, ""
        return text, "the output was changed since: its text does not match the manifest"


class Writer(Protocol):
    """Turns cleaned documents into output files."""

    @property
    def suffix(self) -> str:
        """Of the output files."""

    @property
    def lines(self) -> bool:
        """Whether bodies are lines of one file; else each document is a file of its own."""

    def body(self, outcome: Outcome, mode: Mode) -> str | None:
        """What is written for a document, None for nothing."""

    def seal(self, part: Path, source: Input) -> None:
        """Turn the file of all bodies into the output, in place."""

    def intact(self, target: Path, rows: Iterable[Row]) -> bool:
        """Whether an output is still what was written for these rows."""

    def texts(self, source: Path, field: str) -> Iterator[str | None]:
        """The cleaned texts in an output, by document; None for one that has none.

        Args:
            source: the output.
            field: of records, the field that holds the text.
        """

    def restore(
        self, source: Path, target: Path, documents: Iterator[Restorable]
    ) -> Iterator[tuple[Row, str]]:
        """Write what was cleaned into `source` to `target`, and yield what is wrong."""


@dataclass(frozen=True)
class TextWriter:
    """The cleaned text and nothing else."""

    suffix: str = ".txt"
    lines: bool = False

    def body(self, outcome: Outcome, mode: Mode) -> str | None:  # noqa: ARG002 - the text says it
        """The text; a document that failed has none."""
        return outcome.result.text if outcome.result else None

    def seal(self, part: Path, source: Input) -> None:
        """The text is the output."""

    def intact(self, target: Path, rows: Iterable[Row]) -> bool:
        """Whether the file has its hash."""
        return all(file_hash(target) == row["output_hash"] for row in rows)

    def texts(self, source: Path, field: str) -> Iterator[str | None]:  # noqa: ARG002 - a text has none
        """The one text."""
        yield self.kept(source.read_bytes().decode("utf-8", "surrogatepass"))

    def restore(
        self, source: Path, target: Path, documents: Iterator[Restorable]
    ) -> Iterator[tuple[Row, str]]:
        """The text, encoded as its file was."""
        for document in documents:
            (kept,) = self.texts(source, document.row["field"])
            text, problem = document.text(kept or "")
            data = _encoded(text, document.row)
            target.write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            if problem:
                yield document.row, problem
            elif document.row["encoding"] and digest != document.row["hash"]:
                yield document.row, "its bytes do not match the manifest"

    def kept(self, content: str) -> str:
        """The cleaned text in a file."""
        return content


@dataclass(frozen=True)
class JsonlWriter:
    """The input's fields with the text cleaned, and what was done in a field `cleaner`."""

    suffix: str = ".jsonl"
    lines: bool = True

    def body(self, outcome: Outcome, mode: Mode) -> str | None:
        """A line. Of a record file every record has one, also one that failed."""
        if outcome.result is None and outcome.record is None:
            return None
        return dump(clean_record(outcome, mode))

    def seal(self, part: Path, source: Input) -> None:
        """The lines are the output."""

    def intact(self, target: Path, rows: Iterable[Row]) -> bool:
        """Whether each line has its hash."""
        try:
            with target.open("rb") as stream:
                return all(
                    row is not None
                    and line is not None
                    and hashlib.sha256(line.removesuffix(b"\n")).hexdigest() == row["output_hash"]
                    for row, line in zip_longest(rows, stream)
                )
        except OSError:
            return False

    def texts(self, source: Path, field: str) -> Iterator[str | None]:
        """The field of each line."""
        with source.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                text = json.loads(line).get(field)
                yield text if isinstance(text, str) else None

    def restore(
        self, source: Path, target: Path, documents: Iterator[Restorable]
    ) -> Iterator[tuple[Row, str]]:
        """The lines, with the text in its field and without what we added."""
        with (
            source.open(encoding="utf-8", newline="\n") as lines,
            target.open("w", encoding="utf-8", newline="") as stream,
        ):
            for document, line in zip(documents, lines, strict=True):
                record = json.loads(line)
                done = record.pop("cleaner", {})
                if "before" in done:
                    record["cleaner"] = done["before"]
                field = document.row["field"]
                record[field], problem = document.text(record[field])
                stream.write(dump(record) + "\n")
                if problem:
                    yield document.row, problem


# The chosen format, the suffix of an output → its writer.
WriterOf = Callable[[str | None, str], Writer]
WriterFor = Callable[[Format | None], Writer]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, "" if it can't be read."""
    try:
        with path.open("rb", buffering=0) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _encoded(text: str, row: Row) -> bytes:
    if not row["encoding"]:
        return text.encode("utf-8", "surrogatepass")
    bom = "\ufeff".encode(row["encoding"]) if row["bom"] else b""
    return Decoded(text, row["encoding"], bom).encode(text)
