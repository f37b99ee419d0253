"""Runs over paths and streams: what is to be done, in which order, and where it goes."""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.batch import rows
from cleaner.batch.inputs import Input, find
from cleaner.batch.names import output_names
from cleaner.batch.output import FLAGGED, OWN_FILES, REMOVED, RUN, OutputFolder, Spans
from cleaner.batch.passes import Passes
from cleaner.batch.pool import Pool, Shared
from cleaner.batch.resume import Previous
from cleaner.batch.settings import Settings
from cleaner.batch.spool import Done
from cleaner.batch.summary import Summary
from cleaner.batch.todo import Todo
from cleaner.batch.work import Item, Outcome, clean_outcome, load, read_item, stub
from cleaner.batch.writer import Row, WriterFor
from cleaner.document import Mode, Status
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.readers import RECORD_FORMATS, html, json_record
from cleaner.readers.jsonl import dump
from cleaner.sites import PROFILE

_STREAM_CHUNK = 16
# What has no input any more is not counted, on no site either, and is new if it comes back.
_GONE = {"site": "", "key": ""}
Record = dict[str, Any]


def clean_folder(paths: Sequence[str], out: Path, settings: Settings) -> Summary:
    """Clean PATHs into an output folder; what an earlier run did, and still holds, is kept.

    Raises:
        SetupError: a PATH that does not exist, a folder that can't be written or is in use, no
            model.
    """
    inputs = find(paths, out)
    about = settings.about()  # a missing model is a set-up error, before anything is made
    mode, writer_for = Mode(settings.cleaner.mode), settings.writer_for
    with (
        OutputFolder(out, mode) as folder,
        Passes(inputs, settings, folder.spool, folder.run) as passes,
    ):
        summary = passes.summary
        previous = Previous(folder.folder, damaged=settings.redo)
        counted = previous.memory() if settings.counting else None
        summary.vanished = previous.vanished(entry.name for entry in inputs.files)
        taken = [*OWN_FILES, *previous.outputs(summary.vanished)]
        outputs = output_names(inputs.files, writer_for, taken)
        ours = None if settings.redo or folder.resumed else previous.names()
        _refuse_to_overwrite(inputs.files, outputs, writer_for, folder.folder, ours)
        if not (previous.found or folder.resumed):
            _refuse_to_replace(folder.folder, counting=settings.counting)
        todo = Todo(inputs.files, outputs, passes, settings, previous)
        spooled = passes.read(todo.items())
        if settings.counting:
            if todo.widen(passes.sites(spooled), counted):
                spooled = passes.read(todo.items())
            passes.remember(spooled, todo.remembered(counted))
        kept = {*todo.kept, *summary.vanished}
        done = passes.clean(spooled, _OutputBody(writer_for, mode))
        groups = groupby(done, key=lambda document: str(document.row["input"]))
        entries = {entry.name: entry for entry in inputs.files}
        for name in sorted({*entries, *kept}):
            if name in kept:
                _keep(name, folder, previous, summary if name in entries else None)
                continue
            entry, (_, group) = entries[name], next(groups)
            left = previous.apart(name, outputs[name])
            found = _without(left, group)
            summary.merge(folder.write(entry, outputs[name], writer_for(entry.format), found))
            for row, spans in previous.documents(name) if left else ():
                if row["record"] in left:
                    _keep_record(row, spans, folder, previous, summary)
        summary.unmatched = settings.cleaner.memory.unmatched(summary.always)
        about["site_memory_sha256"] = previous.memory_hash
        folder.finish({**about, "totals": summary.as_dict()}, passes.profile)
    return summary


def _refuse_to_overwrite(
    inputs: Sequence[Input],
    outputs: Mapping[str, str],
    writer_for: WriterFor,
    folder: Path,
    ours: Collection[str] | None,
) -> None:
    """Leave alone what is read, and what no run of ours wrote.

    Args:
        inputs: the files.
        outputs: the output of each.
        writer_for: the writer for a kind of input.
        folder: the output folder.
        ours: the inputs whose outputs an earlier run wrote; None if that can't be told.

    Raises:
        SetupError: an output would take the place of such a file, or lie among such files.
    """
    targets = [*outputs.items(), *((name, name) for name in OWN_FILES)]
    there = [(n, folder / output) for n, output in targets if (folder / output).is_file()]
    # Records that become files of their own lie in a folder that is named as their input is.
    apart = (i for i in inputs if i.format in RECORD_FORMATS and not writer_for(i.format).lines)
    folders = ((i.name, folder / outputs[i.name]) for i in apart)
    there += [(n, target) for n, target in folders if target.is_dir() and any(target.iterdir())]
    read = {_file(i.path) for i in inputs if isinstance(i.path, Path)} if there else set()
    for name, target in there:
        if _file(target) in read:
            raise SetupError(
                f"{target} is an input, and would be written over; name another folder"
            )
        if ours is not None and name in outputs and name not in ours:
            raise SetupError(_foreign(target))


def _refuse_to_replace(folder: Path, *, counting: bool) -> None:
    """Leave alone what is called as our own files are where no run has ended.

    Raises:
        SetupError: there is such a file.
    """
    names = [REMOVED, FLAGGED, RUN, *([PROFILE] if counting else [])]
    for target in (folder / name for name in names):
        if target.is_file():
            raise SetupError(_foreign(target))


