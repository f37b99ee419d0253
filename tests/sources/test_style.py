"""Style measures how a text is written: each feature moves with what it is named after."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Document
from cleaner.sources.style import HEADLINE, NAMES, natural, style

PLAIN = "The council met on the quay and voted to close the hall in the old town that day. " * 20


def measured(text, title="Council closes market"):
    row = style(Document(id="", text=text, title=title), text)
    return dict(zip(NAMES, row, strict=True))


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ("question_marks", "Why now?"),
        ("exclamation_marks", "Stop it!"),
        ("loaded", "A shocking, disgraceful fraud."),
        ("unnamed_sources", "Sources said so."),
        ("according_to", "According to the minutes, yes."),
        ("said", "Holm said so."),
        ("institutions", "The ministry published a survey."),
        ("first_singular", "I do not like my seat."),
        ("second_person", "You know your town."),
        ("hedges", "It may perhaps rain."),
        ("certainty", "Obviously it never works."),
        ("money_and_percent", "It cost $40."),
        ("years", "It opened in 1911."),
        ("capitals", "STOP THE MARKET."),
        ("agencies", "So Reuters wrote."),
        ("quoted", "“It rains in and nobody comes to the hall,” said Ek."),
        ("contractions", "It doesn't rain."),
        ("numbers", "There were 12 of 300."),
    ],
)
def test_a_feature_rises_with_what_it_is_named_after(feature, sentence):
    assert measured(PLAIN + sentence)[feature] > measured(PLAIN)[feature]


@pytest.mark.parametrize(
    ("feature", "title"),
    [
        ("headline_question", "Council closes market?"),
        ("headline_exclamation", "Council closes market!"),
        ("headline_capitals", "Council CLOSES market"),
        ("headline_title_case", "Council Closes Fish Market"),
        ("headline_colon", "Market: council closes it"),
        ("headline_quote", "Council closes ‘unsafe’ market"),
        ("headline_loaded", "Council's shocking market"),
        ("headline_teasing", "Here's why markets close"),
    ],
)
def test_a_headline_feature_rises_with_what_it_is_named_after(feature, title):
    assert measured(PLAIN, title)[feature] > measured(PLAIN)[feature]


def test_without_a_headline_only_its_features_are_unknown():
    row = measured(PLAIN, title="")

    assert {name for name, value in row.items() if np.isnan(value)} == set(HEADLINE)


@given(st.text(max_size=300), st.text(max_size=40))
def test_every_text_can_be_measured(text, title):
    row = style(Document(id="", text=text, title=title), text)

    assert len(row) == len(NAMES)
    assert np.isfinite(row[: -len(HEADLINE)]).all()


def test_rates_do_not_depend_on_length():
    short, long = measured(PLAIN + "Why now? " * 2), measured((PLAIN + "Why now? " * 2) * 3)

    assert short["question_marks"] == pytest.approx(long["question_marks"])


def test_natural_counts_a_thousand_words():
    text = "word " * 499 + "word?"

    assert natural("question_marks", measured(text)["question_marks"]) == pytest.approx(2)
    assert natural("quoted", 0.25) == 0.25
