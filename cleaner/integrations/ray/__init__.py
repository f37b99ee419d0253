"""Cleaning on a Ray cluster: `python -m cleaner.integrations.ray IN OUT`.

The records are those of a single machine, in the same order, whatever the number of workers and
whichever of them die: a file is read by one task, actors that hold the model clean blocks of its
records, and what is lost with a worker is done again.

The names below are imported at first use: without Ray, `--help` works, and all else is one line.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cleaner.errors import MissingExtraError

if TYPE_CHECKING:
    from cleaner.integrations.ray.blocks import cleaned
    from cleaner.integrations.ray.read import dataset
    from cleaner.integrations.ray.run import clean
    from cleaner.integrations.ray.sites import site_memory

__all__ = ["clean", "cleaned", "dataset", "site_memory"]

_HOME = {"clean": "run", "cleaned": "blocks", "dataset": "read", "site_memory": "sites"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("cleaning on a Ray cluster", "ray") from error
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
