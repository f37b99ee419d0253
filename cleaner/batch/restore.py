"""An output folder → the inputs' text again."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath

from cleaner.batch.output import RUN
from cleaner.batch.resume import Previous
from cleaner.batch.writer import Restorable, Row, Writer, WriterOf, default_writer_of
from cleaner.document import Mode
from cleaner.errors import CleanerError, SetupError


def restore_folder(
    folder: Path, out: Path, writer_of: WriterOf = default_writer_of
) -> list[tuple[str, str]]:
    """Write the text that went into an output folder into another one.

    Text files come back byte for byte (decompressed), html as its extracted text, records with
    their original text in its field.

    Args:
        folder: what `cleaner clean` wrote.
        out: where to.
        writer_of: the writer of an output, by the format that was chosen and its suffix.

    Returns:
        (input, problem) for each document that could not be restored.

    Raises:
        SetupError: `folder` is not an output folder, or holds no texts.
    """
    if not (folder / RUN).is_file():
        raise SetupError(f"{folder} holds no {RUN}: name the folder that `cleaner clean` wrote")
    if out.resolve() == folder.resolve():
        raise SetupError("restore into another folder than the one it reads")
    form = json.loads((folder / RUN).read_text(encoding="utf-8"))["settings"].get("format")
    by_suffix = partial(writer_of, form)
    left = Previous(folder, Mode.DROP)
    problems: list[tuple[str, str]] = []
    for name in sorted(left.names()):
        try:
            problems += _restore_file(left, name, folder, out, by_suffix)
        except SetupError:
            raise
        except (OSError, ValueError, KeyError, CleanerError) as error:
            problems.append((name, f"its output can't be read back: {error}"))
    return problems


def _restore_file(
    left: Previous, name: str, folder: Path, out: Path, writer_of: Callable[[str], Writer]
) -> Iterator[tuple[str, str]]:
    output = next((str(row["output"]) for row in left.rows(name) if row["output"]), None)
    if output is None:
        for row in left.rows(name):
            yield _where(row), f"was not cleaned ({row['error']})"
        return
    writer = writer_of(PurePosixPath(output).suffix)
    documents = _with_spans(left, name)
    if writer.lines:
        source, target = folder / PurePosixPath(output), out / PurePosixPath(output)
        target.parent.mkdir(parents=True, exist_ok=True)
        for wrong, problem in writer.restore(source, target, documents):
            yield _where(wrong), problem
        return
    for document in documents:
        if document.row["output"] is None:
            yield _where(document.row), f"was not cleaned ({document.row['error']})"
            continue
        source = folder / PurePosixPath(document.row["output"])
        target = out / PurePosixPath(_target(document.row))
        target.parent.mkdir(parents=True, exist_ok=True)
        for wrong, problem in writer.restore(source, target, iter([document])):
            yield _where(wrong), problem


def _with_spans(left: Previous, name: str) -> Iterator[Restorable]:
    """The rows of an input with their removed spans, which lie in the same order."""
    groups = groupby(map(json.loads, left.spans(name)), key=lambda span: span["record"])
    nothing: tuple[object, Iterator[Row]] = (None, iter(()))
    record, spans = next(groups, nothing)
    for row in left.rows(name):
        cut = []
        if record == row["record"]:
            cut = [(span["start"], span["end"], span["text"]) for span in spans]
            record, spans = next(groups, nothing)
        yield Restorable(row, cut)


def _target(row: Row) -> str:
    """A text file that was not compressed gets its own name again."""
    plain = row["encoding"] and not row["input"].lower().endswith((".gz", ".zst"))
    return str(row["input"] if plain else row["output"])


def _where(row: Row) -> str:
    return str(row["input"]) if row["record"] is None else f"{row['input']}:{row['record']}"
