"""A cleaned document → what its source's card needs of it. Plain data, without the text."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cleaner import language
from cleaner.document import PROMOTIONAL, CleanResult
from cleaner.sources.signals import Genre, Signals, signals
from cleaner.sources.style import style

SHORT = 400  # characters; a shorter text shows no style
_PLUG = 160  # characters of a plug by which it is known again
_KEY_WORDS = 400
_FACTS = ("byline", "date", "dateline", "agencies", "corrections", "named", "anonymous", "quotes")


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one document.

    Attributes:
        source: who published it, as on its record.
        chars: characters of the uncut text.
        words: words of the kept text.
        cut: characters cut by label.
        plugs: the promotional units that were cut, white space folded, shortened.
        facts: signal → how often it stands in the uncut text.
        genre: what the text calls itself.
        style: how the kept text is written, None where a headline was needed and missing; empty
            if the document is not usable.
        unusable: why it can't take part in an estimate, "" if it can.
        key: the same for copies of one text.
    """

    source: Mapping[str, Any]
    chars: int
    words: int
    cut: Mapping[str, int]
    plugs: tuple[str, ...]
    facts: Mapping[str, int]
    genre: str
    style: tuple[float | None, ...]
    unusable: str
    key: str

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Observation":
        """The reverse of `to_dict`, also through JSON."""
        return cls(
            **{**fields, "plugs": tuple(fields["plugs"]), "style": tuple(fields["style"])},
        )


def observe(result: CleanResult) -> Observation:
    """Observe a cleaned document."""
    document = result.document
    seen = signals(document, result.verdicts)
    unusable = _unusable(result, seen)
    row = () if unusable else tuple(_plain(x) for x in style(document, result.text))
    cut: dict[str, int] = {}
    plugs = []
    for verdict in result.verdicts:
        if verdict.keep:
            continue
        unit = verdict.unit
        cut[verdict.cut_as.value] = cut.get(verdict.cut_as.value, 0) + unit.end - unit.start
        if verdict.cut_as in PROMOTIONAL:
            plugs.append(" ".join(document.text[unit.start : unit.end].split())[:_PLUG])
    facts = {name: len(getattr(seen, name)) for name in (*_FACTS, "numbers", "outlinks")}
    words = result.text.lower().split()
    key = hashlib.sha256(" ".join(words[:_KEY_WORDS]).encode("utf-8", "replace")).hexdigest()
    return Observation(
        source=dict(result.source),
        chars=len(document.text),
        words=len(words),
        cut=cut,
        plugs=tuple(dict.fromkeys(plugs)),
        facts=facts,
        genre=seen.genre.value,
        style=row,
        unusable=unusable,
        key=key[:16],
    )


def _plain(number: float) -> float | None:
    return None if math.isnan(number) else round(float(number), 6)


def _unusable(result: CleanResult, seen: Signals) -> str:
    """Why a document says nothing of how its source writes."""
    if len(result.text.strip()) < SHORT:
        return "short"
    if language.detect(result.text) != "en":
        return "not English"
    if seen.genre in {Genre.PRESS_RELEASE, Genre.SPONSORED}:
        return "not news"
    publisher = result.source.get("publisher")
    if any(credit.what != publisher for credit in seen.agencies):
        return "wire copy"
    return ""
