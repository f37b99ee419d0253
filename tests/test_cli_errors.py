"""Wrong use and files that fail: one line on stderr, and the exit code that tells which."""

import errno
import tempfile

import pytest

from cleaner import model
from tests.conftest import ARTICLE


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["clean", "missing.txt"], "missing.txt"),
        (["clean", "*.nothing"], "*.nothing"),
        (["clean", "news"], "--out DIR"),
        (["clean", "a.txt", "b.txt"], "--out DIR"),
        (["clean", "empty"], "nothing to read"),
        (["clean", "a.txt", "--out", "b.txt"], "b.txt"),
        (["clean", "a.txt", "--out", "b.txt/c"], "b.txt/c"),
        (["clean", "a.txt", "--strip", "adverts"], "subscribe"),
        (["clean", "a.txt", "--keep", "content"], "content"),
        (["clean", "a.txt", "--strength", "brutal"], "medium"),
        (["clean", "a.txt", "--model", "nowhere"], "nowhere"),
        (["clean", "news", "--model", "nowhere", "--out", "x"], "nowhere"),
        (["clean", "a.txt", "--model", "news"], "news"),
        (["clean", "a.txt", "--urls", "missing.csv"], "missing.csv"),
        (["clean", "a.txt", "--urls", "bad.csv"], "row 1"),
        (["clean", "a.txt", "--workers", "0"], "--workers"),
        (["clean", "a.txt", "--no-such-option"], "--no-such-option"),
        (["clean"], "PATH"),
        (["clean", "-", "a.txt"], "stdin"),
        (["clean", "-", "--out", "x"], "stdout"),
        (["clean", "-", "--format", "jsonl"], "--format"),
        (["clean", "-", "--redo"], "--redo"),
        (["clean", "-", "--urls", "urls.csv"], "--urls"),
        (["label", "-", "--urls", "urls.csv"], "--urls"),
        (["label", "missing.txt"], "missing.txt"),
        (["label", "a.txt", "--out", "news"], "folder"),
        (["label", "a.txt", "--out", "no/such/x.jsonl"], "no/such/x.jsonl"),
        (["label", "a.txt", "--out", "x.jsonl", "--model", "nowhere"], "nowhere"),
        (["explain", "missing.txt"], "missing.txt"),
        (["explain", "news"], "news"),
        (["explain", "r.jsonl"], "one document"),
        (["restore", "news", "--out", "x"], "run.json"),
        (["restore", "nowhere", "--out", "x"], "run.json"),
        (["restore", "news"], "--out"),
        (["scrub", "a.txt"], "scrub"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_on_stderr_and_exit_code_2(run, here, arguments, says):
    for name in ("a.txt", "b.txt", "news/c.txt"):
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(ARTICLE, encoding="utf-8")
    (here / "empty").mkdir()
    (here / "bad.csv").write_text("only one field\n")
    (here / "urls.csv").write_text("a.txt,https://courier.example/a\n")
    (here / "r.jsonl").write_text('{"text": "One."}\n')
    before = sorted(here.rglob("*"))

    ran = run(*arguments)

    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("cleaner: ")
    assert says in ran.err
    assert sorted(path for path in here.rglob("*") if path.name != "x") == before


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ("scrub a.txt", "cleaner"),
        ("clean a.txt --strength brutal", "cleaner clean"),
        ("clean", "cleaner clean"),
        ("sources resolve x --no-such-option", "cleaner sources resolve"),
    ],
)
def test_wrong_use_points_to_the_help_that_lists_what_is_right(run, arguments, command):
    assert run(*arguments.split()).err.endswith(f"; see `{command} --help`\n")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.5", "kind of file"),
        ("a.txt", b"\x7fELF" + bytes(99), "binary"),
        ("a.txt", ("Ærø " * 99).encode() + b"\xff", "iconv"),
        ("a.txt.gz", b"not gzip", "gzip"),
        ("a.html", b"PK\x03\x04", "binary"),
    ],
)
def test_a_single_file_that_fails_is_one_line_on_stderr_and_exit_code_1(
    run, here, name, data, says
):
    (here / name).write_bytes(data)

    ran = run("clean", name)

    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith(f"cleaner: {name}: ")
    assert says in ran.err


def test_a_damaged_model_is_one_line_and_exit_code_2(run, here):
    folder = here / "mine"
    folder.mkdir()
    for path in model.find().iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "weights.npz").write_bytes(b"damaged")
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    for arguments in (["clean", "a.txt"], ["clean", "a.txt", "--out", "out"], ["label", "a.txt"]):
        ran = run(*arguments, "--model", "mine")
        assert (ran.code, ran.out) == (2, b"")
        assert ran.err.count("\n") == 1
        assert "weights.npz" in ran.err


def test_no_room_for_temporary_files_is_not_blamed_on_the_output(run, here, monkeypatch):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)

    for arguments in (["label", "a.txt", "--out", "labels.jsonl"], ["clean", "a.txt", "--dry-run"]):
        ran = run(*arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
        assert "can't write temporary files: No space left" in ran.err
        assert "labels.jsonl" not in ran.err


def test_only_a_run_that_writes_a_manifest_says_that_it_names_all_failures(run, here):
    (here / "r.jsonl").write_text("broken\n" * 30)

    for arguments in (
        ["label", "r.jsonl"],
        ["clean", "r.jsonl"],
        ["clean", "r.jsonl", "--dry-run"],
    ):
        assert run(*arguments).err.endswith("… and 10 more\n")
    assert run("clean", "-", stdin=b"broken\n" * 30).err.endswith("… and 10 more\n")
    assert "the manifest names them all" in run("clean", "r.jsonl", "--out", "out").err
