"""Runs that go on from earlier ones: after a kill, and after a change of inputs or settings."""

import json
import os
import random
import signal
import time

import pytest

from cleaner.batch import Settings, clean_folder, restore_folder
from cleaner.batch.resume import Previous
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.writers import writer_of, writers
from tests.batch.folders import contents, start
from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG, STORY


@pytest.fixture
def folder(tmp_path):
    """A folder of texts, pages and records."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for number in range(60):
        (folder / f"{number}.txt").write_text(f"{ARTICLE}Number {number}.\n", encoding="utf-8")
        page = PAGE.replace("in March", f"in March of year {number}")
        (folder / f"deep/{number}.html").write_text(page, encoding="utf-8")
    lines = [json.dumps({"id": n, "text": f"{ARTICLE}Record {n}."}) for n in range(150)]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"%PDF-1.5")
    return folder


@pytest.fixture
def again(folder, tmp_path, cleaner):
    """Clean the folder into one and the same output folder."""

    def run(cleaner=cleaner, **settings):
        return clean_folder(
            [str(folder)], tmp_path / "out", Settings(cleaner, **settings), writers(None)
        )

    return run


def fresh(folder, tmp_path, cleaner):
    clean_folder([str(folder)], tmp_path / "fresh", Settings(cleaner), writers(None))
    return contents(tmp_path / "fresh")


@pytest.mark.parametrize("whom", ["all", "parent"])
def test_a_run_killed_at_any_moment_and_run_again_gives_the_same_bytes(folder, tmp_path, whom):
    arguments = ("clean", folder, "--workers", "2", "--quiet", "--out")
    begun = time.monotonic()
    with start(*arguments, tmp_path / "whole") as process:
        assert process.wait() == 1
    whole, seconds = contents(tmp_path / "whole"), time.monotonic() - begun
    moments = random.Random(whom)
    spooled = 0
    for number in range(3):
        out = tmp_path / f"killed{number}"
        for _ in range(2):
            with start(*arguments, out) as process:
                time.sleep(moments.uniform(0.3, seconds))
                if process.poll() is None:
                    kill = os.killpg if whom == "all" else os.kill
                    kill(process.pid, signal.SIGKILL)
        spooled += any((out / ".cleaner").glob("*.read"))
        with start(*arguments, out) as process:
            assert process.wait() == 1
        assert contents(out) == whole
    assert spooled  # else no kill fell into a run


def test_a_killed_run_goes_on_where_it_was(again, monkeypatch):
    from cleaner.batch import spool

    done = []
    real = spool.clean_outcome

    def clean_some(outcome, cleaner):
        if len(done) == 200:
            raise KeyboardInterrupt
        done.append(outcome.name)
        return real(outcome, cleaner)

    monkeypatch.setattr(spool, "clean_outcome", clean_some)
    monkeypatch.setattr("cleaner.batch.passes._FEW_DOCUMENTS", 1000)
    with pytest.raises(KeyboardInterrupt):
        again()
    done.clear()
    read = []
    monkeypatch.setattr(spool, "read_item", read.append)
    summary = again()

    assert summary.documents == 271
    assert 71 <= len(done) <= 71 + 32  # the documents of the chunk that was cut short
    assert not read


def test_what_a_killed_run_read_counts_for_the_settings_it_was_cleaned_with(
    tmp_path, cleaner, monkeypatch
):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "in/r.jsonl").write_text(json.dumps({"text": ARTICLE}), encoding="utf-8")

    def again(cleaner):
        return clean_folder(
            [str(tmp_path / "in")], tmp_path / "out", Settings(cleaner), writers(None)
        )

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cleaner.batch.spool.clean_outcome", stop)
        with pytest.raises(KeyboardInterrupt):
            again(cleaner)
    high = Cleaner(strength="high")

    assert again(high).unchanged == 0
    assert again(high).unchanged == 2
    assert again(cleaner).unchanged == 0
    assert contents(tmp_path / "out") == fresh(tmp_path / "in", tmp_path, cleaner)


def test_a_spool_file_that_a_power_cut_left_empty_is_made_again(again, tmp_path, monkeypatch):
    again()
    whole = contents(tmp_path / "out")
    from cleaner.batch import run as module

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.OutputFolder, "finish", stop)
        with pytest.raises(KeyboardInterrupt):
            again(redo=True)
    spooled = sorted((tmp_path / "out/.cleaner").glob("*.*"))
    assert {path.suffix for path in spooled} >= {".read", ".done"}
    for number, path in enumerate(spooled):
        if path.suffix in {".read", ".done"}:
            path.write_bytes(path.read_bytes()[: -1 if number % 2 else 0])

    again(redo=True)
    assert contents(tmp_path / "out") == whole


def test_what_is_unchanged_is_not_done_again(again, tmp_path, monkeypatch):
    again()
    before = contents(tmp_path / "out")
    monkeypatch.setattr("cleaner.batch.spool.clean_outcome", None)
    (tmp_path / "in/broken.txt").unlink()

    summary = again()

    assert (summary.unchanged, summary.documents, summary.failed) == (270, 270, 0)
    after = contents(tmp_path / "out")
    assert {name for name in before if before[name] != after.get(name)} == {"manifest.jsonl"}


def test_what_changed_came_or_was_tampered_with_is_done_again(folder, again, tmp_path, cleaner):
    again()
    (folder / "1.txt").write_text("Another text altogether.\n" + ARTICLE, encoding="utf-8")
    (folder / "0000.txt").write_text("A new one.\n" + ARTICLE, encoding="utf-8")
    lines = (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "records.jsonl").write_text("\n".join(lines[:-1]), encoding="utf-8")
    (tmp_path / "out/2.txt").write_text("tampered with")
    (tmp_path / "out/3.txt").unlink()

    summary = again()

    assert summary.documents == summary.unchanged + 3 + 1 + 149 + 1
    assert contents(tmp_path / "out") == fresh(folder, tmp_path, cleaner)


@pytest.mark.parametrize(
    "settings",
    [
        {"strength": "high"},
        {"keep": "subscribe"},
        {"mode": "flag"},
        {"any_language": True},
    ],
)
def test_other_settings_do_everything_again(folder, again, tmp_path, settings):
    again()
    other = Cleaner(**settings)

    assert again(other).unchanged == 0
    assert contents(tmp_path / "out") == fresh(folder, tmp_path, other)


def test_a_text_with_another_url_is_done_again(again):
    again()

    assert again(urls={"1.txt": "https://courier.example/1"}).unchanged == 269


def test_redo_does_everything_again(again, tmp_path):
    again()
    before = contents(tmp_path / "out")

    assert again(redo=True).unchanged == 0
    assert contents(tmp_path / "out") == before


def test_outputs_of_inputs_that_are_gone_are_named_and_kept(run, folder, tmp_path):
    out = tmp_path / "out"
    run("clean", folder, "--out", out)
    cleaned = (out / "7.txt").read_bytes()
    original = (folder / "7.txt").read_bytes()
    (folder / "7.txt").unlink()
    (folder / "deep/8.html").unlink()

    ran = run("clean", folder, "--out", out, "--quiet")

    assert "2 inputs of an earlier run are gone or can't be read; " in ran.err
    assert "their outputs are kept: 7.txt, deep/8.html" in ran.err
    assert (out / "7.txt").read_bytes() == cleaned
    assert json.loads((out / "run.json").read_text())["totals"]["documents"] == 269
    run("restore", out, "--out", tmp_path / "back")
    assert (tmp_path / "back/7.txt").read_bytes() == original
    assert PLUG in original.decode()

    (out / "7.txt").unlink()
    assert "1 inputs" in run("clean", folder, "--out", out, "--quiet").err


def test_another_mode_keeps_what_was_cut_from_inputs_that_are_gone(tmp_path, cleaner):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"{ARTICLE}This is {name}.\n", encoding="utf-8")
    flagging = Cleaner(mode="flag")
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    whole = contents(out)
    (folder / "a.txt").unlink()

    for cleaning in (flagging, flagging, cleaner, flagging):
        clean_folder([str(folder)], out, Settings(cleaning), writers(None))
        restore_folder(out, tmp_path / "back", writer_of)
        for name in ("a", "b", "c"):
            text = (tmp_path / f"back/{name}.txt").read_text(encoding="utf-8")
            assert text == f"{ARTICLE}This is {name}.\n"
    (folder / "b.txt").unlink()
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    flagged = contents(out)["flagged.jsonl"].splitlines()
    assert {json.loads(line)["input"] for line in flagged} == {"b.txt"}

    (folder / "a.txt").write_text(f"{ARTICLE}This is a.\n", encoding="utf-8")
    (folder / "b.txt").write_text(f"{ARTICLE}This is b.\n", encoding="utf-8")
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    assert contents(out) == whole


def test_a_line_is_parsed_once_where_it_is_found_and_once_where_it_is_read(
    again, tmp_path, monkeypatch
):
    again()
    previous = Previous(tmp_path / "out")
    parsed = []
    real = json.loads
    monkeypatch.setattr(json, "loads", lambda line: parsed.append(line) or real(line))

    documents = list(previous.documents("records.jsonl"))

    read = len(documents) + sum(len(lines) for _, of in documents for lines in of.values())
    assert len(documents) == 150
    # And of each file the line behind, which is another input's.
    assert read <= len(parsed) <= read + 3


def test_a_manifest_that_names_a_file_outside_the_folder_is_refused(tmp_path, cleaner):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(ARTICLE, encoding="utf-8")
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    (tmp_path / "outside.txt").write_text(ARTICLE, encoding="utf-8")
    manifest = (out / "manifest.jsonl").read_text(encoding="utf-8")
    wrong = manifest.replace('"output": "a.txt"', '"output": "../outside.txt"')
    assert wrong != manifest
    (out / "manifest.jsonl").write_text(wrong, encoding="utf-8")
    (folder / "a.txt").unlink()

    with pytest.raises(SetupError, match="leads out of"):
        clean_folder([str(folder)], out, Settings(cleaner), writers(None))


def test_outputs_of_records_that_left_their_file_are_named_and_kept(run, tmp_path):
    source, out = tmp_path / "r.jsonl", tmp_path / "out"
    lines = [json.dumps({"text": f"{ARTICLE}Record {number}.\n"}) for number in range(3)]
    arguments = ("clean", source, "--out", out, "--format", "text")
    source.write_text("\n".join(lines), encoding="utf-8")
    run(*arguments)
    removed = contents(out)["removed.jsonl"]
    source.write_text(lines[0], encoding="utf-8")

    for unchanged in (0, 1):
        ran = run(*arguments, "--quiet")
        assert "2 inputs of an earlier run are gone or can't be read; " in ran.err
        assert "their outputs are kept: r.jsonl:2, " in ran.err
        totals = json.loads((out / "run.json").read_text())["totals"]
        assert (totals["documents"], totals["unchanged"], totals["vanished"]) == (1, unchanged, 2)
        assert contents(out)["removed.jsonl"] == removed
    assert run("restore", out, "--out", tmp_path / "back").code == 0
    assert (tmp_path / "back/r.jsonl/2.txt").read_text() == f"{ARTICLE}Record 1.\n"

    (out / "r.jsonl/2.txt").unlink()
    assert "kept: r.jsonl:3\n" in run(*arguments, "--quiet").err
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run(*arguments, "--quiet").err == ""
    assert contents(out)["removed.jsonl"] == removed


@pytest.mark.parametrize("forms", [("text", "jsonl"), ("jsonl", "text"), (None, "markdown")])
def test_an_output_folder_is_of_one_format(run, tmp_path, forms):
    source, out = tmp_path / "r.jsonl", tmp_path / "out"
    source.write_text(json.dumps({"text": ARTICLE}), encoding="utf-8")
    first, second = ((("--format", form) if form else ()) for form in forms)
    run("clean", source, "--out", out, *first)
    before = contents(out)

    for redo in ((), ("--redo",)):
        ran = run("clean", source, "--out", out, *second, *redo)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert (
            f"is of a run with {' '.join(first) or 'no --format'}; name another folder" in ran.err
        )
    assert contents(out) == before


RECORD = json.dumps({"text": ARTICLE}).encode()


@pytest.mark.parametrize("form", [None, "text", "jsonl", "markdown"])
@pytest.mark.parametrize(
    ("name", "good"),
    [("a.txt", ARTICLE.encode()), ("r.jsonl", RECORD + b"\n" + RECORD), ("p.html", PAGE.encode())],
)
def test_what_can_not_be_read_any_more_keeps_its_output(run, tmp_path, form, name, good):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    arguments = ("clean", folder, "--out", out, "--quiet", *(("--format", form) if form else ()))
    for file in (name, f"z-{name}"):
        (folder / file).write_bytes(good)
    assert run(*arguments).code == 0
    whole = contents(out)
    run("restore", out, "--out", tmp_path / "back")
    restored = contents(tmp_path / "back")

    for spoilt in (b"\x89PNG\r\n", b"%PDF-1.5"):
        (folder / name).write_bytes(spoilt)
        for _ in range(2):
            ran = run(*arguments)
            assert ran.code == 1
            assert f"kept: {name}" in ran.err
            assert sum(line.startswith(f"cleaner: {name}") for line in ran.err.splitlines()) == 1
            now = contents(out)
            assert now["removed.jsonl"] == whole["removed.jsonl"]
            assert now.keys() == whole.keys()
        assert run("restore", out, "--out", tmp_path / "back").code == 1
        assert contents(tmp_path / "back") == restored

    (folder / name).unlink()
    assert run(*arguments).code == 0
    assert contents(out)["removed.jsonl"] == whole["removed.jsonl"]
    assert run("restore", out, "--out", tmp_path / "back").code == 0
    (folder / name).write_bytes(good)
    assert run(*arguments).code == 0
    assert contents(out) == whole


def test_records_of_which_none_can_be_read_have_an_output_that_is_known(run, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "r.jsonl").write_text("broken{\n", encoding="utf-8")
    assert run("clean", folder, "--out", out).code == 1
    (folder / "r.jsonl").write_text("broken[\n{\n", encoding="utf-8")
    assert run("clean", folder, "--out", out).code == 1
    assert len((out / "r.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    (folder / "r.jsonl").unlink()

    ran = run("clean", folder, "--out", out)

    assert (ran.code, "kept: r.jsonl" in ran.err) == (0, True)
    (folder / "r.jsonl").write_bytes(RECORD)
    assert run("clean", folder, "--out", out).code == 0


def test_a_file_of_the_users_that_a_new_name_leads_to_stays(run, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "b.html").write_bytes(b"%PDF-1.5")
    run("clean", folder, "--out", out)
    (out / "b.html.txt").write_text("my own notes", encoding="utf-8")
    (folder / "b.html").write_text(PAGE, encoding="utf-8")

    ran = run("clean", folder, "--out", out)

    assert (ran.code, (out / "b.html.txt").read_text(encoding="utf-8")) == (2, "my own notes")


def test_a_new_input_does_not_take_the_output_of_one_that_is_gone(tmp_path, cleaner):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE, encoding="utf-8")
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    kept = (out / "a.html.txt").read_bytes()
    (folder / "a.html").unlink()
    (folder / "a.html.txt").write_text(ARTICLE, encoding="utf-8")

    clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert (out / "a.html.txt").read_bytes() == kept
    assert (out / "a.html.2.txt").read_text(encoding="utf-8") == CLEANED


@pytest.mark.parametrize(
    ("first", "newcomer"), [("a.txt", "A.txt"), ("b.html.txt", "b.html"), ("r.csv", "R.csv")]
)
def test_a_newcomer_takes_no_name_and_leaves_no_output_without_a_row(
    run, tmp_path, first, newcomer
):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    good = f'text\n"{STORY[0]}"\n' if first == "r.csv" else ARTICLE
    (folder / first).write_text(good, encoding="utf-8")
    run("clean", folder, "--out", out, "--format", "text")
    before = contents(out)
    (folder / newcomer).write_text(PAGE if newcomer == "b.html" else good, encoding="utf-8")

    assert run("clean", folder, "--out", out, "--format", "text", "--quiet").err == ""

    after = contents(out)
    rows = [json.loads(line) for line in after["manifest.jsonl"].splitlines()]
    outputs = {row["output"] for row in rows}
    assert len(outputs) == 2
    assert outputs == {n for n in after if n.endswith(".txt") and n != "site-memory.txt"}
    (kept,) = outputs & before.keys()
    assert after[kept] == before[kept]


def test_a_timeout_is_tried_again(tmp_path, cleaner):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"{ARTICLE}Number {number}.", encoding="utf-8")
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    whole = contents(out)
    rows = [json.loads(line) for line in whole["manifest.jsonl"].splitlines()]
    rows[1].update(status="timeout", hash="", output=None)
    (out / "1.txt").unlink()
    (out / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert clean_folder([str(folder)], out, Settings(cleaner), writers(None)).unchanged == 2
    assert contents(out) == whole


def test_a_damaged_manifest_is_one_line_and_redo_gets_past_it(run, folder, tmp_path):
    out = tmp_path / "out"
    run("clean", folder, "--out", out)
    whole = contents(out)
    (out / "manifest.jsonl").write_text("not JSON\n")

    ran = run("clean", folder, "--out", out)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "--redo" in ran.err

    assert run("clean", folder, "--out", out, "--redo").code == 1
    assert contents(out) == whole


def test_one_run_at_a_time_in_a_folder_until_it_ends_or_is_killed(folder, tmp_path, cleaner):
    out = tmp_path / "out"
    with start("clean", folder, "--out", out, "--workers", "1") as process:
        while not (out / ".cleaner/lock").exists():
            assert process.poll() is None
        time.sleep(0.2)
        with pytest.raises(SetupError, match="another run is at work"):
            clean_folder([str(folder)], out, Settings(cleaner), writers(None))
        os.killpg(process.pid, signal.SIGKILL)

    assert clean_folder([str(folder)], out, Settings(cleaner), writers(None)).documents == 271
    assert not (out / ".cleaner").exists()
