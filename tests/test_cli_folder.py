"""`clean PATH... --out DIR` and `restore DIR`: the output folder, to the letter."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG, STORY, STUB
from tests.test_cli import objects

MANIFEST_KEYS = set("input record output status flags title url counts hash source error".split())


@pytest.fixture
def scraped(here: Path) -> Path:
    """A folder with a file of every kind."""
    files = {
        "a.txt": ARTICLE.encode(),
        "windows.txt": ARTICLE.replace("\n", "\r\n").encode("cp1252"),
        "mac.md": ARTICLE.replace("\n", "\r").encode(),
        "utf16.txt": b"\xff\xfe" + ARTICLE.encode("utf-16-le"),
        "mark.txt": b"\xef\xbb\xbf" + ARTICLE.encode(),
        "nul.txt": ARTICLE.replace("Tuesday", "Tues\x00day").encode(),
        "empty.txt": b"",
        "plug.txt": PLUG.encode(),
        "packed.txt.gz": gzip.compress(ARTICLE.encode(), mtime=0),
        "site/news/page.html": PAGE.encode(),
        "site/news/page.txt": ARTICLE.encode(),
        "records.jsonl": "\n".join(
            json.dumps(r) for r in ({"id": 1, "text": ARTICLE}, {"html": PAGE}, {"text": STORY[0]})
        ).encode(),
        "array.json": json.dumps([{"text": ARTICLE}], indent=1).encode(),
        "picture.png": b"\x89PNG\r\n",
        "notes.docx": b"PK\x03\x04",
    }
    folder = here / "scraped"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


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


def test_an_output_folder_inside_the_input_is_not_read(run, here, scraped):
    run("clean", scraped, "--out", scraped / "out")
    first = results(scraped / "out")
    run("clean", scraped, "--out", scraped / "out")

    assert results(scraped / "out") == first
    assert not (scraped / "out/.cleaner").exists()


def test_flag_mode_writes_the_texts_whole(run, here, scraped):
    run("clean", scraped, "--out", "out", "--mode", "flag")

    assert (here / "out/a.txt").read_text() == ARTICLE
    assert not (here / "out/removed.jsonl").exists()


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
    (here / "out/a.txt").write_text("Other words.")

    ran = run("restore", "out", "--out", "back")

    assert ran.code == 1
    assert "a.txt" in ran.err
    assert (here / "back/windows.txt").read_bytes() == (scraped / "windows.txt").read_bytes()


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
    import os

    (here / "in").mkdir()
    (here / "in" / os.fsdecode(b"caf\xe9.txt")).write_text(ARTICLE)

    ran = run("clean", "in", "--out", "out")

    assert ran.code == 0
    assert os.listdir(b"out").count(b"caf\xe9.txt") == 1
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
