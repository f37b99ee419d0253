"""Files, here or in an object store → a dataset of records, or of the rows of Parquet files."""

import gzip
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray.data
from pyarrow.fs import FileInfo, FileSelector, FileSystem, FileType

from cleaner.errors import DocumentError, SetupError
from cleaner.integrations.ray.warc import pages
from cleaner.readers import MAX_TEXT_BYTES
from cleaner.readers.jsonl import lines

_LINES = (".jsonl", ".jsonl.gz", ".warc", ".warc.gz")
_PARQUET = ".parquet"
_RECORDS_AT_A_TIME = 64
_COLUMNS = {"name": pa.string(), "number": pa.int64(), "record": pa.binary(), "error": pa.string()}
# Of a core: as little as lets reading and writing run beside an actor on each; and other than an
# actor needs, or Ray makes one step of them and a single actor does a whole file.
LITTLE = 0.1


def resolve(path: str) -> tuple[FileSystem, str]:
    """The file system of a path or URI (s3://, gs://, hdfs://), and the path in it."""
    inside: tuple[FileSystem, str] = FileSystem.from_uri(
        path if "://" in path else str(Path(path).absolute())
    )
    return inside


def dataset(source: str, tasks: int = 2) -> ray.data.Dataset:
    """The records of a file, or of the files in a folder and below, in the order of their names.

    Args:
        source: path or URI.
        tasks: files that are read at a time, at most.

    Raises:
        SetupError: nothing to read, or Parquet beside other files.
    """
    filesystem, base = resolve(source)
    names = [info.path for info in _files(filesystem, base) if info.type is FileType.File]
    tables = sorted(name for name in names if name.endswith(_PARQUET))
    others = sorted(name for name in names if name.endswith(_LINES))
    if bool(tables) == bool(others):
        raise SetupError(
            f"{source} has to be, or to hold, Parquet files, or else .jsonl and .warc files, each "
            "also .gz"
        )
    if tables:
        tasks = min(tasks, len(tables))
        return ray.data.read_parquet(
            tables, filesystem=filesystem, num_cpus=LITTLE, concurrency=tasks
        )
    root = base.rpartition("/")[0] if base in others else base
    items = [{"path": path, "name": path.removeprefix(f"{root}/")} for path in others]
    files = ray.data.from_items(items, override_num_blocks=len(items))
    tasks = min(tasks, len(items))
    return files.map_batches(
        _blocks, batch_size=1, fn_args=(filesystem,), num_cpus=LITTLE, concurrency=tasks
    )


def _files(filesystem: FileSystem, base: str) -> list[FileInfo]:
    found = filesystem.get_file_info(base)
    if found.type is FileType.Directory:
        return list(filesystem.get_file_info(FileSelector(base, recursive=True)))
    return [found]


def _blocks(file: dict[str, Any], filesystem: FileSystem) -> Iterator[pa.Table]:
    records = _records(filesystem, str(file["path"][0]), str(file["name"][0]))
    while block := list(islice(records, _RECORDS_AT_A_TIME)):
        yield pa.Table.from_pylist(block, pa.schema(_COLUMNS))


def _records(filesystem: FileSystem, path: str, name: str) -> Iterator[dict[str, Any]]:
    number, archive = 0, ".warc" in name
    try:
        with filesystem.open_input_stream(path, compression=None) as stream:
            # Arrow's own decompression takes a file that breaks off for a whole one.
            data: Any = io.BufferedReader(stream)
            if not archive and name.endswith(".gz"):
                data = gzip.GzipFile(fileobj=data)
            for number, record in pages(data) if archive else lines(data, MAX_TEXT_BYTES):
                yield {"name": name, "number": number, "record": record}
        problem = "" if number else "holds no records"
    except (OSError, EOFError, DocumentError) as error:
        problem = f"{error} (no record could be read from here on)"
    if problem:
        yield {"name": name, "number": number + 1, "error": problem}
