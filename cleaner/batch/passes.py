"""The two passes: all documents are read before the first is judged."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cleaner.batch import pool, spool
from cleaner.batch.inputs import Input, Inputs
from cleaner.batch.pool import Shared
from cleaner.batch.settings import Settings
from cleaner.batch.spool import Body, CleanJob, Done, ReadJob
from cleaner.batch.summary import Summary
from cleaner.batch.work import Item, raw_hash
from cleaner.document import Status
from cleaner.errors import DocumentError
from cleaner.readers import RECORD_FORMATS, Raw, records
from cleaner.readers.remote import RemoteFile

# Starting workers takes seconds: what is small is done sooner without, and can't take long.
_FEW_DOCUMENTS = 32
_FEW_BYTES = 1_000_000
_COMPRESSION = 10


class Passes:
    """Reads and cleans the documents of a run by way of a spool.

    Attributes:
        summary: takes what is skipped; its counts are those of who writes.
    """

    def __init__(self, inputs: Inputs, settings: Settings, folder: Path, run: str) -> None:
        self.summary = Summary(skipped=inputs.skipped)
        self._inputs, self._settings, self._folder, self._run = inputs, settings, folder, run
        self._workers = _workers(inputs, settings)

    def read(self, items: Iterable[Item]) -> list[tuple[Path, int]]:
        """Read documents into the spool: its files, and how many documents are in each."""
        counts: list[int] = []

        def jobs() -> Iterator[ReadJob]:
            for chunk in spool.chunks(items):
                counts.append(len(chunk))
                name = spool.chunk_name(chunk, self._settings.reading_key, self._run)
                yield ReadJob(chunk, self._folder / f"{name}.read")

        done, spooled = 0, []
        paths: Iterator[Any] = pool.run(jobs(), self._workers, self._settings.limits)
        for number, path in enumerate(paths):
            done += counts[number]
            spooled.append((path, counts[number]))
            self._progress("reading", done, max(done, len(self._inputs.files)), 0)
        return spooled

    def clean(self, spooled: Sequence[tuple[Path, int]], body: Body) -> Iterator[Done]:
        """Clean what was read, in order.

        Args:
            spooled: what `read` returned.
            body: makes what is written of each.
        """
        how = Shared((self._settings.cleaner, body))
        total = sum(count for _, count in spooled)
        done = failed = 0
        jobs = (CleanJob(path, self._target(path), how) for path, _ in spooled)
        for path in pool.run(jobs, self._workers, self._settings.limits):
            for document in spool.read_done(path):
                done += 1
                failed += document.row["status"] != Status.OK
                self._progress("cleaning", done, total, failed)
                yield document

    def items(self, entry: Input, digest: str = "") -> Iterator[Item]:
        """The documents in an input file, whose hash is `digest` if it is one document."""
        settings = self._settings
        if entry.format is None or entry.format not in RECORD_FORMATS or entry.error:
            url = settings.urls.get(entry.name, "")
            yield Item(entry, url=url, hash=digest, key=settings.key(url))
            return
        number = 0
        try:
            for raw in records(entry.path, entry.format, self.summary.skipped, settings.column):
                number = raw.number
                yield Item(entry, raw, hash=raw_hash(raw), key=settings.key())
        except DocumentError as error:
            rest = Raw(number + 1, b"", error=f"{error} (no record could be read from here on)")
            yield Item(entry, rest, key=settings.key())
            return
        if number == 0:
            yield Item(entry, Raw(1, b"", error="holds no records"), key=settings.key())

    def _target(self, path: Path) -> Path:
        return path.with_name(f"{path.stem}-{self._settings.key()}.done")

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
