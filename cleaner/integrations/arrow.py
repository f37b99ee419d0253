"""Arrow record batches: what everything columnar uses."""

from typing import Any

from cleaner.errors import MissingExtraError
from cleaner.integrations.records import clean_record
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump

try:
    import pyarrow as pa
except ImportError as error:
    raise MissingExtraError("cleaning Arrow record batches", "parquet") from error

_READ = ("id", "text", "html", "url", "title", "date", "author")
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


def clean_batch(batch: pa.RecordBatch, cleaner: Cleaner) -> pa.RecordBatch:
    """Clean the rows of a batch; each is judged alone, so how rows are batched changes nothing.

    Args:
        batch: a column `text` or `html` (both: where `text` is null, `html` is read); `id url title
            date author` are used, other columns pass through.
        cleaner: the flow with its settings.

    Returns:
        The columns without `html`, `text` cleaned and of the type it had, `cleaner` at the end.
    """
    known = batch.select([name for name in _READ if name in batch.schema.names])
    cleaned = [clean_record(row, cleaner, n) for n, row in enumerate(known.to_pylist(), 1)]
    ours = clean_schema(batch.schema)
    columns = {
        "text": pa.array([record["text"] for record in cleaned], ours.field("text").type),
        "cleaner": pa.array([_flat(record["cleaner"]) for record in cleaned], CLEANER),
    }
    return pa.RecordBatch.from_arrays(
        [columns[name] if name in columns else batch.column(name) for name in ours.names],
        schema=ours,
    )


def clean_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of what `clean_batch` makes of batches of a schema, for engines that ask first."""
    text = pa.field("text", pa.string())
    fields = [field for field in schema if field.name not in {"html", "cleaner"}]
    # A column of nothing but nulls has no type of its own.
    fields = [text if f.name == "text" and pa.types.is_null(f.type) else f for f in fields]
    fields += [] if "text" in schema.names else [text]
    return pa.schema([*fields, pa.field("cleaner", CLEANER)], schema.metadata)


def _flat(done: dict[str, Any]) -> dict[str, Any]:
    return {**done, "source": dump(done["source"])}
