"""The n-grams of units, and the scores of the linear text models.

N-grams are 64-bit hashes: among the hundred thousand of a vocabulary two would share one by chance
once in 10^9 vocabularies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.characters import Floats, Places, codes_of
from cleaner.features.wording import (
    LEFT,
    RIGHT,
    Hashes,
    Words,
    hash_stretches,
    hashes_of,
    sums_by_unit,
)

START, END = "^", "¶"  # mark the ends of a unit; no tokens
_START, _END = hashes_of([START, END])
# Known hashes are found by their first bits: three steps where a binary search takes seventeen.
_BUCKET_BITS = 18
_REST_BITS = np.uint64(64 - _BUCKET_BITS)


def ngrams(words: Sequence[str]) -> list[str]:
    """The distinct words and word pairs of a unit, its ends marked.

    >>> ngrams(["read", "more"])
    ['read', 'more', '^ read', 'read more', 'more ¶']
    """
    if not words:
        return []
    pairs = zip((START, *words), (*words, END), strict=True)
    return [*dict.fromkeys(words), *dict.fromkeys(map(" ".join, pairs))]


@dataclass(frozen=True)
class Held:
    """The known n-grams that units hold, one unit after the other.

    Attributes:
        index: of each n-gram in the vocabulary, ascending within a unit, each once.
        counts: (units,) how many each unit holds.
    """

    index: Places
    counts: Places

    @cached_property
    def starts(self) -> Places:
        """(units,) where each unit begins in `index`."""
        return self.counts.cumsum() - self.counts


@dataclass(frozen=True)
class Vocabulary:
    """The known n-grams, numbered in the order of their hashes.

    Attributes:
        hashes: (n-grams,) ascending.
        spelt: the n-grams themselves in UTF-8, one a line: words, or pairs with a space between.
    """

    hashes: Hashes
    spelt: bytes

    @classmethod
    def of(cls, grams: Sequence[str]) -> Self:
        """Number n-grams."""
        hashes = _gram_hashes(grams)
        order = np.argsort(hashes)
        return cls(hashes[order], "\n".join(grams[place] for place in order).encode())

    def __len__(self) -> int:
        return len(self.hashes)

    @cached_property
    def grams(self) -> tuple[str, ...]:
        """The n-grams, to be shown."""
        return tuple(self.spelt.decode().split("\n")) if self.spelt else ()

    def held(self, words: Words) -> Held:
        """Find the known n-grams of units."""
        size, units = len(self), len(words.counts)
        hashes, unit = _ngram_hashes(words)
        place = self._places(hashes)
        known = place >= 0
        # Sorted, what a unit holds twice stands side by side.
        found = np.sort(unit[known] * size + place[known])
        found = found[np.diff(found, prepend=-1) > 0]
        unit, index = np.divmod(found, max(1, size))
        return Held(index, np.bincount(unit, minlength=units))

    def _places(self, hashes: Hashes) -> Places:
        """Where each hash stands among the known, -1 where it does not."""
        bucket = (hashes >> _REST_BITS).astype(np.int64)
        place, end = self._buckets[bucket], self._buckets[bucket + 1]
        found = np.full(len(hashes), -1)
        asked = (place < end).nonzero()[0]
        while len(asked):
            at = place[asked]
            same = self.hashes.take(at) == hashes.take(asked)
            found[asked[same]] = at[same]
            place[asked] += 1
            asked = asked[~same & (at + 1 < end[asked])]
        return found

    @cached_property
    def _buckets(self) -> Places:
        """Where the hashes begin that share their first `_BUCKET_BITS` bits."""
        first = np.arange(2**_BUCKET_BITS + 1, dtype=np.uint64)
        starts: Places = self.hashes.searchsorted(first[:-1] << _REST_BITS)
        return np.append(starts, len(self))


@dataclass(frozen=True)
class Quantized:
    """A row of numbers for each n-gram, in bytes: a quarter of the room of 32-bit numbers.

    Attributes:
        steps: (n-grams, k) times their row's scale they are the numbers.
        scales: (n-grams,).
    """

    steps: NDArray[np.int8]
    scales: NDArray[np.float16]

    @classmethod
    def of(cls, rows: Floats) -> Self:
        """Round each row to 127 steps on either side of 0."""
        scales: NDArray[np.float16] = (np.abs(rows).max(axis=1) / 127).astype(np.float16)
        divisor = np.where(scales > 0, scales, 1).astype(np.float32)
        return cls(np.clip(np.round(rows / divisor[:, None]), -127, 127).astype(np.int8), scales)

    def rows(self, index: Places) -> Floats:
        """The numbers of some n-grams."""
        # `take` gathers rows in a third of the time of indexing.
        scales = self.scales.take(index).astype(np.float32)
        rows: Floats = self.steps.take(index, axis=0) * scales[:, None]
        return rows

    def weighted_sum(self, held: Held) -> Floats:
        """Those of the n-grams that each unit holds, summed as `weighted_sum` does."""
        return weighted_sum(self.rows(held.index), held)


def weighted_sum(rows: Floats, held: Held) -> Floats:
    """Sum the rows of each unit's n-grams and divide by the root of their number.

    That is the linear score of a binary bag of n-grams of unit length.

    Args:
        rows: (len(held.index), k) what the n-grams weigh that the units hold.
        held: the n-grams of the units.

    Returns:
        (units, k) array, 0 where a unit holds no known n-gram.
    """
    sums = sums_by_unit(rows, held.counts)
    sums /= np.sqrt(np.maximum(1, held.counts))[:, None]
    return sums


def _pairs(left: Hashes, right: Hashes) -> Hashes:
    mixed = left * LEFT + right * RIGHT
    pairs: Hashes = mixed ^ (mixed >> np.uint64(31))
    return pairs


def _ngram_hashes(words: Words) -> tuple[Hashes, Places]:
    """The n-grams of units, repeated ones too, and the unit of each."""
    hashes, some = words.hashes, words.counts.nonzero()[0]
    first = words.starts[some]
    last = first + words.counts[some] - 1
    previous = np.roll(hashes, 1)
    previous[first] = _START
    pairs = _pairs(previous, hashes)
    ends = _pairs(hashes[last], np.full(len(last), _END))
    return np.concatenate([hashes, pairs, ends]), np.concatenate([words.unit, words.unit, some])


def _gram_hashes(grams: Sequence[str]) -> Hashes:
    if not grams:
        return np.zeros(0, dtype=np.uint64)
    codes = codes_of("\n".join([*grams, ""]))
    ends = np.flatnonzero((codes == ord(" ")) | (codes == ord("\n")))
    starts = np.concatenate([[0], ends[:-1] + 1])
    words = hash_stretches(codes, starts, ends - starts)
    last = np.flatnonzero(codes[ends] == ord("\n"))
    pair = np.diff(last, prepend=-1) == 2
    hashes = words[last]
    hashes[pair] = _pairs(words[last[pair] - 1], hashes[pair])
    return hashes
