"""Files that are not on this machine, through fsspec: s3://, gs://, https:// and others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import urlsplit

from cleaner.errors import MissingExtraError, SetupError

_URL = re.compile(r"[a-z][a-z0-9+.-]+(::[a-z][a-z0-9+.-]+)*://", re.I)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A remote file: as much of a `Path` as reading needs."""

    url: str

    @property
    def name(self) -> str:
        """The last part of its path, without a query."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def suffix(self) -> str:
        """The name's last suffix, with its dot."""
        return PurePosixPath(self.name).suffix

    def size(self) -> int:
        """Bytes, 0 if it can't be told."""
        try:
            fs, path = _file_system(self.url)
            return int(fs.size(path) or 0)
        except Exception:  # noqa: BLE001 - opening it will say what is wrong
            return 0

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open for reading.

        Raises:
            OSError: it can't be opened, whatever the file system raised.
        """
        fs, path = _file_system(self.url)
        try:
            stream: BinaryIO = fs.open(path, mode)
        except OSError:
            raise
        except Exception as error:  # every file system has errors of its own
            raise OSError(f"{type(error).__name__}: {error}") from error
        return stream

    def __str__(self) -> str:
        return self.url


Location: TypeAlias = Path | RemoteFile


def is_remote(path: str) -> bool:
    """Whether a PATH is a URL. A Windows drive letter is not a protocol."""
    return bool(_URL.match(path))


def find_remote(url: str) -> Iterator[tuple[RemoteFile, str]]:
    """Yield the files behind a URL of a file, folder or glob, and their names relative to it.

    Raises:
        SetupError: nothing there, or it can't be listed.
        MissingExtraError: fsspec or the library for this protocol is not installed.
    """
    fs, path = _file_system(url)
    try:
        if any(c in path for c in "*[") and not fs.exists(path):
            files = [found for found in fs.glob(path) if fs.isfile(found)]
            root = _parent(path)
        # Asked first: over http every page that has a link passes for a folder, too.
        elif (url.endswith("/") or not fs.isfile(path)) and fs.isdir(path):
            files, root = fs.find(path), path.rstrip("/")
        else:
            fs.info(path)
            files, root = [path], _parent(path)
    except Exception as error:  # every file system has errors of its own
        raise SetupError(f"{url}: can't be listed: {type(error).__name__}: {error}") from error
    for file in sorted(files):
        name = file.removeprefix(root).lstrip("/")
        parts = [part for part in PurePosixPath(name).parts if part not in {"..", "/", "."}]
        yield RemoteFile(fs.unstrip_protocol(file)), "/".join(parts)


def _parent(path: str) -> str:
    fixed = re.split(r"[*\[]", path, maxsplit=1)[0]
    return fixed.rpartition("/")[0]


def _file_system(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtraError(f"reading {url}", "remote") from error
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise SetupError(f"{url}: {error}") from error
    return fs, path
