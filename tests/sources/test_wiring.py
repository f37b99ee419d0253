"""Every document says who published it and what the user's tables know, on every way out."""

import json
import pickle

import pytest

import cleaner
from cleaner import Cleaner, Document
from cleaner.errors import RatingsError
from tests.conftest import ARTICLE, PAGE

KEYS = {"source", "publisher", "match", "basis", "ratings", "disputed"}
URL = "https://www.kite.test/flights/1"


@pytest.fixture
def table(here):
    (here / "kites.csv").write_text("domain,pc1\nkite.test,0.82\nheron.test,0.31\n")
    return "ours=kites.csv"


@pytest.mark.parametrize("as_mapping", [False, True])
def test_a_result_says_who_published_it_and_who_rates_that_source(table, as_mapping):
    given = dict([table.split("=")]) if as_mapping else [table]
    source = Cleaner(ratings=given).clean(Document(id="", text=ARTICLE, url=URL)).source

    assert set(source) == KEYS
    assert (source["source"], source["basis"]) == ("kite.test", "rated")
    assert [(r["table"], r["value"]) for r in source["ratings"]] == [("ours", 0.82)]


def test_a_page_behind_a_url_that_hides_its_target_says_who_published_it(run, here):
    record = {"url": "https://archive.ph/AbC12", "html": PAGE}
    (here / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    run("clean", "a.jsonl", "--out", "out")  # through the spool
    (cleaned,) = map(json.loads, (here / "out/a.jsonl").read_text(encoding="utf-8").splitlines())

    assert cleaned["url"] == record["url"]
    assert cleaned["cleaner"]["source"]["source"] == "quaycourier.example"


def test_a_url_alone_is_rated_as_a_document_of_it_is(run, table):
    plain = json.loads(run("sources", "resolve", URL).out)
    lines = run("sources", "resolve", URL, "https://wren.test/1", "--ratings", table).out
    rated, unknown = map(json.loads, lines.splitlines())
    source = Cleaner(ratings=[table]).clean(Document(id="", text=ARTICLE, url=URL)).source

    assert KEYS & set(plain) == {"source", "publisher", "match"}
    assert plain.items() <= rated.items()
    assert {key: rated[key] for key in KEYS} == source
    assert (unknown["basis"], unknown["ratings"]) == ("unknown", [])
    assert run("sources", "resolve", URL, "--ratings", "ours=gone.csv").code == 2


def test_without_a_row_the_basis_is_unknown_and_there_is_no_number(table):
    document = Document(id="", text=ARTICLE, url="https://wren.test/1")
    source = Cleaner(ratings=table).clean(document).source

    assert (source["source"], source["basis"], source["ratings"]) == ("wren.test", "unknown", [])


def test_a_pickled_cleaner_reads_its_tables_again(table):
    made = Cleaner(ratings=[table])
    assert made.tables.tables
    again = pickle.loads(pickle.dumps(made))

    assert "tables" not in again.__dict__
    assert again.tables.describe() == made.tables.describe()


def test_the_face_takes_tables_in_a_list(table):
    assert cleaner.clean(ARTICLE, ratings=[table]).source["basis"] == "unknown"


def test_a_folder_run_records_sources_and_tables(run, here, table):
    (here / "a.jsonl").write_text(json.dumps({"text": ARTICLE, "url": URL}) + "\n")
    ran = run("clean", "a.jsonl", "--out", "out", "--ratings", table)
    assert ran.code == 0, ran.err
    row = json.loads((here / "out/manifest.jsonl").read_text())
    about = json.loads((here / "out/run.json").read_text())
    (described,) = about["settings"]["ratings"]

    assert row["source"]["basis"] == "rated"
    assert (described["name"], described["rows"], len(described["sha256"])) == ("ours", 2, 64)


def test_a_failed_document_still_says_who_published_it(run, here):
    (here / "a.jsonl").write_text(json.dumps({"text": 3, "url": URL}) + "\n{}\n")
    ran = run("clean", "a.jsonl", "--out", "out")
    rows = [json.loads(line) for line in (here / "out/manifest.jsonl").read_text().splitlines()]

    assert ran.code == 1
    assert [row["status"] for row in rows] == ["failed", "failed"]
    assert [row["source"]["source"] for row in rows] == ["kite.test", None]
    assert all(set(row["source"]) == KEYS for row in rows)


def test_label_and_the_stream_look_up_too(run, table):
    line = json.dumps({"text": ARTICLE, "url": URL}).encode() + b"\n"
    labelled = json.loads(run("label", "-", "--ratings", table, stdin=line).out)
    cleaned = json.loads(run("clean", "-", "--ratings", table, stdin=line).out)

    assert labelled["source"] == cleaned["cleaner"]["source"]
    assert labelled["source"]["ratings"][0]["row"] == "kite.test"


def test_a_table_that_cannot_be_read_stops_the_run_before_it_begins(run):
    ran = run("clean", "-", "--ratings", "ours=none.csv", stdin=b"{}\n")

    assert (ran.code, ran.out) == (2, b"")
    assert "none.csv can't be read" in ran.err
    with pytest.raises(RatingsError):
        Cleaner(ratings="ours=none.csv").clean(ARTICLE)


def test_resolve_prints_one_line_for_each_url(run):
    ran = run("sources", "resolve", URL, "https://archive.ph/AbC12")
    rows = [json.loads(line) for line in ran.out.splitlines()]

    assert ran.code == 0  # an unresolved URL is an answer
    assert [row["source"] for row in rows] == ["kite.test", None]
    assert list(rows[0]) == ["url", "unwrapped", "host", "source", "publisher", "match", "notes"]


def test_resolve_reads_stdin(run):
    stdin = URL.encode() + b"\r\n\nhttps://k\xffte.test/\n"
    rows = [
        json.loads(line) for line in run("sources", "resolve", "-", stdin=stdin).out.splitlines()
    ]

    assert [row["url"] for row in rows[:2]] == [URL, ""]
    assert len(rows) == 3


def test_tables_shows_what_a_table_holds(run, here, table):
    (here / "bad.csv").write_text("domain,pc1\n\x1b[31mkite.test,2\n")

    assert b"accepted  2" in run("sources", "tables", table).out
    assert b"\x1b" not in run("sources", "tables", "bad.csv").out
    assert run("sources", "tables", "none.csv").code == 2
