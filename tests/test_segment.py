"""Units tile the text that is not white space."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Unit
from cleaner.segment import paragraphs

# Any Unicode, with more of what ends lines, or looks like it does, than chance gives.
TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("\r\n\t \x00\x0b\x0c\x1c\x85\ufeff\u2028")
    )
)


def assert_tiles(text: str, units: Sequence[Unit]) -> None:
    position = 0
    for unit in units:
        assert unit.start < unit.end
        assert text[position : unit.start].strip() == ""
        assert text[unit.start : unit.end] == text[unit.start : unit.end].strip()
        position = unit.end
    assert text[position:].strip() == ""


@given(TEXTS)
def test_paragraphs_tile_the_text_that_is_not_white_space(text):
    assert_tiles(text, list(paragraphs(text)))


@given(TEXTS)
def test_every_line_that_is_not_blank_is_one_paragraph(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    found = [text[unit.start : unit.end] for unit in paragraphs(text)]

    assert found == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_nothing_but_newline_and_carriage_return_ends_a_paragraph(mark):
    assert len(list(paragraphs(f"One{mark}two"))) == 1


@given(TEXTS)
def test_verdicts_tile_the_text_too(cleaner: Cleaner, text):
    assert_tiles(text, [verdict.unit for verdict in cleaner.label(text)])
