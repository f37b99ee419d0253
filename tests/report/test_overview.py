"""The figures are those of the run; the first to look at are those with most to see."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Flag
from cleaner.report.overview import Overview, Top, doubt
from cleaner.report.read import Entry, Run
from tests.conftest import PLUG
from tests.report.folders import clean


def overview_of(folder: Path) -> Overview:
    return Overview.of(Run.read(folder).entries())


def entry(number, site, *texts, **row):
    spans = tuple({"text": text, "label": "subscribe", "score": 0.9} for text in texts)
    about = {"status": "ok", "flags": [], "counts": {"words": 100}, "source": {}, "site": site}
    return Entry(number, {**about, "url": "", "error": None, **row}, spans)


def test_the_figures_are_those_of_the_run(cleaned):
    totals = json.loads((cleaned / "run.json").read_text(encoding="utf-8"))["totals"]
    overview = overview_of(cleaned)

    assert overview.documents == totals["documents"]
    assert overview.words == totals["words"]
    assert overview.words_cut == totals["words_cut"]
    assert overview.statuses == totals["status"]
    assert overview.flags == totals["flags"]
    assert overview.failed == len(overview.failures) == 2


def test_in_flag_mode_the_words_that_would_be_cut_are_counted(inputs, cleaned, tmp_path):
    flagged = overview_of(clean(inputs, tmp_path / "out", mode="flag"))

    assert flagged.words_cut == overview_of(cleaned).words_cut


def test_sources_have_their_documents_words_and_promotional_share(cleaned):
    source = overview_of(cleaned).sources["quay.example"]

    assert (source.documents, source.basis) == (3, "unknown")
    assert source.share == source.promotional / source.words > 0.1
    assert overview_of(cleaned).by_size()[0].documents >= 3


def test_a_rating_makes_the_basis(inputs, tmp_path):
    table = tmp_path / "mine.csv"
    rows = "source,rating,reason,date\nkite.example,reliable,we read it,2026-01-05\n"
    table.write_text(rows, encoding="utf-8")
    sources = overview_of(clean(inputs, tmp_path / "out", ratings={"mine": table})).sources

    assert (sources["kite.example"].basis, sources["kite.example"].ratings) == (
        "rated",
        ("mine reliable",),
    )
    assert (sources["quay.example"].basis, sources["quay.example"].ratings) == ("unknown", ())


def test_a_template_is_a_text_cut_from_three_documents_of_one_source():
    entries = [
        *(entry(n, "a.example", f"Sign up:  {n} issues") for n in range(4)),
        *(entry(n, "b.example", "Follow us", "Follow us") for n in range(2)),
        *(entry(n, "c.example", "FOLLOW us") for n in range(3)),
    ]
    found = Overview.of(entries).templates()

    assert [(t.site, t.text, t.documents) for t in found] == [
        ("a.example", "Sign up: 2 issues", 4),
        ("c.example", "FOLLOW us", 3),
    ]
    assert found[0].find == "Sign up:"


def test_templates_of_a_run(cleaned):
    (template,) = overview_of(cleaned).templates()

    assert (template.site, template.text, template.label) == ("quay.example", PLUG, "subscribe")


@given(st.lists(st.integers(0, 50)), st.integers(1, 10))
def test_top_holds_the_highest_earlier_ones_first(values, size):
    top = Top(size)
    for number, value in enumerate(values):
        top.add(value, number)
    places = sorted((n for n, v in enumerate(values) if v), key=lambda n: (-values[n], n))

    assert top.numbers() == places[:size]


def test_documents_that_were_emptied_are_looked_at_before_those_that_were_empty():
    flags = [["empty"], [], ["language"], ["emptied"], ["over_cap"], ["filtered"], ["emptied"]]
    entries = [entry(number, "", flags=found) for number, found in enumerate(flags)]

    assert Overview.of(entries).marked.numbers() == [3, 6, 4, 5, 2, 0]
    assert {flag for found in flags for flag in found} == set(Flag)


def test_doubt_grows_towards_even_odds_and_with_length():
    assert doubt([(0.5, 10)]) > doubt([(0.6, 10)]) > doubt([(0.75, 10)]) > 0
    assert doubt([(0.5, 20)]) == 2 * doubt([(0.5, 10)]) == 20
    assert doubt([(0.9, 10), (0.1, 10), (1.0, 5)]) == 0


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"source": {"source": "kite.example"}}, "kite.example"),
        ({"source": {}, "url": "https://www.hill.example/a"}, "hill.example"),
        ({"url": "https://[broken"}, ""),
        ({"source": None}, ""),
    ],
)
def test_a_document_has_a_source_if_anything_tells(row, name):
    assert list(Overview.of([entry(0, "", **row)]).sources) == [name]
