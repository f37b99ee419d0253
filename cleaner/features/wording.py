"""The words of units: tokens, n-grams, and the scores of the linear text models.

All units of a document are read at once, as arrays. Tokens and n-grams are 64-bit hashes: among the
hundred thousand n-grams of a vocabulary two would share one by chance once in 10^9 vocabularies.
"""

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
_RANDOM = np.random.default_rng(0).integers(1, 2**64, _LONGEST + 3, dtype=np.uint64, endpoint=False)
_RANDOM |= np.uint64(1)
_FACTORS, (_LEFT, _RIGHT, _SEQUENCE) = _RANDOM[:_LONGEST], _RANDOM[_LONGEST:]
START, END = "^", "$"  # mark the ends of a unit in n-grams


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
            _hashes(read.folded, starts, lengths),
            unit,
            lengths,
            _names(read, starts),
            (lengths > 1) & (capital[ends] - capital[starts] == lengths),
            np.bincount(unit, minlength=len(read.starts)),
        )

    def starts(self) -> Places:
        """(units,) where the tokens of each unit begin."""
        return self.counts.cumsum() - self.counts

    def take(self, units: Places | Sequence[int]) -> Self:
        """The tokens of some units, in that order."""
        counts = self.counts[units]
        first = counts.cumsum() - counts
        places = np.arange(int(counts.sum())) + np.repeat(self.starts()[units] - first, counts)
        return type(self)(
            self.hashes[places],
            np.repeat(np.arange(len(units)), counts),
            self.lengths[places],
            self.names[places],
            self.capitals[places],
            counts,
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
        rank = np.arange(len(self.unit)) - self.starts()[self.unit]
        mixed = self.hashes * (_SEQUENCE * (rank.astype(np.uint64) * np.uint64(2) + np.uint64(1)))
        sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed ^ (mixed >> np.uint64(29)))])
        starts = self.starts()
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


def ngrams(words: Sequence[str]) -> list[str]:
    """The distinct words and word pairs of a unit, its ends marked.

    >>> ngrams(["read", "more"])
    ['read', 'more', '^ read', 'read more', 'more $']
    """
    if not words:
        return []
    pairs = zip((START, *words), (*words, END), strict=True)
    return [*dict.fromkeys(words), *dict.fromkeys(map(" ".join, pairs))]


@dataclass(frozen=True, slots=True)
class Held:
    """The known n-grams that units hold, one unit after the other.

    Attributes:
        index: of each n-gram in the vocabulary, ascending within a unit, each once.
        counts: (units,) how many each unit holds.
    """

    index: Places
    counts: Places

    def starts(self) -> Places:
        """(units,) where each unit begins in `index`."""
        return self.counts.cumsum() - self.counts


@dataclass(frozen=True)
class Vocabulary:
    """The known n-grams by their hashes.

    Attributes:
        hashes: (n-grams,) ascending.
        index: (n-grams,) the number of each.
        buckets: where the hashes begin that share their first `_BUCKET_BITS` bits.
    """

    hashes: Hashes
    index: Places
    buckets: Places

    @classmethod
    def of(cls, grams: Sequence[str]) -> Self:
        """Number n-grams, words or pairs with a space between, in their order."""
        hashes = _gram_hashes(grams)
        order = np.argsort(hashes)
        sizes = np.bincount((hashes >> _REST_BITS).astype(np.int64), minlength=2**_BUCKET_BITS)
        return cls(hashes[order], order, np.concatenate([[0], np.cumsum(sizes)]))

    def held(self, words: Words) -> Held:
        """Find the known n-grams of units."""
        size, units = len(self.hashes), len(words.counts)
        hashes, unit = _ngram_hashes(words)
        place = self._places(hashes)
        known = place >= 0
        # Sorted, what a unit holds twice stands side by side.
        found = np.sort(unit[known] * size + self.index[place[known]])
        found = found[np.diff(found, prepend=-1) > 0]
        unit, index = np.divmod(found, max(1, size))
        return Held(index, np.bincount(unit, minlength=units))

    def _places(self, hashes: Hashes) -> Places:
        """Where each hash stands among the known, -1 where it does not."""
        bucket = (hashes >> _REST_BITS).astype(np.int64)
        place, end = self.buckets[bucket], self.buckets[bucket + 1]
        found = np.full(len(hashes), -1)
        asked = (place < end).nonzero()[0]
        while len(asked):
            at = place[asked]
            same = self.hashes[at] == hashes[asked]
            found[asked[same]] = at[same]
            place[asked] += 1
            asked = asked[~same & (at + 1 < end[asked])]
        return found


_BUCKET_BITS = 18
_REST_BITS = np.uint64(64 - _BUCKET_BITS)


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


def hashes_of(strings: Sequence[str]) -> Hashes:
    """The hashes of single tokens, already folded."""
    codes = codes_of("".join(strings))
    lengths = np.array(list(map(len, strings)))
    return _hashes(codes, lengths.cumsum() - lengths, lengths)


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


def _hashes(codes: NDArray[np.uint32], starts: Places, lengths: Places) -> Hashes:
    """A hash of each stretch of characters: multilinear, with random factors."""
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    first = lengths.cumsum() - lengths
    within = np.arange(first[-1] + lengths[-1]) - np.repeat(first, lengths)
    places = within + np.repeat(starts, lengths)
    factors = _FACTORS[np.minimum(within, _LONGEST - 1)]
    hashes: Hashes = np.add.reduceat(codes[places] * factors, first)
    return hashes


def _pairs(left: Hashes, right: Hashes) -> Hashes:
    mixed = left * _LEFT + right * _RIGHT
    pairs: Hashes = mixed ^ (mixed >> np.uint64(31))
    return pairs


def _ngram_hashes(words: Words) -> tuple[Hashes, Places]:
    """The n-grams of units, repeated ones too, and the unit of each."""
    hashes, some = words.hashes, words.counts.nonzero()[0]
    first = words.starts()[some]
    last = first + words.counts[some] - 1
    previous = np.roll(hashes, 1)
    previous[first] = _START
    pairs = _pairs(previous, hashes)
    ends = _pairs(hashes[last], np.full(len(last), _END))
    return np.concatenate([hashes, pairs, ends]), np.concatenate([words.unit, words.unit, some])


def _gram_hashes(grams: Sequence[str]) -> Hashes:
    codes = codes_of("\n".join([*grams, ""]))
    ends = np.flatnonzero((codes == ord(" ")) | (codes == ord("\n")))
    starts = np.concatenate([[0], ends[:-1] + 1])
    words = _hashes(codes, starts, ends - starts)
    last = np.flatnonzero(codes[ends] == ord("\n"))
    pair = np.diff(last, prepend=-1) == 2
    hashes = words[last]
    hashes[pair] = _pairs(words[last[pair] - 1], hashes[pair])
    return hashes


def _names(read: Characters, starts: Places) -> Mask:
    """Which words are capitalised though no sentence begins with them."""
    capitalised = read.at(starts, Kind.CAPITAL) & read.at(starts + 1, Kind.LOWER)
    earlier = read.codes[starts - 2]
    goes_on = read.at(starts - 2, Kind.LOWER) | (earlier == ord(",")) | (earlier == ord(";"))
    names: Mask = capitalised & goes_on & (read.codes[starts - 1] == ord(" "))
    return names


_START, _END = hashes_of([START, END])
