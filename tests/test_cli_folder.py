"""`clean PATH... --out DIR`: the output folder, to the letter."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, CLEANED, GERMAN, PLUG, STORY, STUB
from tests.test_cli import objects

MANIFEST_KEYS = set("input record output status flags title url counts hash source error".split())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def results(folder: Path) -> dict[str, bytes]:
    """All that a run wrote except run.json, which may hold times, hosts and worker counts."""
    return {name: data for name, data in contents(folder).items() if name != "run.json"}


def test_outputs_mirror_the_inputs(run, scraped):
    ran = run("clean", scraped, "--out", "out")

    assert (ran.code, ran.out) == (0, b"")
    assert set(contents(Path("out"))) == {
        "a.txt", "windows.txt", "mac.md.txt", "utf16.txt", "mark.txt", "nul.txt", "empty.txt",
        "plug.txt", "packed.txt.gz.txt", "site/news/page.html.txt", "site/news/page.txt",
        "records.jsonl", "array.json.jsonl", "manifest.jsonl", "removed.jsonl", "run.json",
    }  # fmt: skip
    assert (Path("out") / "a.txt").read_text() == CLEANED
    assert (Path("out") / "windows.txt").read_bytes() == CLEANED.replace("\n", "\r\n").encode()
    assert (Path("out") / "utf16.txt").read_bytes() == CLEANED.encode()
    assert PLUG not in (Path("out") / "site/news/page.html.txt").read_text()


def test_the_manifest_has_a_row_for_every_document_sorted_by_input(run, scraped):
    run("clean", scraped, "--out", "out")

    rows = objects(Path("out/manifest.jsonl").read_bytes())
    names = [row["input"] for row in rows]
    by_name = {(row["input"], row["record"]): row for row in rows}

    assert names == sorted(names)
    assert len(rows) == 11 + 3 + 1
    assert all(set(row) >= MANIFEST_KEYS for row in rows)
    assert all((row["status"], row["error"]) == ("ok", None) for row in rows)
    assert by_name["empty.txt", None]["flags"] == ["empty"]
    assert by_name["a.txt", None]["hash"] == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert by_name["packed.txt.gz", None]["hash"] == by_name["a.txt", None]["hash"]
    assert by_name["records.jsonl", 2]["title"] == "Council closes fish market & moves traders"
    assert by_name["site/news/page.html", None]["url"].startswith("https://quaycourier.example")
    assert by_name["a.txt", None]["counts"]["words"] == len(ARTICLE.split())


def test_every_removed_span_is_on_record(run, scraped):
    run("clean", scraped, "--out", "out")

    rows = objects(Path("out/removed.jsonl").read_bytes())
    mine = [row for row in rows if row["input"] == "a.txt"]

    assert [set(row) for row in mine] == [
        {"input", "record", "start", "end", "label", "score", "text"}
    ] * 2
    assert [row["text"].strip() for row in mine] == [PLUG, STUB]
    assert all(ARTICLE[row["start"] : row["end"]] == row["text"] for row in mine)
    assert {row["record"] for row in rows if row["input"] == "records.jsonl"} >= {1, 2}


def test_record_files_keep_their_fields_and_drop_their_html(run, scraped):
    run("clean", scraped, "--out", "out")

    first, second, third = objects(Path("out/records.jsonl").read_bytes())

    assert (first["id"], first["text"]) == (1, CLEANED)
    assert "html" not in second
    assert STORY[0] in second["text"]
    assert second["id"] == "records.jsonl:2"
    assert third["text"] == STORY[0]


def test_run_json_tells_settings_and_model(run, scraped):
    run("clean", scraped, "--out", "out", "--strength", "low", "--keep", "byline", "--workers", "1")

    about = json.loads(Path("out/run.json").read_text())

    assert about["settings"]["strength"] == "low"
    assert "byline" not in about["settings"]["cut"]
    assert len(about["settings"]["model_sha256"]) == 64
    assert about["totals"]["documents"] == 15
    assert about["totals"]["files_skipped"] == {".docx": 1, ".png": 1}


def test_documents_that_need_a_look_are_flagged_and_still_have_an_output(run, here, scraped):
    (scraped / "fremd.txt").write_text(GERMAN, encoding="utf-8")

    ran = run("clean", scraped, "--out", "out", "--strength", "high")
    flags = {r["input"]: r["flags"] for r in objects((here / "out/manifest.jsonl").read_bytes())}

    assert ran.code == 0
    assert (flags["plug.txt"], (here / "out/plug.txt").read_text()) == (["emptied"], "")
    assert (flags["empty.txt"], (here / "out/empty.txt").read_text()) == (["empty"], "")
    assert (flags["fremd.txt"], (here / "out/fremd.txt").read_text()) == (["language"], GERMAN)
    assert "look at: 1 emptied, 1 empty, 1 language" in ran.err
    run("clean", scraped, "--out", "out", "--any-language")
    flags = {r["input"]: r["flags"] for r in objects((here / "out/manifest.jsonl").read_bytes())}
    assert "language" not in flags["fremd.txt"]


def test_the_summary_is_on_stderr_and_fits_80_columns(run, scraped):
    ran = run("clean", scraped, "--out", "out")

    assert "15 documents" in ran.err
    assert "subscribe" in ran.err
    assert "1 .docx" in ran.err
    assert all(len(line) <= 80 for line in ran.err.splitlines())
    assert "\x1b" not in ran.err
    assert run("clean", scraped, "--out", "out", "--quiet").err == ""


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(run, here, scraped, workers):
    for number in range(45):  # more than a chunk for each worker
        (scraped / f"more{number:02}.txt").write_text(f"Page {number}.\n{ARTICLE}", "utf-8")

    one = run("clean", scraped, "--out", "one", "--workers", "1")
    many = run("clean", scraped, "--out", "many", "--workers", workers)

    assert many.code == 0, many.err
    assert results(here / "many") == results(here / "one")
    assert many.err.replace("many", "one") == one.err
    labels = run("label", scraped, "--workers", workers).out
    assert labels == run("label", scraped, "--workers", "1").out


def test_a_second_run_gives_the_same_bytes(run, here, scraped):
    run("clean", scraped, "--out", "out")
    before = results(here / "out")
    run("clean", scraped, "--out", "out")

    assert results(here / "out") == before


def test_flag_mode_writes_the_texts_whole(run, here, scraped):
    run("clean", scraped, "--out", "out", "--mode", "flag")

    assert (here / "out/a.txt").read_text() == ARTICLE
    assert not (here / "out/removed.jsonl").exists()