def _foreign(path: Path) -> str:
    return (
        f"{path} is there already, and no run of cleaner wrote it; "
        "move it away, or name another folder"
    )


def _file(path: Path) -> tuple[int, int]:
    """What two paths to one file have in common, whatever links lead there."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def label_paths(
    paths: Sequence[str],
    settings: Settings,
    summary: Summary,
    write: Callable[[Outcome], Record] = rows.label_record,
    out: Path | None = None,
) -> Iterator[str]:
    """Judge the documents in PATHs: a line each; counts go into `summary` as they are taken.

    Args:
        paths: files, folders, globs, URLs.
        settings: how.
        summary: takes the counts.
        write: makes the record of an outcome.
        out: an output folder, which is not read.

    Raises:
        SetupError: a PATH that does not exist, no model, no room for temporary files.
    """
    inputs = find(paths, out)
    _ = settings.deciding
    try:
        with (
            tempfile.TemporaryDirectory(prefix="cleaner-") as folder,
            Passes(inputs, settings, Path(folder), "") as passes,
        ):
            spooled = passes.read(item for entry in inputs.files for item in passes.items(entry))
            summary.skipped.update(passes.summary.skipped)
            passes.remember(spooled)
            for document in passes.clean(spooled, _Line(write)):
                summary.add(document.row)
                if document.body is not None:
                    yield document.body
    except OSError as error:
        raise SetupError(
            f"can't write temporary files: {error.strerror or error}; TMPDIR names another folder"
        ) from error
    summary.unmatched = settings.cleaner.memory.unmatched(summary.always)


def count_cuts(paths: Sequence[str], settings: Settings, out: Path | None = None) -> Summary:
    """Count what `clean_folder` would cut, and write nothing."""
    summary = Summary()
    for _ in label_paths(paths, settings, summary, lambda _: {}, out):
        continue
    return summary


def clean_stream(
    stream: Iterable[bytes],
    settings: Settings,
    summary: Summary,
    write: Callable[[Outcome], Record],
) -> Iterator[str]:
    """Clean or label JSON lines: exactly one line out for each line in, in order.

    Without a number of workers each line is answered before the next is read, in this process.

    Args:
        stream: the lines, as bytes.
        settings: how.
        summary: takes the counts.
        write: makes the record of an outcome.

    Raises:
        SetupError: no model, or something else that documents can't help.
    """
    _ = settings.deciding
    source = Input(Path("-"), "-", None)
    lines = enumerate(stream, 1)
    items = (Item(source, json_record(number, line, settings.column)) for number, line in lines)
    how = Shared((settings.cleaner, write))
    size = _STREAM_CHUNK if settings.workers else 1
    jobs = (_StreamJob(chunk, how) for chunk in _batches(items, size))
    with Pool(settings.workers or 0, settings.limits) as pool:
        for answers in pool.run(jobs):
            for row, line in answers:
                summary.add(row)
                yield line
    summary.unmatched = settings.cleaner.memory.unmatched(summary.always)


@dataclass(frozen=True)
class _StreamJob:
    """Read and clean records, and give the answers back."""

    items: Sequence[Item]
    how: Shared[tuple[Cleaner, Callable[[Outcome], Record]]]

    def ready(self) -> None:
        """Nothing is kept of a stream."""

    def parts(self) -> Sequence[Item]:
        return self.items

    def prepare(self) -> None:
        html.prepare()
        load(self.how.value[0])

    def do(self, item: Item) -> tuple[Record, str]:
        return self._answer(clean_outcome(read_item(item), self.how.value[0]))

    def lost(self, item: Item, status: Status, error: str) -> tuple[Record, str]:
        return self._answer(stub(item, status, error))

    def finish(self, answers: list[tuple[Record, str]]) -> list[tuple[Record, str]]:
        return answers

    def _answer(self, outcome: Outcome) -> tuple[Record, str]:
        return rows.manifest_row(outcome, None), dump(self.how.value[1](outcome))


@dataclass(frozen=True)
class _OutputBody:
    """What goes into the output folder of a document."""

    writer_for: WriterFor
    mode: Mode

    def __call__(self, outcome: Outcome) -> str | None:
        return self.writer_for(outcome.format).body(outcome, self.mode)


@dataclass(frozen=True)
class _Line:
    """A line of JSON for each document, also for one that failed."""

    write: Callable[[Outcome], Record]

    def __call__(self, outcome: Outcome) -> str:
        return dump(self.write(outcome))


def _keep(name: str, folder: OutputFolder, previous: Previous, summary: Summary | None) -> None:
    """Log again what an earlier run did; without a summary, of an input that is gone."""
    for row, spans in previous.documents(name):
        if summary is None:
            folder.log({**row, **_GONE}, spans)
        elif row["key"]:
            folder.log(row, spans)
            summary.add(row)
            summary.unchanged += 1
        else:
            _keep_record(row, spans, folder, previous, summary)


def _keep_record(
    row: Row, spans: Spans, folder: OutputFolder, previous: Previous, summary: Summary
) -> None:
    """Log again, and name, a record that left its file, if its output is there."""
    if previous.exists(row):
        folder.log({**row, **_GONE}, spans)
        summary.vanished.append(f"{row['input']}:{row['record']}")


def _without(records: set[int], done: Iterable[Done]) -> Iterator[Done]:
    """Take out of a set the records that pass."""
    for document in done:
        records.discard(document.row["record"])
        yield document


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
