"""Site memory as a grouped aggregation on the cluster."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import ray.data
from ray.data.aggregate import Sum

from cleaner.document import Document
from cleaner.integrations import memory
from cleaner.integrations.records import read
from cleaner.pipeline import Cleaner
from cleaner.sites import MIN_PAGES, Memory, Site

_SCHEMA = pa.schema({"site": pa.string(), "text": pa.string(), "pages": pa.int64()})


def remembering(cleaner: Cleaner, records: ray.data.Dataset) -> Cleaner:
    """The cleaner with the memory of the sites in a dataset, unless it has one."""
    if cleaner.site_memory is not None:
        return cleaner
    return replace(cleaner, site_memory=site_memory(records))


def site_memory(records: ray.data.Dataset) -> Memory:
    """Count on how many pages of its site each text stands, and keep those that recur."""
    counts = records.map_batches(_count, batch_format="pyarrow", batch_size=None)
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
    return found


def _count(block: pa.Table) -> pa.Table:
    rows = (row for document in _documents(block) for row in memory.rows_of(document))
    counted = [row for run in memory.runs(rows) for row in run]
    columns = zip(*counted, strict=True) if counted else [[]] * len(_SCHEMA)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)], _SCHEMA)


def _documents(block: pa.Table) -> Iterator[Document]:
    for number, row in enumerate(block.to_pylist(), 1):
        record = row["record"] or b"" if "record" in row else row
        outcome = read(record, row.get("name", "-"), row.get("number", number))
        if outcome.document:
            yield outcome.document


def _recurring(block: pa.Table) -> pa.Table:
    return block.filter((pc.field("pages") >= MIN_PAGES) | (pc.field("text") == ""))
