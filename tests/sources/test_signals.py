"""Signals are facts: every one points at the place in the uncut text that shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Document, Label, Unit, Verdict
from cleaner.readers import from_record
from cleaner.sources.signals import Genre, signals
from tests.conftest import PAGE

TEXT = """By Maren Lund
March 3, 2024
ODENSE, Denmark (AP) — The harbour council will close the fish market, Anna Holm said on Tuesday.
“I was told on Monday evening that I have until the end of October,” said Karin Ek.
Two sources familiar with the vote said 11 traders would get $4,500 each, a rise of 12%.
According to Holm, the plan stands. The survey is at https://survey.heron.test/2024.
Correction: An earlier version of this story gave a wrong date for the vote.
Sign up for our newsletter and get the best of the harbour!
"""
PIECES = st.lists(
    st.sampled_from([*TEXT.splitlines(), "said", '"', "“", "By ", "— ", " said Holm", "1.2.3", ""])
    | st.text(max_size=20),
    max_size=14,
).map("\n".join)


def what(spans):
    return [span.what for span in spans]


def test_every_signal_of_a_plain_report_is_found():
    found = signals(Document(id="", text=TEXT, url="https://kite.test/1"))

    assert what(found.byline) == ["Maren Lund"]
    assert what(found.date) == ["March 3, 2024"]
    assert what(found.dateline) == ["ODENSE, Denmark"]
    assert what(found.agencies) == ["associated-press"]
    assert what(found.named) == ["Anna Holm", "Karin Ek", "Holm"]
    assert what(found.anonymous) == ["Two sources familiar with"]
    assert len(found.corrections) == len(found.quotes) == 1
    assert "$4,500" in what(found.numbers)
    assert what(found.outlinks) == ["heron.test"]
    assert found.genre is Genre.UNMARKED


@given(PIECES)
def test_spans_lie_in_the_text_and_show_what_they_say(text):
    found = signals(Document(id="", text=text))
    literal = (found.byline, found.date, found.dateline, found.named, found.quotes, found.numbers)
    for spans in (*literal, found.agencies, found.corrections, found.anonymous, found.outlinks):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
    for spans in literal:
        assert all(text[span.start : span.end] == span.what for span in spans)


def test_what_the_record_says_stands_in_for_the_text():
    found = signals(Document(id="", text="It rained.", author="Maren Lund", date="2024-03-03"))

    assert found.byline == ((0, 0, "Maren Lund"),)
    assert found.date == ((0, 0, "2024-03-03"),)


@pytest.mark.parametrize(
    ("line", "genre"),
    [
        ("Sponsored content", Genre.SPONSORED),
        ("FOR IMMEDIATE RELEASE", Genre.PRESS_RELEASE),
        ("ODENSE, March 3 /PRNewswire/ -- Kite Ltd. opens a hall.", Genre.PRESS_RELEASE),
        ("Opinion | Close the market", Genre.OPINION),
        ("The views expressed are the author's own.", Genre.OPINION),
        ("Opinion is divided over the market.", Genre.UNMARKED),
        ("The sponsored runners came home.", Genre.UNMARKED),
    ],
)
def test_genre_is_what_a_text_calls_itself(line, genre):
    assert signals(Document(id="", text=f"{line}\nThe council met.")).genre is genre


def test_links_in_a_page_are_outlinks_and_those_of_its_menu_are_not():
    page = PAGE.replace("old fish market", '<a href="https://wren.test/">old fish market</a>')
    page = page.replace("<nav>", '<nav><a href="https://heron.test/">Heron</a>')
    document = from_record({"html": page}, "a.jsonl", 1)

    assert what(signals(document).outlinks) == ["wren.test"]


def test_links_to_its_own_site_are_no_outlinks():
    links = ("https://www.kite.test/2", "https://heron.test/x", "/about", "mailto:a@b.test")
    document = Document(id="", text="It rained.", url="https://kite.test/1", links=links)

    assert what(signals(document).outlinks) == ["heron.test"]


def test_pronouns_and_days_are_nobody():
    text = "He said so. They said on Monday. Officials said no. She told Maren. As I said, yes."

    assert what(signals(Document(id="", text=text)).named) == ["Maren"]


def test_the_promotional_share_counts_what_was_cut_as_promotional():
    verdicts = (
        Verdict(Unit(0, 50), Label.CONTENT, 0.1, keep=True),
        Verdict(Unit(50, 75), Label.SUBSCRIBE, 0.9, keep=False),
        Verdict(Unit(75, 100), Label.BYLINE, 0.9, keep=False),
    )

    assert signals(Document(id="", text="x" * 100), verdicts).promotional_share == 0.25
    assert signals(Document(id="", text="")).promotional_share == 0


def test_a_long_line_of_blanks_ends_soon():
    assert signals(Document(id="", text=" " * 200_000)).words == 0
