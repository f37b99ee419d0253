"""A file or folder → cleaned parts, on the cluster."""

from collections import Counter

import ray.data

from cleaner.integrations.ray.blocks import cleaned
from cleaner.integrations.ray.read import LITTLE, dataset
from cleaner.integrations.ray.sites import remembering
from cleaner.integrations.ray.write import Parts
from cleaner.pipeline import Cleaner

# Bytes of a block: a few seconds' work, done again when a worker dies.
_BLOCK_BYTES = 4_000_000


def clean(
    source: str,
    out: str,
    cleaner: Cleaner,
    workers: int | None = None,
    column: str | None = None,
) -> Counter[str]:
    """Clean a file or folder into parts in a new folder, on the cluster that Ray is connected to.

    Args:
        source: path or URL of what `cleaner clean` reads; Parquet apart from other files.
        out: path or URL of a folder, new or empty.
        cleaner: the flow with its settings.
        workers: actors, None for one a core of the cluster.
        column: the field or column that holds the text, None to go by the usual names.

    Returns:
        Documents by status.

    Raises:
        SetupError: nothing to read, Parquet without a text, or `out` isn't empty.
    """
    parts = Parts(out)
    if not ray.is_initialized():
        ray.init()
    workers = workers or max(1, int(ray.cluster_resources()["CPU"]))
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = _BLOCK_BYTES
    context.execution_options.preserve_order = True
    records = dataset(source, workers, column)
    done = cleaned(records, remembering(cleaner, records), workers)
    # A block is written in a thousandth of the time that it takes to clean.
    done.write_datasink(parts, ray_remote_args={"num_cpus": LITTLE}, concurrency=1)
    return parts.statuses
