"""The spool: documents read and documents cleaned, in files of a few documents each.

It lets every document of a run be read before the first is judged, keeps memory from growing with
the run, and is what a run that was killed goes on from. The name of a file says what is in it: it
is a hash of the documents' contents and of all settings, so a file that is there is right.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cleaner.batch import rows
from cleaner.batch.pool import Shared
from cleaner.batch.recurrence import has_counts, write_counts
from cleaner.batch.whole import END, is_whole, write_whole
from cleaner.batch.work import (
    Item,
    Outcome,
    clean_outcome,
    count_outcome,
    load,
    read_item,
    stub,
)
from cleaner.document import Block, Document, Mode, Status
from cleaner.pipeline import Cleaner
from cleaner.readers import Format, html
from cleaner.readers.jsonl import dump
from cleaner.sources.registry import registry

# Chunks have sizes of their own, so that nothing depends on the number of workers.
_CHUNK_DOCUMENTS = 16
_CHUNK_BYTES = 2_000_000

Body = Callable[[Outcome], str | None]


@dataclass(frozen=True, slots=True)
class Done:
    """A cleaned document as it is written.

    Attributes:
        row: its row of the manifest, without the output's path; in the file also without `key`.
        spans: the lines of removed.jsonl.
        body: what goes into the output, None for nothing.
    """

    row: dict[str, Any]
    spans: Sequence[str]
    body: str | None


@dataclass(frozen=True)
class ReadJob:
    """Read documents into a file of the spool.

    Attributes:
        items: the documents.
        target: the file.
        counting: whether to count, beside it, what may recur on their sites.
    """

    items: Sequence[Item]
    target: Path
    counting: bool

    def ready(self) -> Path | None:
        """The file, if an earlier run got as far."""
        whole = is_whole(self.target) and (not self.counting or has_counts(stem(self.target)))
        return self.target if whole else None

    def parts(self) -> Sequence[Item]:
        """The documents."""
        return self.items

    def prepare(self) -> None:
        """Import the extractor, and read the registry of sources."""
        html.prepare()
        if self.counting:
            registry()

    def do(self, item: Item) -> Outcome:
        """Read one."""
        outcome = read_item(item)
        return count_outcome(outcome) if self.counting else outcome

    def lost(self, item: Item, status: Status, error: str) -> Outcome:
        """A document that can't be read."""
        return stub(item, status, error)

    def finish(self, outcomes: Sequence[Outcome]) -> Path:
        """Write the file, after what is counted: where it is, the counts are."""
        if self.counting:
            write_counts(stem(self.target), ((o.site, o.texts) for o in outcomes))
        return _write(self.target, (dump(_freeze(outcome)) for outcome in outcomes))


@dataclass(frozen=True)
class CleanJob:
    """Clean the documents of a file of the spool into another."""

    source: Path
    target: Path
    how: Shared[tuple[Cleaner, Body]]

    def ready(self) -> Path | None:
        """The file, if an earlier run got as far."""
        return self.target if is_whole(self.target) else None

    def parts(self) -> Sequence[Outcome]:
        """The documents."""
        return [_thaw(json.loads(line)) for line in _lines(self.source)]

    def prepare(self) -> None:
        """Load the model."""
        load(self.how.value[0])

    def do(self, outcome: Outcome) -> Done:
        """Clean one."""
        cleaner, body = self.how.value
        outcome = clean_outcome(outcome, cleaner)
        return finished(outcome, cleaner, body(outcome))

    def lost(self, outcome: Outcome, status: Status, error: str) -> Done:
        """A document that can't be cleaned."""
        cleaner, body = self.how.value
        lost = replace(outcome, status=status, error=error, hash="")
        return finished(lost, cleaner, body(lost))

    def finish(self, done: Sequence[Done]) -> Path:
        """Write the file."""
        return _write(self.target, (dump([d.row, d.spans, d.body]) for d in done))


def finished(outcome: Outcome, cleaner: Cleaner, body: str | None) -> Done:
    """Make the lines for manifest and spans."""
    row = rows.manifest_row(outcome)
    row["output_hash"] = "" if body is None else rows.text_hash(body)
    where = {"input": outcome.name, "record": outcome.record}
    spans = rows.span_rows(outcome.result, Mode(cleaner.mode)) if outcome.result else []
    return Done(row, [dump({**where, **span}) for span in spans], body)


def read_done(path: Path) -> Iterator[Done]:
    """The documents of a file that `CleanJob` wrote."""
    for line in _lines(path):
        yield Done(*json.loads(line))


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Group documents. Names decide where, so that a new file does not move the later groups."""
    chunk: list[Item] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.raw.data) if item.raw else 0
        name = f"{item.input.name}:{item.record}".encode("utf-8", "surrogatepass")
        full = len(chunk) >= 2 * _CHUNK_DOCUMENTS or size >= _CHUNK_BYTES
        if full or zlib.crc32(name) % _CHUNK_DOCUMENTS == 0:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def chunk_name(items: Sequence[Item], reading: str, run: str) -> str:
    """The name under which documents are spooled.

    Args:
        items: the documents.
        reading: the settings that reading depends on.
        run: something of this run only, for documents that could not be hashed.
    """
    known = all(item.hash for item in items)
    about = [
        [i.input.name, i.record, i.input.format, i.url, i.hash, i.raw and i.raw.field]
        for i in items
    ]
    return rows.text_hash(dump([reading, about, "" if known else run]))[:32]


def stem(target: Path) -> Path:
    """The path of what lies beside a file of documents that were read, without suffixes."""
    return target.with_suffix("")


def _write(target: Path, lines: Iterable[str]) -> Path:
    return write_whole(target, (f"{line}\n".encode() for line in lines))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        for line in stream:
            if line != END:
                yield line


def _freeze(outcome: Outcome) -> dict[str, Any]:
    document = outcome.document
    about = {key: value for key, value in vars(outcome).items() if key not in _NOT_PLAIN}
    if document is None:
        return {"outcome": about, "document": None}
    known = {field.name: getattr(document, field.name) for field in fields(document)}
    known["meta"] = dict(document.meta)
    known["blocks"] = [block.row() for block in document.blocks]
    return {"outcome": about, "document": known}


def _thaw(frozen: dict[str, Any]) -> Outcome:
    known, about = frozen["document"], frozen["outcome"]
    document = None
    if known is not None:
        known["meta"] = MappingProxyType(known["meta"])
        known["links"] = tuple(known["links"])
        known["blocks"] = tuple(map(Block.from_row, known["blocks"]))
        document = Document(**known)
    about["status"] = Status(about["status"])
    about["format"] = about["format"] and Format(about["format"])
    return Outcome(**about, document=document)


_NOT_PLAIN = frozenset({"result", "document", "texts"})
