"""Fit the network: Adam on batches of documents; the same seed and data give the same bytes."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Floats, Held, Quantized
from cleaner.network import Network, shapes, standardise
from cleaner.training.backprop import Batch, Sample, Weights, gradients_of

DIMENSIONS, HIDDEN, LAST = 32, 64, 64
_EPOCHS, _BATCH = 4, 16
_LONGEST = 150  # units of a document that one step sees
_RATE, _WARM_UP, _DECAY = 3e-3, 0.1, 0.02
_DROP_GRAMS = 0.3
_LARGEST_GRADIENT = 1.0
_FEW_GRAMS = 3  # a unit of so few loses none
_FEWEST = 2  # documents that must hold an n-gram for it to get a vector
_MOMENTS, _TINY = (0.9, 0.999), 1e-8


def fit_network(
    samples: Sequence[Sample], *, grams: int, labels: int, seed: int, first: Floats | None = None
) -> Network:
    """Fit the network by softmax cross-entropy with smoothed labels.

    Args:
        samples: documents.
        grams: size of the vocabulary.
        labels: number of labels.
        seed: fixes the first weights, the order of the documents and what is dropped.
        first: (grams, DIMENSIONS) what the vectors begin with, random if it isn't given.
    """
    from threadpoolctl import threadpool_limits

    # Sums differ in their last bits with the number of threads, and the bytes with them.
    with threadpool_limits(1):
        return _Fit(samples, grams, labels, seed, first).run()


class _Fit:
    def __init__(
        self,
        samples: Sequence[Sample],
        grams: int,
        labels: int,
        seed: int,
        first: Floats | None = None,
    ) -> None:
        self.samples = samples
        self.labels = labels
        self.rng = np.random.default_rng(seed)
        self.known = _document_counts(samples, grams) >= _FEWEST
        columns = np.concatenate([sample.columns for sample in samples])
        self.mean = columns.mean(axis=0, dtype=np.float64).astype(np.float32)
        self.spread = (columns.std(axis=0, dtype=np.float64) + 1e-3).astype(np.float32)
        self.weights = _first_weights(
            shapes(DIMENSIONS + columns.shape[1], HIDDEN, LAST, labels), self.rng
        )
        random = self.rng.standard_normal((grams, DIMENSIONS), dtype=np.float32) * 0.1
        self.table = random if first is None else first.copy()
        self.table[~self.known] = 0
        self.dense = Adam(self.weights, decay=_DECAY)
        self.sparse = Adam({"table": self.table}, decay=0.0)

    def run(self) -> Network:
        steps = _EPOCHS * (len(self.samples) // _BATCH)
        for step, chosen in enumerate(self._batches()):
            rate = _RATE * (min(1, step / (_WARM_UP * steps)) * (1 - step / steps) + 1e-3)
            batch = Batch.of([self._part(self.samples[i]) for i in chosen])
            gradients = gradients_of(self.weights, self.table, batch, self.rng)
            table = gradients.pop("table")
            _limit(gradients)
            self.dense.step(self.weights, gradients, rate)
            self.sparse.step_rows(self.table, batch.grams, table, rate)
        return Network(Quantized.of(self.table), self.mean, self.spread, self.weights)

    def _batches(self) -> Iterator[NDArray[np.int64]]:
        for _ in range(_EPOCHS):
            order = self.rng.permutation(len(self.samples))
            for start in range(0, len(order) - _BATCH + 1, _BATCH):
                yield order[start : start + _BATCH]

    def _part(self, sample: Sample) -> Sample:
        """At most so many units of a document, some n-grams dropped, its columns standardised."""
        spare = max(0, len(sample.target) - _LONGEST)
        start = int(self.rng.integers(spare + 1))
        part = slice(start, start + _LONGEST)
        counts = sample.held.counts[part]
        begin = int(sample.held.counts[:start].sum())
        index = sample.held.index[begin : begin + int(counts.sum())]
        return Sample(
            self._thinned(index, counts),
            standardise(sample.columns[part], self.mean, self.spread),
            sample.target[part],
        )

    def _thinned(self, index: NDArray[np.int64], counts: NDArray[np.int64]) -> Held:
        unit = np.repeat(np.arange(len(counts)), counts)
        dropped = self.rng.random(len(index)) < _DROP_GRAMS
        stays = self.known[index] & ~(dropped & (counts[unit] > _FEW_GRAMS))
        return Held(index[stays], np.bincount(unit[stays], minlength=len(counts)))


class Adam:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019)."""

    def __init__(self, weights: Mapping[str, Floats], decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.first = {name: np.zeros_like(value) for name, value in weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in weights.items()}

    def step(self, weights: Weights, gradients: Mapping[str, Floats], rate: float) -> None:
        """Move the weights."""
        self.steps += 1
        for name, gradient in gradients.items():
            weights[name] *= np.float32(1 - rate * self.decay)
            first = self._blend(self.first[name], gradient, 0)
            second = self._blend(self.second[name], gradient**2, 1)
            self.first[name], self.second[name] = first, second
            weights[name] -= self._move(first, second, rate)

    def step_rows(
        self, table: Floats, rows: NDArray[np.int64], gradient: Floats, rate: float
    ) -> None:
        """Move some rows of the only array; the others' moments wait."""
        self.steps += 1
        first = self._blend(self.first["table"][rows], gradient, 0)
        second = self._blend(self.second["table"][rows], gradient**2, 1)
        self.first["table"][rows], self.second["table"][rows] = first, second
        table[rows] -= self._move(first, second, rate)

    def _blend(self, old: Floats, new: Floats, which: int) -> Floats:
        keep = np.float32(_MOMENTS[which])
        blended: Floats = keep * old + (1 - keep) * new
        return blended

    def _move(self, first: Floats, second: Floats, rate: float) -> Floats:
        scale = rate / (1 - _MOMENTS[0] ** self.steps)
        root = np.sqrt(second / np.float32(1 - _MOMENTS[1] ** self.steps)) + np.float32(_TINY)
        move: Floats = np.float32(scale) * first / root
        return move


def _document_counts(samples: Sequence[Sample], grams: int) -> NDArray[np.int64]:
    counts = np.zeros(grams, dtype=np.int64)
    for sample in samples:
        counts[np.unique(sample.held.index)] += 1
    return counts


def _first_weights(layers: Mapping[str, tuple[int, int]], rng: np.random.Generator) -> Weights:
    """Uniform, by the number of inputs (He et al. 2015 with the slope that libraries use)."""
    weights = {}
    for name, (inputs, outputs) in layers.items():
        most = 1 / np.sqrt(inputs)
        weights[name] = rng.uniform(-most, most, (inputs, outputs)).astype(np.float32)
        weights[f"{name}.bias"] = rng.uniform(-most, most, outputs).astype(np.float32)
    return weights


def _limit(gradients: Weights) -> None:
    norm = float(np.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in gradients.values())))
    if norm > _LARGEST_GRADIENT:
        for gradient in gradients.values():
            np.multiply(gradient, np.float32(_LARGEST_GRADIENT / norm), out=gradient)
