"""What units and the rest of their document both speak of, and what they repeat."""

import numpy as np

from cleaner.features.characters import Floats, Mask
from cleaner.features.lexicons import FUNCTION, Lexicon
from cleaner.features.wording import Hashes, Words

OVERLAP = ("shared_words", "shared_names", "in_title", "is_title", "repeats")
AFFINITY = (
    *("vector_length", "like_title", "like_before", "like_after"),
    *("like_content", "like_boilerplate"),
)
_NOTHING = -1.0  # to be like
_MOST_TOKENS = 60  # by which a unit counts
_SURE = 20.0  # log-odds
_LONG = 4  # letters from which a word may tell what a text is about
_UNIT = np.uint64(2**18 - 1)  # a unit's place: there are no more of them than 200,000
_FUNCTION = Lexicon(function=FUNCTION)


def overlap(words: Words, heading: Words | None) -> Floats:
    """How much of each unit the rest of the document also speaks of, columns as in `OVERLAP`.

    Args:
        words: the tokens of the units.
        heading: those of the document's title, as of one unit; None if it is unknown.

    Returns:
        Array of shape (units, 5): share of its longer words, and of its names, that stand in other
        units too; share of its longer words that stand in the title; whether it is the title;
        whether the same words stand in an earlier unit. -1 where there is nothing to share.
    """
    long = words.lengths >= _LONG
    long[long] = _FUNCTION.on(words.hashes[long])[:, 0] == 0
    spoken = _Sets(words, long)
    columns = [
        spoken.shared(),
        _Sets(words, words.names).shared(),
        np.full(len(words.counts), -1.0),
        np.zeros(len(words.counts)),
        (words.counts > 0) & _repeats(words.sequences),
    ]
    if heading is not None:
        telling = heading.hashes[heading.lengths >= _LONG]
        if len(telling):
            columns[2] = spoken.among(telling)
        columns[3] = (words.counts > 0) & (words.sequences == heading.sequences[0])
    return np.stack(columns, axis=1, dtype=np.float32)


def affinity(embedded: Floats, heading: Floats | None, tokens: Floats, odds: Floats) -> Floats:
    """What units are about beside the rest of the document: cosines of their vectors.

    The vectors of n-grams began as those of a sentence encoder, so texts of one subject are alike.

    Args:
        embedded: (units, dimensions) the vectors of units.
        heading: (dimensions,) that of the title, None if it is unknown.
        tokens: (units,) the number of tokens of each.
        odds: (units,) log-odds of boilerplate by the network.

    Returns:
        (units, len(AFFINITY)) array: how long a vector is, and how like it is to those of the
        title, of the units before and after, of what else is likely content, and of what else is
        likely boilerplate. -1 where there is nothing to be like.
    """
    lengths = np.linalg.norm(embedded, axis=1)
    directions = _directions(embedded)
    neighbours = (directions[1:] * directions[:-1]).sum(axis=1)
    weights = np.minimum(tokens, _MOST_TOKENS)
    boilerplate = weights / (1 + np.exp(-np.clip(odds, -_SURE, _SURE)))
    columns = [
        lengths,
        np.full(len(lengths), _NOTHING) if heading is None else directions @ _directions(heading),
        np.concatenate([[_NOTHING], neighbours]),
        np.concatenate([neighbours, [_NOTHING]]),
        *(
            (directions * _directions(_sums_of_others(embedded, share))).sum(axis=1)
            for share in (weights - boilerplate, boilerplate)
        ),
    ]
    return np.stack(columns, axis=1, dtype=np.float32)


def _directions(vectors: Floats) -> Floats:
    """Vectors of length 1, and 0 of 0."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    directions: Floats = vectors / np.maximum(lengths, np.float32(1e-6))
    return directions


def _sums_of_others(vectors: Floats, weights: Floats) -> Floats:
    """For each vector the weighted sum of all others."""
    weighted = vectors * weights[:, None]
    sums: Floats = weighted.sum(axis=0) - weighted
    return sums


class _Sets:
    """The distinct words of some sort in each unit."""

    def __init__(self, words: Words, chosen: Mask) -> None:
        self._units = len(words.counts)
        # Sorted as one number each, which is several times faster than by two keys: the first bits
        # of a word's hash are told apart as well as the whole. (np.unique would import numpy.ma.)
        pairs = np.sort(words.hashes[chosen] & ~_UNIT | words.unit[chosen].astype(np.uint64))
        pairs = pairs[_begins(pairs)]
        self._hashes, self._unit = pairs & ~_UNIT, (pairs & _UNIT).astype(np.int64)
        self._word = np.cumsum(_begins(self._hashes)) - 1

    def shared(self) -> Floats:
        """(units,) the share of each that stands in another one, too."""
        return self._share(np.bincount(self._word)[self._word] > 1)

    def among(self, hashes: Hashes) -> Floats:
        """(units,) the share of each that is among some words."""
        known = np.sort(hashes & ~_UNIT)
        place = np.minimum(known.searchsorted(self._hashes), len(known) - 1)
        return self._share(known[place] == self._hashes)

    def _share(self, marks: Mask) -> Floats:
        total = np.bincount(self._unit, minlength=self._units)
        marked = np.bincount(self._unit[marks], minlength=self._units)
        share = np.where(total > 0, marked / np.maximum(1, total), -1.0)
        return share.astype(np.float32)


def _begins(hashes: Hashes) -> Mask:
    """Which of some sorted hashes are not the one before."""
    begins = np.ones(len(hashes), dtype=bool)
    begins[1:] = hashes[1:] != hashes[:-1]
    return begins


def _repeats(sequences: Hashes) -> Mask:
    """Which stood there before."""
    order = np.argsort(sequences, kind="stable")
    repeats = np.empty(len(sequences), dtype=bool)
    repeats[order] = ~_begins(sequences[order])
    return repeats
