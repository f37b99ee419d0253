"""One sentence on a source: who it is, and on what basis how far it can be trusted."""

from collections.abc import Mapping
from typing import Any

from cleaner.sources.estimate import Band, Estimate

_LONGEST = 8  # characters of a rating as it is shown
_SAYS = {
    Band.LOOK_CLOSER: "look closer: sources that write like this are rated low more often",
    Band.NO_WARNING: "no warning: sources that write like this are seldom rated low",
    Band.INCONCLUSIVE: "inconclusive",
}


def basis_line(source: Mapping[str, Any], estimate: Estimate | None = None) -> str:
    """One sentence: who published it, and on what basis how far that source can be trusted.

    Args:
        source: the `source` of a document's record.
        estimate: from the source's card, if there is one; a rating comes before it.

    >>> basis_line({"source": "kite.test", "ratings": [], "disputed": None})
    'kite.test: unknown; no table rates it, which says nothing against it'
    """
    name = source["source"] or "source unknown"
    if source["ratings"]:
        ratings = "; ".join(_rating(row, name) for row in source["ratings"])
        disputed = ", disputed" if source["disputed"] else ""
        return f"{name}: rated{disputed}: {ratings}"
    if estimate is not None and estimate.band is not None and estimate.p_low is not None:
        return (
            f"{name}: not rated; estimated from the style of {estimate.used} documents: "
            f"{_SAYS[estimate.band]} (probability of a low rating {estimate.p_low:.0%}, "
            f"{estimate.base_rate:.0%} among all outlets)"
        )
    return f"{name}: unknown; no table rates it, which says nothing against it"


def shown(row: Mapping[str, Any], name: str) -> str:
    """A rating as its table wrote it, shortened, and the host it is about if that is not `name`."""
    raw = str(row["raw"])
    long = len(raw) > _LONGEST and row["value"] is not None
    what = [f"{row['value']:.2f}" if long else raw]
    if row["class"]:
        what.append(row["class"])
    about = f" for {row['row']}" if row["row"] != name else ""
    return " ".join(dict.fromkeys(what)) + about


def _rating(row: Mapping[str, Any], name: str) -> str:
    when = f", {row['as_of']}" if row["as_of"] else ", undated"
    return f"{shown(row, name)} by {row['table']} ({row['scheme']}{when})"
