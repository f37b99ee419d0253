"""One run at a time in an output folder, by a lock that ends with the process, however it ends."""

import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO

from cleaner.errors import SetupError


class FolderLock:
    """An exclusive lock on a file. The operating system releases it when the process is killed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            SetupError: another run holds it.
            OSError: the file can't be made or locked.
        """
        while self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+b")
            try:
                lock(file)
            except OSError as error:
                file.close()
                if error.errno not in {errno.EAGAIN, errno.EACCES}:  # such as a drive without locks
                    raise
                raise SetupError(
                    f"another run is at work in {self._path.parent.parent}; "
                    "wait until it ends, or name another folder"
                ) from error
            # The run that held it may have removed it between our opening and locking it.
            try:
                same = os.path.samestat(os.fstat(file.fileno()), self._path.stat())
            except FileNotFoundError:
                same = False
            if same:
                self._file = file
            else:
                file.close()

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None


if sys.platform == "win32":

    def lock(file: BinaryIO) -> None:
        """Take an exclusive lock on an open file, or raise OSError at once."""
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def lock(file: BinaryIO) -> None:
        """Take an exclusive lock on an open file, or raise OSError at once."""
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
