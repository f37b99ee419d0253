"""Observations → one card a source, and a summary of the batch: facts, no total score."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any

from cleaner.document import PROMOTIONAL
from cleaner.sources.basis import basis_line
from cleaner.sources.estimate import Band, Estimate, Estimator, rows_of
from cleaner.sources.identity import Match
from cleaner.sources.observe import Observation
from cleaner.sources.registry import Publisher, registry

STALE_YEARS = 3
_PLUGS = 10
# Not outlets of news: the model has not seen such, and what it would say means nothing.
_NOT_NEWS = frozenset(
    {"academic", "aggregator", "forum", "government", "press-release-wire", "reference", "satire"}
    | {"science-journal", "wiki"},
)


@dataclass(frozen=True)
class SourceCard:
    """What is known of one source in a batch.

    Attributes:
        source: as on the documents, None for those whose publisher can't be known.
        name: the publisher's, "" if the registry doesn't know it.
        type: newspaper, satire, … as a fact, "" if unknown.
        network: its owner's id, "" if unknown.
        documents: how many.
        words: kept.
        basis: rated, estimated or unknown.
        ratings: the rows of the user's tables, as on the documents.
        disputed: how they disagree, None if they don't.
        stale: tables whose rating is more than `STALE_YEARS` old.
        estimate: from style, only where there is no rating.
        promotional_share: of the characters, cut as promotional.
        cut_share: of the characters, cut at all.
        wire_copies: documents that credit an agency, or that other known sources print, too.
        signals: share of documents that show a byline, a date, …; medians of what is counted.
        line: the basis in one sentence.
    """

    source: str | None
    name: str
    type: str
    network: str
    documents: int
    words: int
    basis: str
    ratings: tuple[Mapping[str, Any], ...]
    disputed: Mapping[str, Any] | None
    stale: tuple[str, ...]
    estimate: Estimate | None
    promotional_share: float
    cut_share: float
    wire_copies: int
    signals: Mapping[str, float]
    line: str

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return asdict(self)


@dataclass(frozen=True)
class Scorecard:
    """The cards of a batch, most documents first, and its summary."""

    sources: tuple[SourceCard, ...]
    batch: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return {"batch": dict(self.batch), "sources": [card.to_dict() for card in self.sources]}


def scorecard(
    observations: Iterable[Observation], estimator: Estimator, *, today: date
) -> Scorecard:
    """Make the cards of a batch.

    Args:
        observations: one for each document.
        estimator: for sources that no table knows.
        today: what the age of ratings counts to.
    """
    seen = list(observations)
    by_source: dict[str | None, list[Observation]] = {}
    printed_by: dict[str, set[str]] = {}
    for one in seen:
        name = one.source["source"]
        by_source.setdefault(name, []).append(one)
        # Empty pages are alike everywhere; and who nobody knows may be one of those who are known.
        if one.unusable != "short" and name is not None:
            printed_by.setdefault(one.key, set()).add(name)
    shared = {key for key, sources in printed_by.items() if len(sources) > 1}
    cards = [_card(group, shared, estimator, today) for group in by_source.values()]
    cards.sort(key=lambda card: (-card.documents, card.source or ""))
    return Scorecard(tuple(cards), _batch(cards, seen))


def _card(
    group: Sequence[Observation], shared: set[str], estimator: Estimator, today: date
) -> SourceCard:
    about = group[0].source
    known = registry().publishers.get(about["publisher"] or "")
    # Hosts of one publisher may have rows of their own: show every one.
    ratings = {str(row): row for one in group for row in one.source["ratings"]}
    disputes = [one.source["disputed"] for one in group if one.source["disputed"]]
    estimate = None if ratings else _estimate(group, known, shared, estimator)
    estimated = estimate is not None and estimate.band is not None
    basis = "rated" if ratings else "estimated" if estimated else "unknown"
    source = {**about, "ratings": list(ratings.values()), "basis": basis}
    source["disputed"] = disputes[0] if disputes else None
    chars = max(1, sum(one.chars for one in group))
    promotional = sum(one.cut.get(label.value, 0) for one in group for label in PROMOTIONAL)
    return SourceCard(
        source=about["source"],
        name=known.name if known else "",
        type=known.type if known else "",
        network=known.network if known else "",
        documents=len(group),
        words=sum(one.words for one in group),
        basis=basis,
        ratings=tuple(ratings.values()),
        disputed=source["disputed"],
        stale=tuple(sorted({r["table"] for r in ratings.values() if _stale(r["as_of"], today)})),
        estimate=estimate,
        promotional_share=round(promotional / chars, 4),
        cut_share=round(sum(sum(one.cut.values()) for one in group) / chars, 4),
        wire_copies=sum(one.unusable == "wire copy" or one.key in shared for one in group),
        signals=_signals(group),
        line=basis_line(source, estimate),
    )


def _estimate(
    group: Sequence[Observation],
    known: Publisher | None,
    shared: set[str],
    estimator: Estimator,
) -> Estimate:
    barred = []
    if group[0].source["source"] is None:
        barred.append("nobody knows who published it")
    if group[0].source["match"] == Match.PLATFORM_ACCOUNT:
        barred.append("an account on a platform")
    if known and known.type in _NOT_NEWS:
        barred.append(f"not a news outlet: {known.type}")
    usable = {one.key: one.style for one in group if not one.unusable and one.key not in shared}
    reasons = Counter(one.unusable for one in group if one.unusable)
    made = estimator.estimate(rows_of(list(usable.values())), len(group), barred)
    if made.abstained and reasons:
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        return Estimate(**{**_fields(made), "abstained": (*made.abstained, f"left out: {why}")})
    return made


def _fields(estimate: Estimate) -> dict[str, Any]:
    return {name: getattr(estimate, name) for name in Estimate.__slots__}


def _stale(as_of: str | None, today: date) -> bool:
    """Whether a date like 2023, 2023-05 or 2023-05-11 lies more than `STALE_YEARS` back."""
    if not as_of or not as_of[:4].isdecimal():
        return False
    month = as_of[5:7] if as_of[5:7].isdecimal() else "12"  # a bare year reaches to its end
    months = (today.year - int(as_of[:4])) * 12 + today.month - int(month)
    return months > STALE_YEARS * 12


def _signals(group: Sequence[Observation]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("byline", "date", "dateline", "agencies", "corrections", "anonymous"):
        shows = sum(one.facts[name] > 0 for one in group)
        found[f"share with {name}"] = round(shows / len(group), 3)
    for name in ("named", "quotes", "numbers", "outlinks"):
        found[f"median {name}"] = median(one.facts[name] for one in group)
    for genre in sorted({one.genre for one in group} - {"unmarked"}):
        found[f"share {genre}"] = round(sum(one.genre == genre for one in group) / len(group), 3)
    return found


def _batch(cards: Sequence[SourceCard], seen: Sequence[Observation]) -> dict[str, Any]:
    named = [card for card in cards if card.source is not None]
    chars = max(1, sum(one.chars for one in seen))
    promotional = sum(one.cut.get(label.value, 0) for one in seen for label in PROMOTIONAL)
    plugs = Counter(plug for one in seen for plug in one.plugs)
    owners: Counter[str] = Counter()
    for card in named:
        owner = registry().owner(card.network) if card.network else str(card.source)
        owners[owner] += card.documents
    coverage = {
        basis: {
            "documents": sum(card.documents for card in cards if card.basis == basis),
            "sources": sum(card.basis == basis for card in named),
        }
        for basis in ("rated", "estimated", "unknown")
    }
    return {
        "documents": len(seen),
        "sources": len(named),
        "without_source": len(seen) - sum(card.documents for card in named),
        "coverage": coverage,
        "look_closer": sum(
            card.estimate is not None and card.estimate.band is Band.LOOK_CLOSER for card in cards
        ),
        "effective_publishers": _effective([card.documents for card in named]),
        "effective_owners": _effective(list(owners.values())),
        "disputed": [card.source for card in named if card.disputed],
        "stale": [card.source for card in named if card.stale],
        "promotional_share": round(promotional / chars, 4),
        "wire_copies": sum(card.wire_copies for card in cards),
        "recurring_plugs": [
            {"documents": count, "text": text}
            for text, count in sorted(plugs.items(), key=lambda item: (-item[1], item[0]))[:_PLUGS]
            if count > 1
        ],
    }


def _effective(counts: Sequence[int]) -> float:
    """Inverse Herfindahl index: as many equal shares would be as concentrated."""
    total = sum(counts)
    return round(total**2 / sum(count**2 for count in counts), 1) if total else 0.0
