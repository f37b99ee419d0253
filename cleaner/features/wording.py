"""The words of units: tokens, n-grams, and the scores of the linear text models."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

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


@dataclass(frozen=True, slots=True)
class Held:
    """The known n-grams that units hold, one unit after the other.

    Attributes:
        index: of each n-gram in the vocabulary, in the order of the text.
        counts: (units,) how many each unit holds.
    """

    index: NDArray[np.int64]
    counts: NDArray[np.int64]

    def starts(self) -> NDArray[np.int64]:
        """(units,) where each unit begins in `index`."""
        starts: NDArray[np.int64] = np.cumsum(self.counts) - self.counts
        return starts


def lookup(grams: Iterable[Sequence[str]], vocabulary: Mapping[str, int]) -> Held:
    """Find the known n-grams of units."""
    get = vocabulary.get
    found = [[index for index in map(get, unit) if index is not None] for unit in grams]
    counts = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    index = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(counts.sum()))
    return Held(index, counts)


def weighted_sum(table: Floats, held: Held) -> Floats:
    """Sum the table's rows for each unit and divide by the root of their number.

    That is the linear score of a binary bag of n-grams of unit length.

    Args:
        table: (vocabulary, k) weights.
        held: the n-grams of the units.

    Returns:
        (units, k) array, 0 where a unit holds no known n-gram.
    """
    sums = np.zeros((len(held.counts), table.shape[1]), dtype=np.float32)
    known = held.counts > 0
    if known.any():
        sums[known] = np.add.reduceat(table[held.index], held.starts()[known], axis=0)
        sums[known] /= np.sqrt(held.counts[known])[:, None]
    return sums
