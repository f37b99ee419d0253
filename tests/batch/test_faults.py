"""Trouble: each ends as a row of the manifest or one clear line, never as a lost or half output."""

import contextlib
import errno
import json
import os
import resource
import signal
from pathlib import Path

import pytest

from cleaner.batch import Settings, clean_folder
from cleaner.batch.pool import Limits
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.writers import writers
from tests.batch.folders import contents, start
from tests.conftest import ARTICLE, CLEANED, PAGE


def rows(out):
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["input"]: row for row in map(json.loads, lines)}


def texts(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"{ARTICLE}Number {number}.\n", encoding="utf-8")
    return folder


def dangerous_cleaner():
    """A cleaner that obeys its documents, made in a function so that it travels by value."""
    import os
    import signal
    import time

    class Dangerous(Cleaner):
        def clean(self, document):
            if "die now" in document.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "hang now" in document.text:
                time.sleep(600)
            if "swell now" in document.text:
                return bytearray(10_000_000_000)
            if "break now" in document.text:
                raise ZeroDivisionError("never\nmind")
            return super().clean(document)

    return Dangerous()


def test_documents_that_kill_hang_swell_or_break_are_rows_and_the_others_are_done(tmp_path):
    folder, out = texts(tmp_path / "in", 40), tmp_path / "out"
    for word in ("die", "hang", "swell", "break"):
        (folder / f"{word}.txt").write_text(f"{ARTICLE}Now {word} now.", encoding="utf-8")
    settings = Settings(dangerous_cleaner(), workers=2, limits=Limits(3, 4_000_000_000))

    summary = clean_folder([str(folder)], out, settings, writers(None))

    manifest = rows(out)
    assert (summary.documents, summary.failed) == (44, 4)
    assert {name: row["status"] for name, row in manifest.items() if row["status"] != "ok"} == {
        "die.txt": "failed",
        "hang.txt": "timeout",
        "swell.txt": "failed",
        "break.txt": "failed",
    }
    assert "worker died" in manifest["die.txt"]["error"]
    assert "memory" in manifest["swell.txt"]["error"]
    assert manifest["break.txt"]["error"] == "unexpected ZeroDivisionError: never mind"
    assert len(list(out.glob("*.txt"))) == 40

    again = clean_folder([str(folder)], out, Settings(Cleaner(), workers=2), writers(None))
    assert (again.failed, again.unchanged) == (0, 40)


def test_records_that_are_nested_too_deeply_are_rows_and_the_others_are_done(tmp_path, cleaner):
    folder, out = texts(tmp_path / "in", 1), tmp_path / "out"
    depths = range(850, 985)
    lines = [f'{{"text": "Text.", "x": {"[" * depth + "]" * depth}}}' for depth in depths]
    (folder / "r.jsonl").write_text("\n".join(lines), encoding="utf-8")

    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert (summary.documents, summary.failed) == (1 + len(depths), len(depths))
    assert rows(out)["r.jsonl"]["error"] == "JSON that is nested too deeply"
    assert (out / "0.txt").is_file()


@pytest.mark.parametrize("limit", [2_000, 100_000, 700_000])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(run, tmp_path, limit):
    folder, out = texts(tmp_path / "in", 200), tmp_path / "out"
    lines = [json.dumps({"text": f"{ARTICLE}Record {n}."}) for n in range(600)]
    (folder / "r.jsonl").write_text("\n".join(lines), encoding="utf-8")
    arguments = ("clean", folder, "--out", out, "--workers", "1", "--quiet")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond the limit: what the system says is as good as "no space left".
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with start(*arguments) as process:
            code, err = process.wait(), process.stderr.read().decode()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert code == 2
    assert err.count("\n") == 1
    assert "can't write to" in err
    assert not (out / "manifest.jsonl").exists()
    for path in out.glob("*.txt"):
        assert path.read_text(encoding="utf-8").startswith(CLEANED.rstrip())

    assert run(*arguments).code == 0
    run("clean", folder, "--out", tmp_path / "whole", "--quiet")
    assert contents(out) == contents(tmp_path / "whole")


def test_no_space_left_while_outputs_are_written(run, tmp_path, monkeypatch):
    folder, out = texts(tmp_path / "in", 5), tmp_path / "out"
    written = []
    real = Path.write_bytes

    def write(path, data):
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    ran = run("clean", folder, "--out", out, "--quiet")

    assert ran.code == 2
    assert "No space left on device; what is done is kept" in ran.err
    assert run("clean", folder, "--out", out, "--quiet").code == 0
    assert len(rows(out)) == 5


