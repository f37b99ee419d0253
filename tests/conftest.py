"""What the tests share: an article of our own, the command line in this process, one cleaner."""

import gzip
import io
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cleaner import Cleaner
from cleaner.cli import main

# A shell that starts the suite in the background makes it, and all that it starts, deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Not timed, and the same examples on every machine: a red suite is red for everyone.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")

STORY = (
    "The harbour council voted on Tuesday to close the old fish market, which has stood on the "
    "quay since 1911, and to move its eleven traders to a hall behind the railway station.",
    "Members were split seven to four. Anna Holm, who has led the council for nine years, said "
    "the roof could no longer be insured and that repairs would cost more than the building is "
    "worth.",
    "Traders said they would fight the decision in court. They had asked for a second survey in "
    "March and were told in June that there was no money for one, according to letters seen by "
    "this paper.",
    "“My grandmother sold herring at this counter, and so did my mother,” said Karin Ek, who has "
    "the stall nearest the door. “I was told on Monday evening that I have until the end of "
    "October.”",
)
PLUG = "Sign up for our free newsletter and get our best stories in your inbox every morning!"
STUB = "Add comment"
ARTICLE = "\n\n".join([*STORY[:2], PLUG, *STORY[2:], STUB]) + "\n"
CLEANED = "\n\n".join(STORY) + "\n"
GERMAN = (
    "Der Rat der Stadt hat am Dienstag beschlossen, den alten Fischmarkt am Hafen zu schließen "
    "und die Händler in eine Halle hinter dem Bahnhof zu verlegen. Sie wollen dagegen klagen.\n"
    "Melden Sie sich jetzt für unseren kostenlosen Newsletter an!\n"
)
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<title>Council closes fish market &amp; moves traders - Quay Courier</title>
<meta property="og:title" content="Council closes fish market &amp; moves traders">
<meta name="author" content="Maren Lund">
<link rel="canonical" href="https://quaycourier.example/news/fish-market">
</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Council closes fish market &amp; moves traders</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in STORY)}
<p>{PLUG}</p></article>
<footer>© Quay Courier</footer></body></html>
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: bytes
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run `cleaner ARGS` in this process."""

    def call(*args: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["cleaner", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_info:
            main()
        captured = capfdbinary.readouterr()
        code = exit_info.value.code
        assert isinstance(code, int)
        return Ran(code, captured.out, captured.err.decode())

    return call


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """The shipped model with default settings."""
    return Cleaner()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
