"""What new labels change: scores with and without them, on documents that were not trained on.

Two models are fitted on each half of the documents, one with and one without the reviewed ones, and
both are measured on the other half. The corpus is halved by site. The reviewed documents are halved
by document, since the question asked of them is what happens on further pages of their sites;
documents of the corpus that are of such a site would flatter, and are left out.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cleaner.document import Document
from cleaner.pipeline import Cleaner
from cleaner.training import evaluate, measure, train
from cleaner.training.corpus import Labelled, units_of
from cleaner.training.measure import Counts
from cleaner.training.reviewed import Reviewed
from cleaner.training.scores import FIGURES, by_site, figures
from cleaner.training.tables import Table

_FIGURES = ("f1", "precision", "recall", "words_lost", "label_accuracy")
_COLUMNS = ("", "without", "with", "change (95 % interval)")
_SAMPLES = 1000


@dataclass
class _Measured:
    """What models did to the documents of both halves, in one order for all of them."""

    reviewed: list[Counts] = field(default_factory=list)
    corpus: list[Counts] = field(default_factory=list)


def scores(
    documents: Sequence[Labelled], reviewed: Sequence[Reviewed], used: Cleaner, seed: int
) -> list[Table]:
    """Measure what the reviewed documents change: four fits on half of the documents each.

    Args:
        documents: the corpus.
        reviewed: what was labelled, at least two documents.
        used: the model in use so far, measured on the labels as it is.
        seed: of the halves, the fits and the intervals.

    Returns:
        A table on the labels, and one on the corpus.

    Raises:
        CorpusError: half of the documents are too few to fit a model on.
    """
    without, with_, own = _Measured(), _Measured(), _Measured()
    groups: list[str] = []
    sites = {r.document.group for r in reviewed}
    for number, half in enumerate(evaluate.folds(documents, 2, seed)):
        corpus = [documents[i] for i in half.train]
        more = [r.document for r in reviewed[1 - number :: 2]]
        held_out = reviewed[number::2]
        others = [documents[i] for i in half.test if documents[i].group not in sites]
        groups += [document.group for document in others]
        for measured, training in ((without, corpus), (with_, [*corpus, *more])):
            with _fitted(training, seed) as cleaner:
                measured.reviewed += [count_answered(cleaner, r) for r in held_out]
                measured.corpus += [evaluate.count(cleaner, d) for d in others]
        own.reviewed += [count_answered(used, r) for r in held_out]
    rows = _rows(without.reviewed, with_.reviewed, seed)
    in_use = figures(np.sum(own.reviewed, axis=0))
    rows = [[*row, _percent(in_use[name])] for name, row in zip(_FIGURES, rows, strict=True)]
    answered = sum(len(r.answered) for r in reviewed)
    title = f"Your {answered:,} labels in {len(reviewed):,} documents, each not trained on, in %"
    tables = [Table(title, [*_COLUMNS, used.classifier.model.name], rows)]
    before, after = (
        list(by_site(groups, measured.corpus).values()) for measured in (without, with_)
    )
    title = f"The corpus, {len(before):,} sites, each not trained on, in %"
    return [*tables, Table(title, _COLUMNS, _rows(before, after, seed))]


def count_answered(cleaner: Cleaner, reviewed: Reviewed) -> Counts:
    """What a cut of the whole document does to the paragraphs that people labelled."""
    document, texts = reviewed.document, reviewed.paragraphs
    result = cleaner.clean(Document(document.id, "\n".join(texts), title=document.title))
    units = units_of(texts)
    removed, place = [], 0
    for index in reviewed.answered:
        start, end = units[index].start, units[index].end
        removed += [
            replace(span, start=first - start + place, end=last - start + place)
            for span in result.removed
            if (first := max(start, span.start)) < (last := min(end, span.end))
        ]
        place += end - start + 1
    return measure.count(document, removed)


@contextmanager
def _fitted(documents: Sequence[Labelled], seed: int) -> Iterator[Cleaner]:
    model = train.fit_documents(documents, name="changes", seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        # What is measured is the model as it is read from disk, as in `cleaner evaluate`.
        model.save(Path(folder), "")
        yield Cleaner(folder)


def _rows(before: Sequence[Counts], after: Sequence[Counts], seed: int) -> list[list[str]]:
    """Each figure before and after, and what changed over samples of the same documents."""
    one, other = np.array(before), np.array(after)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(one), [1 / len(one)] * len(one), size=_SAMPLES)
    was, now = figures(one.sum(axis=0)), figures(other.sum(axis=0))
    was_drawn, now_drawn = figures(drawn @ one), figures(drawn @ other)
    rows = []
    for name in _FIGURES:
        change = 100 * (now_drawn[name] - was_drawn[name])
        change = change[~np.isnan(change)]
        interval = "-"
        if len(change) and not np.isnan(now[name] - was[name]):
            low, high = np.percentile(change, (2.5, 97.5))
            interval = f"{100 * (now[name] - was[name]):+.1f} ({low:+.1f} to {high:+.1f})"
        rows.append([FIGURES[name], _percent(was[name]), _percent(now[name]), interval])
    return rows


def _percent(value: float | np.floating | Counts) -> str:
    return "-" if np.isnan(value) else f"{100 * float(value):.1f}"
