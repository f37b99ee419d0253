"""Cleaned blocks → parts in the output folder, and how many documents ended how."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.fs import FileSelector, FileSystem
from ray.data import Datasink
from ray.data._internal.execution.interfaces import TaskContext
from ray.data.block import BlockAccessor
from ray.data.datasource import WriteResult

from cleaner.errors import SetupError
from cleaner.readers.remote import is_remote


class Parts(Datasink):
    """Writes `part-NUMBER.jsonl` or `.parquet`; a task that is run again writes the same file.

    Attributes:
        statuses: documents by status, once all is written.

    Raises:
        SetupError: the folder isn't empty.
    """

    def __init__(self, out: str) -> None:
        place = out if is_remote(out) else str(Path(out).absolute())
        self.filesystem, self.folder = FileSystem.from_uri(place)
        self.filesystem.create_dir(self.folder)
        if self.filesystem.get_file_info(FileSelector(self.folder)):
            raise SetupError(f"{out} is not empty; name another folder")
        self.statuses: Counter[str] = Counter()

    def write(self, blocks: Iterable[pa.Table], ctx: TaskContext) -> Counter[str]:
        """Write the blocks of a task, in a worker."""
        tables = [BlockAccessor.for_block(block).to_arrow() for block in blocks]
        tables = [table for table in tables if table.num_rows]
        if not tables:
            return Counter()
        table = pa.concat_tables(tables)
        # Whatever columns a table has, `clean_batch` adds this one; our lines never have it.
        lines = "cleaner" not in table.column_names
        part = f"{self.folder}/part-{ctx.task_idx:06d}.{'jsonl' if lines else 'parquet'}"
        with self.filesystem.open_output_stream(part) as stream:
            if lines:
                stream.writelines(f"{line}\n".encode() for line in table["line"].to_pylist())
            else:
                pq.write_table(table, stream)
        status = table["status"] if lines else pc.struct_field(table["cleaner"], "status")
        return Counter(status.to_pylist())

    def on_write_complete(self, write_result: WriteResult) -> None:
        """Add up what the workers counted."""
        for statuses in write_result.write_returns:
            self.statuses.update(statuses)
