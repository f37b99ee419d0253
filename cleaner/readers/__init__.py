"""Inputs → documents: what kind of file it is, and how each kind becomes a `Document`."""

from cleaner.readers.load import (
    MAX_HTML_BYTES,
    MAX_TEXT_BYTES,
    Format,
    Loaded,
    format_of,
    from_file,
    from_record,
    records,
)

__all__ = [
    "MAX_HTML_BYTES",
    "MAX_TEXT_BYTES",
    "Format",
    "Loaded",
    "format_of",
    "from_file",
    "from_record",
    "records",
]
