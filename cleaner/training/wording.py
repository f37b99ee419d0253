"""When two paragraphs are the same in other clothes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

Fold = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SHINGLE = 3
MIN_WORDS = 8  # shorter ones are alike by nature ("Share this story")
_ALIKE = 0.6  # share of shingles in common, of all that either has


def fold(text: str) -> Fold:
    """The words of a paragraph without case, digits and marks.

    >>> fold("Posted 6:12 p.m., by Ann")
    ('posted', '0', '00', 'p', 'm', 'by', 'ann')
    """
    return tuple(_WORD.findall(re.sub(r"\d", "0", text.casefold())))


def near_duplicates(wordings: Sequence[Fold]) -> Iterator[tuple[Fold, Fold]]:
    """Yield the pairs of distinct wordings that have most of their word triples in common.

    Two sets this alike must share one of their rarest members, so only those are compared: time
    grows with the pairs that come close, not with all pairs.
    """
    shingles = {w: _shingles(w) for w in dict.fromkeys(wordings) if len(w) >= MIN_WORDS}
    frequency = Counter(shingle for held in shingles.values() for shingle in held)
    holders: dict[Fold, list[Fold]] = defaultdict(list)
    for wording, mine in shingles.items():
        rare = sorted(mine, key=lambda shingle: (frequency[shingle], shingle))
        candidates: dict[Fold, None] = {}
        for shingle in rare[: len(mine) - int(_ALIKE * len(mine)) + 1]:
            candidates.update(dict.fromkeys(holders[shingle]))
            holders[shingle].append(wording)
        for other in candidates:
            theirs = shingles[other]
            common = len(mine & theirs)
            if common >= _ALIKE * (len(mine) + len(theirs) - common):
                yield other, wording


def _shingles(wording: Fold) -> set[Fold]:
    return {wording[i : i + _SHINGLE] for i in range(len(wording) - _SHINGLE + 1)}
