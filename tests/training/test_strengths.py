"""Thresholds: chosen within what each strength may lose, and higher for what has more to lose."""

from itertools import pairwise

import numpy as np
import pytest

from cleaner.document import Strength
from cleaner.model import thresholds_at
from cleaner.training.strengths import thresholds

BUDGET = {Strength.LOW: 0.001, Strength.MEDIUM: 0.01, Strength.HIGH: 0.05}


@pytest.fixture
def scored():
    """Calibrated scores of units of 1 to 300 words."""
    random = np.random.default_rng(3)
    words = np.exp(random.uniform(0, np.log(300), 20_000)).astype(int)
    scores = 1 / (1 + np.exp(-random.normal(-2, 3, len(words))))
    return scores, random.random(len(words)) < scores, words


def lost(pair, scores, positive, words):
    cut = scores >= thresholds_at(pair, words)
    return words[cut & ~positive].sum() / words[~positive].sum()


def recall(pair, scores, positive, words):
    return (positive & (scores >= thresholds_at(pair, words))).sum() / positive.sum()


def test_every_strength_keeps_within_its_budget_and_cuts_no_later_than_a_weaker_one(scored):
    scores, positive, words = scored
    chosen = thresholds(scores, positive, words, words, BUDGET)
    pairs = [chosen[strength] for strength in Strength]
    for strength, pair in zip(Strength, pairs, strict=True):
        assert lost(pair, scores, positive, words) <= BUDGET[strength]
    for weaker, stronger in pairwise(pairs):
        assert stronger["short"] <= weaker["short"]
        assert stronger["long"] <= weaker["long"]


def test_a_pair_finds_more_within_the_budget_than_one_threshold_for_all(scored):
    scores, positive, words = scored
    low = thresholds(scores, positive, words, words, BUDGET)["low"]
    assert low["short"] < low["long"]
    for one in np.arange(0.5, 1, 0.005):
        same = {"short": one, "long": one}
        if lost(same, scores, positive, words) <= BUDGET[Strength.LOW]:
            assert recall(same, scores, positive, words) < recall(low, scores, positive, words)


def test_odds_rise_by_the_same_factor_with_every_doubling_of_the_words():
    at = thresholds_at({"short": 0.5, "long": 0.9}, np.array([1, 4, 10, 20, 40, 100, 1000]))
    assert at[[0, 1, -2, -1]] == pytest.approx([0.5, 0.5, 0.9, 0.9])
    odds = at[2:5] / (1 - at[2:5])
    assert odds[1] / odds[0] == pytest.approx(odds[2] / odds[1])


def test_where_nothing_may_be_lost_only_the_surest_is_cut(scored):
    scores, positive, words = scored
    none = dict.fromkeys(Strength, -1.0)
    chosen = thresholds(scores, positive, words, words, none)
    assert chosen["high"] == chosen["low"] == {"short": 0.998, "long": 0.998}
