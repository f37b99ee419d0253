"""What cuts a text that was extracted already: name → function of a document, giving spans cut."""

import importlib.util
import re
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.document import Label, Removed
from cleaner.training import rules
from cleaner.training.corpus import Labelled

Cut = Callable[[Labelled], list[Removed]]
_TOKEN = re.compile(r"\w+|[^\w\s]")
_DATATROVE = {
    "datatrove C4": "C4QualityFilter",
    "datatrove Gopher quality": "GopherQualityFilter",
    "datatrove Gopher repetition": "GopherRepetitionFilter",
    "datatrove FineWeb quality": "FineWebQualityFilter",
}
_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")  # C4's filter drops them from lines


def line_rules() -> dict[str, Cut]:
    """The rules on single lines."""
    return {
        name: lambda document, rule=rule: list(rules.removed(document, rule))
        for name, rule in rules.RULES.items()
    }


def datatrove() -> dict[str, Cut]:
    """Its filters as it runs them: C4's cuts lines and drops documents, the others only drop."""
    if not importlib.util.find_spec("datatrove"):
        return {}
    from datatrove.pipeline import filters

    return {name: _by_datatrove(getattr(filters, kind)()) for name, kind in _DATATROVE.items()}


def _by_datatrove(step: Any) -> Cut:
    from datatrove.data import Document

    def cut(document: Labelled) -> list[Removed]:
        given = Document(text=document.text, id=document.id)
        kept = step.filter(given)
        stays = (kept[0] if isinstance(kept, tuple) else kept) is True
        return dropped(document, given.text.split("\n") if stays else [])

    return cut


def dropped(document: Labelled, kept: Sequence[str]) -> list[Removed]:
    """The paragraphs that are not among the lines kept; both in order."""
    spans, place = [], 0
    for text, unit in zip(document.paragraphs, document.units, strict=True):
        if place < len(kept) and _same(text, kept[place]):
            place += 1
        else:
            spans.append(Removed(unit.start, unit.end, Label.CONTENT, 1.0, text))
    return spans


def _same(text: str, line: str) -> bool:
    return text == line or _CITATION.sub("", text).strip() == line.strip()


def fasttext(documents: Sequence[Labelled], folder: Path) -> Cut | None:
    """A fastText classifier of single paragraphs, fitted on documents; None if not installed.

    Its threshold is the best on a fifth of the sites, which it is not fitted on.
    """
    if not importlib.util.find_spec("fasttext"):
        return None
    import fasttext

    sites = sorted({d.group for d in documents})
    held = set(sites[::5])
    file = folder / "fasttext.txt"
    with file.open("w", encoding="utf-8") as stream:
        for d in documents:
            if d.group not in held:
                for text, label in zip(d.paragraphs, d.labels, strict=True):
                    kind = "content" if label is Label.CONTENT else "boilerplate"
                    stream.write(f"__label__{kind} {tokens(text)}\n")
    options = {"dim": 50, "wordNgrams": 2, "epoch": 10, "minCount": 2, "thread": 1, "verbose": 0}
    model = fasttext.train_supervised(str(file), bucket=200_000, **options)

    def scores(texts: Sequence[str]) -> list[float]:
        # Its own `predict` does not run on numpy 2; what that calls does.
        judged = (model.f.predict(tokens(text) + "\n", 2, 0.0, "strict") for text in texts)
        return [{label: p for p, label in pairs}["__label__boilerplate"] for pairs in judged]

    threshold = _best([(scores(d.paragraphs), d.labels) for d in documents if d.group in held])

    def cut(document: Labelled) -> list[Removed]:
        texts = document.paragraphs
        return [
            Removed(unit.start, unit.end, Label.CONTENT, float(score), text)
            for text, unit, score in zip(texts, document.units, scores(texts), strict=True)
            if score >= threshold
        ]

    return cut


def tokens(text: str) -> str:
    """A text as fastText reads it: lower-case words and marks between spaces."""
    return " ".join(_TOKEN.findall(text.lower()))


def _best(judged: Sequence[tuple[Sequence[float], Sequence[Label]]]) -> float:
    """The threshold of the highest F1."""
    pairs = [
        (score, label is not Label.CONTENT)
        for scores, labels in judged
        for score, label in zip(scores, labels, strict=True)
    ]
    positive = sum(is_cut for _, is_cut in pairs)
    best, at, hits, number = 0.0, 0.5, 0, 0
    # What has the same score is cut together or not at all.
    for score, group in groupby(sorted(pairs, reverse=True), key=lambda pair: pair[0]):
        tied = [is_cut for _, is_cut in group]
        hits, number = hits + sum(tied), number + len(tied)
        if 2 * hits / (number + positive) > best:
            best, at = 2 * hits / (number + positive), score
    return at
