"""What the commands do between the library and the terminal: data to stdout, talk to stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner import batch, terminal
from cleaner.batch import rows
from cleaner.batch.inputs import find, read_urls
from cleaner.batch.settings import Settings
from cleaner.batch.summary import Summary
from cleaner.batch.whole import written
from cleaner.batch.work import Item, Outcome, read_item
from cleaner.document import Mode, OutputFormat, Strength
from cleaner.errors import DocumentError, SetupError
from cleaner.pipeline import Cleaner
from cleaner.readers import MAX_TEXT_BYTES, RECORD_FORMATS
from cleaner.readers.jsonl import lines

if TYPE_CHECKING:
    from cleaner.batch.settings import Progress
    from cleaner.sources.observe import Observation

_NAMED, _UNMATCHED = 5, 10


def settings(
    workers: int | None,
    strength: Strength,
    strip: str,
    keep: str,
    mode: Mode,
    model: str | None,
    urls: Path | None,
    any_language: bool,  # noqa: FBT001 - an option of the command line
    ratings: list[str] | None = None,
    site_memory: Path | None = None,
    column: str | None = None,
    form: OutputFormat | None = None,
    redo: bool = False,  # noqa: FBT001, FBT002 - as above
    require: list[str] | None = None,
) -> Settings:
    """Make the settings of a run from the common options."""
    if column == "cleaner":  # what we say of a record would replace its text
        raise SetupError("--text-column cleaner: what is cut goes there; rename that column")
    cleaner = Cleaner(
        *(model, strength, strip, keep, mode, any_language),
        ratings=tuple(ratings or ()),
        require=tuple(require or ()),
        site_memory=site_memory,
    )
    # What can't be read ends the run before it begins.
    _ = cleaner.requirements, cleaner.memory
    rated = cleaner.tables.tables if cleaner.ratings else ()
    known = read_urls(urls) if urls else {}
    files = (*filter(None, (urls, site_memory)), *(table.spec.file for table in rated))
    return Settings(cleaner, workers, known, column=column, redo=redo, form=form, files=files)


def clean(paths: list[str], out: Path | None, settings: Settings, *, quiet: bool) -> int:
    """Clean paths into a folder, one file to stdout, or JSON lines to JSON lines."""
    if _from_stdin(paths, settings):
        if out or settings.form or settings.redo:
            raise SetupError("`clean -` writes to stdout; leave --out, --format and --redo away")
        return _clean_stdin(settings, quiet=quiet)
    if out is None:
        if settings.form or settings.redo:
            raise SetupError("--format and --redo are for an output folder: --out DIR")
        return _clean_one(paths, settings, quiet=quiet)
    # Imported when something is written: a text on the terminal needs no writer.
    from cleaner.writers import writers

    with terminal.progress("reading", "cleaning", quiet=quiet) as advance:
        summary = batch.clean_folder(paths, out, _with(settings, advance), writers(settings.form))
    if not quiet:
        terminal.print_summary(summary, out)
    if summary.vanished:
        terminal.say(
            f"{len(summary.vanished)} inputs of an earlier run are gone or can't be read; "
            f"their outputs are kept: {_first(summary.vanished)}"
        )
    return _report(summary, quiet=quiet, more="the manifest names them all")


def dry_run(paths: list[str], out: Path | None, settings: Settings, *, quiet: bool) -> int:
    """Print what would be cut, by label and by site."""
    if _from_stdin(paths, settings):
        raise SetupError("--dry-run reads paths; `label -` tells of a stream what would be cut")
    with terminal.progress("reading", "cleaning", quiet=quiet) as advance:
        summary = batch.count_cuts(paths, _with(settings, advance), out)
    terminal.print_cuts(summary)
    return _report(summary, quiet=quiet)


def label(paths: list[str], out: Path | None, settings: Settings, *, quiet: bool) -> int:
    """Write the verdicts on every document as JSON lines."""
    summary = Summary()
    if _from_stdin(paths, settings):
        with output(out) as write:
            for line in batch.clean_stream(_stdin(), settings, summary, rows.label_record):
                write(line)
        return _report_stream(summary, quiet=quiet)
    with (
        terminal.progress("reading", "cleaning", quiet=quiet or out is None) as advance,
        output(out, paths, settings) as write,
    ):
        for line in batch.label_paths(paths, _with(settings, advance), summary):
            write(line)
    return _report(summary, quiet=quiet)


def explain(file: Path, cleaner: Cleaner) -> int:
    """Print a document with its verdicts and their reasons."""
    inputs = find([str(file)], None).files
    if inputs[0].format in RECORD_FORMATS:
        raise SetupError("explain takes one document; `cleaner label` takes records")
    outcome = read_item(Item(inputs[0]))
    if outcome.document is None:
        raise DocumentError(f"{file}: {outcome.error}")
    result = cleaner.clean(outcome.document)
    terminal.print_explanation(result, cleaner.reasons(result))
    return 0


def observe_all(
    paths: list[str], settings: Settings, *, quiet: bool
) -> "tuple[list[Observation], int]":
    """Observe every document in paths for a scorecard; the exit code says whether some failed."""
    from cleaner.sources.observe import Observation

    summary = Summary()
    with terminal.progress("reading", "cleaning", quiet=quiet) as advance:
        read = batch.label_paths(paths, _with(settings, advance), summary, _observed)
        records = [json.loads(line) for line in read]
    return [Observation.from_dict(record) for record in records if record], _report(
        summary, quiet=quiet
    )


def _observed(outcome: Outcome) -> dict[str, Any]:
    from cleaner.sources.observe import observe

    return observe(outcome.result).to_dict() if outcome.result else {}


def restore(folder: Path, out: Path) -> int:
    """Restore an output folder, naming what could not be."""
    from cleaner.writers import writer_of

    problems = batch.restore_folder(folder, out, writer_of)
    for where, problem in problems:
        terminal.say(f"{where}: {problem}")
    return int(bool(problems))


def report(folder: Path, out: Path | None, *, show: bool, quiet: bool) -> int:
    """Write the page of an output folder, and open it if asked."""
    from cleaner.report import write_report

    with terminal.progress("documents", quiet=quiet) as advance:
        made = write_report(folder, out, advance)
    if not quiet:
        terminal.say(f"{made.shown:,} of {made.documents:,} documents shown in {made.path}")
    if show:
        import webbrowser

        webbrowser.open(made.path.resolve().as_uri())
    return 0


def _from_stdin(paths: list[str], settings: Settings) -> bool:
    if "-" in paths and len(paths) > 1:
        raise SetupError("- reads stdin and stands alone; name files in a call of their own")
    if "-" in paths and settings.urls:
        raise SetupError("- reads records, which have a `url` of their own; leave --urls away")
    return paths == ["-"]


def _stdin() -> Iterator[bytes]:
    """Every line of stdin, blank ones too, none longer in memory than a document may be."""
    return (line for _, line in lines(sys.stdin.buffer, MAX_TEXT_BYTES, blank=True))


def _clean_stdin(settings: Settings, *, quiet: bool) -> int:
    summary = Summary()
    for line in batch.clean_stream(_stdin(), settings, summary, _cleaned_by(settings)):
        _print(line + "\n")
    return _report_stream(summary, quiet=quiet)


def _clean_one(paths: list[str], settings: Settings, *, quiet: bool) -> int:
    """Print one file's cleaned text, or its cleaned records."""
    inputs = find(paths, None)
    files = inputs.files
    if len(files) > 1 or Path(paths[0]).is_dir():
        raise SetupError("name a folder for the cleaned texts: --out DIR")
    if files[0].format in RECORD_FORMATS:
        summary = Summary()
        for line in batch.label_paths(paths, settings, summary, _cleaned_by(settings)):
            _print(line + "\n")
        return _report(summary, quiet=quiet)
    outcome = read_item(Item(files[0], url=settings.urls.get(files[0].name, "")))
    if outcome.document is None:
        raise DocumentError(f"{paths[0]}: {outcome.error}")
    result = settings.cleaner.clean(outcome.document, sourced=False)
    _print(result.text)
    if not quiet:
        _name_unplaced(inputs.without(settings.urls))
    for flag in () if quiet else result.flags:
        terminal.say(f"{paths[0]}: {terminal.MEANING[flag]}")
    return 0


