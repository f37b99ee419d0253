"""What a user requires of a document's source. Only ever on request, and always on record."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.errors import SetupError

_LEAST = re.compile(r"(?P<table>[\w.-]+)>=(?P<least>\d*\.?\d+)")
_NAMED = ("known", "rated", "undisputed")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition: known, rated, undisputed, or a value in a table.

    Attributes:
        text: as the user wrote it.
        table: name of the rating table, "" for the named conditions.
        least: the value from 0 to 1 that one of its rows must reach.
    """

    text: str
    table: str = ""
    least: float = 0.0

    def met(self, source: Mapping[str, Any]) -> bool:
        """Whether the `source` of a document meets it.

        A source that the table doesn't know does not: that is said of the user's list, not of it.
        """
        if self.table:
            rows = [row for row in source["ratings"] if row["table"] == self.table]
            values = [row["value"] for row in rows if row["value"] is not None]
            return bool(values) and min(values) >= self.least
        if self.text == "known":
            return source["source"] is not None
        rated = bool(source["basis"] == "rated")
        return rated and not (self.text == "undisputed" and source["disputed"])


def parse_requirements(given: str | Collection[str], tables: Collection[str]) -> list[Requirement]:
    """Parse requirements: `known`, `rated`, `undisputed` or `TABLE>=NUMBER`.

    Args:
        given: one, or several that must all be met.
        tables: names of the rating tables there are.

    Raises:
        SetupError: another word, or a table that was not given.

    >>> [r.least for r in parse_requirements(["rated", "lin>=0.5"], ["lin"])]
    [0.0, 0.5]
    """
    found = []
    for text in [given] if isinstance(given, str) else given:
        match = _LEAST.fullmatch(text.replace(" ", ""))
        if match and match["table"] in tables and float(match["least"]) <= 1:
            found.append(Requirement(text, match["table"], float(match["least"])))
        elif text in _NAMED and (text == "known" or tables):
            found.append(Requirement(text))
        else:
            names = ", ".join(tables) or "none: name one with --ratings NAME=FILE"
            raise SetupError(
                f"can't require {text!r}; there are: {', '.join(_NAMED)}, TABLE>=NUMBER from 0 to "
                f"1 (tables: {names})"
            )
    return found
