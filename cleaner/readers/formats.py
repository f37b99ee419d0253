"""What kind of file it is: by its name, and where that tells nothing, by its first bytes."""

import re
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol

from cleaner.errors import DocumentError
from cleaner.readers import compression, text
from cleaner.readers.remote import Location


class Format(StrEnum):
    """Kinds of input."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    WARC = "warc"


RECORD_FORMATS = frozenset(Format) - {Format.TEXT, Format.HTML}
READABLE = ".txt .md .html .json .jsonl .csv .tsv .parquet .warc .wet, each also .gz or .zst"
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
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".warc": Format.WARC,
    ".wet": Format.WARC,
}
_SAMPLE = 4096
_MARKS = (
    (re.compile(rb"\APAR1"), Format.PARQUET),
    (re.compile(rb"\AWARC/"), Format.WARC),
    (re.compile(rb"\A(?:\xef\xbb\xbf)?\s*\{"), Format.JSONL),
    (re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.I), Format.HTML),
)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def format_of(path: _Named) -> Format | None:
    """Tell a file's kind from its name, below a compression suffix; None if it is unknown."""
    name = PurePath(path.name.lower())
    if name.suffix in compression.SUFFIXES:
        name = name.with_suffix("")
    return _SUFFIXES.get(name.suffix)


def sniff(path: Location) -> Format | None:
    """Tell the kind of a file whose name has no suffix from its first bytes.

    Returns:
        None for a hidden file, one with a suffix, and one that is nothing we read.
    """
    if path.suffix or path.name.startswith("."):
        return None
    try:
        with compression.open_binary(path) as stream:
            head = stream.read(_SAMPLE)
    except DocumentError:
        return Format.TEXT  # reading it as a document will say what is wrong
    for mark, kind in _MARKS:
        if mark.search(head):
            return kind
    return None if text.looks_binary(head) else Format.TEXT
