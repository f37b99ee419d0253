"""A small feed-forward network as arrays: what scikit-learn fits, evaluated with numpy alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Standardised columns beyond this say no more; unclipped, one odd value would outvote the rest.
CLIP = 6.0


@dataclass(frozen=True)
class Network:
    """Standardise, clip, then layers of rectified linear units and one linear output.

    Attributes:
        mean: (features,) of the training rows.
        scale: (features,) their standard deviations.
        weights: for each layer an (inputs, outputs) array; the last has one output.
        biases: for each layer an (outputs,) array.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    @classmethod
    def from_sklearn(
        cls,
        fitted: Any,  # noqa: ANN401 - sklearn ships no types
        mean: NDArray[np.float32],
        scale: NDArray[np.float32],
    ) -> "Network":
        """Convert a fitted binary `MLPClassifier` with relu units."""
        return cls(
            mean,
            scale,
            tuple(w.astype(np.float32) for w in fitted.coefs_),
            tuple(b.astype(np.float32) for b in fitted.intercepts_),
        )

    def decision(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds of shape (rows,) for an array (rows, features)."""
        layer = standardise(rows, self.mean, self.scale)
        for weights, biases in zip(self.weights[:-1], self.biases[:-1], strict=True):
            layer = np.maximum(layer @ weights + biases, 0)
        output: NDArray[np.float32] = (layer @ self.weights[-1] + self.biases[-1])[:, 0]
        return output

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The arrays under names that begin with `prefix`, for the weights file."""
        named: dict[str, NDArray[Any]] = {
            f"{prefix}.mean": self.mean,
            f"{prefix}.scale": self.scale,
        }
        for index, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            named[f"{prefix}.weights{index}"] = weights
            named[f"{prefix}.biases{index}"] = biases
        return named

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "Network":
        """The reverse of `arrays`."""
        layers = sum(name.startswith(f"{prefix}.weights") for name in arrays)
        return cls(
            arrays[f"{prefix}.mean"],
            arrays[f"{prefix}.scale"],
            tuple(arrays[f"{prefix}.weights{index}"] for index in range(layers)),
            tuple(arrays[f"{prefix}.biases{index}"] for index in range(layers)),
        )


def standardise(
    rows: NDArray[np.float32], mean: NDArray[np.float32], scale: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Centre and scale columns, and clip what lies far out."""
    standard: NDArray[np.float32] = np.clip((rows - mean) / scale, -CLIP, CLIP)
    return standard
