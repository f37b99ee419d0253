"""Web archives: pages are documents, the rest is skipped and counted."""

import gzip
from collections import Counter

import pytest
import zstandard

from cleaner.errors import DocumentError
from cleaner.readers import MAX_HTML_BYTES, Format, from_raw, records
from tests.conftest import ARTICLE, PAGE, STORY


def archive(*entries, packed=False):
    """A web archive by the letter of its standard."""
    records = []
    for number, (kind, url, status, content_type, body) in enumerate(entries):
        headers = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{number}>"}
        headers |= {"WARC-Date": "2024-05-01T00:00:00Z"} | ({"WARC-Target-URI": url} if url else {})
        data, content = body, content_type
        if kind == "response":
            head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n\r\n"
            data, content = head.encode() + body, "application/http; msgtype=response"
        headers |= {"Content-Type": content, "Content-Length": str(len(data))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        record = b"WARC/1.0\r\n" + head.encode() + b"\r\n" + data + b"\r\n\r\n"
        records.append(gzip.compress(record) if packed else record)
    return b"".join(records)


ENTRIES = [
    ("warcinfo", None, "", "application/warc-fields", b"software: test"),
    ("request", "https://courier.example/a", "", "application/http", b"GET / HTTP/1.1\r\n\r\n"),
    ("response", "https://courier.example/a", "200 OK", "text/html; charset=utf-8", PAGE.encode()),
    ("response", "https://courier.example/b", "301 Moved", "text/html", b"<html>moved"),
    ("response", "https://courier.example/c", "404 Not Found", "text/html", b"<html>no"),
    ("response", "https://courier.example/d.png", "200 OK", "image/png", b"\x89PNG"),
    ("resource", "https://courier.example/e", "", "text/html", PAGE.encode()),
    ("metadata", "https://courier.example/a", "", "text/plain", b"x"),
    ("conversion", "https://courier.example/f", "", "text/plain", ARTICLE.encode()),
]


@pytest.fixture
def warc(tmp_path):
    """A web archive with these bytes."""

    def write(data, name="a.warc"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst", "a.warc.wet.gz"])
def test_pages_and_texts_are_documents_and_the_rest_is_counted(warc, name):
    data = archive(*ENTRIES, packed=name.endswith(".gz"))
    path = warc(zstandard.compress(data) if name.endswith(".zst") else data, name)
    skipped = Counter()

    documents = [from_raw(raw, name) for raw in records(path, Format.WARC, skipped)]

    assert [document.url.rpartition("/")[2] for document in documents] == ["a", "e", "f"]
    assert STORY[0] in documents[0].text
    assert documents[0].title.startswith("Council closes fish market")
    assert documents[0].id.startswith("<urn:uuid:")
    assert documents[2].text == ARTICLE
    assert skipped == {
        "warc warcinfo": 1,
        "warc request": 1,
        "warc redirect": 1,
        "warc error page": 1,
        "warc not html": 1,
        "warc metadata": 1,
    }


def test_the_servers_charset_is_used(warc):
    page = PAGE.replace('<meta charset="utf-8">', "").replace("harbour", "Привет")
    data = page.replace("“", '"').replace("”", '"').replace("©", "")
    entry = ("response", "https://a.example/", "200 OK", "text/html; charset=windows-1251")

    (raw,) = records(warc(archive((*entry, data.encode("cp1251")))), Format.WARC, Counter())

    assert "The Привет council" in from_raw(raw, "a").text


def test_a_huge_page_is_refused_and_the_next_is_read(warc):
    big = ("resource", "https://a.example/1", "", "text/html", b"x" * 25_000_000)
    path = warc(archive(big, ENTRIES[2]))

    first, second = records(path, Format.WARC, Counter())

    assert MAX_HTML_BYTES < len(first.data) < 21_000_000
    with pytest.raises(DocumentError, match="limit"):
        from_raw(first, "a")
    assert STORY[0] in from_raw(second, "a").text


def test_what_stands_before_a_break_is_read(warc):
    whole = archive(*ENTRIES[:7])
    for data, name, says in (
        (whole[:-900], "a.warc", "breaks off in a page"),
        (archive(*ENTRIES[:7], packed=True)[:-200], "a.warc.gz", "gzip"),
        (gzip.compress(whole)[:-40], "b.warc.gz", "gzip"),
        (zstandard.compress(whole)[:-40], "b.warc.zst", "zstd"),
    ):
        found = []
        with pytest.raises(DocumentError, match=says):
            found.extend(r.number for r in records(warc(data, name), Format.WARC, Counter()))
        assert found in ([1], [])


def test_what_is_no_archive_says_so(warc):
    with pytest.raises(DocumentError, match="damaged"):
        list(records(warc(b"no archive\n" * 99), Format.WARC, Counter()))
