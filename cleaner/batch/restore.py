"""An output folder → the inputs' text again."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from filecmp import cmp
from functools import partial
from itertools import chain, count, groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

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
        SetupError: `folder` is not an output folder, is damaged, or holds no manifest or no texts;
            a name in its manifest leads out of it; or `out` lies in it or around it, holds another
            file where one is to be written, or can't be written.
    """
    if not (folder / RUN).is_file():
        raise SetupError(f"{folder} holds no {RUN}: name the folder that `cleaner clean` wrote")
    here, there = folder.resolve(), out.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise SetupError("restore into another folder than the one it reads, not in or around it")
    try:
        form = json.loads((folder / RUN).read_text(encoding="utf-8"))["settings"].get("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SetupError(f"{folder / RUN} is damaged ({error}); clean again") from error
    by_suffix = partial(writer_of, form)
    left = Previous(folder)
    if not left.found:
        raise SetupError(f"{folder} holds no {MANIFEST}: run `cleaner clean` into it again")
    problems: list[tuple[str, str]] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        # All is restored apart first, so that nothing is written if anything is in the way.
        with TemporaryDirectory(prefix=".restore-", dir=out) as apart:
            stage = Path(apart)
            for name in sorted(left.names()):
                try:
                    problems += _restore_file(left, name, folder, stage, by_suffix)
                except SetupError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever was done to one output, the others come back
                    problems.append((name, f"its output can't be read back: {_said(error)}"))
            _place(stage, out)
    except OSError as error:
        raise SetupError(f"can't write to {out}: {error.strerror or error}") from error
    return problems


def _place(stage: Path, out: Path) -> None:
    """Move what was restored to its place, if no other file is there."""
    files = [path.relative_to(stage) for path in sorted(stage.rglob("*")) if path.is_file()]
    for file in files:
        target = out / file
        if not target.parent.resolve().is_relative_to(out.resolve()):
            raise SetupError(f"{target.parent} leads out of {out}; restore into another folder")
        same = (
            target.is_file()
            and not target.is_symlink()
            and cmp(stage / file, target, shallow=False)
        )
        if os.path.lexists(target) and not same:
            raise SetupError(f"{target} is there already; move it away, or name another folder")
    for file in files:
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (stage / file).replace(out / file)


def _restore_one(
    writer: Writer, source: Path, target: Path, documents: Iterator[Restorable]
) -> Iterator[tuple[str, str]]:
    """Restore a file; one that breaks off is not left half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        for wrong, problem in writer.restore(source, target, documents):
            yield _where(wrong), problem
    except Exception:
        target.unlink(missing_ok=True)
        raise


def _free(out: Path, *names: str) -> Path:
    """The path of the first of these names that no other file got, else a numbered one."""
    last = PurePosixPath(names[-1])
    numbered = (str(last.with_name(f"{last.stem}.{n}{last.suffix}")) for n in count(2))
    return next(path for name in chain(names, numbered) if not (path := below(out, name)).exists())


def _restore_file(
    left: Previous, name: str, folder: Path, out: Path, writer_of: Callable[[str], Writer]
) -> Iterator[tuple[str, str]]:
    for own, group in groupby(_documents(left, name), key=lambda d: d.row["output"]):
        if own is None:
            for document in group:
                yield _where(document.row), f"was not cleaned ({document.row['error']})"
            continue
        writer, source = writer_of(PurePosixPath(own).suffix), below(folder, own)
        if writer.lines:
            yield from _restore_as(writer, source, out, [own], name, group)
            continue
        for document in group:
            names, where = [_target(document.row), own], _where(document.row)
            yield from _restore_as(writer, source, out, names, where, iter([document]))


def _restore_as(
    writer: Writer,
    source: Path,
    out: Path,
    names: Sequence[str],
    where: str,
    documents: Iterator[Restorable],
) -> Iterator[tuple[str, str]]:
    """Restore a file under the first of these names that is free."""
    target = _free(out, *names)
    yield from _restore_one(writer, source, target, documents)
    if target != below(out, names[0]):
        yield where, f"its name is taken: restored as {target.name}"


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
