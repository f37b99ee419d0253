"""Files that are whole or not there, also after a kill or a power cut."""

import os
from collections.abc import Iterable
from pathlib import Path

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
