"""The words of units: all units of a document are split at once, into arrays of 64-bit hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.characters import (
    Characters,
    Floats,
    Kind,
    Mask,
    Places,
    after,
    before,
    codes_of,
)

Hashes = NDArray[np.uint64]

_LONGEST = 64  # characters of a token that its hash tells apart


def _factors(count: int) -> Hashes:
    """Odd numbers as good as random: SplitMix64 (Steele, Lea and Flood 2014).

    numpy's own generators take some 20 ms to import, at every start.
    """
    mixed = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    factors: Hashes = (mixed ^ (mixed >> np.uint64(31))) | np.uint64(1)
    return factors


_FACTORS = _factors(_LONGEST + 3)
_SEQUENCE, LEFT, RIGHT = _FACTORS[_LONGEST:]


@dataclass(frozen=True)
class Words:
    """The tokens of units: words, numbers and some signs, one unit after the other.

    Attributes:
        hashes: (tokens,) of their folded characters.
        unit: (tokens,) the unit that holds each.
        lengths: (tokens,) characters.
        names: (tokens,) whether it is capitalised though no sentence begins there.
        capitals: (tokens,) whether it is a word of two or more capital letters.
        counts: (units,) tokens of each unit.
    """

    hashes: Hashes
    unit: Places
    lengths: Places
    names: Mask
    capitals: Mask
    counts: Places

    @classmethod
    def of(cls, read: Characters) -> Self:
        """Split into tokens: letters with apostrophes between, digits with points between, signs.

        A number's digits are folded to 0; case is folded everywhere.
        """
        starts, ends = _tokens(read)
        unit = read.unit_of(starts)
        capital = np.concatenate([[0], np.cumsum(read.are(Kind.CAPITAL))])
        lengths = ends - starts
        return cls(
            hash_stretches(read.folded, starts, lengths),
            unit,
            lengths,
            _names(read, starts),
            (lengths > 1) & (capital[ends] - capital[starts] == lengths),
            np.bincount(unit, minlength=len(read.starts)),
        )

    @cached_property
    def starts(self) -> Places:
        """(units,) where the tokens of each unit begin."""
        return self.counts.cumsum() - self.counts

    def take(self, units: Places | Sequence[int]) -> Self:
        """The tokens of some units, in that order."""
        counts = self.counts[units]
        first = counts.cumsum() - counts
        places = np.arange(int(counts.sum())) + np.repeat(self.starts[units] - first, counts)
        return type(self)(
            self.hashes[places],
            np.repeat(np.arange(len(units)), counts),
            self.lengths[places],
            self.names[places],
            self.capitals[places],
            counts,
        )

    def between(self, first: int, end: int) -> Self:
        """The tokens of the units from `first` up to `end`, which are not copied."""
        begin = int(self.counts[:first].sum())
        tokens = slice(begin, begin + int(self.counts[first:end].sum()))
        return type(self)(
            self.hashes[tokens],
            self.unit[tokens] - first,
            self.lengths[tokens],
            self.names[tokens],
            self.capitals[tokens],
            self.counts[first:end],
        )

    @classmethod
    def joined(cls, parts: Sequence["Words"]) -> Self:
        """The tokens of one part's units, then those of the next."""
        firsts = np.cumsum([0, *(len(part.counts) for part in parts[:-1])])
        return cls(
            np.concatenate([part.hashes for part in parts]),
            np.concatenate([part.unit + first for part, first in zip(parts, firsts, strict=True)]),
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.names for part in parts]),
            np.concatenate([part.capitals for part in parts]),
            np.concatenate([part.counts for part in parts]),
        )

    @cached_property
    def sequences(self) -> Hashes:
        """(units,) a hash of the tokens of each unit, in order; 0 without any."""
        rank = np.arange(len(self.unit)) - self.starts[self.unit]
        mixed = self.hashes * (_SEQUENCE * (rank.astype(np.uint64) * np.uint64(2) + np.uint64(1)))
        sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed ^ (mixed >> np.uint64(29)))])
        starts = self.starts
        sequences: Hashes = sums[starts + self.counts] - sums[starts]
        return sequences


def tokens(texts: Sequence[str]) -> list[list[str]]:
    """The tokens of units in letters, for those who read them.

    >>> tokens(["Sign up: 3 issues for $5!"])
    [['sign', 'up', ':', '0', 'issues', 'for', '$', '0', '!']]
    """
    read = Characters.of(texts)
    folded = read.folded.tobytes().decode("utf-32-le", "surrogatepass")
    found: list[list[str]] = [[] for _ in texts]
    starts, ends = _tokens(read)
    for unit, start, end in zip(read.unit_of(starts), starts, ends, strict=True):
        found[unit].append(folded[start:end])
    return found


def sums_by_unit(rows: Floats, counts: Places) -> Floats:
    """Sum consecutive rows.

    Args:
        rows: (rows, columns), those of one unit after those of the other.
        counts: (units,) how many rows each unit has.

    Returns:
        (units, columns) array, 0 where a unit has none.
    """
    sums = np.zeros((len(counts), rows.shape[1]), dtype=np.float32)
    some = counts > 0
    if some.any():
        sums[some] = np.add.reduceat(rows, (counts.cumsum() - counts)[some], axis=0)
    return sums


def hashes_of(strings: Sequence[str]) -> Hashes:
    """The hashes of single tokens, already folded."""
    lengths = np.array(list(map(len, strings)), dtype=np.int64)
    return hash_stretches(codes_of("".join(strings)), lengths.cumsum() - lengths, lengths)


def _tokens(read: Characters) -> tuple[Places, Places]:
    """Where each token begins and ends."""
    letter, digit = read.are(Kind.LETTER), read.are(Kind.DIGIT)
    word = letter | _between(read.are(Kind.APOSTROPHE), letter)
    number = digit | _between(read.are(Kind.JOINER), digit)
    sign = read.are(Kind.SIGN) & ~number
    begins = sign | word & ~before(word) | number & ~before(number)
    stops = sign | word & ~after(word) | number & ~after(number)
    return begins.nonzero()[0], stops.nonzero()[0] + 1


def _between(marks: Mask, others: Mask) -> Mask:
    """Which marks stand right between two of the others."""
    between = np.zeros_like(marks)
    places = marks[1:-1].nonzero()[0] + 1
    between[places] = others[places - 1] & others[places + 1]
    return between


def hash_stretches(codes: NDArray[np.uint32], starts: Places, lengths: Places) -> Hashes:
    """A hash of each stretch of characters: multilinear, with random factors."""
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    first = lengths.cumsum() - lengths
    within = np.arange(first[-1] + lengths[-1]) - np.repeat(first, lengths)
    places = within + np.repeat(starts, lengths)
    factors = _FACTORS.take(np.minimum(within, _LONGEST - 1))
    hashes: Hashes = np.add.reduceat(codes.take(places) * factors, first)
    return hashes


def _names(read: Characters, starts: Places) -> Mask:
    """Which words are capitalised though no sentence begins with them."""
    capitalised = read.at(starts, Kind.CAPITAL) & read.at(starts + 1, Kind.LOWER)
    earlier = read.codes[starts - 2]
    goes_on = read.at(starts - 2, Kind.LOWER) | (earlier == ord(",")) | (earlier == ord(";"))
    names: Mask = capitalised & goes_on & (read.codes[starts - 1] == ord(" "))
    return names
