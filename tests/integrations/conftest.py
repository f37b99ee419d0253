"""What the ways into other tools share: records of every kind, and what `clean -` makes of them."""

import json
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, GERMAN, PAGE, PLUG, STORY

RECORDS = [
    {"id": "a", "text": ARTICLE, "url": "https://quaycourier.example/fish", "title": "Market"},
    {"id": "b", "text": GERMAN, "url": "https://rat.example/markt", "title": None},
    {"id": "c", "text": "", "url": "", "title": ""},
    {"id": "d", "text": "\n".join([*STORY[:2], *[PLUG] * 9]), "url": None, "title": "Split vote"},
    {"id": "e", "text": "Ünïcode 🎣 \u2028 line\n" + ARTICLE, "url": "", "title": ""},
]
HTML = {"id": "h", "html": PAGE}
NO_TEXT = {"id": "n", "text": None}


@pytest.fixture
def streamed(run):
    """Put records through `cleaner clean -`."""

    def clean(records: list, *args: str) -> list[dict]:
        ran = run(
            "clean", "-", *args, stdin="".join(f"{json.dumps(r)}\n" for r in records).encode()
        )
        return [json.loads(line) for line in ran.out.splitlines()]

    return clean


@pytest.fixture
def articles(here) -> Path:
    """`articles.jsonl` in the working directory: the records that hold a text."""
    path = here / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(r)}\n" for r in RECORDS), encoding="utf-8")
    return path
