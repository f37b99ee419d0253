"""Runs over paths: what is to be done, in which order, and where it goes."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.batch import rows
from cleaner.batch.guard import refuse_other_format, refuse_to_overwrite, refuse_to_replace
from cleaner.batch.inputs import find
from cleaner.batch.names import output_names
from cleaner.batch.output import OWN_FILES, OutputFolder, Spans
from cleaner.batch.passes import Passes
from cleaner.batch.resume import Previous
from cleaner.batch.settings import Settings
from cleaner.batch.summary import Summary, name_of
from cleaner.batch.todo import Todo
from cleaner.batch.work import Outcome
from cleaner.batch.writer import Row, WriterFor
from cleaner.document import Mode
from cleaner.errors import SetupError
from cleaner.readers.jsonl import dump

# What has no input any more is not counted, on no site either, and is new if it comes back.
_GONE = {"site": "", "key": ""}
Record = dict[str, Any]


def clean_folder(
    paths: Sequence[str], out: Path, settings: Settings, writer_for: WriterFor
) -> Summary:
    """Clean PATHs into an output folder; what an earlier run did, and still holds, is kept.

    Args:
        paths: files, folders, globs, URLs.
        out: the output folder.
        settings: how.
        writer_for: the writer for a kind of input, as `writers` gives it for a format.

    Raises:
        SetupError: a PATH that does not exist, a folder that can't be written or is in use, no
            model.
    """
    inputs = find(paths, out)
    about = settings.about()  # a missing model is a set-up error, before anything is made
    mode = Mode(settings.cleaner.mode)
    with (
        OutputFolder(out, mode) as folder,
        Passes(inputs, settings, folder.spool, folder.run) as passes,
    ):
        summary = passes.summary
        previous = Previous(folder.folder, damaged=settings.redo)
        refuse_other_format(folder.folder, previous.run, settings.form)
        counted = previous.memory() if settings.counting else None
        summary.unplaced = inputs.without(settings.urls)
        summary.vanished = previous.vanished(entry.name for entry in inputs.files)
        taken = [*OWN_FILES, *previous.outputs(summary.vanished)]
        outputs = output_names(inputs.files, writer_for, taken, previous.written)
        ours = None if settings.redo or folder.resumed else previous.written
        refuse_to_overwrite(inputs.files, outputs, writer_for, folder.folder, ours)
        if not (previous.found or folder.resumed):
            refuse_to_replace(folder.folder, counting=settings.counting)
        todo = Todo(inputs.files, outputs, passes, settings, previous, writer_for)
        spooled = passes.read(todo.items())
        if settings.counting:
            if todo.widen(passes.sites(spooled), counted):
                spooled = passes.read(todo.items())
            passes.remember(spooled, todo.remembered(counted))
        earlier = _Earlier(folder, previous, summary)
        kept = {*todo.kept, *summary.vanished}
        done = passes.clean(spooled, _OutputBody(writer_for, mode))
        groups = groupby(done, key=lambda document: str(document.row["input"]))
        entries = {entry.name: entry for entry in inputs.files}
        for name in sorted({*entries, *kept}):
            if name not in entries:
                earlier.keep_gone(name)
            elif name in kept:
                earlier.keep(name)
            else:
                entry, (_, group) = entries[name], next(groups)
                left = previous.left(name)
                writer = writer_for(entry.format)
                summary.merge(folder.write(entry, outputs[name], writer, group, left))
                earlier.keep_left(name, left)
        summary.unmatched = settings.cleaner.memory.unmatched(summary.always)
        about["site_memory_sha256"] = previous.memory_hash
        folder.finish({**about, "totals": summary.as_dict()}, passes.profile)
    return summary


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
        out: an output folder or file, which is not read.

    Raises:
        SetupError: a PATH that does not exist, no model, no room for temporary files.
    """
    inputs = find(paths, out)
    _ = settings.deciding
    summary.unplaced = inputs.without(settings.urls)
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


class _Earlier:
    """Logs again what an earlier run did."""

    def __init__(self, folder: OutputFolder, previous: Previous, summary: Summary) -> None:
        self._folder, self._previous, self._summary = folder, previous, summary

    def keep(self, name: str) -> None:
        """Log an input file that is unchanged."""
        for row, spans in self._previous.documents(name):
            if row["key"]:
                self._folder.log(row, spans)
                self._summary.add(row)
                self._summary.unchanged += 1
            else:
                self._keep_output(row, spans)

    def keep_gone(self, name: str) -> None:
        """Log the outputs of an input that is gone; the summary names it already."""
        for row, spans in self._previous.documents(name):
            if self._previous.exists(row):
                self._folder.log({**row, **_GONE}, spans)

    def keep_left(self, name: str, left: set[str]) -> None:
        """Log the outputs of an input file that nothing replaced.

        They are of a record that left it, or of what can't be read any more.
        """
        for row, spans in self._previous.documents(name) if left else ():
            if row["output"] in left:
                self._keep_output(row, spans)

    def _keep_output(self, row: Row, spans: Spans) -> None:
        if self._previous.exists(row):
            self._folder.log({**row, **_GONE}, spans)
            self._summary.vanished.append(name_of(row))
