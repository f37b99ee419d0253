"""Docs can't lie: what they show is what is printed. UPDATE_DOCS=1 writes it again."""

import os
import re
import shutil
from pathlib import Path

import pytest

from cleaner import Label
from cleaner.cli import app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n\$ cleaner ([^\n]*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_is_what_the_command_prints(page, run, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    if (ROOT / "examples").is_dir():
        shutil.copytree(ROOT / "examples", here / "examples")

    def shown(block: re.Match[str]) -> str:
        ran = run(*block[1].split())
        assert ran.code == 0, ran.err
        return f"```console\n$ cleaner {block[1]}\n{ran.out.decode()}{ran.err}```"

    text = page.read_text(encoding="utf-8")
    true = BLOCK.sub(shown, text)
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(true, encoding="utf-8")
    else:
        assert text == true


def test_every_command_is_documented():
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")

    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"$ cleaner {name} --help" in page
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:
            assert f"$ cleaner {group.name} {command.callback.__name__} --help" in page


def test_every_label_is_defined():
    page = (ROOT / "docs/labels.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [label.value for label in Label]


@pytest.mark.parametrize("page", [*PAGES, *sorted(ROOT.glob("[A-Z]*.md"))], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
