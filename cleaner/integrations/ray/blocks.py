"""A dataset of records → the cleaned dataset."""

import pyarrow as pa
import ray.data

from cleaner.batch.rows import clean_record
from cleaner.batch.work import clean_outcome, read_item
from cleaner.document import Mode
from cleaner.integrations.arrow import clean_batch
from cleaner.integrations.ray.read import LITTLE, Records, items_of
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump


class CleanBlock:
    """An actor: loads the model at its first record and keeps it."""

    def __init__(self, cleaner: Cleaner, tables: bool, column: str | None) -> None:  # noqa: FBT001 - Ray calls it
        self.cleaner = cleaner
        self.tables = tables
        self.column = column

    def __call__(self, block: pa.Table) -> pa.Table:
        """Clean rows of Parquet as `clean_batch` does, other documents into lines of JSON."""
        if self.tables:
            batches = block.combine_chunks().to_batches()
            done = [clean_batch(batch, self.cleaner, self.column) for batch in batches]
            return pa.Table.from_batches(done)
        outcomes = [clean_outcome(read_item(item), self.cleaner) for item in items_of(block)]
        lines = [dump(clean_record(outcome, Mode(self.cleaner.mode))) for outcome in outcomes]
        return pa.table({"line": lines, "status": [outcome.status for outcome in outcomes]})


def cleaned(records: Records, cleaner: Cleaner, workers: int) -> ray.data.Dataset:
    """Clean documents in `workers` actors."""
    return records.data.map_batches(
        CleanBlock,
        fn_constructor_args=(cleaner, records.tables, records.column),
        compute=ray.data.ActorPoolStrategy(min_size=1, initial_size=workers, max_size=workers),
        num_cpus=1 - 2 * LITTLE,
        batch_format="pyarrow",
        batch_size=None,
    )
