"""Files that are whole or not there, also after a kill or a power cut."""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cleaner.errors import SetupError

# After a power cut a file that was renamed may be empty, or end anywhere.
END = b"end\n"


def write_whole(target: Path, pieces: Iterable[bytes]) -> Path:
    """Write a file with its end mark, under its name only when it is complete."""
    part = target.with_suffix(target.suffix + ".part")
    with part.open("wb") as stream:
        stream.writelines(pieces)
        stream.write(END)
    return part.replace(target)


def is_whole(path: Path) -> bool:
    """Whether a file is there to its end."""
    try:
        with path.open("rb") as stream:
            stream.seek(-len(END), os.SEEK_END)
            return stream.read() == END
    except OSError:
        return False


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A stream to a file that the user named, which appears when all of it is there.

    A link is followed. A device or a pipe is written into as it is: a file in its place would take
    it away from all others.

    Raises:
        SetupError: it can't be written.
    """
    if path.is_dir():
        raise SetupError(f"can't write {path}: it is a folder; name a file")
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        with _replaced(Path(os.path.realpath(path))) as stream:
            yield stream
    except OSError as error:
        raise SetupError(f"can't write {path}: {error.strerror or error}") from error


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    # A name that nobody else has: not another command that writes there, nor a file of the user's.
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
