"""The contract of the command line: one file, paths, and what goes where."""

import gzip
import json

import pytest

from cleaner import Cleaner, __version__
from cleaner.classify import Classifier
from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG, STORY, STUB

KEYS = {"start", "end", "label", "score", "keep"}


def objects(lines: bytes) -> list[dict]:
    return [json.loads(line) for line in lines.decode().splitlines()]


def test_version_and_help_go_to_stdout(run):
    assert run("--version").out.decode() == f"cleaner {__version__}\n"
    for arguments in ((), ("--help",), ("-h",), ("clean", "-h")):
        ran = run(*arguments)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(b"Usage: cleaner")


def test_shell_completion_works(run, monkeypatch):
    assert b"_CLEANER_COMPLETE" in run("--show-completion", "bash").out
    monkeypatch.setenv("_CLEANER_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "cleaner res")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run().out.strip() == b"restore"


def test_clean_prints_the_cleaned_text_of_one_file_and_nothing_else(run, here):
    (here / "a.txt").write_bytes(ARTICLE.encode())

    ran = run("clean", "a.txt")

    assert (ran.code, ran.out.decode(), ran.err) == (0, CLEANED, "")
    assert [path.name for path in here.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_are_untouched(run, here, ends):
    (here / "a.txt").write_bytes(ARTICLE.replace("\n", ends).encode())

    assert run("clean", "a.txt").out == CLEANED.replace("\n", ends).encode()


def test_output_is_utf8_without_a_mark_whatever_the_input_was(run, here):
    (here / "a.txt").write_bytes(b"\xff\xfe" + ARTICLE.encode("utf-16-le"))
    (here / "b.txt").write_bytes(ARTICLE.encode("cp1252"))

    assert run("clean", "a.txt").out == CLEANED.encode()
    assert run("clean", "b.txt").out == CLEANED.encode()


def test_clean_prints_the_cleaned_text_of_a_page(run, here):
    (here / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))

    out = run("clean", "a.html.gz").out.decode()

    assert PLUG not in out
    assert all(paragraph in out for paragraph in STORY)


def test_clean_prints_the_cleaned_records_of_a_record_file(run, here):
    records = [{"id": 5, "text": ARTICLE, "extra": [1]}, {"text": ARTICLE}]
    (here / "a.jsonl").write_text("\n\n".join(map(json.dumps, records)))

    first, second = objects(run("clean", "a.jsonl").out)

    assert (first["id"], first["text"], first["extra"]) == (5, CLEANED, [1])
    assert (second["id"], second["text"]) == ("a.jsonl:3", CLEANED)


def test_a_flag_on_a_single_file_is_told_on_stderr(run, here):
    (here / "a.txt").write_text(" \n")

    ran = run("clean", "a.txt")

    assert (ran.code, ran.out) == (0, b" \n")
    assert "a.txt: there was no text" in ran.err
    assert run("clean", "a.txt", "--quiet").err == ""


def test_options_choose_what_is_cut(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    def cleaned(*options: str) -> str:
        return run("clean", "a.txt", *options).out.decode()

    assert cleaned("--strip", "") == ARTICLE
    assert cleaned("--mode", "flag") == ARTICLE
    assert cleaned("--strip", "promotional") == Cleaner(strip="promotional").clean(ARTICLE).text
    assert PLUG in cleaned("--keep", "subscribe")
    assert PLUG not in cleaned("--strip", "subscribe,donate")
    assert STORY[0] in cleaned("--strength", "high")


def test_label_writes_one_line_a_document_of_the_agreed_shape(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (here / "b.html").write_text(PAGE, encoding="utf-8")

    ran = run("label", "b.html", "a.txt")
    text, page = objects(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert (text["id"], text["url"], text["status"]) == ("a.txt", "", "ok")
    assert "text" not in text
    assert all(set(unit) == KEYS for unit in text["paragraphs"])
    assert [ARTICLE[u["start"] : u["end"]] for u in text["paragraphs"] if not u["keep"]] == [
        PLUG,
        STUB,
    ]
    assert "basis" in text["source"]
    assert (page["id"], page["url"]) == ("b.html", "https://quaycourier.example/news/fish-market")
    heading, *cut = [
        page["text"][u["start"] : u["end"]] for u in page["paragraphs"] if not u["keep"]
    ]
    assert heading == "Council closes fish market & moves traders", "it repeats the page title"
    assert cut == [PLUG]


def test_label_gives_what_the_python_face_gives(run, here, cleaner):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    (record,) = objects(run("label", "a.txt").out)

    assert record["paragraphs"] == [
        {
            "start": v.unit.start,
            "end": v.unit.end,
            "label": v.label.value,
            "score": v.score,
            "keep": v.keep,
        }
        for v in cleaner.label(ARTICLE)
    ]


def test_label_writes_a_file_that_appears_whole(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    ran = run("label", "a.txt", "--out", "labels.jsonl")

    assert (ran.code, ran.out) == (0, b"")
    assert (here / "labels.jsonl").read_bytes() == run("label", "a.txt").out
    assert {path.name for path in here.iterdir()} == {"a.txt", "labels.jsonl"}


def test_a_failed_document_has_no_paragraphs_an_error_and_exit_code_1(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (here / "b.txt").write_bytes(b"%PDF-1.5 nothing to read")

    ran = run("label", "a.txt", "b.txt")
    good, bad = objects(ran.out)

    assert ran.code == 1
    assert good["status"] == "ok"
    assert (bad["id"], bad["status"], bad["paragraphs"]) == ("b.txt", "failed", [])
    assert "binary" in bad["error"]
    assert "b.txt" in ran.err


def test_urls_are_given_to_text_files_by_path(run, here):
    (here / "news").mkdir()
    (here / "news/a.txt").write_text(ARTICLE, encoding="utf-8")
    (here / "urls.csv").write_text("path,url\na.txt,https://courier.example/a\n")

    (record,) = objects(run("label", "news", "--urls", "urls.csv").out)

    assert record["url"] == "https://courier.example/a"


def test_rows_of_urls_that_match_no_input_are_named(run, here):
    for folder in ("a", "b"):
        (here / folder).mkdir()
        (here / folder / "soup.txt").write_text(ARTICLE, encoding="utf-8")
    (here / "urls.csv").write_text(
        "soup.txt,https://courier.example/a\na/soup.txt,https://x.example/\n"
    )
    says = "cleaner: 1 rows of --urls match no input: "

    for command in (
        ["label", "a", "b"],
        ["clean", "a", "b", "--out", "out"],
        ["sources", "card", "a", "b"],
    ):
        assert f"{says}soup.txt\n" in run(*command, "--urls", "urls.csv").err
    assert f"{says}a/soup.txt\n" in run("clean", "a/soup.txt", "--urls", "urls.csv").err
    assert says not in run("label", "a", "b", "--urls", "urls.csv", "--quiet").err


def test_explain_shows_every_paragraph_with_its_verdict_and_reasons(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    ran = run("explain", "a.txt")
    shown = " ".join(ran.out.decode().split())

    assert (ran.code, ran.err) == (0, "")
    assert all(paragraph in shown for paragraph in (*STORY, PLUG, STUB))
    assert "CUT subscribe 0." in shown
    assert "shape +" in shown
    assert "\x1b" not in shown


def test_explain_judges_the_document_once(run, here, monkeypatch):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    judge, judged = Classifier.verdicts, []
    monkeypatch.setattr(
        Classifier, "verdicts", lambda *a, **k: judged.append(a[1].text) or judge(*a, **k)
    )

    assert run("explain", "a.txt").code == 0
    assert judged == [ARTICLE]
