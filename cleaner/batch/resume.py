"""What an earlier run left in the output folder, and what of it still holds."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from cleaner.batch.inputs import Input
from cleaner.batch.output import FLAGGED, MANIFEST, REMOVED, RUN, Spans, below
from cleaner.batch.work import raw_hash
from cleaner.batch.writer import Writer
from cleaner.document import Status
from cleaner.errors import DocumentError, SetupError
from cleaner.readers import records
from cleaner.sites import PROFILE, Memory, load

Row = dict[str, Any]


class Previous:
    """The manifest and the spans of the last run that ended; read where they lie, not held.

    Args:
        folder: the output folder.
        damaged: whether to take what can be read of damaged files.

    Raises:
        SetupError: a file is damaged.
    """

    def __init__(self, folder: Path, *, damaged: bool = False) -> None:
        self._folder = folder
        self._rows = _Index(folder / MANIFEST, damaged=damaged)
        # Both may be there: what is gone was cleaned in the mode of its time.
        self._spans = {name: _Index(folder / name, damaged=damaged) for name in (REMOVED, FLAGGED)}

    @property
    def found(self) -> bool:
        """Whether there is a manifest: that a run ended in this folder."""
        return (self._folder / MANIFEST).is_file()

    def names(self) -> set[str]:
        """The input files."""
        return self._rows.names()

    @property
    def sites(self) -> Mapping[str, frozenset[str]]:
        """The sites on which an input file was counted; files that were on none are left out."""
        return self._rows.sites

    @property
    def written(self) -> Mapping[str, str]:
        """The first output of each input file that has one, from the folder on."""
        return self._rows.outputs

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """What run.json says of the last run, {} if it is lost."""
        try:
            run = json.loads((self._folder / RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return run if isinstance(run, dict) else {}

    @property
    def memory_hash(self) -> str:
        """The hash of the last site memory that a run counted, "" if none did or it is lost."""
        return str(self.run.get("site_memory_sha256", ""))

    def memory(self) -> Memory | None:
        """The site memory that a run counted last; None if there is none that goes with it.

        Raises:
            SetupError: the file is another than that run left, and is not to be lost.
        """
        path = self._folder / PROFILE
        if not self.found:
            return None
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == self.memory_hash:
            return load(path) if content else Memory()
        if content:
            raise SetupError(
                f"{path} is not as the last run left it, and this run would write over it: "
                "use it with --site-memory, or move it away"
            )
        return None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of an input file, none if it has none."""
        return (row for row, _ in self._rows.lines(name))

    def documents(self, name: str) -> Iterator[tuple[Row, Spans]]:
        """Its rows, each with the lines of its spans."""
        of_record = {file: _Grouped(index.lines(name)) for file, index in self._spans.items()}
        for row in self.rows(name):
            # What failed has none; beside it may lie the row of an output that it did not replace.
            yield (
                row,
                {f: s.take(row["record"]) if row["output"] else [] for f, s in of_record.items()},
            )

    def left(self, name: str) -> set[str]:
        """The outputs of an input file that are there and hold texts."""
        known = {str(r["output"]) for r in self.rows(name) if r["output"] and r["text_hash"]}
        return {path for path in known if below(self._folder, path).is_file()}

    def unchanged(self, entry: Input, digest: str, key: str, output: str, writer: Writer) -> bool:
        """Whether a file of one document needs no work: same bytes, settings and output.

        One that failed is tried again, as that costs little. A record that failed is not: all of
        its file would be.
        """
        rows = list(self.rows(entry.name))
        if any(row["status"] == Status.FAILED for row in rows):
            return False
        if len(rows) != 1 or not digest or (rows[0]["hash"], rows[0].get("key")) != (digest, key):
            return False
        return self._intact(rows[0], output, writer, rows)

    def unchanged_records(
        self,
        entry: Input,
        column: str | None,
        key: str,
        output: str,
        writer: Writer,
        skipped: Counter[str],
    ) -> bool:
        """Whether a file of records needs no work; one that can't be read to its end does."""
        first = next(self._held(entry.name), None)
        if first is None or entry.format is None:
            return False
        try:
            now = records(entry.path, entry.format, skipped, column)
            for raw, row in zip_longest(now, self._held(entry.name)):
                if raw is None or row is None or not row["hash"]:
                    return False
                known = (row["record"], row["hash"], row.get("key"), row["field"])
                if known != (raw.number, raw_hash(raw), key, raw.field):
                    return False
        except DocumentError:
            return False
        if not writer.lines:
            return all(
                self._intact(r, str(r["output"]), writer, [r]) for r in self._held(entry.name)
            )
        return self._intact({**first, "output": output}, output, writer, self._held(entry.name))

    def vanished(self, names: Iterable[str]) -> list[str]:
        """Inputs of the last run that are not among `names`, and of which an output is left."""
        gone = sorted(self._rows.names() - set(names))
        return [name for name in gone if any(map(self.exists, self.rows(name)))]

    def outputs(self, names: Iterable[str]) -> Iterator[str]:
        """The outputs of input files, from the folder on."""
        return (str(row["output"]) for name in names for row in self.rows(name) if row["output"])

    def exists(self, row: Mapping[str, Any]) -> bool:
        """Whether the output of a document is there.

        Raises:
            SetupError: its name leads out of the folder.
        """
        return bool(row["output"]) and below(self._folder, row["output"]).is_file()

    def _held(self, name: str) -> Iterator[Row]:
        """The rows of the records that the last run found; those that are gone have no key."""
        return (row for row in self.rows(name) if row.get("key"))

    def _intact(self, row: Row, output: str, writer: Writer, rows: Iterable[Row]) -> bool:
        if row["output"] is None:
            return True
        return bool(row["output"] == output) and writer.intact(below(self._folder, output), rows)


