"""Units tile the text that is not white space."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Unit
from cleaner.segment import paragraph_hash, paragraphs, sentences

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Lee spoke. He left.", ["Dr. Lee spoke.", "He left."]),
        ("J. R. Hale of the U.S. team won. Fine.", ["J. R. Hale of the U.S. team won.", "Fine."]),
        ("It rose 3.5 per cent. Then it fell.", ["It rose 3.5 per cent.", "Then it fell."]),
        ("“Is it?” she asked. “No.” He left.", ["“Is it?” she asked.", "“No.”", "He left."]),
        ("The vote failed.Sign up today!", ["The vote failed.", "Sign up today!"]),
        ("See a.example/x.Html or b.example. Bye.", ["See a.example/x.Html or b.example.", "Bye."]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ("He came at 5 p.m. The doors shut.", ["He came at 5 p.m.", "The doors shut."]),
        (
            "Sen. Ann Lee Ann Mary LeeLee: no new tolls! Who wins? MORE (D) won. Fine.",
            ["Sen. Ann Lee", "Ann Mary LeeLee: no new tolls! Who wins? MORE", "(D) won.", "Fine."],
        ),
        (
            "Said Ann Lee Jr. Ann (Nan) LeeStrike looms MORE on Monday.",
            ["Said Ann Lee Jr.", "Ann (Nan) LeeStrike looms MORE", "on Monday."],
        ),
        ("We want MORE, said Ann LeeWay. MORE.", ["We want MORE, said Ann LeeWay.", "MORE."]),
        ("No end", ["No end"]),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert [text[u.start : u.end] for u in sentences(text)] == expected


@pytest.mark.parametrize("piece", ["A-", "Aa ", "Aa AaA", "(A) ", "A" * 1000])
def test_what_looks_like_links_is_read_in_linear_time(piece):
    text = piece * (300_000 // len(piece)) + " MORE"

    assert [(unit.start, unit.end) for unit in sentences(text)] in (
        [(0, len(text))],
        [(0, len(text) - 5), (len(text) - 4, len(text))],
    )


def test_a_leader_of_a_million_dots_is_read_once():
    text = "Contents " + "." * 1_000_000 + "x end"

    assert [(unit.start, unit.end) for unit in sentences(text)] == [(0, len(text))]


@given(st.text())
def test_sentences_tile_the_text_that_is_not_white_space(text):
    covered = [False] * len(text)
    last = 0
    for unit in sentences(text):
        assert unit.start >= last
        assert text[unit.start : unit.end].strip() == text[unit.start : unit.end] != ""
        covered[unit.start : unit.end] = [True] * (unit.end - unit.start)
        last = unit.end
    assert all(c or text[i].isspace() for i, c in enumerate(covered))


def test_a_hash_sees_through_white_space_and_composition_only():
    same = paragraph_hash("Caf\u00e9  at\tnoon ")

    assert same == paragraph_hash("Cafe\u0301 at noon")
    assert same != paragraph_hash("Café at Noon")
