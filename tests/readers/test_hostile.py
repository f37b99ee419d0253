"""Ten thousand mutilated inputs over every reader: each is read or refused, nothing else."""

import gzip
import io
import json
import random
import tracemalloc
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from cleaner.batch.inputs import Input
from cleaner.batch.work import Item, read_item
from cleaner.document import Status
from cleaner.errors import DocumentError, TooLargeError
from cleaner.readers import (
    MAX_HTML_BYTES,
    MAX_TEXT_BYTES,
    RECORD_FORMATS,
    Format,
    format_of,
    records,
    sniff,
)
from cleaner.readers.compression import read_bytes
from tests.conftest import ARTICLE, PAGE
from tests.readers.test_warc import ENTRIES, archive

RECORD = json.dumps({"id": 1, "text": ARTICLE, "title": "Fish", "deep": [{"a": None}]})
PAGE_RECORD = json.dumps({"html": PAGE, "url": "https://courier.example/a"})
CSV = 'id,text,url\n1,"One\n""story""",https://a.example/\n2,Two,\n'
BITS = [
    *(b"\x00", b"\xff", b"\r", b"\n", b'"', b"\\", b"{", b"[", b"]", b"<", b">", b"&", b"&#0;"),
    *(b"&#x110000;", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"<![CDATA[", b"<!--", b"]]>"),
    *(b"\\ud800", b"<meta charset=utf-7>", b"<base href='//[bad'>", b"1e999", b"NaN", b"<script>"),
    b"\x1f\x8b\x08",
]


def parquet() -> bytes:
    stream = io.BytesIO()
    table = pa.table({"text": [ARTICLE, "Two."], "n": [1, 2], "tags": [["a"], None]})
    pq.write_table(table, stream, compression="snappy")
    return stream.getvalue()


SEEDS = {
    "a.txt": (1500, ARTICLE.encode()),
    "b.txt": (500, ARTICLE.encode("utf-16")),
    "a.html": (1000, PAGE.encode()),
    "a.jsonl": (1500, f"{RECORD}\n{PAGE_RECORD}\n".encode()),
    "a.json": (1000, f"[{RECORD}, {RECORD}]".encode()),
    "a.csv": (1000, CSV.encode()),
    "a.tsv": (500, CSV.replace(",", "\t").encode("utf-16")),
    "a.parquet": (500, parquet()),
    "a.warc": (1000, archive(*ENTRIES[1:3], ENTRIES[8])),
    "a.txt.gz": (250, gzip.compress(ARTICLE.encode())),
    "a.jsonl.gz": (250, gzip.compress(RECORD.encode())),
    "a.txt.zst": (250, zstandard.compress(ARTICLE.encode())),
    "a.warc.zst": (250, zstandard.compress(archive(ENTRIES[2]))),
    "no suffix": (500, PAGE.encode()),
}


