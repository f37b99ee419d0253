"""Trees evaluated with numpy give what scikit-learn gives."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from cleaner.trees import Trees


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(7)
    rows = random.normal(size=(600, 9)).astype(np.float32)
    rows[:, 3] = random.integers(0, 3, 600)  # few values: thresholds fall on them
    rows[:, 4] = -9  # constant, as columns outside a document are
    return rows, (rows[:, 0] + rows[:, 1] * rows[:, 3] > 0.3).astype(int)


@pytest.fixture(scope="module")
def fitted(data):
    return HistGradientBoostingClassifier(max_iter=40, random_state=0).fit(*data)


def test_decisions_equal_those_of_scikit_learn(data, fitted):
    rows = np.concatenate([data[0], np.random.default_rng(8).normal(size=(500, 9))])
    rows = rows.astype(np.float32)

    ours = Trees.from_sklearn(fitted).decision(rows)

    np.testing.assert_allclose(ours, fitted.decision_function(rows), rtol=0, atol=1e-6)


def test_decisions_survive_the_weights_file(data, fitted):
    trees = Trees.from_sklearn(fitted)

    again = Trees.from_arrays(trees.arrays("first"), "first")

    np.testing.assert_array_equal(again.decision(data[0]), trees.decision(data[0]))


def test_a_row_is_scored_alone(data, fitted):
    trees = Trees.from_sklearn(fitted)

    alone = [trees.decision(row[None])[0] for row in data[0][:50]]

    np.testing.assert_array_equal(trees.decision(data[0])[:50], alone)


def test_a_single_leaf_is_a_tree(data):
    rows, _ = data
    stump = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=10_000)
    stump.fit(rows, np.arange(len(rows)) % 2)

    np.testing.assert_allclose(
        Trees.from_sklearn(stump).decision(rows), stump.decision_function(rows), atol=1e-6
    )