@pytest.mark.parametrize("step", range(8))
@pytest.mark.parametrize("method", ["write_bytes", "write_text", "unlink", "replace"])
def test_a_run_that_breaks_off_at_its_end_loses_nothing(
    tmp_path, cleaner, monkeypatch, method, step
):
    folder, out = texts(tmp_path / "in", 4), tmp_path / "out"
    settings = Settings(cleaner)
    clean_folder([str(folder)], out, settings, writers(None))
    whole = contents(out)
    (folder / "3.txt").unlink()
    from cleaner.batch import run as module

    finish, real, steps = module.OutputFolder.finish, getattr(Path, method), []

    def act(path, *arguments, **named):
        steps.append(path)
        if len(steps) > step:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, *arguments, **named)

    def break_off(*arguments):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, act)
            finish(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module.OutputFolder, "finish", break_off)
        with contextlib.suppress(SetupError):
            clean_folder([str(folder)], out, settings, writers(None))

    assert clean_folder([str(folder)], out, settings, writers(None)).unchanged == 3
    after = contents(out)
    assert after.keys() == whole.keys()
    assert after["removed.jsonl"] == whole["removed.jsonl"]
    assert set(rows(out)) == {"0.txt", "1.txt", "2.txt", "3.txt"}


def test_an_input_that_vanishes_or_shuts_is_a_row(tmp_path, cleaner, monkeypatch):
    folder, out = texts(tmp_path / "in", 3), tmp_path / "out"
    (folder / "r.jsonl").write_text(json.dumps({"text": ARTICLE}))
    from cleaner.batch import run as module

    real = module.find

    def find_and_lose(paths, out):
        inputs = real(paths, out)
        (folder / "1.txt").unlink()
        (folder / "r.jsonl").unlink()
        return inputs

    monkeypatch.setattr(module, "find", find_and_lose)
    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert summary.failed == 2
    assert "No such file" in rows(out)["1.txt"]["error"]
    assert "No such file" in rows(out)["r.jsonl"]["error"]


def test_a_folder_and_a_file_that_may_not_be_read_are_rows(tmp_path, cleaner, monkeypatch):
    folder, out = texts(tmp_path / "in", 2), tmp_path / "out"
    texts(folder / "shut", 2)
    real_scan, real_open = os.scandir, Path.open

    def scan(path):
        if isinstance(path, str | Path) and Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_scan(path)

    def open_path(path, *args, **kwargs):
        if path.name == "1.txt" and path.parent == folder:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_open(path, *args, **kwargs)

    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(Path, "open", open_path)
    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert summary.failed == 2
    assert "can't be listed: Permission denied" in rows(out)["shut"]["error"]
    assert "Permission denied" in rows(out)["1.txt"]["error"]
    assert (out / "0.txt").exists()


def test_names_of_all_kinds(run, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    names = [
        "line\nend.txt",
        "con.txt",
        "aux/nul.txt",
        "trailing dot./a.txt",
        "a:b?c*.txt",
        "back\\slash.txt",
        "..txt",
        "...txt",
        "A.txt",
        "a.txt",
        "Folder/a.txt",
        "folder/a.txt",
        "x" * 251 + ".txt",
        "y" * 250 + ".html",
        "é" * 125 + ".html",
        "z" * 246 + ".html",
        "page.html",
        "page.html.txt/inner.txt",
        "manifest.jsonl",
        "-rf.txt",
        os.fsdecode(b"latin\xe9.txt"),
        " .txt",
    ]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = PAGE if name.endswith("html") else ARTICLE
        if name.endswith("jsonl"):
            text = json.dumps({"text": ARTICLE})
        (folder / name).write_text(text, encoding="utf-8")

    hidden = [folder / name for name in names if name.startswith(".")]
    ran = run("clean", folder, *hidden, "--out", out, "--quiet")

    manifest = rows(out)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(manifest) == sorted(names)
    outputs = [row["output"] for row in manifest.values()]
    assert len({output.lower() for output in outputs}) == len(names)
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
        *outputs, "manifest.jsonl", "removed.jsonl", "run.json", "site-memory.txt",
    }  # fmt: skip
    assert run("restore", out, "--out", tmp_path / "back").code == 0
    for name in names:
        if name.endswith(".txt"):
            assert (tmp_path / "back" / name).read_text(encoding="utf-8") == ARTICLE


def test_an_output_that_can_not_be_written_is_a_row(tmp_path, cleaner):
    folder, out = texts(tmp_path / "in", 3), tmp_path / "out"
    (out / "1.txt" / "in the way").mkdir(parents=True)

    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert (summary.documents, summary.failed) == (3, 1)
    row = rows(out)["1.txt"]
    assert (row["status"], row["output"]) == ("failed", None)
    assert "can't be written" in row["error"]
    assert (out / "2.txt").is_file()


