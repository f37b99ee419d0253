"""Parquet: a document a row, the other columns passed on as far as JSON can hold them."""

import base64
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cleaner.errors import MissingExtraError, RecordError, UnreadableError
from cleaner.readers import compression
from cleaner.readers.formats import format_of
from cleaner.readers.records import Raw, is_page, of_column, text_column
from cleaner.readers.remote import Location

# Rows decoded at a time: each may be as large as a text may be.
_BATCH = 16
_TEXTS = frozenset({"string", "large_string", "string_view"})
_BYTES = frozenset({"binary", "large_binary", "binary_view"})
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
        RecordError: no text column, or one of another type.
        UnreadableError: see `open_parquet`.
    """
    with open_parquet(path) as file:
        chosen = column_of(file.schema_arrow, column)
        every = (
            row for n in range(file.num_row_groups) for _, some in steps(file, n) for row in some
        )
        for number, row in enumerate(every, 1):
            yield raw(number, row, chosen)


def raw(number: int, row: dict[str, Any], column: str) -> Raw:
    """A row as a record.

    Args:
        number: its place in the table, from 1.
        row: its fields by name.
        column: the one that holds the text or the page.
    """
    error = _decode(row, (column, "text" if is_page(column) else "html"))
    return of_column(number, row, column, _plain, error)


def steps(file: Any, group: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:  # noqa: ANN401
    """Yield a row group of a `pyarrow.parquet.ParquetFile` bit by bit: a batch, and its rows."""
    for batch in file.iter_batches(batch_size=_BATCH, row_groups=[group]):
        yield batch, batch.to_pylist()


def holds_text(kind: Any) -> bool:  # noqa: ANN401 - pyarrow ships no types
    """Whether a column of a type holds texts, if only as bytes."""
    import pyarrow as pa

    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return str(plain) in _TEXTS | _BYTES


def column_of(schema: Any, wanted: str | None) -> str:  # noqa: ANN401 - as above
    """Choose the column that holds the text, as `records.text_column` does.

    Raises:
        RecordError: there is none, or one of another type.
    """
    if len(set(schema.names)) < len(schema.names):
        raise RecordError("two columns of one name")
    chosen = text_column(schema.names, wanted)
    kind = schema.field(chosen).type
    if not holds_text(kind) and str(kind) != "null":
        raise RecordError(
            f"column {chosen!r} holds no text, but {str(kind)[:100]}; "
            "name the one that holds the text with --text-column"
        )
    return chosen


def _decode(row: dict[str, Any], columns: Iterable[str]) -> str:
    """Make a text of bytes in the first of the columns that is not empty; say why it can't be."""
    name = next((name for name in columns if row.get(name) is not None), "")
    if isinstance(row.get(name), bytes):
        try:
            row[name] = row[name].decode()
        except UnicodeDecodeError as error:
            return f"column {name!r} is not UTF-8 at byte {error.start}"
    return ""


def _plain(value: object) -> str:
    """Dates and decimals as their text, bytes as base64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