def _cleaned_by(settings: Settings) -> Callable[[Outcome], dict[str, Any]]:
    mode = Mode(settings.cleaner.mode)
    return lambda outcome: rows.clean_record(outcome, mode)


@contextmanager
def output(
    path: Path | None, inputs: Sequence[str] = (), settings: Settings | None = None
) -> Iterator[Callable[[str], None]]:
    """A function that writes lines to a file, which appears whole, or to stdout.

    Args:
        path: the file; None for stdout.
        inputs: the PATHs that are read.
        settings: which other files are.

    Raises:
        SetupError: the file can't be written, or is an input.
    """
    if path is None:
        yield lambda line: _print(line + "\n")
        return
    if path.is_file():
        from cleaner.batch.guard import local, refuse_input

        files = local(find(inputs, None).files) if inputs else ()
        refuse_input(path, [*files, *(settings.files if settings else ())])
    with written(path) as stream:
        yield lambda line: _add(stream, line)


def _add(stream: BinaryIO, line: str) -> None:
    stream.write(f"{line}\n".encode())


def _print(text: str) -> None:
    """Print as UTF-8 whatever the terminal's settings, line ends untouched, at once."""
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def _with(settings: Settings, advance: "Progress | None") -> Settings:
    return replace(settings, progress=advance)


def _report_stream(summary: Summary, *, quiet: bool) -> int:
    """The same for stdin, where somebody may have piped a plain text."""
    if 0 < summary.documents == summary.failed:
        terminal.say(
            "- reads one JSON object a line, with `text` or `html`; give a plain text or a page "
            "as a file: cleaner clean FILE"
        )
    return _report(summary, quiet=quiet)


def _report(summary: Summary, *, quiet: bool, more: str = "") -> int:
    """Say what of site memory and --urls met nothing, and name the failures as `terminal` does."""
    for line in () if quiet else summary.unmatched[:_UNMATCHED]:
        terminal.say(f"no document has this text of the site memory: {line}")
    if not quiet and len(summary.unmatched) > _UNMATCHED:
        terminal.say(f"… and {len(summary.unmatched) - _UNMATCHED} more lines")
    if not quiet:
        _name_unplaced(summary.unplaced)
    return terminal.name_failures(summary, more)


def _name_unplaced(paths: Sequence[str]) -> None:
    if paths:
        terminal.say(f"{len(paths)} rows of --urls match no input: {_first(paths)}")


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