def test_an_output_whose_name_is_too_long_is_a_row(tmp_path, cleaner, monkeypatch):
    folder, long = texts(tmp_path / "in", 1), "o" * 240
    out = tmp_path / long / long / "out"
    monkeypatch.chdir(folder)
    # Up to here a path may have 4,095 bytes; in the output folder the same names make more.
    while len(str(deep := Path.cwd() / ("d" * 200))) < 3800:
        deep.mkdir()
        monkeypatch.chdir(deep)
    Path("a.txt").write_text(ARTICLE, encoding="utf-8")
    Path("r.jsonl").write_text(json.dumps({"text": ARTICLE}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert (summary.documents, summary.failed) == (3, 2)
    assert {r["error"] for r in rows(out).values() if r["status"] == "failed"} == {
        "its output can't be written: File name too long"
    }
    assert (out / "0.txt").is_file()


def test_an_output_that_can_not_be_written_is_a_row_once(tmp_path, cleaner):
    folder, out = texts(tmp_path / "in", 1), tmp_path / "out"
    (folder / "r.jsonl").write_text(json.dumps({"text": ARTICLE}))
    (out / "0.txt" / "in the way").mkdir(parents=True)
    (out / "r.jsonl" / "in the way").mkdir(parents=True)

    assert clean_folder([str(folder)], out, Settings(cleaner), writers(None)).failed == 2
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["input"] for line in lines] == ["0.txt", "r.jsonl"]


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.EAGAIN, "another run is at work"), (errno.ENOLCK, "can't write to .*available")],
)
def test_a_drive_without_locks_is_not_taken_for_another_run(
    tmp_path, cleaner, monkeypatch, number, says
):
    def lock(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("cleaner.batch.lock.lock", lock)
    with pytest.raises(SetupError, match=says):
        clean_folder(
            [str(texts(tmp_path / "in", 1))], tmp_path / "out", Settings(cleaner), writers(None)
        )


def test_a_lock_that_can_not_be_removed_while_it_is_open_ends_no_run(
    tmp_path, cleaner, monkeypatch
):
    folder, out = texts(tmp_path / "in", 1), tmp_path / "out"
    real = Path.unlink

    def unlink(path, **named):
        if path.name == "lock":
            raise PermissionError(errno.EACCES, "The file is in use", str(path))
        real(path, **named)

    monkeypatch.setattr(Path, "unlink", unlink)
    assert clean_folder([str(folder)], out, Settings(cleaner), writers(None)).failed == 0
    assert not (out / ".cleaner").exists()


def test_loops_pipes_and_links_that_lead_nowhere_do_not_hang(tmp_path, cleaner):
    folder, out = texts(tmp_path / "in", 1), tmp_path / "out"
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "nowhere.txt").symlink_to(folder / "gone.txt")
    (folder / "link.txt").symlink_to(folder / "0.txt")
    os.mkfifo(folder / "pipe.txt")

    summary = clean_folder([str(folder)], out, Settings(cleaner), writers(None))

    assert {name: row["status"] for name, row in rows(out).items()} == {
        "0.txt": "ok",
        "link.txt": "ok",
        "nowhere.txt": "failed",
        "self.txt": "failed",
    }
    assert summary.skipped == {"links to folders": 1, ".txt": 1}
    clean_folder([str(folder / "pipe*")], tmp_path / "other", Settings(cleaner), writers(None))
    assert "not a regular file" in rows(tmp_path / "other")["pipe.txt"]["error"]


def test_ctrl_c_ends_with_130_one_line_at_most_and_the_next_run_goes_on(run, tmp_path):
    folder, out = texts(tmp_path / "in", 1500), tmp_path / "out"
    with start("clean", folder, "--out", out, "--workers", "2", "--quiet") as process:
        while not any((out / ".cleaner").glob("*.read")):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr.read().decode().count("\n") <= 1

    assert any((out / ".cleaner").glob("*.read"))
    assert run("clean", folder, "--out", out, "--quiet").code == 0
    assert len(rows(out)) == 1500


def test_the_output_folder_is_not_left_by_any_output(tmp_path, cleaner):
    folder = texts(tmp_path / "in", 1)
    nested = folder / "deep/deeper"
    nested.mkdir(parents=True)
    (nested / "a.txt").write_text(ARTICLE, encoding="utf-8")
    os.chdir(nested)

    clean_folder(["../../../in/deep/..", "."], tmp_path / "out", Settings(cleaner), writers(None))

    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    assert set(rows(tmp_path / "out")) == {"0.txt", "deep/deeper/a.txt"}
