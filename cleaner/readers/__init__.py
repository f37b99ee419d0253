"""Inputs → documents: what kind of file it is, and how each kind becomes a `Document`."""

from cleaner.readers.formats import READABLE, RECORD_FORMATS, Format, format_of, sniff
from cleaner.readers.load import (
    MAX_HTML_BYTES,
    MAX_TEXT_BYTES,
    Loaded,
    file_hash,
    from_file,
    from_html,
    from_raw,
    from_record,
)
from cleaner.readers.records import Raw, json_record, records

__all__ = [
    "MAX_HTML_BYTES",
    "MAX_TEXT_BYTES",
    "READABLE",
    "RECORD_FORMATS",
    "Format",
    "Loaded",
    "Raw",
    "file_hash",
    "format_of",
    "from_file",
    "from_html",
    "from_raw",
    "from_record",
    "json_record",
    "records",
    "sniff",
]
