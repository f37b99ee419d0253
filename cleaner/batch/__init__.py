"""Many documents: what to read, workers, output folder, manifest, resume, restore."""

from cleaner.batch.restore import restore_folder
from cleaner.batch.run import clean_folder, clean_stream, count_cuts, label_paths
from cleaner.batch.settings import Settings
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
