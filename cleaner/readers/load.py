"""One file or one record → one document."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from cleaner.document import Document
from cleaner.errors import RecordError, TooLargeError
from cleaner.readers import compression, html, jsonl, text

# A page takes up to 27 times its html in memory while it is extracted; real pages end at 5 MB.
MAX_HTML_BYTES = 10_000_000
MAX_TEXT_BYTES = 20_000_000
_STRING_FIELDS = ("url", "title", "date", "author")


class Format(StrEnum):
    """Kinds of input."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"


_SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.TEXT,
    ".markdown": Format.TEXT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
}
RECORD_FORMATS = frozenset({Format.JSON, Format.JSONL})


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


def format_of(path: PurePath) -> Format | None:
    """Tell a file's kind from its name, below a compression suffix; None if it is unknown."""
    name = PurePath(path.name.lower())
    if name.suffix in compression.SUFFIXES:
        name = name.with_suffix("")
    return _SUFFIXES.get(name.suffix)


def from_file(path: Path, name: str, url: str = "") -> Loaded:
    """Read a file that holds one document.

    Args:
        path: the file, .txt, .md or .html, perhaps compressed.
        name: its path relative to what the user named; it becomes the document's id and path.
        url: where it was published, if the user told.

    Raises:
        DocumentError: see the tree in errors.py.
    """
    if format_of(path) is Format.HTML:
        data = compression.read_bytes(path, MAX_HTML_BYTES)
        page = html.extract(data)
        document = Document(
            id=name,
            text=page.text,
            url=url or page.url,
            path=name,
            title=page.title,
            author=page.author,
            from_html=True,
        )
        return Loaded(document, _sha256(data))
    data = compression.read_bytes(path, MAX_TEXT_BYTES)
    decoded = text.decode(data)
    document = Document(id=name, text=decoded.text, url=url, path=name)
    return Loaded(document, _sha256(data), decoded.encoding, decoded.bom)


def records(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (record number from 1, bytes) of the records in a .json or .jsonl file.

    Raises:
        DocumentError: the file can't be read further; what was yielded before holds.
    """
    if format_of(path) is Format.JSON:
        yield from jsonl.split_json(
            compression.read_bytes(path, MAX_TEXT_BYTES * 5), MAX_TEXT_BYTES
        )
        return
    with compression.open_binary(path) as stream:
        yield from jsonl.lines(stream, MAX_TEXT_BYTES)


def from_record(record: dict[str, Any], name: str, number: int) -> Document:
    """Make a document of a record: its `text`, else its `html`.

    Args:
        record: the parsed JSON object.
        name: relative path of its file, "" for a stream.
        number: its line, or its place in an array, from 1.

    Raises:
        RecordError: neither `text` nor `html` holds a string.
        TooLargeError: its html is over the size limit.
    """
    url, title, date, author = (_string(record.get(key)) for key in _STRING_FIELDS)
    identity = record.get("id")
    identity = f"{name}:{number}" if identity is None else str(identity)
    meta = MappingProxyType(record)
    if isinstance(record.get("text"), str):
        return Document(identity, record["text"], url, name, title, date, author, meta=meta)
    if not isinstance(record.get("html"), str):
        raise RecordError("no `text` and no `html` that is a string")
    if len(record["html"]) > MAX_HTML_BYTES:
        raise TooLargeError(f"html over the limit of {MAX_HTML_BYTES / 1e6:.0f} MB")
    page = html.extract(record["html"])
    return Document(
        id=identity,
        text=page.text,
        url=url or page.url,
        path=name,
        title=title or page.title,
        date=date,
        author=author or page.author,
        meta=meta,
        from_html=True,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
