"""One bad file never ends a run, and what was cut can be had back."""

import gzip
import json
import re

import pytest

from tests.conftest import ARTICLE, CLEANED, STORY
from tests.test_cli import objects
from tests.test_cli_folder import contents


def test_trouble_with_files_is_rows_and_exit_code_1(run, here, scraped):
    (scraped / "binary.txt").write_bytes(b"\x7fELF" + bytes(500))
    (scraped / "broken.txt").write_bytes(("Ærø " * 99).encode() + b"\xff")
    (scraped / "cut.txt.gz").write_bytes(gzip.compress(ARTICLE.encode())[:-20])
    (scraped / "huge.html").write_bytes(b"<p>One.</p>" * 4_600_000)
    (scraped / "lines.jsonl").write_bytes(b'{"text": "One."}\nbroken\n\n{"text": "Two."}\n')
    (scraped / "none.json").write_bytes(b"[]")

    ran = run("clean", scraped, "--out", "out")
    rows = objects((here / "out/manifest.jsonl").read_bytes())
    troubled = {(row["input"], row["record"]): row["status"] for row in rows if row["error"]}

    assert ran.code == 1
    assert troubled == {
        ("binary.txt", None): "failed",
        ("broken.txt", None): "failed",
        ("cut.txt.gz", None): "failed",
        ("huge.html", None): "refused",
        ("lines.jsonl", 2): "failed",
        ("none.json", 1): "failed",
    }
    assert (here / "out/a.txt").read_text() == CLEANED
    assert not (here / "out/binary.txt").exists()
    assert len(objects((here / "out/lines.jsonl").read_bytes())) == 3
    assert all(name in ran.err for name, _ in troubled)
    assert run("restore", "out", "--out", "back").code == 1


def test_a_file_named_explicitly_whose_kind_is_unknown_fails(run, here):
    (here / "a.pdf").write_bytes(b"%PDF-1.5")
    (here / "a.txt").write_text(STORY[0])

    ran = run("clean", "a.pdf", "a.txt", "--out", "out")

    assert ran.code == 1
    assert "a.pdf" in ran.err
    assert (here / "out/a.txt").read_text() == STORY[0]


def test_restore_gives_back_text_files_byte_for_byte(run, here, scraped):
    run("clean", scraped, "--out", "out")
    ran = run("restore", "out", "--out", "back")

    assert (ran.code, ran.out, ran.err) == (0, b"", "")
    before, back = contents(scraped), contents(here / "back")
    for name in before:
        if name.endswith((".txt", ".md")):
            assert back[name] == before[name], name
    assert back["packed.txt.gz.txt"] == ARTICLE.encode()


def test_restore_gives_back_what_a_page_and_a_record_held(run, here, scraped):
    run("clean", scraped, "--out", "out")
    run("restore", "out", "--out", "back")

    (page,) = objects(run("label", scraped / "site/news/page.html").out)
    assert (here / "back/site/news/page.html.txt").read_text() == page["text"]
    first, second, third = objects((here / "back/records.jsonl").read_bytes())
    assert (first["text"], third["text"]) == (ARTICLE, STORY[0])
    assert second["text"] == page["text"]


def test_restore_works_after_flag_mode(run, here, scraped):
    run("clean", scraped, "--out", "out", "--mode", "flag")

    assert run("restore", "out", "--out", "back").code == 0
    assert (here / "back/windows.txt").read_bytes() == (scraped / "windows.txt").read_bytes()


def test_restore_names_what_was_changed_since(run, here, scraped):
    run("clean", scraped, "--out", "out")
    for name in ("a.txt", "site/news/page.html.txt"):
        (here / "out" / name).write_text("Other words.")
    records = (here / "out/records.jsonl").read_text()
    (here / "out/records.jsonl").write_text(records.replace("harbour", "garden", 1))

    ran = run("restore", "out", "--out", "back")

    assert ran.code == 1
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == [
        "a.txt",
        "records.jsonl:1",
        "site/news/page.html",
    ]
    assert (here / "back/windows.txt").read_bytes() == (scraped / "windows.txt").read_bytes()


