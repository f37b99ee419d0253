"""Filters act only on request, leave a record, and lose nothing."""

import json

import pytest

from cleaner import Cleaner, Document, Flag, Mode
from cleaner.errors import SetupError
from cleaner.sources.require import parse_requirements
from tests.conftest import ARTICLE

KITE = Document(id="", text=ARTICLE, url="https://kite.test/1")
HERON = Document(id="", text=ARTICLE, url="https://heron.test/1")
WREN = Document(id="", text=ARTICLE, url="https://wren.test/1")
NOBODY = Document(id="", text=ARTICLE)


@pytest.fixture
def tables(here):
    (here / "ours.csv").write_text("domain,pc1\nkite.test,0.82\nheron.test,0.31\n")
    (here / "theirs.csv").write_text("domain,pc1\nheron.test,0.9\n")
    return ("ours=ours.csv", "theirs=theirs.csv")


@pytest.mark.parametrize(
    ("require", "passing"),
    [
        ("known", [KITE, HERON, WREN]),
        ("rated", [KITE, HERON]),
        ("undisputed", [KITE]),
        ("ours>=0.5", [KITE]),
        ("ours >= 0.31", [KITE, HERON]),
        ("theirs>=0.5", [HERON]),
        (["rated", "ours>=0.9"], []),
    ],
)
def test_only_what_meets_every_requirement_stays(tables, require, passing):
    made = Cleaner(ratings=tables, require=require)
    for document in (KITE, HERON, WREN, NOBODY):
        result = made.clean(document)
        stays = document in passing

        assert bool(result.text.strip()) is stays
        assert (Flag.FILTERED in result.flags) is not stays
        assert ("unmet" in result.source) is not stays
        assert Flag.EMPTIED not in result.flags


def test_what_is_filtered_is_on_record_whole(tables):
    result = Cleaner(ratings=tables, require="rated").clean(WREN)

    assert "".join(span.text for span in result.removed).strip() == ARTICLE.strip()
    assert result.source["unmet"] == ["rated"]


def test_flag_mode_leaves_the_text(tables):
    result = Cleaner(ratings=tables, require="rated", mode=Mode.FLAG).clean(WREN)

    assert result.text == ARTICLE
    assert result.flags == (Flag.FILTERED,)


@pytest.mark.parametrize(
    "wrong", ["reliable", "", "ours", "none>=0.5", "ours>=2", "ours>=x", "ours<0.5"]
)
def test_what_cannot_be_required_is_refused(wrong):
    with pytest.raises(SetupError, match="can't require"):
        parse_requirements([wrong], ["ours"])


def test_rated_needs_a_table():
    with pytest.raises(SetupError, match="--ratings"):
        parse_requirements(["rated"], [])


def test_nothing_is_filtered_unasked(tables):
    assert Cleaner(ratings=tables).clean(HERON).text.strip()
    assert Cleaner().clean(NOBODY).text.strip()


def test_a_filtered_run_counts_and_restores(run, here, tables):
    lines = [json.dumps({"text": d.text, "url": d.url}) for d in (KITE, WREN)]
    (here / "in").mkdir()
    (here / "in/a.jsonl").write_text("\n".join(lines) + "\n")
    (here / "in/b.txt").write_text(ARTICLE)
    args = [option for table in tables for option in ("--ratings", table)]
    ran = run("clean", "in", "--out", "out", "--require", "rated", *args)
    about = json.loads((here / "out/run.json").read_text())
    texts = [json.loads(line)["text"] for line in (here / "out/a.jsonl").read_text().splitlines()]

    assert ran.code == 0
    assert "2 filtered" in ran.err
    assert about["totals"]["flags"]["filtered"] == 2
    assert about["settings"]["require"] == ["rated"]
    assert [bool(text.strip()) for text in texts] == [True, False]
    assert run("restore", "out", "--out", "back").code == 0
    assert (here / "back/b.txt").read_text() == ARTICLE
    assert json.loads((here / "back/a.jsonl").read_text().splitlines()[1])["text"] == ARTICLE
