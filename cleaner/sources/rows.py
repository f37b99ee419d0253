"""One row of a rating table: what it says, or why it says nothing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from cleaner.sources.declared import fold
from cleaner.sources.formats import Format


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row, or one site of a row, that gives no rating, and why."""

    line: int
    row: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of one site, as written and on our scales."""

    line: int
    site: str
    raw: str
    value: float | None
    class_: int | None
    date: str
    reason: str


def read_row(
    line: int, cells: list[str], header: list[str], form: Format
) -> Iterator[Row | Refusal]:
    """Read a row: one entry for each site that it names."""
    if len(cells) != len(header):
        yield Refusal(line, ",".join(cells), f"{len(cells)} columns instead of {len(header)}")
        return
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    given = row[form.domain]
    sites = given.split(form.separator) if form.separator else [given]
    for site in dict.fromkeys(site.strip() for site in sites):
        try:
            raw, value, class_ = _rating(row, form)
        except ValueError as error:
            yield Refusal(line, site, str(error))
            continue
        date, reason = row.get(form.date, ""), row.get(form.reason, "")
        if form.overrides and not (date and reason):
            yield Refusal(line, site, "an override needs a reason and a date")
            continue
        yield Row(line, site, raw, value, class_, date or form.as_of, reason)


def _rating(row: dict[str, str], form: Format) -> tuple[str, float | None, int | None]:
    """The rating as written, as a number from 0 to 1 and as a class.

    Raises:
        ValueError: the row has no rating, or one that the format doesn't declare.
    """
    raw = row.get(form.value, "")
    text = row[form.class_] if form.class_ else raw
    class_ = form.classes.get(fold(text))
    if form.class_ and form.class_ != form.value and text and class_ is None:
        raise ValueError(f"class {text!r} is not one of the scheme")
    value = form.words.get(fold(raw))
    if value is None and raw and not (raw == text and class_ is not None):
        if form.scale is None:
            raise ValueError(f"rating {raw!r} is not one of the scheme")
        number = _number(raw, form.scale)
        value = (number - form.scale[0]) / (form.scale[1] - form.scale[0])
        if class_ is None:
            class_ = _band(number, form)
    if value is None and class_ is None:
        raise ValueError("no rating")
    return raw or text, None if value is None else round(value, 4), class_


def _number(raw: str, scale: tuple[float, float]) -> float:
    try:
        number = float(raw)
    except ValueError:
        raise ValueError(f"rating {raw!r} is not a number") from None
    if not math.isfinite(number) or not min(scale) <= number <= max(scale):
        raise ValueError(f"rating {raw!r} is off the scale {scale[0]:g} to {scale[1]:g}")
    return number


def _band(number: float, form: Format) -> int | None:
    if form.below is not None and number < form.below:
        return -1
    if form.above is not None:
        return 1 if number >= form.above else 0
    return None
