"""Read one rating table: every row is accepted, or refused with a reason."""

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from cleaner.errors import RatingsError
from cleaner.sources.declared import CLASSES
from cleaner.sources.formats import Format, Spec, choose
from cleaner.sources.hosts import locate
from cleaner.sources.identity import Match, resolve
from cleaner.sources.rows import Refusal, Row, read_row

_LARGEST = 256 * 2**20  # bytes of a table; the public ones have two million
_NAMES = {number: name for name, number in CLASSES.items()}
_REFUSED = {
    Match.ARCHIVE_UNRESOLVED: "an archive, not a source",
    Match.UNRESOLVED: "a shortener or redirect, not a source",
}

_MOST_CELL = 131_072  # characters; an open quote swallows the rest of a file


@dataclass(frozen=True, slots=True)
class Rating:
    """What one row of one table says of one site.

    Attributes:
        table: the name the user gave the table.
        scheme: what the rating is called and who made it.
        row: the site as the row writes it.
        line: the row's line in the file.
        host: its host, normalised.
        source: the source it resolves to; the host of a platform, which is nobody's source.
        match: how it resolves.
        raw: the rating as the row writes it.
        value: the rating on a scale from 0 to 1, None if the scheme has none.
        class_: -1 unreliable, 0 mixed, 1 reliable, None if the scheme has no classes.
        as_of: date of the row, else of the table.
        reason: the rater's words, if the table has any.
        sha256: of the table's file.
        overrides: whether this is the user's own judgement, which wins.
    """

    table: str
    scheme: str
    row: str
    line: int
    host: str
    source: str
    match: Match
    raw: str
    value: float | None
    class_: int | None
    as_of: str
    reason: str
    sha256: str
    overrides: bool = False

    def to_dict(self) -> dict[str, Any]:
        """What a document's record says of this rating."""
        return {
            "table": self.table,
            "scheme": self.scheme,
            "row": self.row,
            "raw": self.raw,
            "value": self.value,
            "class": None if self.class_ is None else _NAMES[self.class_],
            "as_of": self.as_of or None,
            "reason": self.reason or None,
            "sha256": self.sha256[:16],
            "overrides": self.overrides,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A rating table as read.

    Attributes:
        spec: how the user named it.
        format: its layout.
        sha256: of its bytes.
        rows: rows after the header. Every one is accounted for in `ratings` or `refused`.
        ratings: the accepted rows, in order.
        refused: the others, in order.
    """

    spec: Spec
    format: Format
    sha256: str
    rows: int
    ratings: tuple[Rating, ...]
    refused: tuple[Refusal, ...]


def read_table(spec: Spec) -> Table:
    """Read a table.

    Raises:
        RatingsError: the file can't be read, is no table, or has a header we don't know.
    """
    data = _bytes(spec)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RatingsError(f"{spec.file} is not UTF-8: {error}") from error
    delimiter = str(spec.declared.get("delimiter", ","))
    if len(delimiter) != 1:
        raise RatingsError(f"{spec.file}: a delimiter is one character, not {delimiter!r}")
    # The limit is the process's, and readers of large records raise it.
    csv.field_size_limit(_MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [column.strip() for column in next(reader, [])]
        form = choose(header, spec)
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise RatingsError(f"{spec.file}, line {reader.line_num}: {error}") from error
    found = [entry for line, cells in lines for entry in read_row(line, cells, header, form)]
    ratings, refused = _without_repeats(found, spec.name, form, sha256)
    return Table(spec, form, sha256, len(lines), tuple(ratings), tuple(refused))


def _bytes(spec: Spec) -> bytes:
    try:
        if spec.file.stat().st_size > _LARGEST:
            raise RatingsError(f"{spec.file} is over {_LARGEST >> 20} MB: not a rating table")
        return spec.file.read_bytes()
    except OSError as error:
        raise RatingsError(f"{spec.file} can't be read: {error.strerror}") from error


def _without_repeats(
    found: list[Row | Refusal], name: str, form: Format, sha256: str
) -> tuple[list[Rating], list[Refusal]]:
    ratings: list[Rating] = []
    refused: list[Refusal] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in found:
        entry = row if isinstance(row, Refusal) else _placed(row, name, form, sha256)
        if isinstance(entry, Rating):
            # The same site twice with another rating is a conflict, and both are kept.
            key = (entry.host, entry.source, entry.value, entry.class_, entry.as_of)
            if first := seen.get(key):
                refused.append(Refusal(entry.line, entry.row, f"repeats line {first}"))
                continue
            seen[key] = entry.line
            ratings.append(entry)
        else:
            refused.append(entry)
    return ratings, refused


def _placed(row: Row, name: str, form: Format, sha256: str) -> Rating | Refusal:
    ref = resolve(row.site)
    # A platform's own row is kept to show disagreement; it is lent to none of its accounts.
    source = ref.host if ref.match is Match.PLATFORM else ref.source
    if source is None:
        reason = _REFUSED.get(ref.match, "no site" if row.site else "the site is missing")
        return Refusal(row.line, row.site, reason)
    if ref.match is not Match.PLATFORM_ACCOUNT and locate(ref.unwrapped).rest.strip("/"):
        return Refusal(row.line, row.site, "a part of a site, not a site")
    return Rating(
        table=name,
        scheme=form.scheme,
        row=row.site,
        line=row.line,
        host=ref.host,
        source=source,
        match=ref.match,
        raw=row.raw,
        value=row.value,
        class_=row.class_,
        as_of=row.date,
        reason=row.reason,
        sha256=sha256,
        overrides=form.overrides,
    )
