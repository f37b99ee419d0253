"""Tables in text form, csv and tsv: a header, then a document a row."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import BinaryIO, cast

from cleaner.errors import RecordError, TooLargeError
from cleaner.readers.records import MAX_RECORD_BYTES, Raw, of_column, text_column
from cleaner.readers.text import BOMS

_SAMPLE = 1 << 20
# What a byte becomes that its encoding does not know; the row that holds one fails, not the table.
_UNKNOWN = re.compile("[\udc80-\udcff]")
_ALIEN = "bytes of another encoding; save the table as UTF-8"


def rows(stream: BinaryIO, delimiter: str, column: str | None) -> Iterator[Raw]:
    """Yield the rows below the header.

    A byte order mark tells the encoding; else it is UTF-8 if the first megabyte is, else cp1252.

    Raises:
        RecordError: no header, no text column, or the table breaks off.
        TooLargeError: a field over the size limit; an open quote swallows the rest of a file.
    """
    csv.field_size_limit(MAX_RECORD_BYTES)
    with closing(_lines(stream)) as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            yield from _records(reader, column)
        except csv.Error as error:
            raise _named(error, reader.line_num) from error
        except UnicodeDecodeError as error:
            raise RecordError(
                f"line {reader.line_num + 1}: not {error.encoding}; save it again as UTF-8"
            ) from error


def _records(reader: Iterator[list[str]], column: str | None) -> Iterator[Raw]:
    header = next(reader, None)
    if not header:
        raise RecordError("no header line: the first must name the columns")
    if _undecoded(header):
        raise RecordError(f"the header line has {_ALIEN}")
    if len(set(header)) < len(header):
        raise RecordError("two columns of one name")
    chosen = text_column(header, column)
    for number, cells in enumerate((row for row in reader if row), 1):
        if _undecoded(cells):
            yield Raw(number, b"", error=_ALIEN)
            continue
        if len(cells) > len(header):
            error = f"{len(cells)} fields, but the header names {len(header)}"
            yield Raw(number, b"", error=error)
            continue
        record = {**dict.fromkeys(header, ""), **dict(zip(header, cells, strict=False))}
        yield of_column(number, record, chosen)


def _undecoded(cells: list[str]) -> bool:
    return any(not cell.isascii() and _UNKNOWN.search(cell) for cell in cells)


def _named(error: csv.Error, line: int) -> RecordError | TooLargeError:
    if "field larger" in str(error):
        limit = f"{MAX_RECORD_BYTES / 1e6:.0f} MB"
        return TooLargeError(f"line {line}: a field over {limit} (a quote that is never closed?)")
    return RecordError(f"line {line}: {error}")


def _lines(stream: BinaryIO) -> Generator[str, None, None]:
    """Decoded lines with their ends; the length of a line has no limit in csv itself."""
    buffered = io.BufferedReader(cast("io.RawIOBase", stream), _SAMPLE)
    encoding = _encoding(buffered.peek(_SAMPLE))
    wide = encoding.startswith(("utf-16", "utf-32"))  # there nothing after such a byte can be told
    errors = "strict" if wide else "surrogateescape"
    decoded = io.TextIOWrapper(buffered, encoding, errors=errors, newline="")
    try:
        while line := decoded.readline(MAX_RECORD_BYTES):
            if len(line) == MAX_RECORD_BYTES:
                raise TooLargeError(f"a line over the limit of {MAX_RECORD_BYTES / 1e6:.0f} MB")
            yield line
    finally:  # closing the file is for who opened it
        decoded.detach()
        buffered.detach()


def _encoding(sample: bytes) -> str:
    for bom, encoding in BOMS:
        if sample.startswith(bom):
            return {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(
                encoding, "utf-32"
            )
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
