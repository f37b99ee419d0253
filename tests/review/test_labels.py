"""The labels file: only added to, on the disk at once, whole after a kill."""

import errno
import json
import os
import subprocess
import sys

import pytest

from cleaner.document import Label
from cleaner.errors import CorpusError, SetupError
from cleaner.review.labels import Act, Answer, LabelsFile, read, standing

ONE = Answer("0" * 16, Label.DONATE, "anna", "2025-01-31T12:00:00Z", "a", "in/a.txt", None, "é “”")
TWO = Answer("1" * 16, Label.CONTENT, "anna", document="a", path="in/a.txt", record=3)


def write(path, *answers):
    with LabelsFile(path) as file:
        for answer in answers:
            file.append(answer)


def test_what_was_written_is_read_back_and_has_no_text(labels):
    write(labels, ONE)
    write(labels, TWO)

    assert read(labels) == [ONE, TWO]
    assert set(json.loads(labels.read_bytes().splitlines()[0])) == {
        *("hash", "label", "labeller", "time", "document", "path", "record", "note")
    }


@pytest.mark.parametrize("cut", range(1, len(TWO.line())))
def test_a_file_torn_anywhere_in_its_last_line_loses_that_line_at_most(labels, cut):
    whole = ONE.line() + TWO.line()
    labels.write_bytes(whole[:-cut])
    kept = [ONE, TWO] if cut == 1 else [ONE]

    assert read(labels) == kept
    write(labels, TWO)
    assert read(labels) == [*kept, TWO]


@pytest.mark.parametrize(
    "text",
    [
        *("An article.", "An article.\nOf two lines.", '{"text": "a"}\n', "[]"),
        '{"hash": "0", "label": "produkt", "document": "d"}',
    ],
)
def test_a_file_that_is_no_labels_file_is_left_alone(labels, text):
    labels.write_text(text, encoding="utf-8")

    with pytest.raises(CorpusError, match=r"labels\.jsonl:1: not a label"):
        write(labels, ONE)
    assert labels.read_text(encoding="utf-8") == text


def test_a_line_in_the_middle_that_is_none_is_named(labels):
    labels.write_bytes(ONE.line() + TWO.line()[:20] + b"\n" + TWO.line())

    with pytest.raises(CorpusError, match=r"labels\.jsonl:2"):
        read(labels)


def test_the_last_word_stands_and_undo_takes_it_back():
    other = Answer(ONE.hash, Label.SOCIAL, "bo", document="a", path="in/a.txt")
    again = Answer(ONE.hash, Label.PRODUCT, "anna", document="a", path="in/a.txt")
    undo = Answer(TWO.hash, None, "anna", document="a", path="in/a.txt", record=3, act=Act.UNDO)

    assert standing([ONE, TWO, other, again, undo]) == [other, again]


def test_an_answer_is_synced_before_it_counts(labels, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(labels.read_bytes()))

    write(labels, ONE)

    assert synced == [ONE.line()]


def test_what_can_t_be_synced_is_taken_back(labels, monkeypatch):
    write(labels, ONE)

    def full(_):
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        write(labels, TWO)
    assert read(labels) == [ONE]


def test_two_reviews_can_t_add_to_one_file(labels):
    with LabelsFile(labels), pytest.raises(SetupError, match="in use by another review"):
        write(labels, ONE)


def test_a_file_that_can_t_be_written_is_wrong_use(tmp_path):
    with pytest.raises(SetupError, match="can't write"):
        write(tmp_path / "nowhere" / "labels.jsonl", ONE)


def test_answers_survive_a_kill(labels):
    script = (
        "import os, pathlib, signal, sys\n"
        "from cleaner.review.labels import Answer, LabelsFile\n"
        "from cleaner.document import Label\n"
        "with LabelsFile(pathlib.Path(sys.argv[1])) as file:\n"
        "    for number in range(5):\n"
        "        file.append(Answer(str(number), Label.LEGAL, 'anna'))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, labels], check=False)

    assert ran.returncode == -9
    assert [answer.hash for answer in read(labels)] == ["0", "1", "2", "3", "4"]
