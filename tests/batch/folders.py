"""What the tests of the batch share: runs of the command, and what lies in a folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def command(*arguments: str | Path) -> list[str]:
    """The command line for a process of its own."""
    return [sys.executable, "-m", "cleaner", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Where that process finds the package."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start `cleaner ARGS` in a process group of its own."""
    return subprocess.Popen(
        command(*arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but run.json, which holds times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