def mutilated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few things done to them that crawls and disks do."""
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(data) + 1)
        other = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data = data[:place]
            case 1:
                data = data[:place] + chance.choice(BITS) + data[place:]
            case 2:
                data = data[:place] + chance.randbytes(chance.randrange(1, 9)) + data[place + 4 :]
            case 3:
                data = data[:place] + data[min(place, other) : max(place, other)] + data[place:]
            case 4:
                data = data[: min(place, other)] + data[max(place, other) :]
            case 5:
                data = data[:place] + chance.choice(BITS) * chance.randrange(300) + data[place:]
            case _:
                place = min(place, max(len(data) - 1, 0))
                flipped = bytes([data[place] ^ 1 << chance.randrange(8)]) if data else b""
                data = data[:place] + flipped + data[place + 1 :]
    return data


def read(path: Path) -> list[str]:
    """Read a file as the batch does; the errors of its documents."""
    kind = format_of(path) or sniff(path)
    source = Input(path, path.name, kind)
    if kind not in RECORD_FORMATS:
        items = [Item(source)]
    else:
        items, end = [], ""
        try:
            items.extend(Item(source, raw) for raw in records(path, kind, Counter()))
        except DocumentError as error:
            end = str(error)
            assert end
            assert "\n" not in end
    outcomes = [read_item(item) for item in items]
    for outcome in outcomes:
        assert (outcome.status is Status.OK) == (not outcome.error)
        assert "unexpected" not in outcome.error
        assert "\n" not in outcome.error
        if outcome.status is Status.OK:
            outcome.document.text.encode("utf-8", "surrogatepass")
    return [outcome.error for outcome in outcomes]


def test_there_are_ten_thousand_cases():
    assert sum(count for count, _ in SEEDS.values()) == 10_000


@pytest.mark.parametrize("name", SEEDS)
def test_mutilated_input_is_read_or_refused(tmp_path, name):
    count, seed = SEEDS[name]
    chance = random.Random(name)
    path = tmp_path / name
    path.write_bytes(seed)
    assert set(read(path)) == {""}

    for number in range(count):
        data = mutilated(seed, chance)
        path.write_bytes(data)
        try:
            read(path)
        except Exception as error:
            error.add_note(f"case {number} of {name}: {data!r}")
            raise


DEEP = 100_000
NESTED = {
    "deep.html": b"<div>" * DEEP + b"End." + b"</div>" * DEEP,
    "deeper.html": b"<p><b><i>" * 20_000,
    "table.html": b"<table><tr><td>" * 20_000 + b"End.",
    "entities.html": b"<p>" + b"&amp;" * 400_000,
    "laughs.xhtml": b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'"><!ENTITY d "'
    + b"&c;" * 1000
    + b'">]><html><body><p>&d;</p></body></html>',
    "outside.xhtml": b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
    "attributes.html": b"<p " + b"a=1 " * 300_000 + b">x",
    "comment.html": b"<!--" * 500_000,
    "deep.jsonl": b'{"text": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep.json": b"[" * DEEP + b"]" * DEEP,
    "deepest.json": b'{"a":' * DEEP,
    "number.jsonl": b'{"text": "x", "n": ' + b"9" * 100_000 + b"}",
    "quotes.csv": b"text\n" + b'"' * 1_000_001,
    "commas.csv": b"text\n" + b"," * 1_000_000,
    "columns.csv": b",".join(b"c%d" % n for n in range(100_000)) + b",text\n1,2\n",
    "headers.warc": b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000,
    "length.warc": b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\n"
    b"Content-Length: 999999999999999999999\r\n\r\nx",
    "controls.txt": b"\x1b[2J\x07" * 100_000,
}


@pytest.mark.parametrize("name", NESTED)
def test_nested_and_repeated_input_is_read_or_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(NESTED[name])

    read(path)


def test_entities_do_not_reach_for_files(tmp_path):
    path = tmp_path / "outside.xhtml"
    path.write_bytes(NESTED["outside.xhtml"])

    assert "root:" not in read_item(Item(Input(path, "x", Format.HTML))).document.text


def packed_zeros(name: str) -> bytes:
    megabyte = bytes(1_000_000)
    if name.endswith(".gz"):
        return b"".join(gzip.compress(megabyte * 50) for _ in range(6))
    stream = io.BytesIO()
    with zstandard.ZstdCompressor(level=19).stream_writer(stream, closefd=False) as writer:
        for _ in range(300):
            writer.write(megabyte)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["a.txt.gz", "a.html.gz", "a.txt.zst", "a.html.zst"])
def test_hundreds_of_megabytes_in_a_small_file_is_refused_before_they_are_unpacked(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(packed_zeros(name))
    limit = MAX_HTML_BYTES if "html" in name else MAX_TEXT_BYTES
    assert path.stat().st_size < limit / 10

    tracemalloc.start()
    outcome = read_item(Item(Input(path, name, format_of(path))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert outcome.status is Status.REFUSED
    assert peak < 5 * limit
    with pytest.raises(TooLargeError):
        read_bytes(path, 1000)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.csv.gz", "a.tsv.zst"])
def test_records_of_hundreds_of_megabytes_are_refused_in_bounded_memory(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(packed_zeros(name))

    tracemalloc.start()
    errors = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert all(errors)
    assert peak < 8 * MAX_TEXT_BYTES
