"""What an output folder must leave alone: the inputs, and files that no run of ours wrote."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.batch.inputs import Input
from cleaner.batch.output import FLAGGED, OWN_FILES, REMOVED, RUN
from cleaner.batch.writer import WriterFor
from cleaner.errors import SetupError
from cleaner.readers import RECORD_FORMATS
from cleaner.sites import PROFILE

# Those of Path raise where the file system refuses a name; for these there is nothing then.
_is_file, _is_folder = os.path.isfile, os.path.isdir


def refuse_to_overwrite(
    inputs: Sequence[Input],
    outputs: Mapping[str, str],
    writer_for: WriterFor,
    folder: Path,
    ours: Mapping[str, str] | None,
) -> None:
    """Leave alone what is read, and what no run of ours wrote.

    Args:
        inputs: the files.
        outputs: the output of each.
        writer_for: the writer for a kind of input.
        folder: the output folder.
        ours: an output that an earlier run wrote, by input; None if that can't be told.

    Raises:
        SetupError: an output would take the place of such a file, or lie among such files.
    """
    targets = [*outputs.items(), *((name, name) for name in OWN_FILES)]
    there = [(n, folder / output) for n, output in targets if _is_file(folder / output)]
    # Records that become files of their own lie in a folder that is named as their input is.
    apart = (i for i in inputs if i.format in RECORD_FORMATS and not writer_for(i.format).lines)
    folders = ((i.name, folder / outputs[i.name]) for i in apart)
    there += [(n, target) for n, target in folders if _is_folder(target) and any(target.iterdir())]
    read = _files(local(inputs)) if there else set()
    for name, target in there:
        if _file(target) in read:
            raise SetupError(
                f"{target} is an input, and would be written over; name another folder"
            )
        if ours is not None and name in outputs and not _wrote(ours.get(name, ""), outputs[name]):
            raise SetupError(_foreign(target))


def refuse_other_format(folder: Path, run: Mapping[str, Any], form: str | None) -> None:
    """Keep a folder to one format: outputs in another would stay there with no row of their own.

    Args:
        folder: the output folder.
        run: what run.json says of the last run, {} if there was none.
        form: the format of this one, None if none was chosen.

    Raises:
        SetupError: the last run had another.
    """
    settings = run.get("settings")
    before = settings.get("format", form) if isinstance(settings, dict) else form
    if before != form:
        said = f"--format {before}" if before else "no --format"
        raise SetupError(f"{folder} is of a run with {said}; name another folder")


def refuse_input(path: Path, read: Iterable[Path]) -> None:
    """Leave alone what is read, where a file of the user's choice is written.

    Args:
        path: the file that is to be written.
        read: the files that are read; those that aren't there do no harm.

    Raises:
        SetupError: it is one of them, through whatever links.
    """
    if _is_file(path) and _file(path) in _files(read):
        raise SetupError(f"{path} is an input, and would be written over; name another file")


def local(inputs: Iterable[Input]) -> Iterator[Path]:
    """Those of the inputs that are files of this machine."""
    return (entry.path for entry in inputs if isinstance(entry.path, Path))


def refuse_to_replace(folder: Path, *, counting: bool) -> None:
    """Leave alone what is called as our own files are where no run has ended.

    Raises:
        SetupError: there is such a file.
    """
    names = [REMOVED, FLAGGED, RUN, *([PROFILE] if counting else [])]
    for target in (folder / name for name in names):
        if target.is_file():
            raise SetupError(_foreign(target))


def _wrote(known: str, output: str) -> bool:
    """Whether an earlier output is this one, or lies in it."""
    return known == output or known.startswith(f"{output}/")


def _foreign(path: Path) -> str:
    return (
        f"{path} is there already, and no run of cleaner wrote it; "
        "move it away, or name another folder"
    )


def _files(paths: Iterable[Path]) -> set[tuple[int, int]]:
    return {_file(path) for path in paths}


def _file(path: Path) -> tuple[int, int]:
    """What two paths to one file have in common, whatever links lead there."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
