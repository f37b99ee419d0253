"""Labels of a review → documents to train on, and what they change."""

import json
import shutil

import pytest

from cleaner import Cleaner, model
from cleaner.batch import Settings, Summary
from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.review.labels import Act, Answer
from cleaner.segment import paragraph_hash
from cleaner.training import changes, flips
from cleaner.training.corpus import Labelled
from cleaner.training.measure import CONFUSION, LABELS, UNNAMED, WORDS, WORDS_LOST
from cleaner.training.reviewed import Reviewed
from cleaner.training.teach import teach
from tests.conftest import ARTICLE, PLUG, STORY, STUB

CORPUS = [Labelled("1", "c", "", "", ("The weir held.", PLUG), (Label.CONTENT, Label.LEGAL))]


@pytest.fixture
def folder(tmp_path):
    """A text and a record, to be reviewed."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    lines = [json.dumps({"id": f"r{n}", "text": f"{STORY[n]}\n{PLUG}"}) for n in range(3)]
    (folder / "dump.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def labels(tmp_path):
    """Write answers: (text, label, labeller, path, record)."""

    def call(*answers, name="labels.jsonl"):
        path = tmp_path / name
        with path.open("ab") as stream:
            for text, label, labeller, where, record in answers:
                act = Act.LABEL if label else Act.SKIP
                digest = paragraph_hash(text)
                answer = Answer(digest, label, labeller, "", where, where, record, "why", act)
                stream.write(answer.line())
        return path

    return call


@pytest.fixture(scope="module")
def cleaner():
    return Cleaner()


@pytest.mark.usefixtures("folder")
def test_a_label_brings_its_document_along_and_only_what_was_labelled_is_learned(labels, cleaner):
    file = labels((STORY[1], Label.DONATE, "anna", "in/a.txt", None))

    taught = teach(CORPUS, [file], cleaner)

    assert taught.corpus == CORPUS
    (reviewed,) = taught.reviewed
    d = reviewed.document
    assert (d.id, d.collection) == ("in/a.txt", "reviewed")
    assert (d.paragraphs, d.labels) == ((STORY[1],), (Label.DONATE,))
    assert reviewed.paragraphs == (*STORY[:2], PLUG, *STORY[2:], STUB)
    assert reviewed.answered == (1,)


def test_of_content_in_which_the_model_sees_a_plug_no_sentence_is_learned(
    labels, cleaner, tmp_path
):
    mixed = f"{STORY[0]} {PLUG} {STORY[2]}"
    (tmp_path / "m.txt").write_text("\n".join([*STORY, mixed]), encoding="utf-8")
    file = labels(*((text, Label.CONTENT, "anna", "m.txt", None) for text in (STORY[1], mixed)))

    (reviewed,) = teach(CORPUS, [file], cleaner).reviewed

    assert reviewed.document.paragraphs == (STORY[1], mixed)
    assert reviewed.document.mixed == reviewed.document.unread == {1}


@pytest.mark.usefixtures("folder")
def test_a_label_holds_wherever_its_paragraph_stands(labels, cleaner):
    file = labels(
        (PLUG, Label.PRODUCT, "anna", "in/a.txt", None),
        (STORY[1], Label.CONTENT, "anna", "in/dump.jsonl", 2),
    )

    found = {r.document.id: r for r in teach(CORPUS, [file], cleaner).reviewed}

    assert set(found) == {"in/a.txt", "in/dump.jsonl:2"}
    assert found["in/dump.jsonl:2"].document.labels == (Label.CONTENT, Label.PRODUCT)
    assert found["in/dump.jsonl:2"].answered == (0, 1)


@pytest.mark.usefixtures("folder")
def test_the_majority_of_labellers_decides_and_a_tie_nothing(labels, cleaner):
    file = labels(
        *((PLUG, Label.SOCIAL, name, "in/a.txt", None) for name in ("anna", "bo")),
        (PLUG, Label.LEGAL, "cy", "in/a.txt", None),
        (STUB, Label.SOCIAL, "anna", "in/a.txt", None),
        (STUB, Label.COMMENTS, "bo", "in/a.txt", None),
        (STORY[0], None, "anna", "in/a.txt", None),
    )

    taught = teach(CORPUS, [file], cleaner)

    (reviewed,) = taught.reviewed
    assert reviewed.document.labels == (Label.SOCIAL,)
    assert reviewed.answered == (2,)
    assert taught.talk[0].startswith("1 paragraphs left out, as many labellers")


@pytest.mark.usefixtures("folder")
def test_labellers_count_together_in_whichever_documents_they_saw_a_paragraph(labels, cleaner):
    file = labels(
        *((PLUG, Label.DONATE, name, "in/a.txt", None) for name in ("anna", "bo")),
        (PLUG, Label.CONTENT, "cy", "in/dump.jsonl", 2),
        (STORY[0], Label.LEGAL, "anna", "in/a.txt", None),
        (STORY[0], Label.CONTENT, "cy", "in/dump.jsonl", 1),
    )

    taught = teach(CORPUS, [file], cleaner)

    assert {r.document.id: r.document.labels for r in taught.reviewed} == {
        "in/a.txt": (Label.DONATE,),
        "in/dump.jsonl:2": (Label.DONATE,),
    }
    assert taught.talk[0].startswith("1 paragraphs left out, as many labellers")


def test_a_labeller_has_one_vote_in_however_many_files(labels, cleaner):
    vote = (PLUG, Label.SOCIAL, "anna", "1", None)
    files = [labels(vote, name="one"), labels(vote, (PLUG, Label.LEGAL, "bo", "1", None))]

    with pytest.raises(CorpusError, match="1 paragraphs left out"):
        teach(CORPUS, files, cleaner)


def test_what_is_gone_or_has_changed_is_named(labels, cleaner, folder):
    file = labels(
        (PLUG, Label.SOCIAL, "anna", "in/a.txt", None),
        (STUB, Label.SOCIAL, "anna", "in/a.txt", None),
        (PLUG, Label.SOCIAL, "anna", "in/gone.txt", None),
        (PLUG, Label.SOCIAL, "anna", "in/dump.jsonl", 9),
    )
    (folder / "a.txt").write_text(ARTICLE.replace(PLUG, "Another plug!"), encoding="utf-8")

    assert teach(CORPUS, [file], cleaner).talk == [
        "1 labels can't be used, in/a.txt: its text has changed",
        "1 labels can't be used, in/dump.jsonl:9: it is gone",
        "1 labels can't be used, in/gone.txt: it is gone",
    ]
    shutil.rmtree(folder)
    with pytest.raises(CorpusError, match="no label in these files could be used"):
        teach(CORPUS, [file], cleaner)


def test_the_labels_move_with_their_folder(labels, cleaner, folder, tmp_path):
    file = labels((PLUG, Label.SOCIAL, "anna", "in/a.txt", None))
    before = teach(CORPUS, [file], cleaner).documents
    (tmp_path / "new").mkdir()
    shutil.move(folder, tmp_path / "new" / "in")
    shutil.move(file, tmp_path / "new" / "labels.jsonl")

    assert teach(CORPUS, [tmp_path / "new" / "labels.jsonl"], cleaner).documents == before


@pytest.mark.usefixtures("folder")
def test_a_review_of_the_corpus_itself_overrules_it(labels, cleaner):
    file = labels((PLUG, Label.SOCIAL, "anna", "1", None))

    taught = teach(CORPUS, [file], cleaner)

    assert taught.reviewed == []
    assert taught.documents[0].labels == (Label.CONTENT, Label.SOCIAL)


def test_only_what_people_labelled_is_counted(cleaner):
    said = (Label.CONTENT, Label.LEGAL, Label.SUBSCRIBE)
    document = Labelled("1", "c", "", "", (*STORY[:2], PLUG), said)

    counts = changes.count_answered(
        cleaner, Reviewed(document, (*STORY, PLUG, "Add comment"), (0, 1, 4))
    )

    table = counts[CONFUSION].reshape(len(LABELS), UNNAMED + 1)
    assert table.sum() == 3
    assert table[LABELS.index(Label.LEGAL), 0] == 1  # kept, whatever it was said to be
    assert table[LABELS.index(Label.SUBSCRIBE), 0] == 0
    assert (counts[WORDS], counts[WORDS_LOST]) == (len(STORY[0].split()), 0)


def test_flips_are_the_paragraphs_that_two_models_treat_differently(folder):
    weak, strong = Cleaner(strip="subscribe"), Cleaner(strip="subscribe,social,comments")
    (folder / "broken.txt").write_bytes(b"%PDF-1.5")
    summary = Summary()

    found = flips.flips([str(folder)], Settings(weak), weak, strong, summary)

    assert [(flip.document, flip.was, flip.text) for flip in found] == [("a.txt", "kept", STUB)]
    assert found[0].now in {"social", "comments"}
    assert flips.table(found).rows == [["kept → cut", "1"]]
    assert [where for where, _ in summary.failures] == ["broken.txt"]
    assert flips.flips([str(folder)], Settings(weak), weak, weak, summary) == []


def test_a_flip_is_one_line_that_a_terminal_shows_as_it_is():
    line = flips.Flip("a\x1b.txt", "x", "kept", "legal", 0.1, 0.95).line()

    assert line == "kept → legal  0.10 → 0.95  a\\x1b.txt  “x”"


# Half of a few documents hold fewer sentences than the network takes at a time.
@pytest.mark.filterwarnings("ignore:Got `batch_size`")
@pytest.mark.usefixtures("small_fits", "folder")
def test_train_tells_what_the_labels_changed(few, labels, run, tmp_path):
    corpus_file = tmp_path / "corpus.jsonl"
    corpus_file.write_text("".join(_line(d) for d in few), encoding="utf-8")
    file = labels(
        (STORY[1], Label.CONTENT, "anna", "in/a.txt", None),
        (STUB, Label.SOCIAL, "anna", "in/a.txt", None),
        (PLUG, Label.SUBSCRIBE, "anna", "in/dump.jsonl", 1),
    )

    ran = run(
        *("train", corpus_file, "--out", tmp_path / "m", "--labels", file),
        *("--compare", tmp_path / "in"),
    )

    assert ran.code == 0, ran.err
    assert ran.err == f"cleaner: m, trained on {len(few) + 2} documents, written to {tmp_path}/m\n"
    said = ran.out.decode()
    assert "Your 4 labels in 2 documents, each not trained on" in said
    assert "The corpus, " in said
    assert "Verdicts that flip" in said
    assert model.load(tmp_path / "m").info["corpus"]["collections"]["reviewed"] == 2


def test_too_few_documents_to_measure_on_are_said_to_be(few, labels, run, tmp_path, monkeypatch):
    monkeypatch.setattr("cleaner.training.train.train", lambda *_, **__: model.load())
    corpus_file = tmp_path / "corpus.jsonl"
    corpus_file.write_text("".join(_line(d) for d in few[:6]), encoding="utf-8")
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(ARTICLE, encoding="utf-8")
    file = labels(
        (STORY[1], Label.CONTENT, "anna", "a.txt", None),
        (STUB, Label.SOCIAL, "anna", "b.txt", None),
    )

    ran = run("train", corpus_file, "--out", tmp_path / "m", "--labels", file)

    assert ran.code == 0
    assert "what the labels change could not be measured" in ran.err.splitlines()[-1]


def _line(document):
    known = {"id": document.id, "collection": document.collection, "site": document.site}
    known |= {"text": "\n".join(document.paragraphs), "labels": list(document.labels)}
    known["spans"] = [
        {"paragraph": s.paragraph, "start": s.start, "end": s.end, "label": s.label}
        for s in document.spans
    ]
    return json.dumps(known) + "\n"
