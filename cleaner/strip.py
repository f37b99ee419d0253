"""Verdicts + choice → kept slices. Text is only ever cut, never rewritten."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cleaner.document import Removed, Verdict

_MARK = re.compile(r"[,;:.!?…’”)\]]|'[a-z]")  # goes with the word before it


def removed_spans(text: str, verdicts: Sequence[Verdict]) -> tuple[Removed, ...]:
    """Return the spans to cut: every unit not kept, with the white space that goes with it.

    A removed unit takes the white space after it, up to the next unit. At the end of the document,
    and at the end of a paragraph whose earlier sentences stay, it takes the white space before it
    instead, so that what is kept ends as the text ended and paragraphs never run together. So does
    what stands right before a mark ("Lee MORE, who"); and what has no white space before it leaves
    that after it, so that words never run together.
    """
    spans = []
    for first, last in _runs_not_kept(text, verdicts):
        starts = [v.unit.start for v in verdicts[first:last]]
        end = verdicts[last - 1].unit.end
        closes_document = last == len(verdicts)
        closes_paragraph = _inside_paragraph(text, verdicts, first) and not _inside_paragraph(
            text, verdicts, last
        )
        before = verdicts[first - 1].unit.end if first > 0 else 0
        if first > 0 and (closes_document or closes_paragraph or _MARK.match(text, end)):
            starts[0] = before
        elif not closes_document and (first == 0 or before < starts[0]):
            end = verdicts[last].unit.start
        for verdict, start, stop in zip(
            verdicts[first:last], starts, [*starts[1:], end], strict=True
        ):
            spans.append(Removed(start, stop, verdict.cut_as, verdict.score, text[start:stop]))
    return tuple(spans)


def kept_text(text: str, removed: Iterable[Removed]) -> str:
    """Return the slices of `text` between the removed spans, in order."""
    slices, position = [], 0
    for span in removed:
        slices.append(text[position : span.start])
        position = span.end
    slices.append(text[position:])
    return "".join(slices)


def restored_text(kept: str, removed: Iterable[tuple[int, int, str]]) -> str:
    """Put removed spans (start, end, text), in order, back into a kept text."""
    slices, taken, position = [], 0, 0
    for start, end, text in removed:
        slices += [kept[taken : taken + start - position], text]
        taken += start - position
        position = end
    slices.append(kept[taken:])
    return "".join(slices)


def _runs_not_kept(text: str, verdicts: Sequence[Verdict]) -> Iterator[tuple[int, int]]:
    """Yield [first, last) of the runs to cut; a run that closes a kept paragraph ends with it."""
    first = 0
    while first < len(verdicts):
        if verdicts[first].keep:
            first += 1
            continue
        inside = _inside_paragraph(text, verdicts, first)
        last = first + 1
        while last < len(verdicts) and not verdicts[last].keep:
            if inside and not _inside_paragraph(text, verdicts, last):
                break
            last += 1
        yield first, last
        first = last


def _inside_paragraph(text: str, verdicts: Sequence[Verdict], index: int) -> bool:
    """Whether the verdict at `index` stands in the same paragraph as the one before it."""
    if not 0 < index < len(verdicts):
        return False
    gap = text[verdicts[index - 1].unit.end : verdicts[index].unit.start]
    return "\n" not in gap and "\r" not in gap
