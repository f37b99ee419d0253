"""Judged again, a document comes out as the run judged it, or it is said that it does not."""

import json
from dataclasses import replace

import pytest

from cleaner import Cleaner
from cleaner.report.evidence import Judge
from cleaner.report.read import Run
from tests.conftest import ARTICLE
from tests.report.folders import FILES, clean


def judged(folder):
    run = Run.read(folder)
    judge = Judge(run)
    return {e.name: (e, judge.judge(e)) for e in run.entries(lambda _: True)}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"mode": "flag"},
        {"strength": "high", "strip": "promotional"},
        {"any_language": True},
        {"keep": "subscribe"},
        {"require": "known"},
    ],
    ids=str,
)
def test_every_document_comes_out_as_on_record(inputs, tmp_path, settings):
    for name, (entry, found) in judged(clean(inputs, tmp_path / "out", **settings)).items():
        assert found.problem == "", name
        assert bool(found.verdicts) == bool(entry.text), name
        assert all(verdict.reasons for verdict in found.verdicts), name


def test_the_verdicts_and_reasons_are_those_of_explain(cleaned, cleaner):
    found = judged(cleaned)["line.txt"][1].verdicts

    assert [v.reasons for v in found] == list(cleaner.explain(FILES["line.txt"]))
    assert [replace(v, reasons=()) for v in found] == list(cleaner.label(FILES["line.txt"]))


def test_another_model_gives_no_evidence(copy):
    info = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    info["settings"]["model_sha256"] = "0" * 64
    (copy / "run.json").write_text(json.dumps(info), encoding="utf-8")
    problems = {found.problem for _, found in judged(copy).values()}

    assert len(problems) == 1
    assert "is another than that of the run" in problems.pop()


def test_without_its_site_memory_a_document_of_that_site_has_no_evidence(copy):
    (copy / "site-memory.txt").unlink()
    found = judged(copy)

    assert "site memory of the run" in found["quay.example/ferry.txt"][1].problem
    assert found["line.txt"][1].verdicts


def test_a_site_memory_that_was_given_is_found_again(inputs, cleaned, tmp_path):
    profile = tmp_path / "profile.txt"
    profile.write_bytes((cleaned / "site-memory.txt").read_bytes())
    out = clean(inputs, tmp_path / "out", site_memory=profile)
    assert all(not found.problem for _, found in judged(out).values())

    profile.write_text("# cleaner site memory 1\n", encoding="utf-8")
    assert judged(out)["quay.example/ferry.txt"][1].problem


def test_a_record_that_says_otherwise_is_believed(copy):
    path = copy / "removed.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("subscribe", "legal"), "utf-8")

    assert "otherwise than on record" in judged(copy)["plug.txt"][1].problem


def test_explain_gives_a_reason_for_every_verdict_in_any_language():
    foreign = "Der Rat hat beschlossen. Er tagt im Mai.\n" * 3 + FILES["line.txt"]
    cleaner = Cleaner()

    for text in (ARTICLE, foreign, FILES["german.txt"]):
        assert len(cleaner.explain(text)) == len(cleaner.label(text))
