"""Several rating tables side by side: what they say of a source, and where they disagree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from cleaner.errors import RatingsError
from cleaner.sources.formats import parse_spec
from cleaner.sources.identity import Match, SourceRef
from cleaner.sources.tables import Rating, Table, read_table

# From the measurements behind docs/sources.md: what separates raters, and spellings of one site.
_RATERS_APART = 0.3
_ROWS_APART = 0.2
_HARD_HIGH = 0.6  # a value from here on contradicts the class unreliable
_HARD_LOW = 0.5  # a value under this contradicts the class reliable

_WHOLE = frozenset({Match.EXACT, Match.ALIAS, Match.PLATFORM_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disagreement: shown, never averaged away.

    Attributes:
        low: the lowest value from 0 to 1, None if only classes disagree.
        high: the highest.
        why: which rows disagree.
    """

    low: float | None
    high: float | None
    why: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return {"low": self.low, "high": self.high, "why": list(self.why)}


@dataclass(frozen=True)
class Ratings:
    """The tables of a run, with their rows by source.

    Attributes:
        tables: in the order given.
    """

    tables: tuple[Table, ...] = ()
    _by_source: dict[str, list[Rating]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_source: dict[str, list[Rating]] = {}
        for table in self.tables:
            for rating in table.ratings:
                by_source.setdefault(rating.source, []).append(rating)
        object.__setattr__(self, "_by_source", by_source)

    @classmethod
    def load(cls, specs: Iterable[str]) -> "Ratings":
        """Read tables given as `NAME=FILE` or `NAME=FILE:domain=column,…`.

        Raises:
            RatingsError: a table can't be read, or two have the same name.
        """
        parsed = [parse_spec(spec) for spec in specs]
        for name, count in Counter(spec.name for spec in parsed).items():
            if count > 1:
                raise RatingsError(f"{count} tables are named {name!r}; write NAME=FILE")
        return cls(tuple(map(read_table, parsed)))

    def about(self, ref: SourceRef) -> tuple[Rating, ...]:
        """What the tables say of a source, the user's own judgement first.

        A row counts for the site it names, for every listed domain of the same publisher, and for
        hosts under it; not for a sister host, and never through a platform.
        """
        if ref.source is None:
            return ()
        found = [row for row in self._by_source.get(ref.source, ()) if _counts(row, ref)]
        return tuple(sorted(found, key=lambda row: not row.overrides))

    def conflicts(self) -> dict[str, Dispute]:
        """Every source or platform on which rows disagree, in a table or between tables."""
        disputes = {}
        for source, rows in sorted(self._by_source.items()):
            if found := dispute(rows):
                disputes[source] = found
        return disputes

    def describe(self) -> list[dict[str, Any]]:
        """The tables for a run's record: name, file, hash, scheme, date, counts."""
        return [
            {
                "name": table.spec.name,
                "file": table.spec.file.name,
                "sha256": table.sha256,
                "scheme": table.format.scheme,
                "as_of": table.format.as_of or None,
                "licence": table.format.licence or None,
                "rows": table.rows,
                "accepted": len(table.ratings),
                "refused": len(table.refused),
            }
            for table in self.tables
        ]


def _counts(row: Rating, ref: SourceRef) -> bool:
    if row.match in _WHOLE or row.host in {ref.host, ref.source}:
        return True
    return ref.host.endswith("." + row.host)


def dispute(ratings: Sequence[Rating]) -> Dispute | None:
    """Where ratings of one source disagree, None if they don't.

    The user's own judgement settles every dispute.
    """
    if any(rating.overrides for rating in ratings):
        return None
    why = tuple(
        f"{_say(one)} against {_say(other)}"
        for one, other in combinations(ratings, 2)
        if _disagree(one, other)
    )
    if not why:
        return None
    values = [rating.value for rating in ratings if rating.value is not None]
    spread = len(values) > 1 and min(values) < max(values)
    low, high = (min(values), max(values)) if spread else (None, None)
    return Dispute(low, high, why)


def _disagree(one: Rating, other: Rating) -> bool:
    if one.value is not None and other.value is not None:
        # Values have 4 decimals; so has their difference, but not in binary.
        apart = round(abs(one.value - other.value), 4)
        if apart > _ROWS_APART if one.table == other.table else apart >= _RATERS_APART:
            return True
    if one.class_ is not None and other.class_ is not None:
        return one.class_ * other.class_ < 0
    return _contradicts(one, other) or _contradicts(other, one)


def _contradicts(valued: Rating, classed: Rating) -> bool:
    if valued.value is None or classed.class_ is None:
        return False
    if classed.class_ < 0:
        return valued.value >= _HARD_HIGH
    return classed.class_ > 0 and valued.value < _HARD_LOW


def _say(rating: Rating) -> str:
    return f"{rating.table} {rating.row} {rating.raw}"
