"""Many documents: what to read, workers, output folder, manifest, restore."""

from cleaner.batch.restore import restore_folder
from cleaner.batch.run import Settings, Summary, clean_folder, clean_stream, label_paths

__all__ = [
    "Settings",
    "Summary",
    "clean_folder",
    "clean_stream",
    "label_paths",
    "restore_folder",
]
