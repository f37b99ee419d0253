"""Files of many documents → their records, one by one, memory bounded."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.errors import DocumentError, MissingExtraError, RecordError
from cleaner.readers import compression, jsonl
from cleaner.readers.formats import Format
from cleaner.readers.remote import Location

MAX_RECORD_BYTES = 20_000_000
# A .json file is parsed as a whole.
_MAX_JSON_BYTES = 5 * MAX_RECORD_BYTES
_TEXT_COLUMNS = ("text", "content", "body", "article", "article_text", "maintext", "html")


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it stands in its file.

    Attributes:
        number: its place in the file, from 1.
        data: a JSON object; for a page of a web archive its bytes.
        field: the field of the object that holds the text.
        page: of a web archive's page: its id, url and date. None for a JSON object.
        html: whether a page's bytes are html, not text.
        error: why there is no record here after all.
    """

    number: int
    data: bytes
    field: str = "text"
    page: Mapping[str, Any] | None = None
    html: bool = False
    error: str = ""


def records(
    path: Location, kind: Format, skipped: Counter[str], column: str | None = None
) -> Iterator[Raw]:
    """Yield the records of a file, in order.

    Args:
        path: the file, perhaps compressed.
        kind: one of RECORD_FORMATS.
        skipped: counts what is no document, by kind.
        column: the field or column that holds the text; None for `text` in JSON, and the first of
            the usual names in tables.

    Raises:
        DocumentError: the file can't be read further; what was yielded before holds.
        MissingExtraError: a library that the format needs is not installed.
    """
    try:
        if kind is Format.PARQUET:
            from cleaner.readers.parquet import rows

            yield from rows(path, column)
            return
        if kind is Format.JSON:
            data = compression.read_bytes(path, _MAX_JSON_BYTES)
            for number, line in jsonl.split_json(data, MAX_RECORD_BYTES):
                yield json_record(number, line, column)
            return
        with compression.open_binary(path) as stream:
            if kind is Format.WARC:
                from cleaner.readers.warc import pages

                yield from pages(stream, skipped)
            elif kind in {Format.CSV, Format.TSV}:
                from cleaner.readers.table import rows as lines

                yield from lines(stream, "," if kind is Format.CSV else "\t", column)
            else:
                for number, line in jsonl.lines(stream, MAX_RECORD_BYTES):
                    yield json_record(number, line, column)
    except (DocumentError, MissingExtraError, MemoryError):
        raise
    except Exception as error:
        # A parser of a binary format may raise anything at all over a mutilated file.
        problem = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise RecordError(f"the file is damaged: {problem}") from error


def is_page(column: str) -> bool:
    """Whether a column of this name holds pages, not texts."""
    return column.lower() == "html"


def of_column(
    number: int,
    record: dict[str, Any],
    column: str,
    default: Callable[[object], str] | None = None,
    error: str = "",
) -> Raw:
    """A record of which a column was chosen; a page goes before the text, as `html`.

    Args:
        number: its place in the file, from 1.
        record: its fields by name.
        column: the field that holds the text or the page.
        default: see `jsonl.encode`.
        error: why there is no record here after all.
    """
    if not is_page(column):
        return Raw(number, jsonl.encode(record, default), column, error=error)
    if isinstance(record.get(column), str):
        others = {key: value for key, value in record.items() if key not in {"text", column}}
        record = {**others, "html": record[column]}
    return Raw(number, jsonl.encode(record, default), error=error)


def text_column(columns: list[str], wanted: str | None) -> str:
    """Choose the column of a table that holds the text.

    Raises:
        RecordError: there is none of that name, or of the usual names.
    """
    if wanted is not None:
        if wanted in columns:
            return wanted
    else:
        lower = {name.lower(): name for name in reversed(columns)}
        for usual in _TEXT_COLUMNS:
            if usual in lower:
                return lower[usual]
    known = " ".join(", ".join(columns[:20]).split())
    raise RecordError(
        f"no column {wanted or 'text'!r}; name the one that holds the text with --text-column "
        f"(there are: {known[:300]})"
    )


def json_record(number: int, line: bytes, column: str | None) -> Raw:
    """A line of JSON, of which a column may be named."""
    if column is None or not is_page(column):
        return Raw(number, line, column or "text")
    try:
        record = jsonl.parse(line, MAX_RECORD_BYTES)
    except DocumentError:  # which says what is wrong when it is read
        return Raw(number, line)
    return of_column(number, record, column)
