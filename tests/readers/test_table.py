"""Csv and tsv: a header, a text column, a document a row."""

import gzip
import io
import json
from collections import Counter

import pytest
import zstandard

from cleaner.errors import DocumentError, RecordError, TooLargeError
from cleaner.readers import Format, from_raw, records
from tests.conftest import PAGE, STORY


def read(path, kind=Format.CSV, column=None):
    return [
        (raw.number, json.loads(raw.data) if raw.data else raw.error, raw.field)
        for raw in records(path, kind, Counter(), column)
    ]


@pytest.fixture
def table(tmp_path):
    """A file with these bytes."""

    def write(data: str | bytes, name: str = "a.csv"):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write


def test_rows_become_records_with_the_columns_as_fields(table):
    path = table('id,text\r\n1,"Two\nlines, and ""quotes"""\r\n\r\n2,Short')

    assert read(path) == [
        (1, {"id": "1", "text": 'Two\nlines, and "quotes"'}, "text"),
        (2, {"id": "2", "text": "Short"}, "text"),
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("a,text,content", "text"),
        ("a,content,body", "content"),
        ("body,Text", "Text"),
        ("id,body", "body"),
        ("a,html", "text"),
    ],
)
def test_the_usual_names_of_a_text_column_are_known(table, header, column):
    assert read(table(f"{header}\n1,2,3"[: None if header.count(",") == 2 else -2]))[0][2] == column


def test_a_text_column_can_be_named(table):
    assert read(table("a,story\n1,Once."), column="story")[0][2] == "story"
    with pytest.raises(RecordError, match=r"--text-column.*a, story"):
        read(table("a,story\n1,Once."))
    with pytest.raises(RecordError, match="no column 'tale'"):
        read(table("a,story\n1,Once."), column="tale")


def test_a_column_of_pages_is_extracted_however_it_is_spelt(table):
    cell = PAGE.replace('"', '""')
    path = table(f'URL,HTML\nhttps://a.example/,"{cell}"')

    (raw,) = records(path, Format.CSV, Counter())

    assert STORY[0] in from_raw(raw, "a.csv").text


def test_the_size_limit_counts_letters_of_any_script_as_utf8_does(table):
    text = "Слово " * 400_000
    path = table(f"text\n{text}")
    table(json.dumps([{"text": text, "cut": "\ud800"}]), "a.json")

    (row,) = records(path, Format.CSV, Counter())
    (record,) = records(path.with_name("a.json"), Format.JSON, Counter())

    assert len(row.data) < 5_000_000
    assert from_raw(row, "a.csv").text == text
    assert from_raw(record, "a.json").meta == {"text": text, "cut": "\ud800"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_of_spreadsheets(table, encoding):
    data = "id\ttext\n1\tDer Käse “reift”\n".encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    path = table(data, "a.tsv")

    assert read(path, Format.TSV)[0][1] == {"id": "1", "text": "Der Käse “reift”"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_line_ends_end_a_row(table, end):
    path = table(end.join(["id,text", "1,a\x0bb\x0cc\x1cd\x85e\u2028f", "2,g"]))

    assert [row[1]["text"] for row in read(path)] == ["a\x0bb\x0cc\x1cd\x85e\u2028f", "g"]


def test_a_row_with_too_many_fields_fails_alone_and_a_short_one_is_filled(table):
    (first, second, third) = read(table("id,text\n1,a,b\n2\n3,c"))

    assert "3 fields, but the header names 2" in first[1]
    assert second[1] == {"id": "2", "text": ""}
    assert third[1] == {"id": "3", "text": "c"}


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", RecordError, "no header"),
        (b"text,text\n1,2", RecordError, "two columns"),
        (b'text\n"never closed ' + b"x" * 21_000_000, TooLargeError, "limit"),
        (b"text\n" + b"x" * 21_000_000, TooLargeError, "limit"),
        ("text\n{}\n".format("x" * 1_999_999).encode("utf-16") + b"\0", RecordError, "as UTF-8"),
    ],
    ids=["empty", "same names", "open quote", "endless line", "broken late"],
)
def test_a_table_that_breaks_off_says_so(table, data, error, says):
    with pytest.raises(error, match=says):
        read(table(data))


@pytest.mark.parametrize(("first", "alien"), [("ä", b"caf\xe9"), ("\xe4\xff", b"caf\x81")])
def test_a_row_with_bytes_of_another_encoding_fails_alone(table, first, alien):
    encoding = "utf-8" if first == "ä" else "cp1252"
    rows = [f"{first}{number}".encode(encoding) for number in range(300_000)]

    read_back = read(table(b"\n".join([b"text", *rows, alien, b"after"])))

    assert [row[0] for row in read_back] == list(range(1, 300_003))
    assert [row[1]["text"] for row in read_back[:-2]] == [row.decode(encoding) for row in rows]
    assert "save the table as UTF-8" in read_back[-2][1]
    assert read_back[-1][1] == {"text": "after"}


def test_a_header_with_bytes_of_another_encoding_says_so(table):
    with pytest.raises(RecordError, match="header line has bytes of another encoding"):
        read(table(b"text,caf\x81\xe9\nOne.,2\n"))


def test_compressed_tables_are_read_through(table):
    data = b"text\nOne.\n"
    for name, packed in (
        ("a.csv.gz", gzip.compress(data)),
        ("a.csv.zst", zstandard.compress(data) + zstandard.compress(b"Two.\n")),
    ):
        assert read(table(packed, name))[0][1] == {"text": "One."}


def test_zstd_that_breaks_off_or_is_none_says_so(table):
    whole = zstandard.compress(bytes(range(256)) * 999)
    for data in (whole[:-3], whole[:20], b"not zstd at all", whole[:9] + b"\xff" * 40):
        with pytest.raises(DocumentError, match="zstd"):
            read(table(data, "a.csv.zst"))


def test_a_zstd_bomb_is_refused(table):
    from cleaner.readers.compression import read_bytes

    stream = io.BytesIO()
    with zstandard.ZstdCompressor(level=19).stream_writer(stream, closefd=False) as writer:
        for _ in range(500):
            writer.write(bytes(1_000_000))
    path = table(stream.getvalue(), "bomb.txt.zst")
    assert path.stat().st_size < 100_000

    with pytest.raises(TooLargeError):
        read_bytes(path, 20_000_000)
