"""The output folder: a lock, mirrored paths, files that appear whole, manifest, spans, run.json."""

import errno
import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from cleaner.batch.ended import MARKS
from cleaner.batch.inputs import Input
from cleaner.batch.lock import FolderLock
from cleaner.batch.spool import Done
from cleaner.batch.summary import Summary
from cleaner.batch.whole import is_whole, write_whole
from cleaner.batch.writer import Row, Writer
from cleaner.document import Mode, Status
from cleaner.errors import DocumentError, SetupError
from cleaner.readers.jsonl import dump
from cleaner.sites import PROFILE

(MANIFEST, RUN), REMOVED, FLAGGED = MARKS, "removed.jsonl", "flagged.jsonl"
SPOOL = ".cleaner"
OWN_FILES = (MANIFEST, REMOVED, FLAGGED, RUN, PROFILE, SPOOL)
# In the spool: that all parts are whole, and which files of an earlier run go.
_ENDED = "ended"
# The lines of the spans of a document, by the name of the file they lie in.
Spans = Mapping[str, Sequence[str]]
# Trouble with a name is that output's; any other, such as a full disk, ends the run.
_OF_ONE_OUTPUT = {
    errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EACCES, errno.EPERM, errno.ENOENT,
    errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP,
}  # fmt: skip


