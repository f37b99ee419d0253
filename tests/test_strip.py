"""Kept slices and removed spans partition the text, and restore is exact."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Label, Unit, Verdict
from cleaner.segment import paragraphs
from cleaner.strip import kept_text, removed_spans, restored_text

TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("ab \t\r\n")))


@st.composite
def judged(draw, *, sentences: bool = True):
    """A text with a verdict on each paragraph, or on pieces of it that tile it."""
    text = draw(TEXTS)
    units = []
    for unit in paragraphs(text):
        pieces = [unit]
        if sentences and draw(st.booleans()):
            words = re.finditer(r"\S+", text[unit.start : unit.end])
            pieces = [Unit(unit.start + w.start(), unit.start + w.end()) for w in words]
        units += pieces
    keeps = draw(st.lists(st.booleans(), min_size=len(units), max_size=len(units)))
    return text, [verdict(u.start, u.end, keep=k) for u, k in zip(units, keeps, strict=True)]


def verdict(start: int, end: int, *, keep: bool) -> Verdict:
    return Verdict(Unit(start, end), Label.CONTENT if keep else Label.DONATE, 0.5, keep)


def strip(text: str, cut: str) -> str:
    """Cut the sentences (ended by a stop) and paragraphs that stand in `cut`."""
    units = [m.span() for m in re.finditer(r"[^\s.][^.\r\n]*\.?", text)]
    verdicts = [verdict(*span, keep=text[slice(*span)] not in cut) for span in units]
    return kept_text(text, removed_spans(text, verdicts))


@given(judged())
def test_kept_slices_and_removed_spans_partition_the_text(case):
    text, verdicts = case
    removed = removed_spans(text, verdicts)

    position, slices = 0, []
    for span in removed:
        assert position <= span.start < span.end
        assert span.text == text[span.start : span.end]
        slices.append(text[position : span.start])
        position = span.end
    slices.append(text[position:])

    assert kept_text(text, removed) == "".join(slices)
    assert len(removed) == sum(not v.keep for v in verdicts)


@given(judged())
def test_a_removed_span_holds_its_unit_and_white_space_and_nothing_else(case):
    text, verdicts = case
    units = [v.unit for v in verdicts if not v.keep]

    for unit, span in zip(units, removed_spans(text, verdicts), strict=True):
        assert span.text.strip() == text[unit.start : unit.end]


@given(judged())
def test_restore_gives_the_text_back(case):
    text, verdicts = case
    removed = removed_spans(text, verdicts)

    assert (
        restored_text(kept_text(text, removed), [(r.start, r.end, r.text) for r in removed]) == text
    )


@given(judged())
def test_kept_words_never_run_together(case):
    text, verdicts = case
    kept = kept_text(text, removed_spans(text, verdicts))

    words = [w for v in verdicts if v.keep for w in text[v.unit.start : v.unit.end].split()]
    assert kept.split() == words


@given(judged())
def test_kept_paragraphs_never_run_together(case):
    text, verdicts = case
    kept = kept_text(text, removed_spans(text, verdicts))

    lines_before = [line.split() for line in re.split("[\r\n]", text)]
    lines_after = [line.split() for line in re.split("[\r\n]", kept) if line.strip()]
    # Each line that is left holds words of one line of the text, in order.
    remaining = iter(lines_before)
    for words in lines_after:
        assert any(is_part(words, line) for line in remaining)


def is_part(words: list[str], line: list[str]) -> bool:
    rest = iter(line)
    return all(word in rest for word in words)


@given(judged(sentences=False))
def test_keeping_all_changes_nothing_and_cutting_all_leaves_white_space(case):
    text, verdicts = case
    none = [verdict(v.unit.start, v.unit.end, keep=True) for v in verdicts]
    every = [verdict(v.unit.start, v.unit.end, keep=False) for v in verdicts]

    assert kept_text(text, removed_spans(text, none)) == text
    assert kept_text(text, removed_spans(text, every)).strip() == ""


@pytest.mark.parametrize(
    ("text", "cut", "kept"),
    [
        ("A.\n\nB.\n\nC.\n", ["B."], "A.\n\nC.\n"),
        ("A.\n\nB.\n", ["B."], "A.\n"),
        ("A.\r\n\r\nB.\r\nC.", ["A."], "B.\r\nC."),
        ("A.\rB.\rC.", ["B."], "A.\rC."),
        ("A. B. C.", ["B."], "A. C."),
        ("A. B.\nC.", ["B."], "A.\nC."),
        ("A. B.\nC. D.", ["B.", "C."], "A.\nD."),
        ("A. B.\nC.\nD.", ["B.", "C."], "A.\nD."),
        ("A. B.\nC.", ["B.", "C."], "A."),
        ("  A.\n B.\n", ["A."], "  B.\n"),
        ("A.\n\n\n", ["A."], "\n\n\n"),
    ],
)
def test_what_goes_with_a_cut(text, cut, kept):
    assert strip(text, cut) == kept


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It failed.|Sign up.| He left.", "It failed. He left."),
        ("It failed. |Sign up.| He left.", "It failed. He left."),
        ("said Lee |Ann LeeOne Two MORE|, who left.", "said Lee, who left."),
        ("said Lee |Ann LeeOne Two MORE|’s aide.", "said Lee’s aide."),
        ("said Lee |Ann LeeOne Two MORE| (D).", "said Lee (D)."),
    ],
)
def test_a_plug_within_a_sentence_leaves_one_space_or_none_before_a_mark(text, left):
    before, plug, after = text.split("|")
    text = before + plug + after
    start, end = len(before), len(before) + len(plug)
    verdicts = [
        verdict(0, len(before.rstrip()), keep=True),
        verdict(start, end, keep=False),
        verdict(len(text) - len(after.lstrip()), len(text), keep=True),
    ]

    assert kept_text(text, removed_spans(text, verdicts)) == left
