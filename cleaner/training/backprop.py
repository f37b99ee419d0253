"""The network's loss and its gradients, by hand in numpy.

The documents of a batch lie one after the other in one array, with rows of zeros between them that
no convolution reaches across.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Floats, Held
from cleaner.network import REACHES, around

_DROP_VECTORS, _DROP = 0.7, 0.25
_SMOOTHING = 0.02

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
