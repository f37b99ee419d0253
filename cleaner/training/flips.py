"""Which verdicts in a folder another model would turn over."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cleaner.batch import Settings, Summary, label_paths
from cleaner.batch.work import Outcome
from cleaner.pipeline import Cleaner
from cleaner.review.verdicts import by_paragraph
from cleaner.training.tables import Table, excerpt

KEPT, PARTLY = "kept", "partly cut"
_SHOWN = 90  # characters of a paragraph


@dataclass(frozen=True, slots=True)
class Flip:
    """A paragraph of which two models do different things.

    Attributes:
        document: the input's name, and `:RECORD`.
        text: its beginning.
        was: `kept`, `partly cut`, or the label it is cut as.
        now: the same, by the new model.
        score_was: the highest score of any unit in it.
        score_now: the same, by the new model.
    """

    document: str
    text: str
    was: str
    now: str
    score_was: float
    score_now: float

    def line(self) -> str:
        """The flip on one line, safe to print."""
        scores = f"{self.score_was:.2f} → {self.score_now:.2f}"
        return f"{self.was} → {self.now}  {scores}  {excerpt(self.document)}  “{self.text}”"


def flips(
    paths: Sequence[str], settings: Settings, before: Cleaner, after: Cleaner, summary: Summary
) -> list[Flip]:
    """Clean paths with two models, writing nothing, and compare.

    Args:
        paths: as for `cleaner clean`.
        settings: how to read.
        before: the model in use.
        after: the other.
        summary: takes the counts of the run with the other.
    """
    judged = _judged(paths, replace(settings, cleaner=before), Summary())
    old = [[(was, score) for was, score, _ in done] for _, done in judged]
    judged = _judged(paths, replace(settings, cleaner=after), summary)
    found = []
    for past, (name, done) in zip(old, judged, strict=True):
        # One that was a time-out in one of the runs has no verdicts to compare.
        for (was, score_was), (now, score_now, text) in zip(past, done, strict=False):
            if was != now:
                found.append(Flip(name, text, was, now, score_was, score_now))
    return found


def table(found: Sequence[Flip]) -> Table:
    """How many flip, from what to what."""
    counts = Counter((_kind(flip.was), _kind(flip.now)) for flip in found)
    rows = [[f"{was} → {now}", f"{count:,}"] for (was, now), count in counts.most_common()]
    return Table("Verdicts that flip", ["", "paragraphs"], rows or [["none", "0"]])


def _kind(what: str) -> str:
    return what if what in {KEPT, PARTLY} else "cut"


def _judged(
    paths: Sequence[str], settings: Settings, summary: Summary
) -> Iterator[tuple[str, list[tuple[str, float, str]]]]:
    for line in label_paths(paths, settings, summary, _done):
        record = json.loads(line)
        yield record["name"], record["done"]


def _done(outcome: Outcome) -> dict[str, Any]:
    name = outcome.name if outcome.record is None else f"{outcome.name}:{outcome.record}"
    done: list[tuple[str, float, str]] = []
    if outcome.result:
        text, verdicts = outcome.result.document.text, outcome.result.verdicts
        for unit, inside in by_paragraph(text, verdicts):
            cut: Counter[str] = Counter()
            for v in inside:
                if not v.keep:
                    cut[v.cut_as] += v.unit.end - v.unit.start
            what = KEPT if not cut else cut.most_common(1)[0][0]
            what = PARTLY if cut and any(v.keep for v in inside) else what
            shown = excerpt(text[unit.start : unit.end], _SHOWN)
            done.append((what, max(v.score for v in inside), shown))
    return {"name": name, "done": done}
