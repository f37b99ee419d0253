"""The texts that went into a run come out of its folder, in any format; what is gone is said."""

import json

import pytest

from cleaner.batch.rows import text_hash
from cleaner.errors import SetupError
from cleaner.report.read import Run
from tests.conftest import ARTICLE, PLUG, STORY, STUB
from tests.report.folders import FILES, NOTE, clean, write_records


def entries(folder, wanted=lambda _: True):
    return {entry.name: entry for entry in Run.read(folder).entries(wanted)}


@pytest.mark.parametrize("form", [None, "text", "jsonl", "markdown", "parquet"])
@pytest.mark.parametrize("mode", ["drop", "flag"])
def test_the_texts_come_back_from_every_format(inputs, tmp_path, form, mode):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    found = entries(clean(inputs, tmp_path / "out", form, mode=mode))

    texts = {name: text for name, text in FILES.items() if not name.endswith(".html")}
    assert {name: found[name].text for name in texts} == texts
    assert found["records.jsonl:1"].text == ARTICLE
    assert found["records.jsonl:4"].text == f"{STORY[2]}\n{NOTE}"
    assert STORY[0] in found["records.jsonl:2"].text
    assert STORY[0] in found["quay.example/page.html"].text
    assert {entry.problem for entry in found.values()} == {""}


def test_documents_that_failed_are_there_without_a_text(cleaned):
    found = entries(cleaned)

    assert found["records.jsonl:3"].row["status"] == found["broken.txt"].row["status"] == "failed"
    assert found["records.jsonl:3"].text == found["broken.txt"].text == ""


def test_spans_go_to_their_documents(cleaned):
    found = entries(cleaned, lambda _: False)
    lines = (cleaned / "removed.jsonl").read_text(encoding="utf-8").splitlines()

    assert [span for entry in found.values() for span in entry.spans] == list(
        map(json.loads, lines)
    )
    for entry in found.values():
        assert all((s["input"], s["record"]) == (entry.row["input"], entry.row["record"])
                   for s in entry.spans)  # fmt: skip


def test_only_the_texts_that_are_wanted_are_read(cleaned):
    found = list(Run.read(cleaned).entries({2, 9}.__contains__))

    assert [entry.number for entry in found if entry.text] == [2, 9]


def test_dolma_holds_no_texts_and_that_is_said(inputs, tmp_path):
    found = entries(clean(inputs, tmp_path / "out", "dolma"))

    assert found["plug.txt"].text == ""
    assert found["plug.txt"].problem == "its output holds no text"
    assert found["plug.txt"].spans


@pytest.mark.parametrize("mode", ["flag", "drop"])
def test_what_an_earlier_run_made_of_an_input_that_is_gone_comes_back(tmp_path, mode):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(ARTICLE, encoding="utf-8")
    clean(tmp_path / "in", tmp_path / "out", "markdown")
    (tmp_path / "in/a.txt").unlink()

    gone = entries(clean(tmp_path / "in", tmp_path / "out", "markdown", mode=mode))["a.txt"]

    assert (gone.text, gone.problem) == (ARTICLE, "")
    assert [span["text"].strip() for span in gone.spans] == [PLUG, STUB]


@pytest.mark.parametrize("absolute", [False, True])
def test_no_file_outside_the_folder_is_read(copy, absolute):
    outside = copy.parent / "outside.txt"
    outside.write_text(ARTICLE, encoding="utf-8")
    rows = [json.loads(line) for line in (copy / "manifest.jsonl").read_text("utf-8").splitlines()]
    row = next(row for row in rows if row["input"] == "plug.txt")
    row["output"] = str(outside) if absolute else "../outside.txt"
    row["text_hash"] = text_hash(ARTICLE)
    write_records(copy / "manifest.jsonl", rows)
    (copy / "removed.jsonl").unlink()

    plug = entries(copy)["plug.txt"]

    assert plug.text == ""
    assert "leads out of" in plug.problem


def test_outputs_that_are_gone_changed_or_damaged_are_told(copy):
    (copy / "plug.txt").unlink()
    (copy / "line.txt").write_text("Something else.", encoding="utf-8")
    (copy / "records.jsonl").write_text("{", encoding="utf-8")
    found = entries(copy)

    assert found["plug.txt"].problem == "its output is gone"
    assert "was changed since" in found["line.txt"].problem
    assert "can't be read" in found["records.jsonl:1"].problem
    assert found["records.jsonl:4"].problem == "its output holds no text"
    assert not any(found[n].text for n in ("plug.txt", "line.txt", "records.jsonl:1"))
    assert found["german.txt"].text == FILES["german.txt"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"settings": {"mode": "drop"}}'])
def test_a_damaged_run_is_one_line(copy, content):
    (copy / "run.json").write_text(content, encoding="utf-8")

    with pytest.raises(SetupError, match=r"run\.json is damaged"):
        Run.read(copy)


def test_another_folder_is_one_line(tmp_path):
    with pytest.raises(SetupError, match="name the folder that `cleaner clean` wrote"):
        Run.read(tmp_path)
