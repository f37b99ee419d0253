"""Parquet: rows are documents, and what JSON can't hold becomes text."""

import datetime
import gzip
import json
import sys
from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.errors import DocumentError
from cleaner.readers import Format, records


def test_rows_become_records(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "content": ["One.", None],
            "when": [datetime.date(2024, 5, 1), None],
            "raw": [b"\x00\xff", None],
            "price": [Decimal("1.50"), None],
            "tags": [["a", "b"], []],
        }
    )
    pq.write_table(table, path)

    first, second = records(path, Format.PARQUET, Counter())

    assert (first.number, first.field) == (1, "content")
    assert json.loads(first.data) == {
        "content": "One.",
        "when": "2024-05-01",
        "raw": "AP8=",
        "price": "1.50",
        "tags": ["a", "b"],
    }
    assert json.loads(second.data)["content"] is None


def test_bytes_are_read_as_utf8_where_they_are_the_text_or_the_page(tmp_path):
    table = {"text": [b"F\xc3\xb8rst.", None, b"\xff"], "html": [None, b"<p>Then.</p>", b"\xff"]}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")

    first, second, third = records(tmp_path / "a.parquet", Format.PARQUET, Counter())

    assert json.loads(first.data)["text"] == "Først."
    assert json.loads(second.data)["html"] == "<p>Then.</p>"
    assert (first.error, second.error) == ("", "")
    assert third.error == "column 'text' is not UTF-8 at byte 0"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pa.table({"text": [datetime.date(2024, 5, 1)]}), r"holds no text, but date32\[day\]"),
        (pa.table({"text": [["a", "b"]]}), "holds no text, but list"),
        (pa.table([["a"], ["b"]], names=["text", "text"]), "two columns of one name"),
    ],
)
def test_a_table_whose_text_can_not_be_told_says_so(tmp_path, table, says):
    pq.write_table(table, tmp_path / "a.parquet")

    with pytest.raises(DocumentError, match=says):
        list(records(tmp_path / "a.parquet", Format.PARQUET, Counter()))


def test_a_compressed_one_is_read_through(tmp_path):
    pq.write_table(pa.table({"text": ["One."]}), tmp_path / "a.parquet")
    path = tmp_path / "b.parquet.gz"
    path.write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))

    assert len(list(records(path, Format.PARQUET, Counter()))) == 1


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(99) + b"PAR1", b"no table"])
def test_what_is_no_parquet_says_so(tmp_path, data):
    path = tmp_path / "a.parquet"
    path.write_bytes(data)

    with pytest.raises(DocumentError, match="damaged"):
        list(records(path, Format.PARQUET, Counter()))


@pytest.mark.parametrize(
    ("module", "name", "extra"),
    [
        ("pyarrow.parquet", "a.parquet", "parquet"),
        ("warcio.archiveiterator", "a.warc", "warc"),
        ("zstandard", "a.jsonl.zst", "zst"),
    ],
)
def test_a_library_that_is_not_installed_is_named_with_its_install_line(
    tmp_path, monkeypatch, run, module, name, extra
):
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(b"anything")

    ran = run("clean", path, "--out", tmp_path / "out")

    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert f"pip install 'article-cleaner[{extra}]'" in ran.err
