"""What people see: colour where there is a terminal, and nothing that a terminal would obey."""

import re
import sys

import pytest

from tests.conftest import ARTICLE, GERMAN, PAGE, PLUG, STORY, STUB


def test_explain_is_coloured_on_a_terminal(run, here, monkeypatch):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert b"\x1b[" in run("explain", "a.txt").out


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x9b2J", "a\x00b", "a\u202eb", "\x07ding"])
def test_control_characters_of_a_document_never_reach_the_terminal(run, here, text):
    (here / "a.txt").write_text(f"{text} on the quay\n{PLUG}\n", encoding="utf-8")

    shown = run("explain", "a.txt").out.decode()

    assert "on the quay" in shown
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_what_is_shown_is_utf_8_whatever_the_locale(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    sys.stdout.reconfigure(encoding="latin-1")

    assert "“My grandmother sold herring" in run("explain", "a.txt").out.decode()


def test_control_characters_of_a_name_never_reach_the_terminal(run, here):
    (here / "in").mkdir()
    (here / "in/a.\x1b[31m").write_text("x")
    (here / "in/b\x1b[31m.txt").write_bytes(b"%PDF-1.5")
    (here / "in/c.txt").write_text(ARTICLE, encoding="utf-8")

    ran = run("clean", "in", "--out", "out\x1b[31m")

    assert ran.code == 1
    assert all(char.isprintable() or char == "\n" for char in ran.err)


@pytest.fixture
def page(here):
    (here / "page.html").write_text(PAGE, encoding="utf-8")
    return "page.html"


def test_explain_says_first_what_document_it_is_and_how_much_of_it_goes(run, page):
    lines = run("explain", page).out.decode().splitlines()

    assert lines[0] == "Council closes fish market & moves traders"
    assert lines[1].startswith("quaycourier.example: unknown")
    assert lines[2] == "https://quaycourier.example/news/fish-market"
    assert re.fullmatch(r"\d+ words, \d+ cut \(\d+\.\d %\): subscribe 16, .*", lines[3])


def test_explain_says_why_a_document_is_to_be_looked_at(run, here):
    (here / "a.txt").write_text(GERMAN, encoding="utf-8")

    assert "language: not in English, so kept whole" in run("explain", "a.txt").out.decode()


def test_explain_strikes_through_what_is_cut_and_nothing_else(run, here, monkeypatch):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "500")
    shown = run("explain", "a.txt").out.decode()
    struck = re.findall(r"\x1b\[9;3\dm(.*?)\x1b\[0m", shown)

    assert struck == [PLUG, STUB]
    assert "\x1b[1;31mCUT subscribe 0." in shown


@pytest.mark.parametrize("width", [40, 80, 132])
def test_explain_keeps_to_the_width_of_the_terminal(run, here, monkeypatch, width):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("explain", "a.txt").out.decode().splitlines()

    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) > width - 15
    assert all(line == line.rstrip() for line in lines)


def test_explain_gives_every_verdict_its_evidence_in_numbers(run, here):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    blocks = run("explain", "a.txt").out.decode().split("\n\n")[1:]

    assert len(blocks) == len(STORY) + 2
    for block in blocks:
        assert re.match(r"(keep|CUT) [a-z]+ [01]\.\d{4}\n", block)
        assert re.search(r"\n    \S.* [+-]\d+\.\d\d", block)


def test_the_closing_table_fits_eighty_columns_whatever_the_terminal(run, here, monkeypatch):
    (here / "in").mkdir()
    for name in ("a", "b"):
        (here / f"in/{name}.txt").write_text(ARTICLE * 40, encoding="utf-8")
    (here / "in/x.verylongsuffixofafile").write_bytes(b"\x00")
    (here / "in/german.txt").write_text(GERMAN, encoding="utf-8")
    (here / "in/plug.txt").write_text(PLUG, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "300")
    ran = run("clean", "in", "--out", "a-folder-" * 10)

    assert ran.code == 0
    assert max(map(len, ran.err.splitlines())) <= 80
    assert "look at: 1 emptied, 1 language" in ran.err


def test_a_terminal_that_says_it_has_no_columns_is_written_to(run, here, monkeypatch):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "0")

    assert "keep content" in run("explain", "a.txt").out.decode()
    assert "written to" in run("clean", "a.txt", "--out", "out").err
