"""Counts → scores, with intervals over sites."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.document import PROMOTIONAL
from cleaner.training import measure
from cleaner.training.measure import LABELS, Counts

Values = NDArray[np.float64]
_SAMPLES = 1000
_INTERVAL = (2.5, 97.5)

FIGURES = {
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "promotional_recall": "recall, promotional",
    "words_lost": "content words lost",
    "chars_lost": "content chars lost",
    "label_accuracy": "label right, boilerplate",
    "label_accuracy_cut": "label right, all cut",
    "plug_f1": "plug spans, F1",
    "plug_precision": "plug spans, precision",
    "plug_recall": "plug spans, recall",
    "ece": "calibration error",
}


def figures(counts: Counts) -> dict[str, Values]:
    """Every score of summed counts: (..., SIZE) → (...) each; NaN where nothing was there."""
    table = counts[..., measure.CONFUSION].reshape(*counts.shape[:-1], len(LABELS), -1)
    cut, true = table[..., 1:].sum(-1), table.sum(-1)
    right = np.stack([table[..., i, i] for i in range(1, len(LABELS))], -1)
    hits, called = cut[..., 1:].sum(-1), cut.sum(-1)
    # Rules name no label: of them there is nothing to be right about.
    named = table[..., 1 : len(LABELS)].sum((-2, -1)) > 0
    promotional = [LABELS.index(label) for label in sorted(PROMOTIONAL)]
    plug, both = counts[..., measure.PLUG], counts[..., measure.PLUG_CUT]
    mixed_cut = counts[..., measure.MIXED_CUT]
    found = {
        "f1": _ratio(2 * hits, called + true[..., 1:].sum(-1)),
        "precision": _ratio(hits, called),
        "recall": _ratio(hits, true[..., 1:].sum(-1)),
        "promotional_recall": _ratio(cut[..., promotional].sum(-1), true[..., promotional].sum(-1)),
        "words_lost": _ratio(counts[..., measure.WORDS_LOST], counts[..., measure.WORDS]),
        "chars_lost": _ratio(counts[..., measure.CHARS_LOST], counts[..., measure.CHARS]),
        "label_accuracy": _ratio(right.sum(-1), hits * named),
        "label_accuracy_cut": _ratio(right.sum(-1), called * named),
        "plug_f1": _ratio(2 * both, plug + mixed_cut),
        "plug_precision": _ratio(both, mixed_cut),
        "plug_recall": _ratio(both, plug),
        "ece": _calibration_error(counts),
    }
    for index, label in enumerate(LABELS[1:], 1):
        found[f"{label}.recall"] = _ratio(cut[..., index], true[..., index])
        found[f"{label}.f1"] = _ratio(
            2 * table[..., index, index], (table[..., index].sum(-1) + true[..., index]) * named
        )
    return found


def summary(counts: Mapping[str, Counts], seed: int = 0) -> dict[str, Any]:
    """Scores of a set of documents.

    Args:
        counts: by site, what a bootstrap sample draws from.
        seed: of the samples.

    Returns:
        Sites and paragraphs; for each figure its value and 95 % interval (None for a lone site).
    """
    sites = np.array(list(counts.values())).reshape(-1, measure.SIZE)
    total = sites.sum(axis=0)
    values = figures(total)
    low = high = dict.fromkeys(values, math.nan)
    if len(sites) > 1:
        rng = np.random.default_rng(seed)
        drawn = rng.multinomial(len(sites), [1 / len(sites)] * len(sites), size=_SAMPLES) @ sites
        samples = figures(drawn)
        low, high = (
            {name: _percentile(sample, q) for name, sample in samples.items()} for q in _INTERVAL
        )
    return {
        "sites": len(sites),
        "paragraphs": int(total[measure.CONFUSION].sum()),
        "by_label": _paragraphs(total),
        "figures": {name: [_number(part[name]) for part in (values, low, high)] for name in values},
        "calibration": _bins(total),
    }


def _paragraphs(total: Counts) -> dict[str, int]:
    table = total[measure.CONFUSION].reshape(len(LABELS), -1)
    return {label.value: int(row.sum()) for label, row in zip(LABELS, table, strict=True)}


def _bins(total: Counts) -> list[list[float]]:
    """For each bin of scores: units, mean score, share that is boilerplate."""
    parts = zip(total[measure.UNITS], total[measure.SCORES], total[measure.POSITIVES], strict=True)
    return [
        [int(n), round(float(score / n), 4), round(float(positive / n), 4)]
        for n, score, positive in parts
        if n
    ]


def _calibration_error(counts: Counts) -> Values:
    gap = np.abs(counts[..., measure.SCORES] - counts[..., measure.POSITIVES]).sum(-1)
    return _ratio(gap, counts[..., measure.UNITS].sum(-1))


def _ratio(part: Values, whole: Values) -> Values:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    ratio: Values = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio


def _percentile(sample: Values, q: float) -> float:
    present = sample[~np.isnan(sample)]
    return float(np.percentile(present, q)) if len(present) else math.nan


def _number(value: float | Values) -> float | None:
    return None if math.isnan(value) else round(float(value), 5)


def by_site(groups: Sequence[str], counts: Sequence[Counts]) -> dict[str, Counts]:
    """Add the counts of documents up by site."""
    sites: dict[str, Counts] = {}
    for group, part in zip(groups, counts, strict=True):
        sites[group] = sites.get(group, 0) + part
    return sites
