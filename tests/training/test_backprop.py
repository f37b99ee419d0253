"""The gradients are the slopes of the loss, and documents of a batch are strangers."""

import numpy as np
import pytest

from cleaner.features import Held, Quantized
from cleaner.network import Network, shapes
from cleaner.training import backprop
from cleaner.training.backprop import Batch, Sample

GRAMS, DIMENSIONS, COLUMNS, LABELS = 20, 32, 5, 3


def sample(rng, units):
    counts = rng.integers(0, 6, units)
    return Sample(
        Held(rng.integers(0, GRAMS, counts.sum()), counts),
        rng.standard_normal((units, COLUMNS)).astype(np.float32),
        rng.integers(-1, LABELS, units),
    )


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    return Batch.of([sample(rng, units) for units in (1, 4, 23)])


@pytest.fixture
def weights():
    rng = np.random.default_rng(1)
    layers = shapes(DIMENSIONS + COLUMNS, 8, 6, LABELS)
    return {
        part: rng.uniform(-0.5, 0.5, size).astype(np.float32)
        for name, (inputs, outputs) in layers.items()
        for part, size in ((name, (inputs, outputs)), (f"{name}.bias", (outputs,)))
    }


def loss_of(weights, table, batch):
    """The mean loss without dropping anything."""
    log, known = backprop._forward(weights, table, batch, None)["log"], batch.target >= 0
    return -(backprop._smooth(batch.target, LABELS)[known] * log[known]).sum() / known.sum()


def test_every_gradient_is_the_slope_of_the_loss(weights, batch):
    rng = np.random.default_rng(2)
    table = rng.standard_normal((GRAMS, DIMENSIONS)).astype(np.float32)
    gradients = backprop.gradients_of(weights, table, batch, None)
    wide = np.zeros_like(table)
    wide[batch.grams] = gradients.pop("table")

    for array, gradient in [(table, wide), *((weights[n], g) for n, g in gradients.items())]:
        # What the slope along a random direction is like: some gradients are small, and near
        # enough to nothing for a tolerance that fits the others.
        typical = float(np.linalg.norm(gradient)) / gradient.size**0.5
        for _ in range(3):
            # One figure that every entry has its part in.
            direction = rng.standard_normal(array.shape).astype(np.float32)
            direction /= np.linalg.norm(direction)
            before, losses = array.copy(), []
            for step in (0.002, -0.002):
                array[...] = before + step * direction
                losses.append(loss_of(weights, table, batch))
            array[...] = before
            measured = float(losses[0] - losses[1]) / 0.004
            expected = float((gradient * direction).sum())
            assert measured == pytest.approx(expected, abs=0.02 * typical)


def test_what_is_trained_is_what_is_used(weights):
    vectors = Quantized.of(np.random.default_rng(4).standard_normal((GRAMS, DIMENSIONS)))
    standard = np.zeros(COLUMNS, np.float32), np.ones(COLUMNS, np.float32)
    network = Network(vectors, *standard, weights)
    table = vectors.rows(np.arange(GRAMS))
    one = sample(np.random.default_rng(5), 9)

    trained = backprop._forward(weights, table, Batch.of([one]), None)["log"]

    logits = network.logits(network.embed(one.held), one.columns)
    used = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(trained, used, atol=1e-5)


def test_documents_of_a_batch_do_not_see_each_other(weights):
    rng = np.random.default_rng(3)
    first, second, other = sample(rng, 6), sample(rng, 9), sample(rng, 9)
    table = rng.standard_normal((GRAMS, DIMENSIONS)).astype(np.float32)

    alone, beside, elsewhere = (
        backprop._forward(weights, table, Batch.of(part), None)["log"][:6]
        for part in ([first], [first, second], [first, other])
    )

    np.testing.assert_allclose(beside, elsewhere, atol=1e-6)
    np.testing.assert_allclose(beside, alone, atol=1e-5)