class _Grouped:
    """The lines of the spans of an input file, which lie in the order of its rows."""

    def __init__(self, lines: Iterator[tuple[Row, str]]) -> None:
        self._groups = groupby(lines, key=lambda pair: pair[0].get("record"))
        self._next = next(self._groups, None)

    def take(self, record: object) -> list[str]:
        """Those of the next record, if it is this one."""
        if self._next is None or self._next[0] != record:
            return []
        lines = [line for _, line in self._next[1]]
        self._next = next(self._groups, None)
        return lines


class _Index:
    """Where in a file of JSON lines those of each input begin; they follow one another."""

    def __init__(self, path: Path, *, damaged: bool) -> None:
        self._path = path
        self._places: dict[str, int] = {}
        self.sites: dict[str, frozenset[str]] = {}
        self.outputs: dict[str, str] = {}
        known: dict[frozenset[str], frozenset[str]] = {}  # many files are of the same sites
        place, last = 0, None
        if not path.is_file():
            return
        try:
            with path.open("rb") as stream:
                for line in stream:
                    row = json.loads(line)
                    name = row["input"]
                    if name != last:
                        self._places[name] = place
                    if output := row.get("output"):
                        self.outputs.setdefault(name, output)
                    if site := row.get("site"):
                        sites = self.sites.get(name, frozenset()) | {sys.intern(site)}
                        self.sites[name] = known.setdefault(sites, sites)
                    place, last = place + len(line), name
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if damaged:
                return
            raise SetupError(
                f"{path} is damaged ({error}); run with --redo, or name another folder"
            ) from error

    def names(self) -> set[str]:
        return set(self._places)

    def lines(self, name: str) -> Iterator[tuple[Row, str]]:
        if name not in self._places:
            return
        with self._path.open("rb") as stream:
            stream.seek(self._places[name])
            yield from _while_of(stream, name)


def _while_of(stream: BinaryIO, name: str) -> Iterator[tuple[Row, str]]:
    for line in stream:
        try:
            row = json.loads(line)
            if row["input"] != name:
                return
        except (ValueError, KeyError, TypeError):
            return
        yield row, line.decode().removesuffix("\n")