@pytest.mark.parametrize("content", ["not JSON", "[]", '{"name": "mine"}', '{"settings": 1}'])
def test_restore_of_a_folder_with_a_foreign_run_json_is_one_line(run, here, content):
    (here / "out").mkdir()
    (here / "out/run.json").write_text(content)

    ran = run("restore", "out", "--out", "back")

    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "run.json is damaged" in ran.err


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("r.jsonl", ".+", "[]", "r.jsonl: "),
        ("r.jsonl", ".+", '{"text":5}', "r.jsonl: "),
        ("r.jsonl", ".+\n", "", "r.jsonl: its output can't be read back: it has more or fewer"),
        ("removed.jsonl", r'"start": \d+', '"start": "x"', "r.jsonl: "),
        ("manifest.jsonl", '("input": "r.jsonl".*"field": )"text"', r"\1[]", "r.jsonl: "),
    ],
)
def test_restore_names_an_output_that_can_not_be_read_and_goes_on(run, here, file, old, new, says):
    (here / "in").mkdir()
    (here / "in/r.jsonl").write_text(json.dumps({"text": ARTICLE}) + "\n")
    (here / "in/z.txt").write_text(STORY[0])
    run("clean", "in", "--out", "out")
    content = (here / "out" / file).read_text()
    (here / "out" / file).write_text(re.sub(old, new, content))
    assert (here / "out" / file).read_text() != content

    ran = run("restore", "out", "--out", "back")

    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert says in ran.err
    assert (here / "back/z.txt").read_text() == STORY[0]


def test_restore_gives_two_inputs_two_files(run, here):
    (here / "in").mkdir()
    (here / "in/a.html").write_text(
        f"<html><body><article><p>{STORY[0]}</p></article></body></html>"
    )
    run("clean", "in", "--out", "out")
    (here / "in/a.html").unlink()
    (here / "in/a.html.txt").write_text("The council voted for a bridge.")
    run("clean", "in", "--out", "out")

    ran = run("restore", "out", "--out", "back")

    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "restored as a.html.2.txt" in ran.err
    assert sorted(contents(here / "back")) == ["a.html.2.txt", "a.html.txt"]
    assert (here / "back/a.html.2.txt").read_text() == "The council voted for a bridge."


def test_restore_writes_over_nothing(run, here):
    (here / "in/sub").mkdir(parents=True)
    for name in ("a.txt", "sub/a.txt"):
        (here / "in" / name).write_text(ARTICLE)
    run("clean", "in", "--out", "out")
    assert [run("restore", "out", "--out", "in").code for _ in range(2)] == [0, 0]
    (here / "in/sub/a.txt").write_text("Edited.")
    (here / "victim").write_text("mine")
    (here / "far").mkdir()
    for name in ("file", "folder"):
        (here / name).mkdir()
    (here / "file/a.txt").symlink_to(here / "victim")
    (here / "folder/sub").symlink_to(here / "far")
    before = contents(here)

    for back in ("in", "out/sub", ".", "file", "folder"):
        ran = run("restore", "out", "--out", back)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1), back
        assert contents(here) == before


def test_restore_of_a_folder_without_a_manifest_is_one_line(run, here):
    (here / "a.txt").write_text(ARTICLE)
    run("clean", "a.txt", "--out", "out")
    (here / "out/manifest.jsonl").unlink()

    ran = run("restore", "out", "--out", "back")

    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "holds no manifest.jsonl" in ran.err


@pytest.mark.parametrize("field", ["input", "output"])
@pytest.mark.parametrize("name", ["../a.txt", "{here}/a.txt"])
def test_restore_leaves_no_folder_whatever_the_manifest_says(run, here, field, name):
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(ARTICLE)
    run("clean", "in", "--out", "out")
    manifest = here / "out/manifest.jsonl"
    row = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**row, field: name.format(here=here)}))
    (here / "a.txt").write_text("mine")

    ran = run("restore", "out", "--out", "back")

    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "leads out of" in ran.err
    assert (here / "a.txt").read_text() == "mine"


def test_an_input_is_never_written_over(run, here):
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(ARTICLE)

    for paths, out in (("in", "in"), ("in/a.txt", "in"), ("./in", str(here / "in"))):
        ran = run("clean", paths, "--out", out)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert "name another" in ran.err
        assert contents(here / "in") == {"a.txt": ARTICLE.encode()}

    (here / "in/run.json").write_text('{"text": "One."}')
    (here / "out").symlink_to(here / "in")
    for path in ("in/run.json", "in/a.txt"):
        assert run("clean", path, "--out", "out").code == 2
        assert sorted(contents(here / "in")) == ["a.txt", "run.json"]


def test_labels_are_never_written_over_an_input(run, here):
    (here / "in").mkdir()
    (here / "in/j.jsonl").write_text(json.dumps({"text": ARTICLE}))
    (here / "link.jsonl").symlink_to(here / "in/j.jsonl")
    before = contents(here)

    for path, out in (("in/j.jsonl", "in/j.jsonl"), ("in", "in/j.jsonl"), ("link.jsonl",) * 2):
        ran = run("label", path, "--out", out)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
        assert f"{out} is an input" in ran.err
        assert contents(here) == before


