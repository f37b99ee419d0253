"""Parquet: a document a row, the other columns passed on as far as JSON can hold them."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cleaner.errors import MissingExtraError, UnreadableError
from cleaner.readers import compression
from cleaner.readers.formats import format_of
from cleaner.readers.jsonl import encode
from cleaner.readers.records import Raw, as_page, is_page, text_column
from cleaner.readers.remote import Location

# Rows decoded at a time: each may be as large as a text may be.
_BATCH = 16
# Parquet is read from its end: a compressed one has to be held whole.
_MAX_COMPRESSED_BYTES = 1_000_000_000


@contextmanager
def open_parquet(path: Location) -> Iterator[Any]:
    """Open a Parquet file as a `pyarrow.parquet.ParquetFile`.

    Raises:
        MissingExtraError: pyarrow is not installed.
        UnreadableError: it can't be opened.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("Parquet", "parquet") from error
    try:
        stream: Any
        if path.suffix.lower() in compression.SUFFIXES and format_of(path):
            stream = io.BytesIO(compression.read_bytes(path, _MAX_COMPRESSED_BYTES))
        else:
            stream = path.open("rb")
    except OSError as error:
        raise UnreadableError(f"can't be read: {error.strerror or error}") from error
    with stream, pyarrow.parquet.ParquetFile(stream) as file:
        yield file


def rows(path: Location, column: str | None) -> Iterator[Raw]:
    """Yield the rows as JSON objects.

    Raises:
        RecordError: no text column.
        UnreadableError: see `open_parquet`.
    """
    with open_parquet(path) as file:
        chosen = text_column(file.schema_arrow.names, column)
        page = is_page(chosen)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                number += 1
                record = as_page(row, chosen) if page else row
                yield Raw(number, encode(record, _plain), "text" if page else chosen)


def _plain(value: object) -> str:
    """Dates and decimals as their text, bytes as base64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
