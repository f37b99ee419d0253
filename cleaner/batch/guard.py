"""What an output folder must leave alone: the inputs, and files that no run of ours wrote."""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

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
        SetupError: an output would take the place of such a file, or lie among such files; or what
            a run with another format left is in its way.
    """
    targets = [*outputs.items(), *((name, name) for name in OWN_FILES)]
    there = [(n, folder / output) for n, output in targets if _is_file(folder / output)]
    # Records that become files of their own lie in a folder that is named as their input is.
    apart = (i for i in inputs if i.format in RECORD_FORMATS and not writer_for(i.format).lines)
    folders = ((i.name, folder / outputs[i.name]) for i in apart)
    there += [(n, target) for n, target in folders if _is_folder(target) and any(target.iterdir())]
    read = _files(inputs) if there else set()
    for name, target in there:
        if _file(target) in read:
            raise SetupError(
                f"{target} is an input, and would be written over; name another folder"
            )
        if ours is not None and name in outputs and name not in ours:
            raise SetupError(_foreign(target))
    # In one format a file of records gives a file, in another a folder, which can't be both.
    for entry in (i for i in inputs if i.format in RECORD_FORMATS):
        target, lines = folder / outputs[entry.name], writer_for(entry.format).lines
        in_the_way = _is_folder(target) if lines else _is_file(target)
        if in_the_way and (ours is None or entry.name in ours):
            raise SetupError(f"{target} is of a run with another --format; name another folder")


def is_input(inputs: Sequence[Input], path: Path) -> bool:
    """Whether a file that is there is one of the inputs."""
    return _file(path) in _files(inputs)


def refuse_to_replace(folder: Path, *, counting: bool) -> None:
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


def _files(inputs: Sequence[Input]) -> set[tuple[int, int]]:
    return {_file(entry.path) for entry in inputs if isinstance(entry.path, Path)}


def _file(path: Path) -> tuple[int, int]:
    """What two paths to one file have in common, whatever links lead there."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
