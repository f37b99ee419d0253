"""A session: answers land in the file before the next question, undo, skip, resume."""

import os

import pytest

from cleaner.document import Label
from cleaner.review.labels import Act, LabelsFile, read
from cleaner.review.questions import asked_before
from cleaner.review.session import Session, StaleError


def answer(session, label=Label.LEGAL, note=""):
    digest = session.state()["question"]["hash"]
    session.answer(digest, label, note)
    return digest


def test_an_answer_lands_at_once_with_all_that_names_its_paragraph(session, labels):
    asked = session.state()["question"]
    answer(session, Label.DONATE, "a plea")

    (written,) = read(labels)
    assert (written.hash, written.label, written.note) == (asked["hash"], Label.DONATE, "a plea")
    assert (written.labeller, written.document) == ("anna", asked["document"])
    assert written.path == f"scraped/{asked['document']}"
    assert written.time.endswith("Z")
    assert session.state()["answered"] == session.state()["labelled"] == 1


def test_the_question_is_shown_in_its_document_with_labels_given_before(session):
    first = answer(session, Label.DONATE)
    while session.state()["question"]["document"] != "a.txt":
        answer(session, None)
    asked = session.state()["question"]

    place, of = asked["place"]
    assert len(asked["before"]) == place - 1
    assert len(asked["after"]) == of - place
    assert {p["label"] for p in asked["before"] + asked["after"]} <= {None, Label.DONATE}
    assert first != asked["hash"]


def test_a_second_answer_to_one_question_is_refused(session, labels):
    digest = answer(session)

    with pytest.raises(StaleError):
        session.answer(digest, Label.DONATE, "")
    assert len(read(labels)) == 1


def test_undo_asks_again_and_goes_back_step_by_step(session, labels):
    digests = [answer(session), answer(session, None), answer(session)]

    for digest in reversed(digests):
        session.undo()
        assert session.state()["question"]["hash"] == digest
    session.undo()

    assert session.state()["answered"] == session.labelled == 0
    assert [a.act for a in read(labels)][-3:] == [Act.UNDO] * 3


def test_a_session_goes_on_where_the_last_one_stopped(session, ask, labels):
    digests = [answer(session), answer(session, None), answer(session)]
    session.undo()
    answers = read(labels)

    questions = ask(answers).questions
    assert [q.hash for q in questions[:1]] == digests[2:]
    assert not {q.hash for q in questions} & set(digests[:2])
    earlier = asked_before(answers, "anna")
    assert [a.hash for a in earlier] == digests[:2]


def test_an_answer_of_an_earlier_session_can_be_undone(ask, labels):
    answers = []
    for turn in range(2):
        with LabelsFile(labels) as file:
            earlier = asked_before(file.answers, "anna")
            session = Session(ask(file.answers).questions, file, "anna", str, earlier)
            if turn == 0:
                answers.append(answer(session))
            else:
                assert session.state()["last"]["again"] is False
                session.undo()

    assert answers[0] in {q.hash for q in ask(read(labels)).questions}


def test_what_can_t_be_saved_stays_open(session, labels, monkeypatch):
    digest = session.state()["question"]["hash"]

    def full(_):
        raise OSError(28, "disk full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="disk full"):
            answer(session)

    assert session.state()["question"]["hash"] == digest
    assert read(labels) == []


def test_a_book_of_a_document_is_shown_in_part(folder, ask, labels):
    (folder / "book.txt").write_text(
        "\n".join(f"Line {n} of it." for n in range(3000)) + "x" * 90_000
    )
    questions = [q for q in ask(limit=5000).questions if q.page.name == "book.txt"]
    with LabelsFile(labels.with_name("other.jsonl")) as file:
        shown = Session(questions, file, "bo", str, []).state()["question"]

    assert shown["earlier"] + shown["later"] > 2900
    assert len(str(shown)) < 100_000
