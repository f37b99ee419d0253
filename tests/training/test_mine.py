"""Templates of a folder, as candidates that a person has to confirm."""

import json

import pytest

from cleaner.batch import Settings, Summary
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.sites import Memory
from cleaner.training.mine import mine
from tests.batch.test_site_memory import OTHER, SITE, TEMPLATE, story
from tests.conftest import PLUG


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    for site, count, extra in ((SITE, 6, (PLUG, TEMPLATE)), (OTHER, 2, (PLUG,))):
        (folder / site).mkdir(parents=True)
        for number in range(count):
            text = story(number, *extra)
            (folder / site / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def test_templates_come_as_written_the_surest_first(folder, cleaner):
    plug, template = mine([str(folder)], Settings(cleaner), Summary())

    assert plug["score"] > template["score"] > 0.5
    assert {**plug, "score": 1} == {
        "site": SITE,
        "pages": 6,
        "of": 6,
        "text": PLUG,
        "label": "subscribe",
        "score": 1,
        "confirmed": False,
    }
    assert template["text"] == TEMPLATE


def test_the_command_writes_json_lines(folder, tmp_path, cleaner, run):
    out = tmp_path / "mined.jsonl"
    printed = run("corpus", "mine", folder)
    written = run("corpus", "mine", folder, "--workers", "1", "--out", out)

    assert (printed.code, written.code, written.out) == (0, 0, b"")
    assert printed.out == out.read_bytes()
    records = [json.loads(line) for line in printed.out.splitlines()]
    assert records == list(mine([str(folder)], Settings(cleaner), Summary()))


def test_a_memory_that_is_given_leaves_nothing_to_count(folder):
    with pytest.raises(SetupError, match="--site-memory"):
        list(mine([str(folder)], Settings(Cleaner(site_memory=Memory())), Summary()))


def test_the_command_names_what_failed(folder, run):
    (folder / "broken.txt").write_bytes(b"%PDF-1.5")

    ran = run("corpus", "mine", folder)

    assert ran.code == 1
    assert ran.out.count(b"\n") == 2
    assert ran.err.startswith("cleaner: broken.txt: ")
