"""The network: the same for any array it is read from, and blind across documents."""

import numpy as np
import pytest

from cleaner.features import Held, Quantized
from cleaner.network import REACHES, Network, around, shapes

GRAMS, DIMENSIONS, COLUMNS, LABELS = 30, 8, 5, 4


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(0)
    weights = {}
    for name, (inputs, outputs) in shapes(DIMENSIONS + COLUMNS, 16, 8, LABELS).items():
        weights[name] = rng.standard_normal((inputs, outputs)).astype(np.float32) / inputs**0.5
        weights[f"{name}.bias"] = rng.standard_normal(outputs).astype(np.float32)
    vectors = rng.integers(-127, 128, (GRAMS, DIMENSIONS)).astype(np.int8)
    scales = np.full(GRAMS, 0.01, dtype=np.float16)
    return Network(Quantized(vectors, scales), np.zeros(COLUMNS), np.ones(COLUMNS), weights)


def units(count, seed=1):
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((count, DIMENSIONS)).astype(np.float32),
        rng.standard_normal((count, COLUMNS)).astype(np.float32),
    )


def test_its_arrays_give_it_back(network):
    again = Network.from_arrays(network.arrays("n"), "n")

    np.testing.assert_array_equal(again.logits(*units(9)), network.logits(*units(9)))


def test_a_units_vector_is_the_scaled_sum_of_its_n_grams(network):
    embedded = network.embed(Held(np.array([3, 7, 7]), np.array([2, 0, 1])))

    table = network.vectors.rows(np.arange(GRAMS))
    np.testing.assert_allclose(embedded[0], (table[3] + table[7]) / 2**0.5, rtol=1e-5)
    np.testing.assert_array_equal(embedded[1], 0)
    np.testing.assert_allclose(embedded[2], table[7], rtol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 8, 40])
def test_documents_of_any_length_have_logits_for_every_unit(network, count):
    logits = network.logits(*units(count))

    assert logits.shape == (count, LABELS)
    assert np.isfinite(logits).all()


def test_it_sees_what_stands_around_a_unit(network):
    embedded, columns = units(40)
    before = network.logits(embedded, columns)
    embedded[20] += 3

    changed = np.abs(network.logits(embedded, columns) - before).max(axis=1) > 1e-3

    assert changed[20 - REACHES[-1]]
    assert changed[21]


def test_around_is_zero_outside_the_document():
    state = np.arange(6, dtype=np.float32).reshape(3, 2) + 1

    np.testing.assert_array_equal(
        around(state, 2), [[0, 0, 1, 2, 5, 6], [0, 0, 3, 4, 0, 0], [1, 2, 5, 6, 0, 0]]
    )
