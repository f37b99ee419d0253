"""PATHs: files, folders, globs, names that meet, and names that mean harm."""

import json
import os
from pathlib import Path

import pytest

from cleaner.batch.inputs import find
from cleaner.errors import SetupError
from tests.conftest import ARTICLE, CLEANED, PAGE, STORY
from tests.test_cli import objects
from tests.test_cli_folder import contents, results


def test_all_ways_to_name_the_inputs_give_the_same_text(run, here, scraped):
    run("clean", scraped / "a.txt", "--out", "file")
    run("clean", f"{scraped}/*.txt", "--out", "glob")
    run("clean", f"{scraped}/**/page.txt", "--out", "deep")
    run("clean", scraped, scraped / "site", "--out", "both")

    assert (here / "file/a.txt").read_text() == CLEANED
    assert (here / "glob/a.txt").read_text() == CLEANED
    assert (here / "deep/page.txt").read_text() == CLEANED
    assert (here / "both/site/news/page.txt").read_text() == CLEANED


def test_files_of_one_name_from_two_folders_both_have_an_output(run, here):
    for folder, story in (("x", STORY[0]), ("y", STORY[1])):
        (here / folder).mkdir()
        (here / folder / "a.txt").write_text(story)

    run("clean", "x", "y", "--out", "out")

    texts = {p.read_text() for p in (here / "out").rglob("a.txt")}
    assert texts == {STORY[0], STORY[1]}
    inputs = [row["input"] for row in objects((here / "out/manifest.jsonl").read_bytes())]
    assert len(set(inputs)) == 2


def test_an_input_that_would_take_the_name_of_another_output_gets_its_own(run, here):
    (here / "in").mkdir()
    (here / "in/a.html").write_text(PAGE)
    (here / "in/a.html.txt").write_text(STORY[0])
    (here / "in/manifest.jsonl").write_text(json.dumps({"text": STORY[1]}))

    run("clean", "in", "--out", "out")

    rows = objects((here / "out/manifest.jsonl").read_bytes())
    assert len({row["output"] for row in rows}) == 3
    assert (here / "out/a.html.txt").read_text() == STORY[0]


def test_an_output_folder_inside_the_input_is_not_read(run, scraped):
    run("clean", scraped, "--out", scraped / "out")
    first = results(scraped / "out")
    run("clean", scraped, "--out", scraped / "out")

    assert results(scraped / "out") == first
    assert not (scraped / "out/.cleaner").exists()


def test_an_output_folder_among_what_a_glob_finds_is_not_read(run, here):
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(ARTICLE)

    for pattern in ("**/*.txt", "**", "*", "*"):
        ran = run("clean", f"in/{pattern}", "--out", "in/out")

        assert ran.code == 0
        (row,) = objects((here / "in/out/manifest.jsonl").read_bytes())
        assert row["input"] == "a.txt"


