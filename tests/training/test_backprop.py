"""The gradients are the slopes of the loss, and documents of a batch are strangers."""

import numpy as np
import pytest

from cleaner.features import Held
from cleaner.network import shapes
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


def test_every_gradient_is_the_slope_of_the_loss(weights, batch):
    rng = np.random.default_rng(2)
    table = rng.standard_normal((GRAMS, DIMENSIONS)).astype(np.float32)
    gradients = backprop.gradients_of(weights, table, batch, None)
    wide = np.zeros_like(table)
    wide[batch.grams] = gradients.pop("table")

    for array, gradient in [(table, wide), *((weights[n], g) for n, g in gradients.items())]:
        # Along a random direction: one figure that every entry has its part in.
        direction = rng.standard_normal(array.shape).astype(np.float32)
        direction /= np.linalg.norm(direction)
        slopes = []
        for step in (0.02, -0.02):
            np.add(array, step * direction, out=array)
            slopes.append(backprop.loss_of(weights, table, batch))
            np.subtract(array, step * direction, out=array)
        measured = (slopes[0] - slopes[1]) / 0.04
        assert measured == pytest.approx(float((gradient * direction).sum()), abs=2e-3)


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
