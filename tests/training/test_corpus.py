"""Corpus files are read whole or refused with the line that is wrong."""

import gzip

import pytest

from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.training import corpus
from cleaner.training.corpus import Labelled


def test_blank_paragraphs_go_and_spans_move_with_their_text(write, record):
    (d,) = corpus.load([write("a.jsonl", record)])

    (span,) = d.spans
    assert d.labels == (Label.CONTENT, Label.CONTENT, Label.SUBSCRIBE)
    assert d.paragraphs[span.paragraph][span.start : span.end] == "Join us!"
    assert d.mixed == {1}
    assert d.unread == frozenset()


def test_a_mixed_paragraph_that_nobody_read_is_known_to_be_unknown(write, record):
    unread = {**record, "spans": [], "mixed": [0, 2], "spans_read": [2]}

    (d,) = corpus.load([write("a.jsonl", unread)])

    assert d.mixed == {0, 1}
    assert d.unread == {0}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": ["content"]}, "4 paragraphs but 1 labels"),
        ({"labels": ["content", "content", "advert", "content"]}, "advert"),
        ({"text": None}, "not a labelled document"),
        ({"paragraphs": []}, "cleaner corpus build"),
        ({"id": 5}, "id is 5, write it as a string"),
        ({"site": 7}, "site is 7"),
        ({"title": ["x"]}, "title is"),
    ],
)
def test_a_wrong_line_is_named(write, record, change, said):
    path = write("a.jsonl", record, {**record, **change})

    with pytest.raises(CorpusError, match=said) as error:
        corpus.load([path])
    assert str(error.value).startswith(f"{path}:2: ")


def test_json_nested_without_end_is_refused_in_one_line(tmp_path):
    deep = tmp_path / "deep.jsonl"
    deep.write_text("[" * 100_000)

    with pytest.raises(CorpusError, match=r"deep\.jsonl:1: not JSON lines"):
        corpus.load([deep])


def test_broken_files_are_refused_in_one_line(tmp_path):
    broken, cut = tmp_path / "broken.jsonl", tmp_path / "cut.jsonl.gz"
    broken.write_text('{"id": ', encoding="utf-8")
    cut.write_bytes(gzip.compress(b"{}\n" * 1000)[:-10])

    with pytest.raises(CorpusError, match=r"broken\.jsonl:1: "):
        corpus.load([broken])
    with pytest.raises(CorpusError, match=r"cut\.jsonl\.gz"):
        corpus.load([cut])
    with pytest.raises(CorpusError, match="no corpus file"):
        corpus.load([tmp_path / "none.jsonl"])


def test_what_an_editor_leaves_beside_a_corpus_file_is_none(write, record):
    path = write("a.jsonl", record)
    write("a.jsonl.bak", record)

    assert corpus.files(path.parent) == [path]


def test_no_order_of_files_changes_what_is_loaded(write, record):
    a, b = write("a.jsonl", record), write("b.jsonl", {**record, "id": "d0"})

    assert corpus.load([a, b]) == corpus.load([b, a])
    assert corpus.fingerprint(corpus.load([a])) != corpus.fingerprint(corpus.load([b]))


@pytest.mark.parametrize(
    ("site", "group"),
    [
        ("edition.cnn.com", "cnn"),
        ("CNN", "cnn"),
        ("www.bbc.co.uk", "bbc"),
        ("", "c/7"),
    ],
)
def test_editions_of_a_brand_are_one_group_and_pages_without_site_their_own(site, group):
    assert Labelled("7", "c", site, "", (), ()).group == group


def test_paragraphs_stand_in_the_text_where_their_units_say(write, record):
    (d,) = corpus.load([write("a.jsonl", record)])

    assert tuple(d.text[unit.start : unit.end] for unit in d.units) == d.paragraphs
    assert d.text.split("\n") == list(d.paragraphs)
