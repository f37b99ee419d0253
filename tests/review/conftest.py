"""A folder to review, and a session on it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.batch import Settings
from cleaner.review.labels import LabelsFile
from cleaner.review.questions import asked_before, find_questions
from cleaner.review.session import Session
from tests.conftest import PLUG, STORY, STUB

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
OTHERS = (
    "Read more: Ferry times change in June",
    "The hall behind the station was a sugar store until 1974, and still smells of it in August.",
    "15 % off smoked herring with the code QUAY.",
    "Photo: Maren Lund",
    "The court will hear the case on 4 November, a clerk said on Wednesday.",
    "Follow the Courier for more.",
    "© Quay Courier. All rights reserved.",
    "Mrs Ek has paid her rent on the stall in advance, as she has done since 1988.",
    "Home » News » Harbour",
    "Chip in to keep us on the quay.",
    "Two of the traders have said they would rather close than move.",
    "Bram says: my aunt bought her wedding fish there.",
    "Story continues below",
    "The council has set aside 40,000 crowns for removal vans, and nothing for signs.",
)


@pytest.fixture
def folder(tmp_path):
    """Three documents that share a plug; one of them is hostile."""
    folder = tmp_path / "scraped"
    folder.mkdir()
    texts = {
        "a.txt": [*STORY[:2], PLUG, *OTHERS[:7], STORY[2], STUB],
        "b.txt": [STORY[3], *OTHERS[7:], PLUG],
        "hostile.txt": [STORY[0] + " Again.", HOSTILE, PLUG, STORY[1] + " Again."],
    }
    for name, lines in texts.items():
        (folder / name).write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def labels(tmp_path):
    """Where labels go."""
    return tmp_path / "labels.jsonl"


@pytest.fixture
def ask(folder, cleaner):
    """What a labeller is asked."""

    def call(answers=(), labeller="anna", limit=100):
        return find_questions([str(folder)], Settings(cleaner), answers, labeller, limit)

    return call


@pytest.fixture
def session(ask, labels):
    """A session of anna's, with an open labels file."""
    with LabelsFile(labels) as file:
        found = ask(file.answers)
        earlier = asked_before(file.answers, "anna")
        yield Session(found.questions, file, "anna", lambda name: f"scraped/{name}", earlier)


@pytest.fixture
def start(folder, labels):
    """Run `cleaner review` on the folder: its process and the address it prints."""
    started = []

    def call(*options):
        command = "from cleaner.cli import main; main()"
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", command, "review", folder, "--labels", labels),
                *("--no-open", "--labeller", "anna", *options),
            ],
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
        )
        started.append(process)
        for line in process.stderr:
            if "open http" in line:
                return process, line.split()[-1]
        raise AssertionError("no address was printed")

    yield call
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()
