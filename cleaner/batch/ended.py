"""What tells the folder that a run of ours ended in from any other."""

import json
from pathlib import Path

MARKS = ("manifest.jsonl", "run.json")
_LONGEST = 20_000_000  # bytes of a run.json


def has_ended(folder: Path) -> bool:
    """Whether a run ended in this folder: its manifest is there, and a run.json that is ours."""
    manifest, run = (folder / name for name in MARKS)
    if not manifest.is_file():
        return False
    try:
        with run.open("rb") as stream:
            about = json.loads(stream.read(_LONGEST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(about, dict) and {"settings", "totals", "version"} <= about.keys()
