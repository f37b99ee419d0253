"""What is asked: the least sure and the most disputed first, and nothing twice."""

from pathlib import Path

import pytest

from cleaner.document import Label
from cleaner.review.labels import Act, Answer
from cleaner.review.session import KEYS
from cleaner.segment import paragraph_hash
from tests.conftest import PLUG, STORY


def answer(text, label, labeller, act=Act.LABEL):
    return Answer(paragraph_hash(text), label, labeller, document="a.txt", path="a.txt", act=act)


def test_every_label_has_a_key_of_its_own_that_stands_in_its_name():
    keys = [key for key, _ in KEYS.values()]

    assert list(KEYS) == list(Label)
    assert len({*keys, "u", "k", "t"}) == len(Label) + 3
    assert all(key in label for label, (key, _) in KEYS.items())


def test_the_docs_show_the_keys():
    page = (Path(__file__).parents[2] / "docs/review.md").read_text(encoding="utf-8")

    assert all(f"| `{key}` {label} " in page for label, (key, _) in KEYS.items())


def test_questions_come_by_worth_and_hold_their_document(ask):
    questions = ask().questions

    worths = [round(question.worth, 2) for question in questions]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] > 0.5 > worths[-1]
    assert all(q.page.hashes[q.index] == q.hash for q in questions)
    (plug,) = [q for q in questions if q.page.paragraphs[q.index] == PLUG]
    assert plug.places == 3


def test_an_unsure_verdict_is_worth_at_least_its_doubt(ask):
    for question in ask().questions:
        assert question.worth >= 1 - abs(2 * question.score - 1)


def test_a_limit_takes_the_first_and_counts_the_rest(ask):
    every, few = ask(), ask(limit=3)

    assert [q.hash for q in few.questions] == [q.hash for q in every.questions[:3]]
    assert few.left == len(every.questions) - 3
    assert every.left == 0


@pytest.mark.parametrize("act", [Act.LABEL, Act.SKIP])
def test_what_the_labeller_was_asked_is_not_asked_again_wherever_it_stands(ask, act):
    label = Label.SUBSCRIBE if act is Act.LABEL else None
    asked = {q.hash for q in ask([answer(PLUG, label, "anna", act)]).questions}

    assert paragraph_hash(PLUG) not in asked
    assert paragraph_hash(STORY[0]) in asked


def test_what_was_undone_is_asked_again(ask):
    answers = [answer(PLUG, Label.LEGAL, "anna"), answer(PLUG, None, "anna", Act.UNDO)]

    assert paragraph_hash(PLUG) in {q.hash for q in ask(answers).questions}


def test_what_others_dispute_or_the_model_would_not_have_said_comes_first(ask):
    sure = ask().questions[-1]
    text = sure.page.paragraphs[sure.index]
    wrong = Label.CONTENT if sure.label is not Label.CONTENT else Label.LEGAL

    against_model = ask([answer(text, wrong, "bo")]).questions
    disputed = ask([answer(text, Label.LEGAL, "bo"), answer(text, Label.SOCIAL, "cy")]).questions
    agreed = ask([answer(text, sure.label, "bo")]).questions

    assert next(q.worth for q in against_model if q.hash == sure.hash) > 0.9
    assert next(q.worth for q in disputed if q.hash == sure.hash) == 1
    assert next(q.worth for q in agreed if q.hash == sure.hash) < 0.5


def test_documents_in_other_languages_are_left_out_and_counted(ask, folder):
    from tests.conftest import GERMAN

    (folder / "german.txt").write_text(GERMAN * 3, encoding="utf-8")

    found = ask()

    assert found.foreign == 1
    assert all(q.page.name != "german.txt" for q in found.questions)
