"""The network learns from the order of units, and is the same for the same seed."""

import numpy as np

from cleaner.features import Held
from cleaner.training.backprop import Sample
from cleaner.training.descent import DIMENSIONS, fit_network

GRAMS, COLUMNS, LABELS = 20, 5, 3


def test_it_learns_what_is_there_to_learn_and_the_same_each_time():
    rng = np.random.default_rng(4)
    samples = []
    for _ in range(600):
        target = rng.integers(0, LABELS, 12)
        columns = rng.standard_normal((12, COLUMNS)).astype(np.float32)
        # The n-gram says the label of the unit after it: order is what there is to learn.
        grams = np.concatenate([target[1:], [0]])
        samples.append(Sample(Held(grams, np.ones(12, dtype=np.int64)), columns, target))

    one, two = (fit_network(samples, grams=GRAMS, labels=LABELS, seed=5) for _ in range(2))

    right = [
        (one.logits(one.embed(s.held), s.columns).argmax(axis=1) == s.target)[:-1] for s in samples
    ]
    assert np.mean(right) > 0.8
    for name, array in one.arrays("n").items():
        np.testing.assert_array_equal(array, two.arrays("n")[name])


def test_the_vectors_begin_with_what_is_given():
    held = Held(np.arange(GRAMS), np.array([GRAMS]))
    columns = np.zeros((1, COLUMNS), dtype=np.float32)
    samples = [Sample(held, columns, np.array([0]))] * 16
    first = np.tile(np.linspace(-1, 1, GRAMS, dtype=np.float32)[:, None], (1, DIMENSIONS))

    network = fit_network(samples, grams=GRAMS, labels=LABELS, seed=5, first=first)

    # Four steps move them by hundredths.
    np.testing.assert_allclose(network.vectors.rows(np.arange(GRAMS)), first, atol=0.05)