class OutputFolder:
    """Writes a run into a folder. Every file appears whole or not at all.

    Attributes:
        spool: for the documents of the run; kept when it is cut short, so that the next goes on.
        run: an id of this run only.
        resumed: whether it goes on where an earlier run was cut short.
    """

    def __init__(self, folder: Path, mode: Mode) -> None:
        # Absolute, as workers may have started in another directory.
        self.folder = folder.absolute()
        self.spool = self.folder / SPOOL
        self.run = uuid.uuid4().hex
        self._spans_name = REMOVED if mode is Mode.DROP else FLAGGED
        self._lock = FolderLock(self.spool / "lock")
        self._started = time.time()
        self._finished = False
        self.resumed = False
        self._pending: list[Row] = []

    def __enter__(self) -> Self:
        try:
            self._lock.acquire()
            self.resumed = any(self.spool.glob("*.read"))
            self._settle()
            for part in self.spool.glob("*.part"):
                part.unlink()
            self._manifest = (self.spool / f"{MANIFEST}.part").open("w+b")
            self._spans = {
                name: (self.spool / f"{name}.part").open("w+b") for name in (REMOVED, FLAGGED)
            }
        except OSError as error:
            self._lock.release()
            raise SetupError(f"can't write to {self.folder}: {error.strerror or error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for stream in (self._manifest, *self._spans.values()):
            try:
                stream.close()
            except OSError:  # a full disk, already reported
                continue
        unsettled = is_whole(self.spool / _ENDED)
        if self._finished or not (unsettled or any(self.spool.glob("*.read"))):
            for path in self.spool.iterdir():
                if path.name != "lock":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            with suppress(OSError):  # Windows removes no open file; the folder takes it along below
                self.spool.joinpath("lock").unlink()
            self._lock.release()
            shutil.rmtree(self.spool, ignore_errors=True)
        self._lock.release()
        if isinstance(error, OSError):
            raise SetupError(
                f"can't write to {self.folder}: {error.strerror or error}; what is done is kept: "
                "mend that and run again"
            ) from error

    def write(
        self, entry: Input, output: str, writer: Writer, done: Iterator[Done], left: set[str]
    ) -> Summary:
        """Write the documents of one input file, log them, and count them.

        Args:
            entry: the file.
            output: its output, or the folder of those of its records.
            writer: makes them.
            done: its documents.
            left: outputs of it that an earlier run wrote; those that are replaced are taken out.
        """
        manifest, spans = self._manifest.tell(), self._spans[self._spans_name].tell()
        summary = Summary()
        self._pending = []
        try:
            for logged, document in self._outputs(entry, output, writer, done, left):
                self.log(logged, {self._spans_name: document.spans})
                summary.add(logged)
        except (OSError, DocumentError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in _OF_ONE_OUTPUT:
                raise
            problem = error.strerror if isinstance(error, OSError) else error
            rows = [*self._rewind(manifest, spans), *self._pending, *(d.row for d in done)]
            summary = Summary()
            for row in rows:
                failed = _unwritten(row, f"its output can't be written: {problem}")
                self.log(failed, {})
                summary.add(failed)
        return summary

    def log(self, row: Row, spans: Spans) -> None:
        """Add a document to the manifest."""
        self._manifest.write((dump(row) + "\n").encode())
        for name, lines in spans.items():
            self._spans[name].writelines(f"{line}\n".encode() for line in lines)

    def finish(self, about: dict[str, Any], profile: bytes | None) -> None:
        """Put manifest, spans, site memory and run.json in their places.

        All are written before the first of an earlier run is touched, as there may be no room.

        Args:
            about: for run.json.
            profile: the site memory that was counted, None to leave the file alone.
        """
        about["started"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started))
        about["seconds"] = round(time.time() - self._started, 1)
        if profile is not None:
            about["site_memory_sha256"] = hashlib.sha256(profile).hexdigest()
        run = self.spool / f"{RUN}.part"
        run.write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        # The file of the other mode is there for what is gone, if anything is.
        gone = {name for name, stream in self._spans.items() if not stream.tell()}
        gone.discard(self._spans_name)
        for stream in (self._manifest, *self._spans.values()):
            stream.close()
        for name in gone:
            (self.spool / f"{name}.part").unlink()
        if profile:
            (self.spool / f"{PROFILE}.part").write_bytes(profile)
        elif profile is not None:
            gone.add(PROFILE)
        write_whole(self.spool / _ENDED, (f"{name}\n".encode() for name in sorted(gone)))
        self._settle()
        self._finished = True

    def _settle(self) -> None:
        """Put what a run ended with in its place, this one or one that was killed at that.

        The manifest is what the next run goes by, so it is never there with other spans, or
        another site memory, than its own.
        """
        ended = self.spool / _ENDED
        if not is_whole(ended):
            return
        manifest = self.spool / f"{MANIFEST}.part"
        if manifest.exists():
            (self.folder / MANIFEST).unlink(missing_ok=True)
            for name in ended.read_text(encoding="utf-8").splitlines()[:-1]:
                (self.folder / name).unlink(missing_ok=True)
            for name in (REMOVED, FLAGGED, PROFILE, RUN):
                part = self.spool / f"{name}.part"
                if part.exists():
                    part.replace(self.folder / name)
            manifest.replace(self.folder / MANIFEST)
        ended.unlink()

    def _outputs(
        self, entry: Input, output: str, writer: Writer, done: Iterable[Done], left: set[str]
    ) -> Iterator[tuple[dict[str, Any], Done]]:
        """Write bodies, and yield each document with its row."""
        if not writer.lines:
            for document in done:
                record = document.row["record"]
                target = output if record is None else f"{output}/{record}{writer.suffix}"
                self._pending = [document.row]
                row = {**document.row, "output": self._file(target, document.body)}
                self._pending = []
                if row["output"]:
                    left.discard(target)
                yield row, document
            return
        part = self.spool / "output.part"
        failed: list[Done] = []  # so far; where nothing can be read, an earlier output stays
        with part.open("wb") as stream:
            for document in done:
                failed.append(document)
                if output in left and not (stream.tell() or document.row["text_hash"]):
                    continue
                for each in failed:
                    body = None if each.body is None else each.body.encode("utf-8", "surrogatepass")
                    stream.write(b"" if body is None else body + b"\n")
                    yield {**each.row, "output": None if body is None else output}, each
                failed.clear()
        if part.stat().st_size:
            writer.seal(part, entry)
            self._place(part, output)
            left.discard(output)
        for document in failed:
            yield document.row, document

    def _file(self, output: str, body: str | None) -> str | None:
        if body is None:
            return None
        part = self.spool / "output.part"
        part.write_bytes(body.encode("utf-8", "surrogatepass"))
        self._place(part, output)
        return output

    def _place(self, part: Path, output: str) -> None:
        target = below(self.folder, output)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)

    def _rewind(self, manifest: int, spans: int) -> list[dict[str, Any]]:
        """Take back what was logged since these places."""
        self._manifest.seek(manifest)
        rows = [json.loads(line) for line in self._manifest]
        streams = ((self._manifest, manifest), (self._spans[self._spans_name], spans))
        for stream, place in streams:
            stream.seek(place)
            stream.truncate()
        return rows


def below(folder: Path, name: str) -> Path:
    """The path of what is called so in a folder.

    Raises:
        SetupError: the name leads out of the folder.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise SetupError(f"the name leads out of {folder}: {name}")
    return folder.joinpath(*path.parts)


def _unwritten(row: Row, error: str) -> dict[str, Any]:
    empty = {"flags": [], "counts": {}, "text_hash": "", "output_hash": "", "hash": ""}
    return {**row, **empty, "output": None, "status": Status.FAILED, "error": error}
