"""The command: a session over http as the page has it, killed and gone on with."""

import http.client
import json
import signal
import sys
from urllib.parse import urlsplit

import pytest

from cleaner.document import Label
from cleaner.review.labels import Answer, read
from cleaner.review_commands import _path_of
from cleaner.training.reviewed import place_of
from tests.conftest import ARTICLE, GERMAN

pytest.importorskip("uvicorn", reason="needs the extra `review`")


def call(address, path, body=None):
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.netloc, timeout=60)
    connection.request(
        "POST" if body else "GET",
        path,
        json.dumps(body) if body else None,
        {"Authorization": f"Bearer {at.fragment}"},
    )
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_a_killed_review_goes_on_and_asks_nothing_twice(start, labels, folder, run):
    asked = []
    for turn in range(2):
        process, address = start()
        state = call(address, "/api/state")
        assert state["labelled"] == len(asked)
        for _ in range(3):
            asked.append(state["question"]["hash"])
            state = call(address, "/api/answer", {"hash": asked[-1], "label": "legal"})
        process.send_signal(signal.SIGINT if turn else signal.SIGKILL)
        assert process.wait() == (0 if turn else -signal.SIGKILL)

    assert process.stderr.read().splitlines()[-2:] == [
        f"cleaner: 6 labels by anna in {labels}",
        f"cleaner: next: cleaner train CORPUS... --out DIR --labels {labels}",
    ]
    assert [answer.hash for answer in read(labels)] == asked
    assert len(set(asked)) == 6
    assert all((labels.parent / answer.path).is_file() for answer in read(labels))
    (folder / "a.txt").unlink()
    (folder / "hostile.txt").unlink()
    (folder / "b.txt").write_text("")
    ran = run("review", folder, "--labels", labels, "--labeller", "anna", "--no-open")
    assert (ran.code, ran.err) == (0, "cleaner: nothing left to ask anna\n")


def test_who_has_no_login_name_is_asked_for_one(monkeypatch, folder, labels, run):
    def unknown():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", unknown)
    ran = run("review", folder, "--labels", labels)

    assert ran.code == 2
    assert "give --labeller NAME" in ran.err


def test_on_a_terminal_it_shows_how_far_it_is(monkeypatch, here, run):
    (here / "german.txt").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    ran = run("review", "german.txt", "--labeller", "anna", "--no-open")

    assert ran.code == 0
    assert "nothing left to ask anna" in ran.err


def test_what_failed_is_named_and_the_labels_file_is_no_document(here, run):
    (here / "german.txt").write_text(GERMAN, encoding="utf-8")
    (here / "broken.txt").write_bytes(b"%PDF-1.5")
    (here / "labels.jsonl").write_bytes(Answer("0" * 16, Label.LEGAL, "anna").line())

    ran = run("review", ".", "--labeller", "anna", "--no-open")

    assert ran.code == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in ran.err.splitlines()] == [
        "broken.txt",
        "1 documents left out",
        "nothing left to ask anna",
    ]


@pytest.mark.parametrize("path", ["nosuch", "memory://scraped"])
def test_paths_that_training_would_not_find_end_it_before_the_labels_file_is_made(here, run, path):
    ran = run("review", path, "--labeller", "anna")

    assert (ran.code, list(here.iterdir())) == (2, [])
    assert ("no such file" if path == "nosuch" else "fetch these first") in ran.err


def test_labels_in_a_linked_folder_lead_to_their_documents(here):
    (here / "docs").mkdir()
    (here / "docs/a.txt").write_text(ARTICLE, encoding="utf-8")
    (here / "real/deep/labels").mkdir(parents=True)
    (here / "linked").symlink_to("real/deep/labels")
    labels = here / "linked/labels.jsonl"

    path = _path_of(["docs"], labels)("a.txt")

    assert place_of(labels, Answer("0" * 16, None, path=path)).file == here.resolve() / "docs/a.txt"
