"""Faults are found, each by a document that has it; our own corpus has none."""

from dataclasses import replace

import pytest

from cleaner.document import Label
from cleaner.training import check, corpus
from cleaner.training.corpus import Labelled, Span
from cleaner.training.wording import fold, near_duplicates

STORY = (
    "The orchard on the north slope was planted in 1931 by two brothers who had never grown a tree "
    "and who wrote down each frost in a ledger that the parish still keeps."
)
OTHER = (
    "A pump at the lower lock failed before dawn, and the keeper worked the paddles by hand until "
    "the men from the depot came with a spare and a long list of complaints."
)


def document(name, site, *paragraphs, labels=None, spans=()):
    labels = labels or [Label.CONTENT] * len(paragraphs)
    return Labelled(name, "c", site, "", paragraphs, tuple(labels), tuple(spans))


def found(*documents, wordings=0):
    return list(check.faults(documents, wordings))


def test_our_own_corpus_has_no_fault(own):
    assert len(own) >= 300
    assert list(check.faults(own, wordings=40)) == []


def test_an_ordinary_pair_of_documents_has_none():
    assert found(document("1", "a.example", STORY), document("2", "b.example", OTHER)) == []


def test_an_id_used_twice():
    d = document("1", "a.example", STORY)

    assert found(d, replace(d, paragraphs=(OTHER,))) == ["c 1: 2 documents of this id"]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span(0, 5, 9999, Label.DONATE), "outside"),
        (Span(0, 3, 8, Label.DONATE), "white space"),
        (Span(0, 4, 11, Label.CONTENT), "neither may be the other"),
    ],
)
def test_a_span_that_can_not_be(span, said):
    (fault,) = found(document("1", "a.example", STORY, spans=[span]))

    assert said in fault


def test_spans_that_overlap():
    spans = [Span(0, 0, 11, Label.DONATE), Span(0, 4, 14, Label.SOCIAL)]

    assert found(document("1", "a.example", STORY, spans=spans)) == [
        "c 1, paragraph 0: two spans overlap"
    ]


def test_a_label_in_too_few_wordings_digits_and_case_aside():
    d = document(
        "1",
        "a.example",
        "Posted 6:12",
        "posted 7:45",
        STORY,
        labels=["byline", "byline", "content"],
    )

    faults = found(d, wordings=2)

    assert "byline: 1 wordings, fewer than 2" in faults


def test_the_same_words_under_two_labels_of_one_document():
    d = document("1", "a.example", STORY, STORY, labels=[Label.CONTENT, Label.RELATED])

    (fault,) = found(d)
    assert fault.startswith("c 1: both content and not")


def test_an_article_that_stands_on_two_sites_leaks_between_splits():
    faults = found(document("1", "a.example", STORY), document("2", "b.example", STORY, OTHER))

    assert any("the same article on two sites" in fault for fault in faults)
    assert any("the same paragraph" in fault for fault in faults)


def test_one_site_may_repeat_itself():
    assert found(document("1", "a.example", STORY), document("2", "news.a.example", STORY)) == []


def test_nearly_the_same_words_on_two_sites():
    changed = STORY.replace("two brothers", "two cousins").replace("1931", "1934")

    (fault,) = found(document("1", "a.example", STORY), document("2", "b.example", changed))
    assert "nearly the same paragraph" in fault


def test_near_duplicates_agree_with_comparing_all_pairs(own):
    wordings = list({fold(text) for d in own[:25] for text in d.paragraphs})
    varied = [w[:-1] for w in wordings[::7]] + [(*w, "again") for w in wordings[::5]]

    def shingles(w):
        return {w[i : i + 3] for i in range(len(w) - 2)}

    every = [w for w in dict.fromkeys([*wordings, *varied]) if len(w) >= 8]
    expected = {
        frozenset((a, b))
        for i, a in enumerate(every)
        for b in every[:i]
        if len(shingles(a) & shingles(b)) >= 0.6 * len(shingles(a) | shingles(b))
    }

    assert len(expected) > 30
    assert {frozenset(pair) for pair in near_duplicates(every)} == expected


def test_labels_without_text_hold_only_labels_that_there_are(public):
    for _, record in corpus.records(public):
        labels = [label for _, label in record["paragraphs"]]
        assert set(labels) <= set(Label)
        assert all(labels[int(index)] == Label.CONTENT for index in record["mixed"])
        assert all(labels[span["paragraph"]] == Label.CONTENT for span in record["spans"])
        assert all(0 <= span["start"] < span["end"] for span in record["spans"])
