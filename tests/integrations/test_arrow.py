"""clean_batch: the same records in columns."""

import json

import pytest

pytest.importorskip("pyarrow", reason="pip install 'article-cleaner[test-integrations]'")

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner import Cleaner
from cleaner.errors import SetupError
from cleaner.integrations.arrow import CLEANER, clean_batch, clean_schema
from tests.conftest import STORY
from tests.integrations.conftest import HTML, NO_TEXT, RECORDS

MIXED = [*RECORDS, HTML, NO_TEXT]


def rows(batch: pa.RecordBatch) -> list[dict]:
    """Rows with `cleaner` as the stream has it."""
    found = batch.to_pylist()
    for row in found:
        row["cleaner"]["source"] = json.loads(row["cleaner"]["source"])
    return found


def test_rows_are_what_the_stream_makes_of_them(cleaner, streamed):
    batch = pa.RecordBatch.from_pylist([{**r, "n": n} for n, r in enumerate(RECORDS)])
    ours = rows(clean_batch(batch, cleaner))
    theirs = streamed([{**r, "n": n} for n, r in enumerate(RECORDS)])

    assert [{**row, "cleaner": {**row["cleaner"], "flagged": None}} for row in theirs] == ours


@pytest.mark.parametrize(
    ("name", "kind"),
    [("text", pa.binary()), ("content", pa.string()), ("Body", pa.large_binary())],
)
def test_rows_are_what_the_command_line_makes_of_a_parquet_file(cleaner, run, here, name, kind):
    texts = [record["text"].encode() for record in RECORDS] + [b"\xff"] * (kind != pa.string())
    table = pa.table({"n": range(len(texts)), name: pa.array(texts, pa.binary()).cast(kind)})
    pq.write_table(table, here / "in.parquet")
    run("clean", "in.parquet", "--out", "out")
    ours = clean_batch(table.to_batches()[0], cleaner)

    assert ours.to_pylist() == pq.read_table("out/in.parquet").to_pylist()
    assert ours.schema.field(name).type == kind


def test_the_column_of_the_texts_may_be_named(cleaner):
    batch = pa.RecordBatch.from_pylist([{"text": "id-7", "story": RECORDS[0]["text"]}])
    (row,) = rows(clean_batch(batch, cleaner, "story"))

    assert row["text"] == "id-7"
    assert row["story"] == cleaner.clean(RECORDS[0]["text"]).text


@pytest.mark.parametrize("record", [{"text": 5}, {"words": "One."}])
def test_a_batch_without_texts_is_wrong_use(cleaner, record):
    with pytest.raises(SetupError, match="column 'text'"):
        clean_batch(pa.RecordBatch.from_pylist([record]), cleaner)


def test_flagged_spans_are_kept_in_flag_mode(streamed):
    ours = rows(clean_batch(pa.RecordBatch.from_pylist(RECORDS), Cleaner(mode="flag")))

    assert ours == streamed(RECORDS, "--mode", "flag")


def test_html_is_read_where_there_is_no_text(cleaner):
    batch = pa.RecordBatch.from_pylist([{"html": HTML["html"]}])
    mixed = pa.RecordBatch.from_pylist([{"text": None, "html": HTML["html"]}])
    (row,) = rows(clean_batch(batch, cleaner))

    assert "The harbour council voted" in row["text"]
    assert "newsletter" not in row["text"]
    assert [row] == rows(clean_batch(mixed, cleaner))
    assert "html" not in row


def test_a_row_without_text_fails_alone(cleaner):
    batch = pa.RecordBatch.from_pylist(MIXED, pa.schema({"id": pa.string(), "text": pa.string()}))
    status = [row["cleaner"]["status"] for row in rows(clean_batch(batch, cleaner))]

    assert status == [*["ok"] * len(RECORDS), "failed", "failed"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_the_other_columns_and_all_types_stay(cleaner, kind):
    schema = pa.schema(
        [("text", kind), ("when", pa.timestamp("us")), ("vector", pa.list_(pa.float32()))],
        metadata={"by": "us"},
    )
    batch = pa.RecordBatch.from_pylist([{"text": STORY[0], "when": 5, "vector": [1.5]}], schema)
    cleaned = clean_batch(batch, cleaner)

    assert cleaned.schema == schema.append(pa.field("cleaner", CLEANER))
    assert cleaned.schema.metadata == {b"by": b"us"}
    assert cleaned.select(schema.names).equals(batch)


@pytest.mark.parametrize("size", [0, 1, 2, len(RECORDS)])
def test_how_rows_are_batched_changes_nothing(cleaner, size):
    batch = pa.RecordBatch.from_pylist(RECORDS)
    parts = [clean_batch(batch.slice(0, size), cleaner), clean_batch(batch.slice(size), cleaner)]

    assert rows(clean_batch(batch, cleaner)) == rows(parts[0]) + rows(parts[1])


def test_the_schema_is_known_ahead(cleaner):
    batch = pa.RecordBatch.from_pylist([{"html": HTML["html"], "n": 1}])

    assert clean_schema(batch.schema) == clean_batch(batch, cleaner).schema


def test_cleaning_again_tells_of_the_second_time(cleaner):
    once = clean_batch(pa.RecordBatch.from_pylist(RECORDS[:1]), cleaner)
    twice = clean_batch(once, cleaner)

    assert twice.schema == once.schema
    assert rows(once)[0]["cleaner"]["removed"]
    assert twice["text"] == once["text"]
    assert rows(twice)[0]["cleaner"]["removed"] == []
