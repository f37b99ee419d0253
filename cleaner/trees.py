"""Boosted trees as arrays: what scikit-learn fits, evaluated with numpy alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TOGETHER = 1000  # rows; each holds a place in every tree
_ARRAYS = ("feature", "threshold", "left", "right", "value", "roots")


@dataclass(frozen=True)
class Trees:
    """An additive ensemble of binary regression trees in flat arrays, one entry a node.

    A leaf points to itself on both sides, so every row walks the same number of steps.

    Attributes:
        feature: column that a node compares.
        threshold: a row with a value <= threshold goes left.
        left: index of the left child.
        right: index of the right child.
        value: what a leaf adds to the raw prediction.
        roots: index of each tree's root.
        depth: steps from a root to the deepest leaf.
        baseline: raw prediction before the first tree.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    roots: NDArray[np.int32]
    depth: int
    baseline: float

    @classmethod
    def from_sklearn(cls, fitted: Any) -> "Trees":  # noqa: ANN401 - sklearn ships no types
        """Convert a fitted binary `HistGradientBoostingClassifier` without categorical features."""
        parts: dict[str, list[NDArray[Any]]] = {name: [] for name in _ARRAYS}
        offset, depth = 0, 0
        for (predictor,) in fitted._predictors:  # noqa: SLF001 - sklearn has no public access
            nodes = predictor.nodes
            own = np.arange(len(nodes)) + offset
            leaf = nodes["is_leaf"].astype(bool)
            parts["feature"].append(np.where(leaf, 0, nodes["feature_idx"]))
            parts["threshold"].append(np.where(leaf, 0.0, nodes["num_threshold"]))
            parts["left"].append(np.where(leaf, own, nodes["left"] + offset))
            parts["right"].append(np.where(leaf, own, nodes["right"] + offset))
            parts["value"].append(np.where(leaf, nodes["value"], 0.0))
            parts["roots"].append(own[:1])
            offset += len(nodes)
            depth = max(depth, int(nodes["depth"].max()))
        arrays = {name: np.concatenate(part) for name, part in parts.items()}
        return cls(
            feature=arrays["feature"].astype(np.int16),
            threshold=arrays["threshold"].astype(np.float64),
            left=arrays["left"].astype(np.int32),
            right=arrays["right"].astype(np.int32),
            value=arrays["value"].astype(np.float64),
            roots=arrays["roots"].astype(np.int32),
            depth=depth,
            baseline=float(np.ravel(fitted._baseline_prediction)[0]),  # noqa: SLF001 - as above
        )

    def decision(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Raw predictions (log-odds) of shape (rows,) for an array (rows, features)."""
        blocks = np.split(rows, range(_TOGETHER, len(rows), _TOGETHER))
        return np.concatenate([self._decision(block) for block in blocks])

    def _decision(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        values, width = rows.ravel(), rows.shape[1]
        first = np.arange(len(rows))[:, None] * width
        node = np.repeat(self.roots[None].astype(np.intp), len(rows), axis=0)
        for _ in range(self.depth):
            right = values.take(self._feature.take(node) + first) > self.threshold.take(node)
            node = self._children.take(2 * node + right)
        decision: NDArray[np.float64] = self.value.take(node).sum(axis=1) + self.baseline
        return decision

    @cached_property
    def _feature(self) -> NDArray[np.intp]:
        return self.feature.astype(np.intp)

    @cached_property
    def _children(self) -> NDArray[np.intp]:
        """The left and the right child of each node, side by side."""
        return np.stack([self.left, self.right], axis=1).astype(np.intp).ravel()

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """The arrays under names that begin with `prefix`, for the weights file."""
        named = {f"{prefix}.{name}": getattr(self, name) for name in _ARRAYS}
        named[f"{prefix}.scalars"] = np.array([self.depth, self.baseline], dtype=np.float64)
        return named

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "Trees":
        """The reverse of `arrays`."""
        depth, baseline = arrays[f"{prefix}.scalars"]
        parts = {name: arrays[f"{prefix}.{name}"] for name in _ARRAYS}
        return cls(**parts, depth=int(depth), baseline=float(baseline))
