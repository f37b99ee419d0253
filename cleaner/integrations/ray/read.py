"""Files → a dataset of the documents in them, or of the rows of Parquet files."""

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import ray.data

from cleaner.batch.inputs import Input, find
from cleaner.batch.spool import chunks
from cleaner.batch.work import Item, items_in
from cleaner.errors import SetupError
from cleaner.integrations.arrow import clean_schema
from cleaner.readers import Format

# Of a core: as little as lets reading and writing run beside an actor on each; and other than an
# actor needs, or Ray makes one step of them and a single actor does a whole file.
LITTLE = 0.1


@dataclass(frozen=True)
class Records:
    """A dataset of documents.

    Attributes:
        data: rows of Parquet as they are; of other files a column `item` of our own pickles.
        tables: which of the two. The data is never asked: a table may have a column `item`, too.
        column: of a table, the one that holds the text; None to go by the usual names.
    """

    data: ray.data.Dataset
    tables: bool
    column: str | None = None


def items_of(block: pa.Table) -> Iterator[Item]:
    """Take the items out of a block that `Records` says is not of a table."""
    return map(pickle.loads, block["item"].to_pylist())


def dataset(source: str, tasks: int = 2, column: str | None = None) -> Records:
    """The documents in a file, or in the files of a folder, in the order of their names.

    Args:
        source: path or URL.
        tasks: files that are read at a time, at most.
        column: the field or column that holds the text; None to go by the usual names.

    Raises:
        SetupError: nothing to read, Parquet beside other files, or Parquet without a text.
    """
    files = find([source], None).files
    tables = [str(file.path) for file in files if file.format is Format.PARQUET]
    if tables and len(tables) < len(files):
        raise SetupError(f"{source} holds Parquet beside other files; clean them apart")
    how = {"num_cpus": LITTLE, "concurrency": min(tasks, len(files))}
    if tables:
        data = ray.data.read_parquet(tables, **how)
        clean_schema(data.schema().base_schema, column)  # else every worker would say it
        return Records(data, tables=True, column=column)
    # Not `range`: it takes a step with a whole core for itself, which actors may never leave it.
    places = [{"place": place} for place in range(len(files))]
    each = ray.data.from_items(places, override_num_blocks=len(files))
    blocks = each.map_batches(_blocks, batch_size=1, fn_args=(files, column), **how)
    return Records(blocks, tables=False)


def _blocks(
    batch: dict[str, Any], files: Sequence[Input], column: str | None
) -> Iterator[pa.Table]:
    entry = files[int(batch["place"][0])]
    for chunk in chunks(items_in(entry, Counter(), column)):
        yield pa.table({"item": [pickle.dumps(item) for item in chunk]})
