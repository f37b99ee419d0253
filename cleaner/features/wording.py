"""The words of units: tokens, n-grams, and the scores of the linear text models."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Tokens: words and numbers (digits folded), and the marks that promotional text is fond of.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[|©@#$£€%:?!»→•…&/>]")
_DIGIT = re.compile(r"\d")
# A paragraph's opening and closing tell what it is; the middle of a long one costs more than it
# says. Characters first, so that the cost of a long paragraph is bounded before it is read.
_HEAD_CHARS, _TAIL_CHARS = 700, 350
_HEAD, _TAIL = 80, 40
READ_CHARS = _HEAD_CHARS + _TAIL_CHARS


def probe(text: str) -> str:
    """What is read of a unit: all of it, or of a long one head and tail."""
    if len(text) <= READ_CHARS:
        return text
    return f"{text[:_HEAD_CHARS]} {text[-_TAIL_CHARS:]}"


def tokens(text: str) -> list[str]:
    """Split into lower-case tokens with digits folded to 0; long units by their head and tail.

    >>> tokens("Sign up: 3 issues for $5!")
    ['sign', 'up', ':', '0', 'issues', 'for', '$', '0', '!']
    """
    lowered = probe(text).lower()
    if _DIGIT.search(lowered):
        lowered = _DIGIT.sub("0", lowered)
    found = _TOKEN.findall(lowered)
    return found if len(found) <= _HEAD + _TAIL else found[:_HEAD] + found[-_TAIL:]


def ngrams(words: Sequence[str]) -> list[str]:
    """The distinct words and word pairs of a unit, its ends marked.

    >>> ngrams(["read", "more"])
    ['read', 'more', '^ read', 'read more', 'more $']
    """
    if not words:
        return []
    pairs = zip(("^", *words), (*words, "$"), strict=True)
    return [*dict.fromkeys(words), *dict.fromkeys(map(" ".join, pairs))]


def lookup(grams: Sequence[str], vocabulary: Mapping[str, int]) -> list[int]:
    """Indices of the known n-grams, in the order of the text."""
    return [index for index in map(vocabulary.get, grams) if index is not None]


def weighted_sum(table: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """Sum the table's rows for each unit and divide by the root of their number.

    That is the linear score of a binary bag of n-grams of unit length.

    Args:
        table: (vocabulary, k) weights.
        rows: for each unit the indices of its n-grams.

    Returns:
        (units, k) array, 0 where a unit holds no known n-gram.
    """
    sums = np.zeros((len(rows), table.shape[1]), dtype=np.float32)
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    known = lengths > 0
    if known.any():
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows if row])
        starts = np.cumsum(lengths[known]) - lengths[known]
        sums[known] = np.add.reduceat(table[flat], starts, axis=0)
        sums[known] /= np.sqrt(lengths[known])[:, None]
    return sums


def largest(weights: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """The largest weight among each unit's n-grams, -9 where it holds no known one."""
    values = np.full(len(rows), -9.0, dtype=np.float32)
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    known = lengths > 0
    if known.any():
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows if row])
        starts = np.cumsum(lengths[known]) - lengths[known]
        values[known] = np.maximum.reduceat(weights[flat], starts)
    return values
