"""Many documents: what to read, workers, output folder, manifest, resume, restore.

The names below are imported at first use: one file on the terminal needs few of them, and starts in
a fraction of a second.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.batch.restore import restore_folder
    from cleaner.batch.run import clean_folder, count_cuts, label_paths
    from cleaner.batch.settings import Settings
    from cleaner.batch.stream import clean_stream
    from cleaner.batch.summary import Summary

__all__ = [
    "Settings",
    "Summary",
    "clean_folder",
    "clean_stream",
    "count_cuts",
    "label_paths",
    "restore_folder",
]

_HOME = {
    "Settings": "settings",
    "Summary": "summary",
    "clean_stream": "stream",
    "restore_folder": "restore",
}


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_HOME.get(name, 'run')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
