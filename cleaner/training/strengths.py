"""Where each strength cuts, chosen on scores of documents that were not trained on.

A long paragraph has more to lose: each strength has a threshold for short units and a higher one
for long ones, with a line between them (`model.thresholds_at`).
"""

import math
from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Strength
from cleaner.model import Of, thresholds_at

# From 0.18 to 0.998, evenly in log-odds.
_GRID = tuple(round(1 / (1 + math.exp(-quarters / 4)), 3) for quarters in range(-6, 25))
# Content words lost, as a share of all content words. `medium` cuts where F1 is best within it.
BUDGETS = {
    Of.PARAGRAPHS: {Strength.LOW: 0.00065, Strength.MEDIUM: 0.0055, Strength.HIGH: 0.03},
    # Shares of the paragraphs that are split, which are fewer than half.
    Of.SENTENCES: {Strength.LOW: 0.0002, Strength.MEDIUM: 0.004, Strength.HIGH: 0.03},
    Of.PAGE: {Strength.LOW: 0.0005, Strength.MEDIUM: 0.008, Strength.HIGH: 0.03},
}

Pair = tuple[float, float]


def thresholds(
    scores: NDArray[np.float64],
    positive: NDArray[np.bool_],
    tokens: NDArray[np.int64],
    words: NDArray[np.int64],
    budget: Mapping[Strength, float],
) -> dict[str, dict[str, float]]:
    """Choose the thresholds of each strength.

    Args:
        scores: (units,) calibrated probabilities.
        positive: (units,) whether the unit is boilerplate.
        tokens: (units,) number of tokens that are read of it.
        words: (units,) number of words in it.
        budget: share of content words that each strength may lose.

    Returns:
        For each strength the thresholds `short` and `long`: within its budget `low` and `high` have
        the best recall and `medium` the best F1 of those that cut no later than the weaker one.
    """
    measured = {pair: _measure(pair, scores, positive, tokens, words) for pair in _pairs()}
    chosen: dict[str, dict[str, float]] = {}
    best = (_GRID[-1], _GRID[-1])
    for strength in (Strength.LOW, Strength.MEDIUM, Strength.HIGH):
        within = [
            (short, long)
            for (short, long), (_, _, lost) in measured.items()
            if lost <= budget[strength] and short <= best[0] and long <= best[1]
        ]
        goal = 0 if strength is Strength.MEDIUM else 1
        best = max(within, key=lambda pair: measured[pair][goal], default=best)
        chosen[strength.value] = {"short": best[0], "long": best[1]}
    return chosen


def _pairs() -> Iterator[Pair]:
    return ((short, long) for short, long in product(_GRID, _GRID) if short <= long)


def _measure(
    pair: Pair,
    scores: NDArray[np.float64],
    positive: NDArray[np.bool_],
    tokens: NDArray[np.int64],
    words: NDArray[np.int64],
) -> tuple[float, float, float]:
    """(F1, recall, share of content words lost)."""
    cut = scores >= thresholds_at({"short": pair[0], "long": pair[1]}, tokens)
    hits = int((cut & positive).sum())
    f1 = 2 * hits / max(1, int(cut.sum()) + int(positive.sum()))
    lost = words[cut & ~positive].sum() / max(1, words[~positive].sum())
    return f1, hits / max(1, int(positive.sum())), float(lost)
