"""The characters of units as arrays, and what kind of character each is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

# A paragraph's opening and closing tell what it is; the middle of a long one costs more than it
# says.
_HEAD, _TAIL = 600, 300
READ_CHARS = _HEAD + _TAIL  # of a unit, at most


class Kind(IntFlag):
    """Kinds of characters; one may be of several."""

    LETTER = 1
    DIGIT = 2
    SPACE = 4
    APOSTROPHE = 8  # joins letters
    JOINER = 16  # joins digits
    SIGN = 32  # a token of its own
    UPPER = 64
    LOWER = 128
    CAPITAL = 256  # A to Z
    CLOSER = 512  # may stand behind the end of a sentence
    QUOTE = 1024  # may stand before its beginning
    STOP = 2048  # ends it
    MARK = 4096  # neither letter, digit, underscore nor white space
    CURRENCY = 8192
    BULLET = 16384


_ANYWHERE = {
    Kind.LETTER: r"[^\W\d_]",
    Kind.DIGIT: r"\d",
    Kind.SPACE: r"\s",
    Kind.MARK: r"[^\w\s]",
}
_AMONG_THE_FIRST = {
    Kind.APOSTROPHE: r"['’]",
    Kind.JOINER: r"[.,:]",
    Kind.SIGN: r"[|©@#$£€%:?!»•…&/>\u2190-\u2bff]",  # arrows, symbols and dingbats among them
    Kind.CAPITAL: r"[A-Z]",
    Kind.CLOSER: r"[\"”’')\]»]",
    Kind.QUOTE: r"[\"“‘'«(\[]",
    Kind.STOP: r"[.!?]",
    Kind.CURRENCY: r"[$£€₹]",
    Kind.BULLET: r"[-•*·–—►▶✓➤|>]",
}
_FIRST = 0x3001  # with all scripts that have upper and lower case
_BEYOND = 0x10000  # from here on nearly all are emoji: each a token


@cache
def _table(below: int) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
    """What kinds each character below some code point is, then the rest, and what it is read as."""
    every = "".join(map(chr, range(below)))
    first = every[:_FIRST]
    kinds = np.zeros(below + 1, dtype=np.uint16)
    for text, patterns in ((every, _ANYWHERE), (first, _AMONG_THE_FIRST)):
        for kind, pattern in patterns.items():
            for match in re.finditer(f"{pattern}+", text):
                kinds[match.start() : match.end()] |= np.uint16(kind)
    kinds[:_FIRST] |= np.array(
        [Kind.UPPER * c.isupper() | Kind.LOWER * c.islower() for c in first], dtype=np.uint16
    )
    kinds[-1] = Kind.SIGN | Kind.MARK
    folded = np.arange(below, dtype=np.uint32)
    folded[:_FIRST] = [ord(c.lower()[0]) for c in first]
    folded[(kinds[:-1] & np.uint16(Kind.DIGIT)).astype(bool)] = ord("0")
    return kinds, folded


@dataclass(frozen=True)
class Characters:
    """The characters that are read of units, one unit after the other, a line feed after each.

    So looking back from the first unit, at places -1 and -2, finds the end of the last.

    Attributes:
        units: what is read of each unit.
        text: all of it.
        lengths: (units,) characters of the whole unit.
        codes: (characters,) code points.
        kinds: (characters,) as `Kind` has them.
        folded: (characters,) code points in lower case, digits as 0.
        starts: (units,) where each unit begins.
        ends: (units,) where it ends.
    """

    units: Sequence[str]
    text: str
    lengths: Places
    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint16]
    folded: NDArray[np.uint32]
    starts: Places
    ends: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Read units, without outer white space and none of them empty."""
        units = [_probe(text) for text in texts]
        joined = "\n".join([*units, ""])
        codes = codes_of(joined)
        ends = np.cumsum([len(unit) + 1 for unit in units]) - 1
        # The first, which are most texts' only ones, are told in half the time.
        below = _FIRST if codes.max() < _FIRST else _BEYOND
        kinds, folded = _table(below)
        return cls(
            units,
            joined,
            np.array(list(map(len, texts))),
            codes,
            kinds.take(codes, mode="clip"),
            np.where(codes < below, folded.take(codes, mode="clip"), codes),
            np.concatenate([[0], ends[:-1] + 1]),
            ends,
        )

    def are(self, kind: Kind) -> Mask:
        """(characters,) which are of a kind."""
        return (self.kinds & np.uint16(kind)).astype(bool)

    def at(self, places: Places, kind: Kind) -> Mask:
        """(places,) whether the characters there are of a kind."""
        return (self.kinds[places] & np.uint16(kind)).astype(bool)

    def having(self, marks: Mask) -> Mask:
        """(units,) which hold a marked character."""
        having = np.zeros(len(self.starts), dtype=bool)
        places = marks.nonzero()[0]
        if len(places):
            having[self.unit_of(places)] = True
        return having

    def count(self, marks: Mask) -> Floats:
        """(units,) how many characters are marked."""
        counts: Floats = np.add.reduceat(marks, self.starts, dtype=np.float32)
        return counts

    def unit_of(self, places: Places) -> Places:
        """The unit that each place lies in."""
        return self.starts.searchsorted(places, side="right") - 1


def before(marks: Mask) -> Mask:
    """(characters,) whether the character before each is marked."""
    shifted = np.zeros_like(marks)
    shifted[1:] = marks[:-1]
    return shifted


def after(marks: Mask) -> Mask:
    """(characters,) whether the character after each is marked."""
    shifted = np.zeros_like(marks)
    shifted[:-1] = marks[1:]
    return shifted


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _probe(text: str) -> str:
    """What is read of a unit: all of it, or of a long one head and tail."""
    return text if len(text) <= READ_CHARS else f"{text[:_HEAD]} {text[-_TAIL:]}"
