"""Labelled paragraphs → labelled sentences, with the line breaks that scrapes lose.

Plugs glued into content are rare in labelled data and common in scrapes. So they are made: lines of
a document are joined, some or all, and the joined text is split into sentences as in use.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from cleaner.document import Label
from cleaner.segment import sentences
from cleaner.training.corpus import Labelled

_PURE = 0.8  # a sentence that a lost break ran together with another is nobody's example


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as a scrape has it: its text, and (start, end, label) of the parts it is made of.

    A label of None marks a part that holds a plug somewhere: nothing can be learned from it.
    """

    text: str
    parts: tuple[tuple[int, int, Label | None], ...]


def lines(document: Labelled) -> list[Line]:
    """The paragraphs of a document with what is known of their parts."""
    made = []
    for index, (text, label) in enumerate(zip(document.paragraphs, document.labels, strict=True)):
        spans = sorted((s.start, s.end, s.label) for s in document.spans if s.paragraph == index)
        if not spans:
            unknown = index in document.mixed
            made.append(Line(text, ((0, len(text), None if unknown else label),)))
            continue
        parts: list[tuple[int, int, Label | None]] = []
        position = 0
        for start, end, kind in spans:
            parts += [(position, start, label), (start, end, kind)]
            position = end
        parts.append((position, len(text), label))
        made.append(Line(text, tuple(part for part in parts if part[1] > part[0])))
    return made


def variants(document: Labelled, rng: np.random.Generator) -> Iterator[list[Line]]:
    """The document as it is, and if it holds boilerplate, with some breaks lost, and often all."""
    original = lines(document)
    yield original
    if any(label is not Label.CONTENT for line in original for _, _, label in line.parts):
        yield join(original, list(rng.random(len(original)) < 0.5))
        if rng.random() < 0.5:
            yield join(original, [True] * len(original))


def join(original: Sequence[Line], glued: Sequence[bool]) -> list[Line]:
    """Join each line for which `glued` is true to the one before it."""
    runs: list[list[Line]] = []
    for line, to_previous in zip(original, glued, strict=True):
        if runs and to_previous:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_joined(run) for run in runs]


def _joined(run: Sequence[Line]) -> Line:
    offsets = accumulate((len(line.text) + 1 for line in run), initial=0)
    parts = (
        (start + offset, end + offset, label)
        for offset, line in zip(offsets, run, strict=False)
        for start, end, label in line.parts
    )
    return Line(" ".join(line.text for line in run), tuple(parts))


def labelled_sentences(line: Line, *, whole: bool = False) -> Iterator[tuple[str, Label | None]]:
    """The sentences of a line; None where a sentence is of two kinds, or of an unknown one.

    With `whole` a line of one kind is left as it is.
    """
    if whole and len({label for _, _, label in line.parts}) == 1:
        yield line.text, line.parts[0][2]
        return
    starts = [start for start, _, _ in line.parts]
    for unit in sentences(line.text):
        shares: dict[Label | None, int] = {}
        first, last = bisect_right(starts, unit.start) - 1, bisect_right(starts, unit.end)
        for start, end, label in line.parts[max(0, first) : last]:
            overlap = min(end, unit.end) - max(start, unit.start)
            if overlap > 0:
                shares[label] = shares.get(label, 0) + overlap
        label, most = max(shares.items(), key=lambda item: item[1])
        pure = most >= _PURE * sum(shares.values())
        yield line.text[unit.start : unit.end], label if pure else None