def test_no_command_writes_over_what_it_reads(run, here):
    for number in range(3):
        (here / f"{number}.txt").write_text(ARTICLE)
    (here / "r.csv").write_text("domain,pc1\nkite.test,0.5\n")
    (here / "u.csv").write_text("path,url\n0.txt,https://kite.test/a\n")
    (here / "p.txt").write_text("# cleaner site memory 1\n")
    label = {"collection": "c", "document": "1", "site": "", "kind": "", "paragraphs": []}
    (here / "l.jsonl").write_text(json.dumps({**label, "mixed": {}, "spans": []}) + "\n")
    text = {"collection": "c", "id": "1", "text": "The weir held.", "labels": ["content"]}
    (here / "s.jsonl").write_text(json.dumps(text) + "\n")
    run("clean", "0.txt", "--out", "out")
    before = contents(here)

    for arguments in (
        ("corpus", "mine", ".", "-o", "1.txt"),
        ("corpus", "build", "l.jsonl", "--source", "c=s.jsonl", "-o", "s.jsonl"),
        ("corpus", "build", "l.jsonl", "--source", "c=s.jsonl", "-o", "l.jsonl"),
        ("evaluate", "--corpus", "s.jsonl", "--json", "s.jsonl"),
        ("evaluate", "--corpus", "s.jsonl", "--picture", "s.jsonl"),
        ("sources", "card", "0.txt", "--ratings", "r=r.csv", "-o", "r.csv"),
        ("label", "0.txt", "--urls", "u.csv", "-o", "u.csv"),
        ("label", "0.txt", "--site-memory", "p.txt", "-o", "p.txt"),
        ("report", "out", "--out", "out/0.txt"),
    ):
        ran = run(*arguments)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1), arguments
        assert f"{arguments[-1]} is an input" in ran.err
        assert contents(here) == before


def test_an_output_folder_among_the_inputs_is_not_read(run, here):
    (here / "a.txt").write_text(ARTICLE)
    run("clean", "a.txt", "--out", "out")
    before = contents(here / "out").keys()

    assert run("clean", "a.txt", "out", "--out", "out").code == 0
    assert contents(here / "out").keys() == before


def test_a_file_that_no_run_wrote_is_left_alone_and_named(run, here):
    (here / "a.txt").write_text(ARTICLE)
    (here / "out").mkdir()
    (here / "out/a.txt").write_text("mine")

    ran = run("clean", "a.txt", "--out", "out")

    assert ran.code == 2
    assert str(here / "out/a.txt") in ran.err
    assert contents(here / "out") == {"a.txt": b"mine"}

    (here / "out/a.txt").rename(here / "out/b.txt")
    assert run("clean", "a.txt", "--out", "out").code == 0
    assert run("clean", "a.txt", "--out", "out").code == 0

    (here / "b.txt").write_text(ARTICLE)
    assert run("clean", "a.txt", "b.txt", "--out", "out").code == 2
    assert (here / "out/b.txt").read_text() == "mine"
    assert run("clean", "a.txt", "b.txt", "--out", "out", "--redo").code == 0


def test_a_folder_that_no_run_wrote_takes_no_records(run, here):
    (here / "r.jsonl").write_text(json.dumps({"text": ARTICLE}))
    (here / "out/r.jsonl").mkdir(parents=True)
    (here / "out/r.jsonl/1.txt").write_text("mine")

    ran = run("clean", "r.jsonl", "--out", "out", "--format", "text")

    assert ran.code == 2
    assert str(here / "out/r.jsonl") in ran.err
    assert contents(here / "out") == {"r.jsonl/1.txt": b"mine"}

    (here / "out/r.jsonl/1.txt").unlink()
    for _ in range(2):
        assert run("clean", "r.jsonl", "--out", "out", "--format", "text").code == 0


@pytest.mark.parametrize("name", ["removed.jsonl", "flagged.jsonl", "run.json", "site-memory.txt"])
def test_a_file_that_is_called_as_our_own_are_is_left_alone_where_no_run_ended(run, here, name):
    (here / "a.txt").write_text(ARTICLE)
    (here / "out").mkdir()
    (here / "out" / name).write_text("mine")

    ran = run("clean", "a.txt", "--out", "out")

    assert ran.code == 2
    assert str(here / "out" / name) in ran.err
    assert contents(here / "out") == {name: b"mine"}


def test_a_site_memory_may_lie_in_the_output_folder_before_the_first_run(run, here):
    (here / "a.txt").write_text(ARTICLE)
    (here / "out").mkdir()
    memory = here / "out/site-memory.txt"
    memory.write_text("# cleaner site memory 1\n[harbour.test] 3 pages\nalways keep: Add comment\n")

    assert run("clean", "a.txt", "--out", "out", "--site-memory", memory).code == 0
    assert "Add comment" in memory.read_text()
