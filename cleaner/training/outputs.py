"""What the commands on labelled data write: looked at before the work, and there whole or not."""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cleaner.batch import whole
from cleaner.batch.guard import refuse_input
from cleaner.errors import SetupError


def check_folder(out: Path) -> None:
    """See, before hours of fitting, that a model has a place, which no other files have.

    Raises:
        SetupError: it has none.
    """
    place = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not place.is_dir():
        raise SetupError(f"can't write {out}: {place} is a file; name another folder")
    if place == out and any(out.iterdir()) and not (out / "model.json").is_file():
        raise SetupError(f"{out} holds other files than a model's; name another folder")


def check_file(path: Path, read: Iterable[Path] = ()) -> None:
    """See, before hours of measuring, that a file has a place, and is none of those that are read.

    Raises:
        SetupError: it has none, or is one.
    """
    if path.is_dir():
        raise SetupError(f"can't write {path}: it is a folder; name a file")
    if not path.parent.is_dir():
        raise SetupError(f"can't write {path}: there is no folder {path.parent}")
    refuse_input(path, read)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A stream to a file that appears whole, the same bytes for the same content.

    Raises:
        SetupError: it can't be written.
    """
    check_file(path)
    with whole.written(path) as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped:
                yield zipped  # type: ignore[misc] # GzipFile is a BinaryIO in all but name
        else:
            yield raw


def write(path: Path, text: str) -> None:
    """Write a file whole.

    Raises:
        SetupError: it can't be written.
    """
    with written(path) as stream:
        stream.write(text.encode())
