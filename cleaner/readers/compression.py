"""Bytes of a file, decompressed, and never more of them than a limit."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from cleaner.errors import MissingExtraError, TooLargeError, UnreadableError
from cleaner.readers.remote import Location

_NAMES = {".gz": "gzip", ".zst": "zstd"}
SUFFIXES = frozenset(_NAMES)
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 20
# Four bytes of zstd may stand for 128 kB, so this much at a time can't grow past 32 MB.
_ZSTD_CHUNK = 1 << 10


@contextmanager
def open_binary(path: Location) -> Iterator[BinaryIO]:
    """Open `path` for reading, decompressed if its name ends in .gz or .zst.

    A file without any suffix is decompressed if its first bytes say so.

    Raises:
        UnreadableError: the file can't be opened, or turns out truncated or corrupt while read.
        MissingExtraError: zstandard is not installed.
    """
    codec = ".gz"
    try:
        with path.open("rb") as raw:
            codec = path.suffix.lower() or _codec(raw)
            if codec == ".gz":
                with gzip.GzipFile(fileobj=raw) as unzipped:
                    yield cast("BinaryIO", unzipped)
            elif codec == ".zst":
                yield io.BufferedReader(_Zstd(raw))
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(
            f"the {_NAMES[codec]} data is truncated or corrupt ({error}); fetch the file again"
        ) from error
    except OSError as error:
        raise UnreadableError(f"can't be read: {error.strerror or error}") from error


def read_bytes(path: Location, limit: int) -> bytes:
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


def _codec(raw: BinaryIO) -> str:
    head = raw.read(len(_ZSTD))
    raw.seek(0)
    return ".gz" if head.startswith(_GZIP) else ".zst" if head == _ZSTD else ""


class _Zstd(io.RawIOBase):
    """Zstandard frames, one after the other. The library's own reader takes a cut for an end."""

    def __init__(self, raw: BinaryIO) -> None:
        try:
            import zstandard
        except ImportError as error:
            raise MissingExtraError("reading .zst", "zst") from error
        self._error = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor()
        self._raw = raw
        self._frame: Any = None
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as typeshed has it
        while not self._output and self._fill():
            pass
        part = self._output[: len(buffer)]
        buffer[: len(part)] = part
        self._output = self._output[len(part) :]
        return len(part)

    def _fill(self) -> bool:
        self._input = self._input or self._raw.read(_ZSTD_CHUNK)
        if not self._input:
            if self._frame:
                raise EOFError("it ends before its end mark")
            return False
        self._frame = self._frame or self._decompressor.decompressobj()
        try:
            self._output = memoryview(self._frame.decompress(self._input))
        except self._error as error:
            raise EOFError(str(error)) from error
        self._input = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame = None
        return True
