"""Features: the linear score equals scikit-learn's, and nothing depends on chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner import features

LINES = st.lists(st.text(min_size=1).map(str.strip).filter(bool), min_size=1, max_size=12)
CORPUS = [
    ("the council met on tuesday", 0),
    ("the mayor said the harbour would close", 0),
    ("traders asked for a survey of the roof", 0),
    ("sign up for our newsletter", 1),
    ("sign up today and get our app", 1),
    ("get our stories in your inbox", 1),
]


def test_the_linear_score_equals_that_of_scikit_learn():
    grams = [features.ngrams(features.tokens(text)) for text, _ in CORPUS]
    vocabulary = {gram: i for i, gram in enumerate(sorted(set().union(*grams[:-1])))}
    held = features.lookup(grams, vocabulary)
    matrix = csr_matrix(
        (
            np.repeat(1 / np.sqrt(held.counts), held.counts),
            held.index,
            np.concatenate([[0], np.cumsum(held.counts)]),
        ),
        shape=(len(CORPUS), len(vocabulary)),
    )
    linear = LogisticRegression().fit(matrix, [label for _, label in CORPUS])

    ours = features.weighted_sum(linear.coef_.T.astype(np.float32), held)[:, 0]

    expected = linear.decision_function(matrix)
    np.testing.assert_allclose(ours + linear.intercept_[0], expected, rtol=0, atol=1e-6)


def test_a_unit_without_known_ngrams_scores_zero():
    table = np.ones((3, 2), dtype=np.float32)

    held = features.lookup([["unheard"], ["known"], []], {"known": 1})

    np.testing.assert_array_equal(features.weighted_sum(table, held)[[0, 2]], 0)


@given(LINES)
def test_every_feature_of_any_text_is_a_finite_number(texts):
    words = [features.tokens(text) for text in texts]
    shapes = features.shape(texts, words)
    evidence = np.zeros((len(texts), 11), np.float32)

    columns = features.context(evidence, shapes, features.overlap(texts, words, texts[0]))

    assert columns.shape == (len(texts), len(features.context_names([str(n) for n in range(11)])))
    assert np.isfinite(columns).all()
    assert shapes.shape[1] == len(features.SHAPE)


@given(st.integers(1, 12))
def test_what_the_network_says_is_seen_around_each_unit(count):
    logits = np.random.default_rng(count).standard_normal((count, 11)).astype(np.float32)

    seen = features.order(logits)

    share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    odds = np.log((1 - share[:, 0]) / share[:, 0])
    assert seen.shape == (count, len(features.ORDER))
    np.testing.assert_allclose(seen[:, 0], odds, atol=1e-4)
    np.testing.assert_allclose(seen[1:, features.ORDER.index("network[-1]")], odds[:-1], atol=1e-4)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_the_place_of_any_unit_is_told_in_finite_numbers(breaks):
    line = np.cumsum(breaks)

    places = features.place(np.arange(len(line), dtype=np.float32), line)

    assert places.shape == (len(line), len(features.PLACE))
    assert np.isfinite(places).all()
    alone = features.PLACE.index("whole_line")
    sizes = np.bincount(line)[line]
    np.testing.assert_array_equal(places[:, alone] == 1, sizes == 1)


@pytest.mark.parametrize("words", [10, 1_000, 50_000])
def test_a_long_unit_costs_no_more_tokens_than_a_short_one(words):
    assert len(features.tokens("so it goes " * words)) <= 120
