"""The network that reads the units of a document in order, evaluated with numpy alone.

Each unit is the sum of its n-grams' vectors, beside how it looks and where it stands. Convolutions
over the units, each reaching twice as far as the one before, let it see what stands around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Floats, Held, Quantized

# Standardised columns beyond this say no more; unclipped, one odd value would outvote the rest.
CLIP = 6.0
REACHES = (1, 2, 4, 8)


@dataclass(frozen=True)
class Network:
    """Word vectors, an input layer, convolutions with residuals, and an output layer.

    Attributes:
        vectors: (grams, dimensions) of the n-grams.
        mean: (columns,) of the training rows.
        spread: (columns,) their standard deviations.
        weights: arrays by name, as `shapes` lists them.
    """

    vectors: Quantized
    mean: Floats
    spread: Floats
    weights: Mapping[str, Floats]

    def embed(self, held: Held) -> Floats:
        """The vector of each unit, given the n-grams that it holds, (units, dimensions)."""
        return self.vectors.weighted_sum(held)

    def logits(self, embedded: Floats, columns: Floats) -> Floats:
        """Unnormalised log-probabilities of content and of each boilerplate label.

        Args:
            embedded: (units, dimensions), of all the units of one document in order.
            columns: (units, columns) as `features.place` and the shapes give them.

        Returns:
            (units, labels).
        """
        w = self.weights
        inputs = np.concatenate([embedded, standardise(columns, self.mean, self.spread)], axis=1)
        own = np.maximum(inputs @ w["in"] + w["in.bias"], 0)
        state = own + own.mean(axis=0) @ w["all"] + w["all.bias"]
        for reach in REACHES:
            seen = np.maximum(around(state, reach) @ w[f"see{reach}"] + w[f"see{reach}.bias"], 0)
            state = state + seen @ w[f"add{reach}"] + w[f"add{reach}.bias"]
        both = np.concatenate([state, own], axis=1)
        hidden = np.maximum(both @ w["out"] + w["out.bias"], 0)
        logits: Floats = hidden @ w["label"] + w["label.bias"]
        return logits

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The arrays under names that begin with `prefix`, for the weights file."""
        return {
            f"{prefix}.vectors": self.vectors.steps,
            f"{prefix}.scales": self.vectors.scales,
            f"{prefix}.mean": self.mean,
            f"{prefix}.spread": self.spread,
            **{f"{prefix}.weights.{name}": value for name, value in self.weights.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "Network":
        """The reverse of `arrays`."""
        start = f"{prefix}.weights."
        return cls(
            Quantized(arrays[f"{prefix}.vectors"], arrays[f"{prefix}.scales"]),
            arrays[f"{prefix}.mean"],
            arrays[f"{prefix}.spread"],
            {n.removeprefix(start): a for n, a in arrays.items() if n.startswith(start)},
        )


def shapes(inputs: int, hidden: int, last: int, labels: int) -> dict[str, tuple[int, int]]:
    """Shape of every weight array; each has a bias of its second size beside it."""
    layers = {"in": (inputs, hidden), "all": (hidden, hidden)}
    for reach in REACHES:
        layers |= {f"see{reach}": (3 * hidden, hidden), f"add{reach}": (hidden, hidden)}
    return layers | {"out": (2 * hidden, last), "label": (last, labels)}


def around(state: Floats, reach: int) -> Floats:
    """Each row beside the rows `reach` before and after it, zeros outside the document."""
    count, width = state.shape
    seen = np.zeros((count, 3 * width), dtype=np.float32)
    seen[reach:, :width] = state[:-reach]
    seen[:, width : 2 * width] = state
    seen[:-reach, 2 * width :] = state[reach:]
    return seen


def standardise(columns: Floats, mean: Floats, spread: Floats) -> Floats:
    """Centre and scale columns, and clip what lies far out."""
    standard: Floats = np.clip((columns - mean) / spread, -CLIP, CLIP)
    return standard
