"""Arrow record batches: what everything columnar uses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner.batch.inputs import Input
from cleaner.batch.rows import clean_record
from cleaner.batch.work import Item, Outcome, clean_outcome, read_item
from cleaner.document import Mode
from cleaner.errors import MissingExtraError, RecordError, SetupError
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.readers.parquet import column_of, holds_text, raw
from cleaner.readers.records import is_page

try:
    import pyarrow as pa
except ImportError as error:
    raise MissingExtraError("cleaning Arrow record batches", "parquet") from error

_READ = frozenset({"id", "text", "html", "url", "title", "date", "author"})
_BATCH = Input(Path("-"), "-", None)
_SPAN = pa.struct(
    [
        *(("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())),
        *(("score", pa.float64()), ("text", pa.string())),
    ]
)
# `source` is JSON: what it holds depends on the rating tables in use.
CLEANER = pa.struct(
    [
        *(("status", pa.string()), ("flags", pa.list_(pa.string()))),
        *(("removed", pa.list_(_SPAN)), ("flagged", pa.list_(_SPAN))),
        *(("source", pa.string()), ("error", pa.string())),
    ]
)


def clean_batch(
    batch: pa.RecordBatch, cleaner: Cleaner, column: str | None = None
) -> pa.RecordBatch:
    """Clean the rows of a batch; each is judged alone, so how rows are batched changes nothing.

    Args:
        batch: rows as `cleaner clean` reads them from Parquet: a column of texts, which may be
            bytes, or `html` (both: where the text is null, `html` is read); `id url title date
            author` are used, other columns pass through.
        cleaner: the flow with its settings.
        column: the one that holds the text, None to go by the usual names.

    Returns:
        The columns without `html`, the text cleaned and of the type it had, `cleaner` at the end.

    Raises:
        SetupError: no column holds texts, or it is called as ours is.
    """
    outcomes = (clean_outcome(outcome, cleaner) for outcome in read_batch(batch, column))
    cleaned = [clean_record(outcome, Mode(cleaner.mode)) for outcome in outcomes]
    ours = clean_schema(batch.schema, column)
    text = _cleaned(_chosen(batch.schema, column))
    columns = {
        text: pa.array([record[text] for record in cleaned], ours.field(text).type),
        "cleaner": pa.array([_flat(record["cleaner"]) for record in cleaned], CLEANER),
    }
    return pa.RecordBatch.from_arrays(
        [columns[name] if name in columns else batch.column(name) for name in ours.names],
        schema=ours,
    )


def read_batch(batch: pa.RecordBatch | pa.Table, column: str | None = None) -> Iterator[Outcome]:
    """Make documents of the rows of a batch or a table; what it takes is that of `clean_batch`."""
    chosen = _chosen(batch.schema, column)
    known = batch.select([name for name in batch.schema.names if name in _READ | {chosen}])
    for number, row in enumerate(known.to_pylist(), 1):
        yield read_item(Item(_BATCH, raw(number, row, chosen)))


def clean_schema(schema: pa.Schema, column: str | None = None) -> pa.Schema:
    """The schema of what `clean_batch` makes of batches of a schema, for engines that ask first."""
    chosen = _chosen(schema, column)
    name = _cleaned(chosen)
    text = pa.field(name, pa.string())
    gone = {"html", "cleaner", chosen} - {name}
    fields = [field for field in schema if field.name not in gone]
    # A column of nothing but nulls has no type of its own.
    fields = [text if f.name == name and not holds_text(f.type) else f for f in fields]
    fields += [] if name in schema.names else [text]
    return pa.schema([*fields, pa.field("cleaner", CLEANER)], schema.metadata)


def _chosen(schema: pa.Schema, column: str | None) -> str:
    try:
        chosen = column_of(schema, column)
    except RecordError as error:
        raise SetupError(str(error)) from error
    if chosen == "cleaner":
        raise SetupError("the texts are in a column `cleaner`, where what is cut goes; rename it")
    return chosen


def _cleaned(chosen: str) -> str:
    """Where the cleaned text goes."""
    return "text" if is_page(chosen) else chosen


def _flat(done: dict[str, Any]) -> dict[str, Any]:
    return {**done, "source": dump(done["source"])}
