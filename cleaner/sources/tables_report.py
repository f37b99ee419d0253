"""What a rating table holds, for `cleaner sources tables FILE`."""

from collections import Counter
from collections.abc import Iterator

from cleaner.sources.declared import CLASSES
from cleaner.sources.formats import parse_spec
from cleaner.sources.identity import Match
from cleaner.sources.ratings import Ratings
from cleaner.sources.tables import Table, read_table

_SHOWN = 10  # examples of conflicts
_BANDS = 10  # of the distribution


def tables_report(spec: str) -> str:
    """Read a table and say what was accepted, what was refused and why, and what disagrees.

    Args:
        spec: `FILE`, `NAME=FILE` or `NAME=FILE:domain=column,…`, as for `--ratings`.

    Raises:
        RatingsError: the table can't be read.
    """
    table = read_table(parse_spec(spec))
    return "\n".join(_lines(table)) + "\n"


def _lines(table: Table) -> Iterator[str]:
    sources = {rating.source for rating in table.ratings}
    platforms = sum(rating.match is Match.PLATFORM for rating in table.ratings)
    yield f"{table.spec.file}"
    yield f"  scheme    {table.format.scheme}"
    yield f"  as of     {_dates(table)}"
    yield f"  licence   {table.format.licence or 'not declared'}"
    yield f"  sha256    {table.sha256}"
    yield f"  rows      {table.rows}"
    yield f"  accepted  {len(table.ratings)}, about {len(sources)} sources"
    yield f"    {platforms:6}  about platforms, lent to none of their accounts"
    yield f"  refused   {len(table.refused)}"
    # The reason without what is particular to a row.
    kinds = Counter(refusal.reason for refusal in table.refused)
    for reason, count in kinds.most_common():
        first = next(refusal for refusal in table.refused if refusal.reason == reason)
        yield f"    {count:6}  {reason} (line {first.line}: {first.row!r})"
    yield from _distribution(table)
    yield from _conflicts(table)


def _dates(table: Table) -> str:
    dates = sorted({rating.as_of for rating in table.ratings if rating.as_of})
    if not dates:
        return "no date: declare as_of or a date column"
    return dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"


def _distribution(table: Table) -> Iterator[str]:
    classes = Counter(rating.class_ for rating in table.ratings if rating.class_ is not None)
    for name, number in CLASSES.items():
        if classes:
            yield f"  {name:11}{classes[number]:7}"
    values = [rating.value for rating in table.ratings if rating.value is not None]
    bands = Counter(min(int(value * _BANDS), _BANDS - 1) for value in values)
    for band in range(_BANDS if values else 0):
        yield f"  {band / _BANDS:.1f} to {(band + 1) / _BANDS:.1f} {bands[band]:7}"


def _conflicts(table: Table) -> Iterator[str]:
    conflicts = Ratings((table,)).conflicts()
    yield f"  sources whose rows disagree: {len(conflicts)}"
    for source, found in list(conflicts.items())[:_SHOWN]:
        yield f"    {source}: {found.why[0]}"
    if len(conflicts) > _SHOWN:
        yield f"    and {len(conflicts) - _SHOWN} more"
