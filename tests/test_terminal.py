"""What people see: colour where there is a terminal, and nothing that a terminal would obey."""

import pytest

from tests.conftest import ARTICLE, PLUG


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


def test_control_characters_of_a_name_never_reach_the_terminal(run, here):
    (here / "in").mkdir()
    (here / "in/a.\x1b[31m").write_text("x")
    (here / "in/b\x1b[31m.txt").write_bytes(b"%PDF-1.5")
    (here / "in/c.txt").write_text(ARTICLE, encoding="utf-8")

    ran = run("clean", "in", "--out", "out\x1b[31m")

    assert ran.code == 1
    assert all(char.isprintable() or char == "\n" for char in ran.err)
