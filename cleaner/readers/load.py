"""One file or one record → one document."""

import hashlib
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from cleaner.document import Document
from cleaner.errors import RecordError, TooLargeError
from cleaner.readers import compression, html, jsonl, text
from cleaner.readers.formats import Format, format_of
from cleaner.readers.records import MAX_RECORD_BYTES, Raw
from cleaner.readers.remote import Location

# A page takes up to 27 times its html in memory while it is extracted; real pages end at 5 MB.
MAX_HTML_BYTES = 10_000_000
MAX_TEXT_BYTES = MAX_RECORD_BYTES
_STRING_FIELDS = ("url", "title", "date", "author")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and what is needed to give its input back.

    Attributes:
        document: what was read.
        hash: SHA-256 of the file's bytes, decompressed.
        encoding: of a text file, "" for html.
        bom: the byte order mark of a text file.
    """

    document: Document
    hash: str
    encoding: str = ""
    bom: bytes = b""


def from_file(path: Location, name: str, url: str = "", kind: Format | None = None) -> Loaded:
    """Read a file that holds one document.

    Args:
        path: the file, perhaps compressed.
        name: its path relative to what the user named; it becomes the document's id and path.
        url: where it was published, if the user told.
        kind: TEXT or HTML; None to go by its name.

    Raises:
        DocumentError: see the tree in errors.py.
    """
    kind = kind or format_of(path) or Format.TEXT
    data = compression.read_bytes(path, max_bytes(kind))
    if kind is Format.HTML:
        document = replace(from_html(data, url), id=name, path=name)
        return Loaded(document, _sha256(data))
    decoded = text.decode(data)
    document = Document(id=name, text=decoded.text, url=url, path=name)
    return Loaded(document, _sha256(data), decoded.encoding, decoded.bom)


def file_hash(path: Location, kind: Format) -> str:
    """The hash that `from_file` will tell, without reading the document.

    Raises:
        DocumentError: it can't be read, or is too large.
    """
    return _sha256(compression.read_bytes(path, max_bytes(kind)))


def max_bytes(kind: Format) -> int:
    """How large a file of one document may be."""
    return MAX_HTML_BYTES if kind is Format.HTML else MAX_TEXT_BYTES


def from_raw(raw: Raw, name: str) -> Document:
    """Make a document of a record of any format.

    Raises:
        RecordError: it holds none.
        TooLargeError: it is over the size limit.
    """
    if raw.error:
        raise RecordError(raw.error)
    if raw.page is None:
        return from_record(jsonl.parse(raw.data, MAX_TEXT_BYTES), name, raw.number, raw.field)
    limit = MAX_HTML_BYTES if raw.html else MAX_TEXT_BYTES
    if len(raw.data) > limit:
        raise TooLargeError(f"over the limit of {limit / 1e6:.0f} MB")
    key = "html" if raw.html else "text"
    content = raw.data if raw.html else raw.data.decode("utf-8", "replace")
    return from_record({**raw.page, key: content}, name, raw.number)


def from_record(record: dict[str, Any], name: str, number: int, field: str = "text") -> Document:
    """Make a document of a record: its text, else its `html`.

    Args:
        record: the parsed JSON object.
        name: relative path of its file, "" for a stream.
        number: its line, or its place in an array or table, from 1.
        field: the field that holds the text.

    Raises:
        RecordError: neither `text` nor `html` holds a string.
        TooLargeError: its html is over the size limit.
    """
    url, title, date, author = (_string(record.get(key)) for key in _STRING_FIELDS)
    identity = record.get("id")
    identity = f"{name}:{number}" if identity is None else str(identity)
    meta = MappingProxyType({key: value for key, value in record.items() if key != "html"})
    if isinstance(record.get(field), str):
        return Document(identity, record[field], url, name, title, date, author, meta=meta)
    if not isinstance(record.get("html"), str | bytes):
        raise RecordError(
            f"no `{field}` and no `html` that is a string; "
            "name the field that holds the text with --text-column"
        )
    page = from_html(record["html"], url)
    title, author = title or page.title, author or page.author
    return replace(page, id=identity, path=name, title=title, date=date, author=author, meta=meta)


def from_html(page: bytes | str, url: str = "") -> Document:
    """Make a document of a page: its main text, and what the page says of itself.

    Args:
        page: its html.
        url: where it was published; "" to believe what the page says. It is the document's id.

    Raises:
        BinaryError: the bytes are not text.
        TooLargeError: it is over the size limit.
        UnreadableError: no html can be made of it.
    """
    if len(page) > MAX_HTML_BYTES:
        raise TooLargeError(f"html over the limit of {MAX_HTML_BYTES / 1e6:.0f} MB")
    found = html.extract(page)
    return Document(
        id=url or found.url,
        text=found.text,
        url=url or found.url,
        title=found.title,
        author=found.author,
        links=found.links,
        blocks=found.blocks,
        from_html=True,
        page_url=found.url,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
