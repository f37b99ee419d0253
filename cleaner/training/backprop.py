"""Fit the network: gradients by hand and Adam in numpy; the same seed and data give the same bytes.

The documents of a batch lie one after the other in one array, with rows of zeros between them that
no convolution reaches across.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Floats, Held
from cleaner.network import REACHES, Network, around, shapes, standardise

DIMENSIONS, HIDDEN, LAST = 32, 64, 64
_EPOCHS, _BATCH = 4, 16
_LONGEST = 150  # units of a document that one step sees
_RATE, _WARM_UP, _DECAY = 3e-3, 0.1, 0.02
_DROP_GRAMS, _DROP_VECTORS, _DROP = 0.3, 0.4, 0.25
_SMOOTHING = 0.02
_LARGEST_GRADIENT = 1.0
_FEW_GRAMS = 3  # a unit of so few loses none
_FEWEST = 2  # documents that must hold an n-gram for it to get a vector
_MOMENTS, _TINY = (0.9, 0.999), 1e-8

Weights = dict[str, Floats]


@dataclass(frozen=True)
class Sample:
    """Units of one document in order, as the network reads them.

    Attributes:
        held: their n-grams.
        columns: (units, columns) of their other inputs.
        target: (units,) index of the label, negative where it is unknown.
    """

    held: Held
    columns: Floats
    target: NDArray[np.int64]


def fit_network(samples: Sequence[Sample], *, grams: int, labels: int, seed: int) -> Network:
    """Fit the network by softmax cross-entropy with smoothed labels.

    Args:
        samples: documents.
        grams: size of the vocabulary.
        labels: number of labels.
        seed: fixes the first weights, the order of the documents and what is dropped.
    """
    from threadpoolctl import threadpool_limits

    # Sums differ in their last bits with the number of threads, and the bytes with them.
    with threadpool_limits(1):
        return _Fit(samples, grams, labels, seed).run()


class _Fit:
    def __init__(self, samples: Sequence[Sample], grams: int, labels: int, seed: int) -> None:
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
        self.table = self.rng.standard_normal((grams, DIMENSIONS), dtype=np.float32) * 0.1
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
        vectors, scales = _bytes(self.table)
        return Network(vectors, scales, self.mean, self.spread, self.weights)

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


@dataclass(frozen=True)
class Batch:
    """Documents in one array.

    Attributes:
        grams: (u,) indices of the n-grams that occur.
        matrix: (units, u) sparse; times their vectors it gives each unit's.
        columns: (units, columns).
        target: (units,).
        starts: (documents,) first unit of each.
        document: (units,) which document each unit is of.
        place: (units,) its row in the array with zeros between documents.
    """

    grams: NDArray[np.int64]
    matrix: Any
    columns: Floats
    target: NDArray[np.int64]
    starts: NDArray[np.int64]
    document: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Batch":
        """Put documents together."""
        from scipy.sparse import csr_matrix

        counts = np.concatenate([sample.held.counts for sample in samples])
        index = np.concatenate([sample.held.index for sample in samples])
        grams, local = np.unique(index, return_inverse=True)
        weight = np.repeat(1 / np.sqrt(np.maximum(1, counts)), counts).astype(np.float32)
        bounds = np.concatenate([[0], np.cumsum(counts)])
        sizes = np.array([len(sample.target) for sample in samples])
        document = np.repeat(np.arange(len(samples)), sizes)
        return cls(
            grams,
            csr_matrix((weight, local, bounds), shape=(len(counts), len(grams))),
            np.concatenate([sample.columns for sample in samples]),
            np.concatenate([sample.target for sample in samples]),
            np.cumsum(sizes) - sizes,
            document,
            np.arange(len(counts)) + document * max(REACHES),
        )


def gradients_of(
    w: Mapping[str, Floats], table: Floats, batch: Batch, rng: np.random.Generator | None
) -> Weights:
    """Gradient of the mean loss by name of the array; "table" is that of the batch's n-grams.

    Args:
        w: the weights.
        table: (grams, dimensions).
        batch: the documents.
        rng: draws what is dropped; None drops nothing.
    """
    tape = _forward(w, table, batch, rng)
    return _backward(w, batch, tape)


def loss_of(w: Mapping[str, Floats], table: Floats, batch: Batch) -> float:
    """The mean loss without dropping anything."""
    log = _forward(w, table, batch, None)["log"]
    known = batch.target >= 0
    return float(-(_smooth(batch.target, log.shape[1])[known] * log[known]).sum() / known.sum())


def _forward(
    w: Mapping[str, Floats], table: Floats, batch: Batch, rng: np.random.Generator | None
) -> dict[str, Any]:
    embedded = batch.matrix @ table[batch.grams]
    drop_vectors = _dropped(rng, embedded.shape, _DROP_VECTORS)
    inputs = np.concatenate([embedded * drop_vectors, batch.columns], axis=1)
    own = np.maximum(inputs @ w["in"] + w["in.bias"], 0)
    drop_own = _dropped(rng, own.shape, _DROP)
    own *= drop_own
    sizes = np.bincount(batch.document)[:, None].astype(np.float32)
    mean = np.add.reduceat(own, batch.starts) / sizes
    state = np.zeros((batch.place[-1] + 1, own.shape[1]), dtype=np.float32)
    state[batch.place] = own + (mean @ w["all"] + w["all.bias"])[batch.document]
    passes = []
    for reach in REACHES:
        near = around(state, reach)[batch.place]
        seen = np.maximum(near @ w[f"see{reach}"] + w[f"see{reach}.bias"], 0)
        drop = _dropped(rng, seen.shape, _DROP)
        seen *= drop
        state[batch.place] += seen @ w[f"add{reach}"] + w[f"add{reach}.bias"]
        passes.append((near, seen, drop))
    both = np.concatenate([state[batch.place], own], axis=1)
    drop_both = _dropped(rng, both.shape, _DROP)
    both *= drop_both
    hidden = np.maximum(both @ w["out"] + w["out.bias"], 0)
    logits = hidden @ w["label"] + w["label.bias"]
    logits -= logits.max(axis=1, keepdims=True)
    log = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return {
        "inputs": inputs,
        "own": own,
        "mean": mean,
        "sizes": sizes,
        "passes": passes,
        "both": both,
        "hidden": hidden,
        "log": log,
        "height": len(state),
        "drop_vectors": drop_vectors,
        "drop_own": drop_own,
        "drop_both": drop_both,
    }


def _backward(w: Mapping[str, Floats], batch: Batch, tape: Mapping[str, Any]) -> Weights:
    found: Weights = {}

    def through(name: str, inputs: Floats, gradient: Floats) -> Floats:
        """Note the gradient of a layer, and give that of its inputs."""
        found[name] = inputs.T @ gradient
        found[f"{name}.bias"] = gradient.sum(axis=0)
        back: Floats = gradient @ w[name].T
        return back

    known = batch.target >= 0
    error = np.exp(tape["log"]) - _smooth(batch.target, tape["log"].shape[1])
    error *= (known / known.sum())[:, None]
    error = through("label", tape["hidden"], error.astype(np.float32)) * (tape["hidden"] > 0)
    both = through("out", tape["both"], error) * tape["drop_both"]
    width = tape["own"].shape[1]
    own = both[:, width:]
    state = np.zeros((tape["height"], width), dtype=np.float32)
    state[batch.place] = both[:, :width]
    for reach, (near, seen, drop) in zip(REACHES[::-1], tape["passes"][::-1], strict=True):
        error = through(f"add{reach}", seen, state[batch.place]) * drop * (seen > 0)
        wide = np.zeros((tape["height"], 3 * width), dtype=np.float32)
        wide[batch.place] = through(f"see{reach}", near, error)
        state += wide[:, width : 2 * width]
        state[:-reach] += wide[reach:, :width]
        state[reach:] += wide[:-reach, 2 * width :]
    error = state[batch.place]
    total = np.add.reduceat(error, batch.starts)
    mean = through("all", tape["mean"], total) / tape["sizes"]
    own = (own + error + mean[batch.document]) * tape["drop_own"] * (tape["own"] > 0)
    inputs = through("in", tape["inputs"], own)
    dimensions = tape["drop_vectors"].shape[1]
    found["table"] = batch.matrix.T @ (inputs[:, :dimensions] * tape["drop_vectors"])
    return found


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


def _dropped(rng: np.random.Generator | None, shape: tuple[int, ...], share: float) -> Floats:
    """What to multiply by: zeros for the share that is dropped, and the rest made up for it."""
    if rng is None:
        return np.ones(shape, dtype=np.float32)
    kept = rng.random(shape, dtype=np.float32) >= share
    return kept.astype(np.float32) / np.float32(1 - share)


def _smooth(target: NDArray[np.int64], labels: int) -> Floats:
    smooth: Floats = np.full((len(target), labels), _SMOOTHING / labels, dtype=np.float32)
    smooth[np.arange(len(target)), target] += 1 - _SMOOTHING
    return smooth


def _limit(gradients: Weights) -> None:
    norm = float(np.sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in gradients.values())))
    if norm > _LARGEST_GRADIENT:
        for gradient in gradients.values():
            np.multiply(gradient, np.float32(_LARGEST_GRADIENT / norm), out=gradient)


def _bytes(table: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """The table in bytes, each row with its own scale."""
    scales: NDArray[np.float16] = (np.abs(table).max(axis=1) / 127).astype(np.float16)
    divisor = np.where(scales > 0, scales, 1).astype(np.float32)
    return np.clip(np.round(table / divisor[:, None]), -127, 127).astype(np.int8), scales
