"""A dataset of records → the cleaned dataset."""

from typing import Any

import pyarrow as pa
import ray.data

from cleaner.integrations.arrow import clean_batch
from cleaner.integrations.ray.read import LITTLE
from cleaner.integrations.records import clean_record
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump


class CleanBlock:
    """An actor: loads the model at its first record and keeps it."""

    def __init__(self, cleaner: Cleaner) -> None:
        self.cleaner = cleaner

    def __call__(self, block: pa.Table) -> pa.Table:
        """Clean rows of Parquet as `clean_batch` does, other records into lines of JSON."""
        if "record" not in block.column_names:
            batches = block.combine_chunks().to_batches()
            return pa.Table.from_batches([clean_batch(batch, self.cleaner) for batch in batches])
        cleaned = [self._record(**row) for row in block.to_pylist()]
        status = [record["cleaner"]["status"] for record in cleaned]
        return pa.table({"line": list(map(dump, cleaned)), "status": status})

    def _record(
        self, name: str, number: int, record: bytes | None, error: str | None
    ) -> dict[str, Any]:
        return clean_record(record or b"", self.cleaner, name, number, error or "")


def cleaned(records: ray.data.Dataset, cleaner: Cleaner, workers: int) -> ray.data.Dataset:
    """Clean what `read.dataset` gives, or any dataset with a column `text`, in `workers` actors."""
    return records.map_batches(
        CleanBlock,
        fn_constructor_args=(cleaner,),
        compute=ray.data.ActorPoolStrategy(min_size=1, initial_size=workers, max_size=workers),
        num_cpus=1 - 2 * LITTLE,
        batch_format="pyarrow",
        batch_size=None,
    )
