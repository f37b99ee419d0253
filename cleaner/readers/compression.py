"""Bytes of a file, decompressed, and never more of them than a limit."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cleaner.errors import TooLargeError, UnreadableError

SUFFIXES = frozenset({".gz"})
_CHUNK = 1 << 20


@contextmanager
def open_binary(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for reading, through gzip where its name ends in .gz.

    Raises:
        UnreadableError: the file can't be opened, or turns out truncated or corrupt while read.
    """
    try:
        with path.open("rb") as raw:
            if path.suffix.lower() == ".gz":
                with gzip.GzipFile(fileobj=raw) as unzipped:
                    yield unzipped  # type: ignore[misc] # GzipFile is a BinaryIO in all but name
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(
            f"the gzip data is truncated or corrupt ({error}); fetch or compress the file again"
        ) from error
    except OSError as error:
        raise UnreadableError(f"can't be read: {error.strerror or error}") from error


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the decompressed bytes of `path`.

    Raises:
        TooLargeError: there are more than `limit` bytes. No more than that is ever decompressed.
        UnreadableError: see `open_binary`.
    """
    with open_binary(path) as stream:
        parts, size = [], 0
        while part := stream.read(_CHUNK):
            size += len(part)
            if size > limit:
                raise TooLargeError(
                    f"over the limit of {limit / 1e6:.0f} MB; split it, or clean it as records"
                )
            parts.append(part)
    return b"".join(parts)
