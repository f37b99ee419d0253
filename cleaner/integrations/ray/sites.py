"""Site memory as a grouped aggregation on the cluster."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import ray.data
from ray.data.aggregate import Sum

from cleaner.batch.work import read_item
from cleaner.integrations import memory, runs
from cleaner.integrations.arrow import read_batch
from cleaner.integrations.ray.read import Records, items_of
from cleaner.pipeline import Cleaner
from cleaner.sites import MIN_PAGES, Memory, Site

_SCHEMA = pa.schema({"site": pa.string(), "text": pa.string(), "pages": pa.int64()})


def remembering(cleaner: Cleaner, records: Records) -> Cleaner:
    """The cleaner with the memory of the sites in a dataset, unless it has one."""
    if cleaner.site_memory is not None:
        return cleaner
    return replace(cleaner, site_memory=site_memory(records))


def site_memory(records: Records) -> Memory:
    """Count on how many pages of its site each text stands, and keep those that recur."""
    counts = records.data.map_batches(
        _count, batch_format="pyarrow", batch_size=None, fn_args=(records.tables, records.column)
    )
    # Ray's own choice, 200 partitions, takes a small cluster minutes.
    partitions = 2 * max(1, int(ray.cluster_resources()["CPU"]))
    groups = counts.groupby(["site", "text"], num_partitions=partitions)
    summed = groups.aggregate(Sum("pages", alias_name="pages"))
    recurring = summed.map_batches(_recurring, batch_format="pyarrow", batch_size=None)
    found = Memory()
    for block in recurring.iter_batches(batch_format="pyarrow", batch_size=None):
        for row in block.to_pylist():
            site = found.sites.setdefault(row["site"], Site())
            if row["text"]:
                site.counts[row["text"]] = row["pages"]
            else:
                site.pages = row["pages"]
    return found.recurring()  # without the sites that have no such text


def _count(block: pa.Table, tables: bool, column: str | None) -> pa.Table:  # noqa: FBT001 - as above
    outcomes = read_batch(block, column) if tables else map(read_item, items_of(block))
    rows = (row for outcome in outcomes for row in memory.rows_of(outcome))
    counted = [row for run in runs.runs(rows) for row in run]
    columns = zip(*counted, strict=True) if counted else [[]] * len(_SCHEMA)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)], _SCHEMA)


def _recurring(block: pa.Table) -> pa.Table:
    return block.filter((pc.field("pages") >= MIN_PAGES) | (pc.field("text") == ""))
