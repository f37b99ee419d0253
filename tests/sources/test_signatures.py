"""A text without URL names its publisher only where it plainly does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.sources.assess import assess
from cleaner.sources.registry.mentions import mentions, plug_evidence
from cleaner.sources.signatures import resolve_text

BODY = "\n".join(
    [
        "The council voted on the new bridge on Tuesday.",
        "Members said the old one would stay open until spring.",
        "The work is to cost four million and take a year.",
    ],
)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Jane Doe is a staff writer at The Atlantic.", "theatlantic.com"),
        ("John Roe is a senior political reporter for the Boston Globe.", "bostonglobe.com"),
        ("Jane Doe and John Roe are reporters at ProPublica.", "propublica.org"),
        ("Download the BBC News app to read more.", "bbc.com"),
        ("Copyright 2019 The Washington Times, LLC.", "washingtontimes.com"),
        ("Subscribe to The New Yorker for a dollar a week.", "newyorker.com"),
    ],
)
def test_plain_signatures_name_the_publisher(line, source):
    found = resolve_text(f"{BODY}\n{line}\n")

    assert found.source == source
    assert found.evidence


@pytest.mark.parametrize(
    "line",
    [
        "The mayor spoke to the BBC on Monday.",
        "He told The Atlantic that the bridge would hold.",
        '"My sister is a reporter for the Boston Globe," he said.',
        "A newsletter called The Morning was handed out at the bridge.",
        "Sign up for The Morning.",
        "Jane Doe is a staff writer at the Kite Herald.",
        "Rich Roe is editor of National Review.",
        "The Times is a newspaper. Subscribe to The Times.",
    ],
)
def test_a_mention_is_not_a_signature(line):
    assert resolve_text(f"{BODY}\n{line}\n").source is None


def test_two_publishers_are_no_answer():
    text = f"{BODY}\nSubscribe to The New Yorker.\nDownload the BBC News app.\n"
    found = resolve_text(text)

    assert found.source is None
    assert "several" in found.notes[-1]


@pytest.mark.parametrize(
    ("line", "wire"),
    [
        ("LONDON (Reuters) - The council voted on Tuesday.", "reuters"),
        ("SPRINGFIELD, Ill. (AP) — The council voted on Tuesday.", "associated-press"),
    ],
)
def test_a_wire_credit_is_the_origin_and_not_the_publisher(line, wire):
    text = f"{line}\n{BODY}"
    found = resolve_text(text)

    assert found.source is None
    assert [entry.publisher for entry in found.evidence] == [wire]
    assert "not necessarily its publisher" in found.notes[0]


def test_evidence_spans_point_at_the_words():
    text = f"{BODY}\nJane Doe is a staff writer at The Atlantic.\n"
    (entry,) = resolve_text(text).evidence

    assert text[entry.start : entry.end] == "The Atlantic"
    assert entry.kind == "staff"


def test_a_text_without_line_breaks_is_read_at_both_ends():
    text = BODY.replace("\n", " ") * 50 + " Jane. Subscribe to The New Yorker today."

    assert resolve_text(text).source == "newyorker.com"


def test_a_document_without_url_is_assessed_by_its_text():
    record = assess(Document("d", f"{BODY}\nSubscribe to The New Yorker today."))

    assert (record["source"], record["match"]) == ("newyorker.com", "text")
    assert assess(Document("d", BODY))["match"] == "none"


def test_the_text_is_asked_where_the_url_hides_its_target():
    text = f"{BODY}\nSubscribe to The New Yorker today."

    def record(url, page_url=""):
        found = assess(Document("d", text, url=url, page_url=page_url))
        return found["source"], found["match"]

    assert record("https://archive.ph/AbC12") == ("newyorker.com", "text")
    assert record("https://archive.ph/AbC12", "https://kite.test/") == ("kite.test", "registrable")
    assert record("https://kite.test/") == ("kite.test", "registrable")
    assert record("https://www.youtube.com/watch?v=abc") == (None, "platform")


def test_plug_evidence_names_offers_and_credits():
    text = "Download the BBC\u2019s news: BBC Sounds and the BBC News app."
    found = {text[mention.start : mention.end] for mention in plug_evidence(text)}

    assert {"BBC Sounds", "BBC News app"} <= found


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 300_000,
        " " * 300_000,
        "is a writer " * 30_000,
        "Subscribe to " * 30_000,
        "(AP) " * 60_000,
    ],
)
def test_hostile_texts_end_soon(text):
    resolve_text(text)


@given(st.text(alphabet="\n\r (AP)BC NewsapDownload\u2019isarept", max_size=300))
def test_signing_never_raises_and_spans_lie_in_the_text(text):
    for entry in resolve_text(text).evidence:
        assert 0 <= entry.start < entry.end <= len(text)
    for mention in mentions(text):
        assert text[mention.start : mention.end].strip()
