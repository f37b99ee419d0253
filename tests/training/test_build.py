"""Labels join the texts that they were made on, and say so where they can't."""

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest
import trafilatura

from cleaner.errors import CorpusError
from cleaner.segment import paragraph_hash
from cleaner.training import build, corpus

ROOT = Path(__file__).parents[2]
FIRST = "The ferry stays at its berth until the new ramp has been tested under load."
PLUG = "Sign up for the harbour letter."
LAST = "Nobody was hurt, the pilot said. Follow us for more. He went back to work."


@pytest.fixture
def labels():
    return {
        "collection": "quay",
        "document": "q1",
        "site": "quay.example",
        "kind": "local",
        "file": "q1.html",
        "extractor": {"trafilatura": trafilatura.__version__, "include_comments": False},
        "paragraphs": [
            [paragraph_hash(FIRST), "content"],
            [paragraph_hash(PLUG), "subscribe"],
            [paragraph_hash(LAST), "content"],
        ],
        "mixed": {"2": "social"},
        "spans": [{"paragraph": 2, "start": 33, "end": 52, "label": "social"}],
        "spans_read": [2],
    }


def rebuilt(labels, *sources):
    report = {}
    lines = [json.loads(line) for line in build.build([labels], list(sources), report)]
    return lines, report["quay"]


def test_labels_find_their_paragraphs_among_blank_and_unlabelled_ones(write, labels):
    text = f"Home\n\n{FIRST}\n \n  {PLUG}\n{LAST}\nMore"
    source = write("texts.jsonl", {"id": "q1", "text": text, "title": "Ferry"})

    (line,), tally = rebuilt(write("l.jsonl", labels), ("quay", source))
    (d,) = corpus.load([write("built.jsonl", line)])

    assert d.paragraphs == (FIRST, PLUG, LAST)
    assert [label.value for label in d.labels] == ["content", "subscribe", "content"]
    assert d.paragraphs[2][d.spans[0].start : d.spans[0].end] == "Follow us for more."
    assert d.title == "Ferry"
    assert d.unread == frozenset()
    assert tally.documents == {"whole": 1}
    assert tally.paragraphs == {"rebuilt": 3, "changed": 0, "unlabelled": 2}


def test_a_changed_paragraph_is_left_out_and_counted(write, labels):
    source = write("texts.jsonl", {"id": "q1", "text": f"{FIRST} Updated.\n{PLUG}\n{LAST}"})

    (line,), tally = rebuilt(write("l.jsonl", labels), ("quay", source))

    assert line["labels"] == ["subscribe", "content"]
    assert line["spans"][0]["paragraph"] == 1
    assert tally.documents == {"partly": 1}
    assert tally.paragraphs["changed"] == 1
    assert tally.incomplete == ["q1"]


def test_a_document_without_text_is_missing_not_forgotten(write, labels):
    source = write("texts.jsonl", {"id": "other", "text": FIRST})

    lines, tally = rebuilt(write("l.jsonl", labels), ("quay", source), ("other", source))

    assert lines == []
    assert tally.documents == {"missing": 1}
    assert tally.paragraphs == {"missing": 3}
    assert tally.incomplete == ["q1"]


def test_html_is_extracted_as_recorded_where_no_text_comes_first(write, labels, tmp_path):
    page = f"<html><head><title>Ferry</title></head><body><article><p>{FIRST}</p><p>{PLUG}</p>"
    (tmp_path / "html").mkdir()
    (tmp_path / "html/q1.html.gz").write_bytes(gzip.compress(f"{page}<p>{LAST}</p>".encode()))
    labels["file"] = "q1.html.gz"
    nothing = write("texts.jsonl", {"id": "q2", "text": FIRST})

    lines, tally = rebuilt(write("l.jsonl", labels), ("quay", nothing), ("quay", tmp_path / "html"))

    assert lines[0]["text"].split("\n") == [FIRST, PLUG, LAST]
    assert lines[0]["title"] == "Ferry"
    assert tally.documents == {"whole": 1}


def test_a_page_tells_where_paragraphs_stood_whoever_gives_the_text(write, labels, tmp_path):
    (tmp_path / "html").mkdir()
    page = f"<p>{FIRST}</p><aside><a href='/'>{PLUG}</a></aside>"
    (tmp_path / "html/q1.html").write_text(page, encoding="utf-8")
    text = write("texts.jsonl", {"id": "q1", "text": f"Home\n {FIRST}\n{PLUG}\n{LAST}"})

    (line,), _ = rebuilt(write("l.jsonl", labels), ("quay", text), ("quay", tmp_path / "html"))
    (d,) = corpus.load([write("built.jsonl", line)])

    first, plug = d.blocks
    joined = "\n".join(d.paragraphs)
    assert joined[first.start : first.end] == FIRST
    assert joined[plug.start : plug.end] == PLUG
    assert (first.tag, first.link_share) == ("p", 0.0)
    assert (plug.tag, plug.link_share, plug.within) == ("aside", 1.0, ("aside",))


def test_texts_of_another_extractor_are_refused(write, labels, tmp_path):
    (tmp_path / "q1.html").write_text(f"<p>{FIRST}</p>", encoding="utf-8")
    labels["extractor"]["trafilatura"] = "0.0.1"

    with pytest.raises(CorpusError, match=r"trafilatura==0\.0\.1"):
        rebuilt(write("l.jsonl", labels), ("quay", tmp_path))


def test_a_line_that_is_no_label_is_named(write):
    with pytest.raises(CorpusError, match=r"l\.jsonl:1"):
        rebuilt(write("l.jsonl", {"collection": "quay"}))


def test_the_script_passes_the_sources_that_are_there_and_names_the_others(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/cleaner").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "bin/cleaner").chmod(0o755)
    (tmp_path / "my data/wcxb-dev/html").mkdir(parents=True)
    ran = subprocess.run(
        ["sh", ROOT / "scripts/corpus.sh", "my data", "out.jsonl"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines() == [
        *("corpus", "build", "corpus/public", "--out", "out.jsonl"),
        *("--source", "wcxb-dev=my data/wcxb-dev/html"),
        *("--source", "wcxb-pages=my data/wcxb-dev/html"),
    ]
    assert ran.stderr.count("left out, as it is not there: ") == 6
    assert "allsides=my data/allsides/articles.jsonl.gz\n" in ran.stderr