def test_two_asterisks_find_what_is_in_folders_and_follow_no_links_to_folders(tmp_path):
    names = ["a.txt", "b/c.txt", "b/d/e.txt", "b/d/f.md", ".hidden/g.txt", "b/.h.txt"]
    for name in (*names, "../outside/s.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(ARTICLE)
    (tmp_path / "in/b/out").symlink_to("../../outside")
    for number in range(3):  # each path through them leads to all of them: thousands of paths
        (tmp_path / f"in/b/d/up{number}").symlink_to("../../b")
    (tmp_path / "in/to-a-file.txt").symlink_to("a.txt")

    def names_of(pattern):
        found = find([f"{tmp_path}/in/{pattern}"], out=None).files
        return [entry.path.relative_to(tmp_path / "in").as_posix() for entry in found]

    text = ["a.txt", "b/c.txt", "b/d/e.txt", "to-a-file.txt"]
    assert sorted(names_of("**/*.txt")) == sorted(names_of("**/**/*.txt")) == text
    assert sorted(names_of("**/b/**/*.txt")) == text[1:3]
    assert sorted(names_of("**")) == sorted([*text, "b/d/f.md"])
    assert names_of("**/d/") == ["b/d/e.txt", "b/d/f.md"]
    assert names_of("**/.hidden/*") == [".hidden/g.txt"]
    with pytest.raises(SetupError, match="no such file"):
        names_of("**/s.txt")
    with pytest.raises(SetupError, match="no such file"):
        names_of("**/*/s.txt")


def test_two_asterisks_alone_name_what_lies_in_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/c.txt").write_text(ARTICLE)
    monkeypatch.chdir(tmp_path)

    for pattern in ("**", "**/*.txt", "b/**"):
        assert [entry.name for entry in find([pattern], out=None).files] == ["c.txt"]


def test_output_folders_of_other_runs_are_skipped_and_counted_but_read_when_they_are_named(
    run, here
):
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(ARTICLE)
    run("clean", "in", "--out", "in/old")

    ran = run("clean", "in", "--out", "new")

    (row,) = objects((here / "new/manifest.jsonl").read_bytes())
    assert row["input"] == "a.txt"
    assert "not read: 1 output folders" in ran.err
    skipped = json.loads((here / "new/run.json").read_text())["totals"]["files_skipped"]
    assert skipped == {"output folders": 1}
    assert len(objects(run("label", "in").out)) == 1
    assert "a.txt" in [entry.name for entry in find(["in/old"], None).files]


def test_a_folder_with_a_manifest_that_no_run_of_ours_wrote_is_read(here):
    for number, about in enumerate(("{}", "[]", "{broken", '{"totals": 1}')):
        (here / f"in/{number}").mkdir(parents=True)
        (here / f"in/{number}/manifest.jsonl").write_text(json.dumps({"text": ARTICLE}))
        (here / f"in/{number}/run.json").write_text(about)

    assert len(find(["in"], None).files) == 8
    assert find(["in"], None).skipped == {}


def test_hidden_files_are_skipped_and_counted_but_read_when_they_are_named(run, here):
    for name in ("a.txt", ".hidden.txt", "._a.html", ".git/y.txt", "deep/.draft.txt"):
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_text(ARTICLE)

    found = find(["in"], None)

    assert [entry.name for entry in found.files] == ["a.txt"]
    assert found.skipped == {"hidden": 4}
    assert run("clean", "in/.hidden.txt").out.decode() == CLEANED
    assert [entry.name for entry in find(["in/.git"], None).files] == ["y.txt"]


HOSTILE = [
    "-rf.txt",
    "a\nb.txt",
    "\x1b[31mred.txt",
    "<script>alert(1)</script>".replace("/", "") + ".txt",
    "'; drop table.txt",
    "…é中.txt",
    " .txt",
    "con.txt",
    "%2e%2e%2f.txt",
    "a\\b.txt",
    "[a-z]*.txt",
    ("n" * 240) + ".html",
    ("n" * 250) + ".html",
]


def test_hostile_file_names_are_names_and_nothing_more(run, here):
    (here / "in").mkdir()
    for name in HOSTILE:
        (here / "in" / name).write_text(PAGE if name.endswith(".html") else ARTICLE)

    ran = run("clean", "in", "--out", "out")

    rows = objects((here / "out/manifest.jsonl").read_bytes())
    assert sorted(row["input"] for row in rows) == sorted(HOSTILE)
    assert ran.code == 0
    assert "\x1b" not in ran.err
    assert all((here / "out" / row["output"]).is_file() for row in rows)
    assert run("restore", "out", "--out", "back").code == 0
    assert (here / "back/[a-z]*.txt").read_text() == ARTICLE
    assert sorted(path.name for path in here.iterdir()) == ["back", "in", "out"]


def test_a_file_name_that_is_not_text_is_carried_through(run, here):
    (here / "in").mkdir()
    (here / "in" / os.fsdecode(b"caf\xe9.txt")).write_text(ARTICLE)

    ran = run("clean", "in", "--out", "out")

    assert ran.code == 0
    assert (here / "out" / os.fsdecode(b"caf\xe9.txt")).read_text() == CLEANED
    assert run("restore", "out", "--out", "back").code == 0


def test_ids_and_urls_never_decide_where_something_is_written(run, here):
    record = {"id": "../../escape", "url": "file:///etc/passwd", "title": "../x", "text": ARTICLE}
    (here / "in").mkdir()
    (here / "in/a.jsonl").write_text(json.dumps(record))

    run("clean", "in", "--out", "deep/er/out")

    assert set(contents(here / "deep/er/out")) == {
        "a.jsonl", "manifest.jsonl", "removed.jsonl", "run.json",
    }  # fmt: skip
    assert sorted(path.name for path in here.iterdir()) == ["deep", "in"]


def test_a_loop_of_links_ends(run, here):
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(STORY[0])
    (here / "in/loop").symlink_to(here / "in")
    (here / "in/gone.txt").symlink_to(here / "nowhere.txt")

    ran = run("clean", "in", "--out", "out")

    assert ran.code == 1
    assert "gone.txt" in ran.err
    assert (here / "out/a.txt").read_text() == STORY[0]


def test_files_that_share_all_their_names_are_told_apart_without_comparing_each_with_each(
    here, monkeypatch
):
    for folder in ("x/news", "y/news"):
        (here / folder).mkdir(parents=True)
        for number in range(40):
            (here / folder / f"{number}.txt").write_text("The ferry is late.")
    resolve, calls = Path.resolve, []
    monkeypatch.setattr(Path, "resolve", lambda *a, **k: calls.append(a) or resolve(*a, **k))

    names = [entry.name for entry in find(["x/news", "y/news"], None).files]

    assert names == sorted(f"{x}/news/{number}.txt" for x in "xy" for number in range(40))
    assert len(calls) < 3 * len(names)


def test_a_name_made_of_folders_that_another_file_has_already_gets_a_number(here):
    for name in ("a/b/x.txt", "c/b/x.txt", "u/a/b/x.txt", "u/a/b/x.2.txt"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("The ferry is late.")

    names = {entry.name: entry.path for entry in find(["a", "c", "u"], None).files}

    assert {name: path.relative_to(here).as_posix() for name, path in names.items()} == {
        "a/b/x.txt": "a/b/x.txt",
        "c/b/x.txt": "c/b/x.txt",
        "a/b/x.2.txt": "u/a/b/x.2.txt",
        "a/b/x.3.txt": "u/a/b/x.txt",
    }
