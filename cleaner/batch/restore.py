"""An output folder → the inputs' text again."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from cleaner.batch.output import MANIFEST, REMOVED, RUN, below
from cleaner.batch.resume import Previous
from cleaner.batch.writer import Restorable, Row, Writer, WriterOf
from cleaner.errors import CleanerError, SetupError


def restore_folder(folder: Path, out: Path, writer_of: WriterOf) -> list[tuple[str, str]]:
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
        SetupError: `folder` is not an output folder, is damaged, or holds no manifest or no texts; or a name in
            its manifest leads out of it.
    """
    if not (folder / RUN).is_file():
        raise SetupError(f"{folder} holds no {RUN}: name the folder that `cleaner clean` wrote")
    if out.resolve() == folder.resolve():
        raise SetupError("restore into another folder than the one it reads")
    try:
        form = json.loads((folder / RUN).read_text(encoding="utf-8"))["settings"].get("format")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{folder / RUN} is damaged ({error}); clean again") from error
    by_suffix = partial(writer_of, form)
    left = Previous(folder)
    if not left.found:
        raise SetupError(f"{folder} holds no {MANIFEST}: run `cleaner clean` into it again")
    problems: list[tuple[str, str]] = []
    for name in sorted(left.names()):
        try:
            problems += _restore_file(left, name, folder, out, by_suffix)
        except SetupError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever was done to one output, the others come back
            problems.append((name, f"its output can't be read back: {_said(error)}"))
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
    together = output if writer.lines else None
    if together:
        source, target = below(folder, together), below(out, together)
        target.parent.mkdir(parents=True, exist_ok=True)
        documents = (d for d in _documents(left, name) if d.row["output"] in {None, together})
        for wrong, problem in writer.restore(source, target, documents):
            yield _where(wrong), problem
    for document in _documents(left, name):
        own = document.row["output"]
        if together and own in {None, together}:
            continue
        if own is None:
            yield _where(document.row), f"was not cleaned ({document.row['error']})"
            continue
        source, target = below(folder, own), below(out, _target(document.row))
        target.parent.mkdir(parents=True, exist_ok=True)
        writer = writer_of(source.suffix)
        for wrong, problem in writer.restore(source, target, iter([document])):
            yield _where(wrong), problem


def _documents(left: Previous, name: str) -> Iterator[Restorable]:
    for row, lines in left.documents(name):
        spans = map(json.loads, lines[REMOVED])
        yield Restorable(row, [(span["start"], span["end"], span["text"]) for span in spans])


def _target(row: Row) -> str:
    """A text file that was not compressed gets its own name again."""
    plain = row["encoding"] and not row["input"].lower().endswith((".gz", ".zst"))
    return str(row["input"] if plain else row["output"])


def _where(row: Row) -> str:
    return str(row["input"]) if row["record"] is None else f"{row['input']}:{row['record']}"


def _said(error: Exception) -> str:
    """What went wrong, in words also where Python's own say little."""
    if isinstance(error, ValueError) and str(error).startswith("zip() argument"):
        return "it has more or fewer documents than were written"
    return str(error) if isinstance(error, OSError | CleanerError) else repr(error)
