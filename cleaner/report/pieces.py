"""A document as the page shows it: paragraphs in pieces, each kept or cut, with the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.document import Label, Reason, UnitKind, Verdict
from cleaner.report.read import Entry
from cleaner.segment import paragraphs

LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph that one verdict speaks of.

    Attributes:
        start: first character in the document's text.
        end: behind the last.
        cut: whether the run took it out, or flagged it.
        label: None if that is not known.
        score: probability of not being content, None as above.
        reasons: the evidence, strongest first.
        sentence: whether it was judged as a part of its paragraph, whose evidence it has.
    """

    start: int
    end: int
    cut: bool = False
    label: Label | None = None
    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    sentence: bool = False


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without its outer white space."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def judged(entry: Entry, verdicts: Sequence[Verdict]) -> list[Piece]:
    """The pieces of a document that was judged again as it is on record."""
    cut = {bare(entry.text, span["start"], span["end"]) for span in entry.spans}
    pieces = []
    for verdict in verdicts:
        place = verdict.unit.start, verdict.unit.end
        label = verdict.cut_as if place in cut else verdict.label
        within = verdict.unit.kind is not UnitKind.PARAGRAPH
        pieces.append(Piece(*place, place in cut, label, verdict.score, verdict.reasons, within))
    return pieces


def recorded(entry: Entry) -> list[Piece]:
    """The pieces of a document of which only the record is known."""
    text = entry.text
    cut = [
        Piece(
            *bare(text, span["start"], span["end"]),
            cut=True,
            label=Label(span["label"]),
            score=span["score"],
        )
        for span in entry.spans
    ]
    pieces, waiting = [], list(reversed(cut))
    for unit in paragraphs(text):
        position = unit.start
        while waiting and waiting[-1].start < unit.end:
            span = waiting.pop()
            pieces += [Piece(*bare(text, position, span.start)), span]
            position = max(position, span.end)
        pieces.append(Piece(*bare(text, min(position, unit.end), unit.end)))
    return [piece for piece in pieces if piece.start < piece.end]


def as_data(text: str, pieces: Iterable[Piece]) -> list[Any]:
    """Paragraphs as short JSON: lists of [text, cut, label's index, score, reasons, sentence].

    The pieces carry their text, because offsets mean other places in a browser's UTF-16.
    """
    data: list[list[Any]] = []
    position = 0
    for piece in pieces:
        gap = text[position : piece.start]
        if not data or "\n" in gap or "\r" in gap:
            data.append([])
            position = piece.start
        data[-1].append(_as_row(text[position : piece.end], piece))
        position = piece.end
    return data


def spans_as_data(entry: Entry) -> list[Any]:
    """The same of a document whose text can't be had: what was cut, each a paragraph."""
    return [
        [[span["text"].strip(), 1, LABELS.index(span["label"]), span["score"], [], 0]]
        for span in entry.spans
    ]


def _as_row(text: str, piece: Piece) -> list[Any]:
    return [
        text,
        int(piece.cut),
        -1 if piece.label is None else LABELS.index(piece.label),
        piece.score,
        [[reason.evidence, reason.weight] for reason in piece.reasons],
        int(piece.sentence),
    ]
