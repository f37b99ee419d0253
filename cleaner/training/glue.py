"""Labelled paragraphs → labelled sentences, with the line breaks that scrapes lose.

Plugs glued into content are rare in labelled data and common in scrapes. So they are made: lines of
a document are joined, some or all, and the joined text is split into sentences as in use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def variants(document: Labelled, seed: int) -> Iterator[list[Line]]:
    """The document as it is, and if it holds boilerplate, with some and with all breaks lost."""
    original = lines(document)
    yield original
    if any(label is not Label.CONTENT for _, _, label in sum((x.parts for x in original), ())):
        rng = np.random.default_rng([seed, *document.id.encode()])
        yield join(original, list(rng.random(len(original)) < 0.5))
        if rng.random() < 0.5:
            yield join(original, [True] * len(original))


def join(original: Sequence[Line], glued: Sequence[bool]) -> list[Line]:
    """Join each line for which `glued` is true to the one before it."""
    joined: list[Line] = []
    for line, to_previous in zip(original, glued, strict=True):
        if not joined or not to_previous:
            joined.append(line)
            continue
        last = joined.pop()
        offset = len(last.text) + 1
        moved = tuple((start + offset, end + offset, label) for start, end, label in line.parts)
        joined.append(Line(f"{last.text} {line.text}", (*last.parts, *moved)))
    return joined


def labelled_sentences(line: Line, *, whole: bool = False) -> Iterator[tuple[str, Label | None]]:
    """The sentences of a line; None where a sentence is of two kinds, or of an unknown one.

    With `whole` a line of one kind is left as it is.
    """
    if whole and len({label for _, _, label in line.parts}) == 1:
        yield line.text, line.parts[0][2]
        return
    for unit in sentences(line.text):
        shares: dict[Label | None, int] = {}
        for start, end, label in line.parts:
            overlap = min(end, unit.end) - max(start, unit.start)
            if overlap > 0:
                shares[label] = shares.get(label, 0) + overlap
        label, most = max(shares.items(), key=lambda item: item[1])
        pure = most >= _PURE * sum(shares.values())
        yield line.text[unit.start : unit.end], label if pure else None
