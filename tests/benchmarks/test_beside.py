"""The comparison counts what it says it counts, and its page shows what was measured."""

import json

import pytest

from benchmarks.beside import filters, halves, pages, picture, processes, report
from benchmarks.beside.__main__ import FIGURES, PAGE, PICTURE
from cleaner.document import Label
from cleaner.training.corpus import Labelled

PARAGRAPHS = (
    "The harbour council voted on Tuesday.",
    "Sign up for our newsletter!",
    "The market closes in spring [1].",
)


def labelled(site="ledger.example", paragraphs=PARAGRAPHS):
    labels = (Label.CONTENT, Label.SUBSCRIBE, Label.CONTENT)
    return Labelled("1", "own", site, "", paragraphs, labels)


def page(gold):
    return pages.Page(
        "1", "ledger", "article", b"", gold, ["sign up", "log in"], ["sign up for our newsletter!"]
    )


@pytest.mark.skipif(not FIGURES.exists(), reason="not measured yet: python -m benchmarks.beside")
def test_the_page_is_that_of_its_figures():
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))

    assert PAGE.read_text(encoding="utf-8") == report.page(figures)
    assert PICTURE.read_text(encoding="utf-8") == report.picture(figures)


def test_words_are_compared_as_bags():
    found = pages.score(page("one two two three"), "Two one. Two four five six")

    assert found["precision"] == 3 / 6
    assert found["recall"] == 3 / 4
    assert found["f1"] == pytest.approx(0.6)


def test_what_should_not_be_there_is_found_whatever_its_case_and_spaces():
    left = pages.score(page("x"), "A line.\nSIGN UP  for our\nnewsletter!")
    clean = pages.score(page("x"), "A line.")

    assert (left["forbidden"], left["promotional"]) == (1, 1)
    assert (clean["forbidden"], clean["promotional"]) == (0, 0)


def test_no_text_has_no_score_and_is_right_where_none_was_wanted():
    assert pages.score(page("gold"), "")["f1"] == 0
    assert pages.score(page(""), "")["f1"] == 1


def test_a_gain_has_an_interval_over_sites_not_pages():
    one_site = [("a", 0.1)] * 50 + [("b", -0.1)]
    value, low, high = pages.gain(one_site)

    assert value == pytest.approx((50 * 0.1 - 0.1) / 51)
    assert low == pytest.approx(-0.1)
    assert high == pytest.approx(0.1)


def test_a_document_meets_the_model_that_did_not_see_its_site():
    fitted = [
        halves.Half(None, frozenset({"a"}), []),
        halves.Half(None, frozenset({"b"}), []),
    ]

    assert [halves.unseen(fitted, site) for site in ("a", "b", "neither")] == [0, 1, 0]


def test_what_a_line_filter_left_out_is_what_it_cut():
    document = labelled()
    kept = [PARAGRAPHS[0], "The market closes in spring ."]  # C4's filter takes citations out

    assert [span.text for span in filters.dropped(document, kept)] == [PARAGRAPHS[1]]
    assert [span.text for span in filters.dropped(document, [])] == list(PARAGRAPHS)
    assert filters.dropped(document, PARAGRAPHS) == []


def test_spans_cut_stand_where_their_text_stands():
    text = "\n".join(PARAGRAPHS)

    for span in filters.dropped(labelled(), []):
        assert text[span.start : span.end] == span.text


def test_the_threshold_is_the_best_there_is():
    content, plug = Label.CONTENT, Label.PRODUCT
    judged = [([0.9, 0.8, 0.3, 0.2], [plug, plug, content, plug])]

    assert filters._best(judged) == 0.2
    assert filters._best([([0.9, 0.8, 0.3, 0.2], [plug, plug, content, content])]) == 0.8


def test_what_has_one_score_is_on_one_side_of_the_threshold():
    plug, content = Label.SUBSCRIBE, Label.CONTENT
    judged = [([1.0] * 8, [plug] * 2 + [content] * 6), ([0.9], [plug])]

    assert filters._best(judged) == 0.9


def test_labels_of_the_picture_do_not_overlap():
    places = picture._places([100.0, 101.0, 102.0, 300.0])

    assert places == [100.0, 114.0, 128.0, 300.0]


def test_a_command_that_fails_is_not_measured():
    with pytest.raises(SystemExit, match="ended with 3"):
        processes.run([processes.sys.executable, "-c", "raise SystemExit(3)"])


def test_a_command_is_measured_apart_from_who_measures_it():
    ballast = bytearray(150_000_000)
    busy, memory = processes.run([processes.sys.executable, "-c", "sum(range(10**7))"])
    idle, _ = processes.run([processes.sys.executable, "-c", "pass"])

    assert len(ballast) / 1e6 > memory > 5
    assert busy > idle > 0
