"""The two passes: all documents are read before the first is judged."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from cleaner.batch import spool
from cleaner.batch.inputs import Input, Inputs
from cleaner.batch.pool import Pool, Shared
from cleaner.batch.recurrence import merge_counts, sites_of
from cleaner.batch.settings import Settings
from cleaner.batch.spool import Body, CleanJob, Done, ReadJob
from cleaner.batch.summary import Summary
from cleaner.batch.work import Item, items_in
from cleaner.batch.writer import Row
from cleaner.document import Status
from cleaner.readers.remote import RemoteFile
from cleaner.sites import PROFILE, Memory, dump

# Starting workers takes seconds: what is small is done sooner without, and can't take long.
_FEW_DOCUMENTS = 32
_FEW_BYTES = 1_000_000
_COMPRESSION = 10


class Passes:
    """Reads and cleans the documents of a run by way of a spool; its workers end when it is left.

    Attributes:
        cleaner: what documents are cleaned with; knows what was counted as soon as it was.
        profile: the site memory that was counted, as a file; empty if nothing recurs, None if the
            user gave one instead.
        skipped: what was skipped in files of records, by the name of the file.
        summary: takes what is skipped; its counts are those of who writes.
    """

    def __init__(self, inputs: Inputs, settings: Settings, folder: Path, run: str) -> None:
        self.summary = Summary()
        self._inputs, self._settings, self._folder, self._run = inputs, settings, folder, run
        self._pool = Pool(_workers(inputs, settings), settings.limits)
        self.cleaner = settings.cleaner
        self.profile: bytes | None = b"" if settings.counting else None
        self.skipped: dict[str, Counter[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:  # noqa: ANN401 - handed on
        self._pool.__exit__(*error)

    def read(self, items: Iterable[Item]) -> list[tuple[Path, int]]:
        """Read documents into the spool: its files, and how many documents are in each."""
        counts: list[int] = []

        def jobs() -> Iterator[ReadJob]:
            for chunk in spool.chunks(items):
                counts.append(len(chunk))
                name = spool.chunk_name(chunk, self._settings.reading_key, self._run)
                target = self._folder / f"{name}.read"
                yield ReadJob(chunk, target, self._settings.counting)

        done, spooled = 0, []
        paths: Iterator[Any] = self._pool.run(jobs())
        for number, path in enumerate(paths):
            done += counts[number]
            spooled.append((path, counts[number]))
            self._progress("reading", done, max(done, len(self._inputs.files)), 0)
        self.summary.skipped = sum(self.skipped.values(), Counter(self._inputs.skipped))
        return spooled

    def sites(self, spooled: Sequence[tuple[Path, int]]) -> set[str]:
        """The sites of the documents that were read and counted."""
        return sites_of(spool.stem(path) for path, _ in spooled)

    def remember(self, spooled: Sequence[tuple[Path, int]], earlier: Memory | None = None) -> None:
        """Clean from here on with what was counted, if anything was.

        Args:
            spooled: what `read` returned.
            earlier: what is known of sites of which no document was read.
        """
        if self.profile is None:
            return
        memory = merge_counts([spool.stem(path) for path, _ in spooled])
        memory.merge(earlier or Memory())
        if memory.sites:
            # Cleaned with what the file says, so that whoever has the file gets the same.
            text = "".join(f"{line}\n" for line in dump(memory))
            self.profile = text.encode("utf-8", "surrogatepass")
            path = self._folder / PROFILE
            path.write_bytes(self.profile)
            self.cleaner = self._settings.cleaner.remembering(path)

    def clean(self, spooled: Sequence[tuple[Path, int]], body: Body) -> Iterator[Done]:
        """Clean what was read, in order.

        Args:
            spooled: what `read` returned.
            body: makes what is written of each.
        """
        how = Shared((self.cleaner, body))
        memory = hashlib.sha256(self.profile or b"").hexdigest()[:16]
        total = sum(count for _, count in spooled)
        done = failed = 0
        jobs = (CleanJob(path, self._target(path, memory), how) for path, _ in spooled)
        for path in self._pool.run(jobs):
            for document in spool.read_done(path):
                done += 1
                failed += document.row["status"] != Status.OK
                self._progress("cleaning", done, total, failed)
                # Not in the spool, where what one run read may be cleaned by another.
                document.row["key"] = self._settings.key(self._url(document.row))
                yield document

    def items(self, entry: Input, digest: str = "") -> Iterator[Item]:
        """The documents in an input file, whose hash is `digest` if it is one document."""
        settings = self._settings
        skipped = self.skipped[entry.name] = Counter()
        for item in items_in(entry, skipped, settings.column):
            url = settings.urls.get(entry.name, "")
            yield item if item.raw else replace(item, url=url, hash=digest)

    def _url(self, row: Row) -> str:
        """Where the user told that a document was published; of records it is not told."""
        return self._settings.urls.get(row["input"], "") if row["record"] is None else ""

    def _target(self, path: Path, memory: str) -> Path:
        return path.with_name(f"{path.stem}-{self._settings.key()}-{memory}.done")

    def _progress(self, stage: str, done: int, total: int, failed: int) -> None:
        if self._settings.progress:
            self._settings.progress(stage, done, total, failed)


def _workers(inputs: Inputs, settings: Settings) -> int:
    """Workers to start; 0 for none."""
    if settings.workers:
        return settings.workers
    size = 0
    for entry in inputs.files[: _FEW_DOCUMENTS + 1]:
        size += _size(entry)
    few = len(inputs.files) <= _FEW_DOCUMENTS and size <= _FEW_BYTES
    return 0 if few else os.cpu_count() or 1


def _size(entry: Input) -> int:
    path = entry.path
    try:
        size = path.size() if isinstance(path, RemoteFile) else path.stat().st_size
    except OSError:
        return 0
    return size * (_COMPRESSION if entry.path.suffix.lower() in {".gz", ".zst"} else 1)
