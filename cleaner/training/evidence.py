"""Which columns are evidence of which kind, and what is typical of content: for explanations."""

from collections.abc import Sequence

import numpy as np

from cleaner import features
from cleaner.features import COLUMNS, EVIDENCE
from cleaner.training.cross import HeldOut, columns_of
from cleaner.training.examples import Example

_EXPLAINED = ("trees", "network")
KINDS = ("wording", "shape", "topic", "position", "neighbours")


def _kind(column: str) -> str:
    """The kind of evidence that a column is, for explanations."""
    if column in EVIDENCE:
        return "wording"
    if column in features.SHAPE:
        return "shape"
    if column in features.OVERLAP or column in features.AFFINITY:
        return "topic"
    if column in features.ORDER:
        return "order"  # of what the network saw: explained by changing that
    return "neighbours" if "[" in column else "position"


def places(kind: str) -> dict[str, list[int]]:
    """Where the columns of one kind of evidence stand."""
    return {
        part: [place for place, name in enumerate(COLUMNS[part]) if _kind(name) == kind]
        for part in _EXPLAINED
    }


def typical(examples: Sequence[Example], held_out: HeldOut) -> dict[str, list[float]]:
    """The median of each column over content, for explanations."""
    bags = [example.paragraphs for example in examples]
    content = np.concatenate([bag.target for bag in bags]) == 0
    seen = [said[0].paragraph_columns(bag) for said, bag in zip(held_out.said, bags, strict=True)]
    both = {"trees": seen, "network": [columns_of(bag) for bag in bags]}
    return {
        part: np.median(np.concatenate(columns)[content], axis=0).round(4).tolist()
        for part, columns in both.items()
    }
