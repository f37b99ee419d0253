"""A model is the bytes that its data and seed give, with a card that says so."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from threadpoolctl import threadpool_limits

from cleaner import Cleaner, model, sites
from cleaner.classify import Classifier
from cleaner.document import Block, Document, Label, Strength
from cleaner.errors import CorpusError
from cleaner.features import Vocabulary
from cleaner.segment import paragraph_hash
from cleaner.training import corpus, report, train
from cleaner.training.card import CREDITS, card
from cleaner.training.corpus import Labelled
from cleaner.training.examples import Example
from cleaner.training.teach import teach

FILES = ("model.json", "weights.npz", "README.md")


def folder_bytes(folder):
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def trained(few, small_fits, tmp_path_factory):  # noqa: ARG001 - used for what it does
    folder = tmp_path_factory.mktemp("models") / "own-en-1"
    with threadpool_limits(1):
        train.train(few, folder, name="own-en-1", seed=3)
    return folder


@pytest.mark.usefixtures("small_fits")
def test_the_same_documents_and_seed_give_the_same_bytes_on_any_number_of_cores(
    few, trained, tmp_path
):
    with threadpool_limits(2):
        train.train(few, tmp_path / "again", name="own-en-1", seed=3)

    assert folder_bytes(tmp_path / "again") == folder_bytes(trained)


def test_the_model_knows_what_it_was_trained_on_and_loads(few, trained):
    info = model.load(trained).info

    assert info["corpus"]["sha256"] == corpus.fingerprint(few)
    assert info["corpus"]["collections"] == {"own": len(few)}
    assert info["seed"] == 3
    assert set(info["libraries"]) == {"numpy", "scikit-learn", "scipy"}


@pytest.mark.usefixtures("small_fits")
def test_a_model_learns_what_the_markup_of_pages_says(few):
    pages = [replace(d, blocks=tuple(linked(d))) for d in few]
    learned = train.fit_documents(pages, name="pages", seed=0)
    # Words alone don't tell whether the first line is another story's headline.
    text = "New ferry stays at its berth\nThe new ramp is tested.\nNobody was hurt."
    places = [(0, 28), (29, 52), (53, 69)]

    def scores(*links: float) -> list[float]:
        blocks = [Block(*p, "p", link) for p, link in zip(places, links, strict=False)]
        document = Document("1", text, blocks=tuple(blocks))
        return [v.score for v in Classifier(learned, Strength.MEDIUM, ()).verdicts(document)]

    assert scores(1.0, 0.0, 0.0)[0] > scores(0.0, 0.0, 0.0)[0]


@pytest.mark.usefixtures("small_fits")
def test_pages_without_boilerplate_teach_nothing_of_pages(few):
    pages = [
        replace(d, blocks=tuple(linked(d))) if set(d.labels) == {Label.CONTENT} else d for d in few
    ]

    assert sum(bool(d.blocks) for d in pages) > 5
    assert train.fit_documents(pages, name="plain", seed=0).page_trees is None


@pytest.mark.usefixtures("small_fits")
def test_pages_that_we_wrote_beside_texts_that_were_found_suffice(few):
    mixed = [
        replace(d, blocks=tuple(linked(d))) if n % 3 else replace(d, collection="found")
        for n, d in enumerate(few)
    ]

    assert train.fit_documents(mixed, name="mixed", seed=0).page_trees is not None


def test_a_text_that_begins_with_its_headline_is_labelled_as_before(few):
    d = next(d for d in few if d.spans and zlib.crc32(d.id.encode()) % 4 == 0)
    learned = Example.of(d, Vocabulary.of([]), seed=0).document

    assert learned.paragraphs == (d.title, *d.paragraphs)
    assert learned.labels == (Label.CONTENT, *d.labels)
    for span, before in zip(learned.spans, d.spans, strict=True):
        own = learned.paragraphs[span.paragraph][span.start : span.end]
        assert own == d.paragraphs[before.paragraph][before.start : before.end]
    assert {i - 1 for i in learned.mixed} == d.mixed
    again = Example.of(learned, Vocabulary.of([]), seed=0).document
    assert again.paragraphs == learned.paragraphs, "it is there already"


def linked(document: Labelled) -> Iterator[Block]:
    """As if whatever is not content were a link."""
    start = 0
    for text, label in zip(document.paragraphs, document.labels, strict=True):
        yield Block(start, start + len(text), "p", float(label is not Label.CONTENT))
        start += len(text) + 1


def test_the_card_says_what_for_what_not_and_from_what(few, trained):
    card = (trained / "README.md").read_text(encoding="utf-8")

    assert card.startswith("# own-en-1\n")
    for heading in ("What it was trained on", "Scores", "What it gets wrong", "What it is not for"):
        assert f"\n## {heading}\n" in card
    assert f"| own | {len(few)} |" in card
    assert "Not measured." in card


def test_the_card_names_the_site_memory_that_recurrence_was_learned_from(few, trained):
    memory = sites.Memory({"ledger.example": sites.Site(40, Counter({"sign up": 12}))})
    info = {**model.load(trained).info, "site_memory": memory.fingerprint}

    with_memory = card(replace(model.load(trained), info=info), few, None)

    assert f"site memory `{memory.fingerprint}`" in with_memory
    assert "no site memory" in (trained / "README.md").read_text(encoding="utf-8")


def test_the_card_credits_every_collection_of_the_shipped_model():
    assert set(model.load().info["corpus"]["collections"]) <= set(CREDITS)


def test_the_card_shows_the_scores_of_these_documents_only(few, tmp_path):
    card_of = json.loads(json.dumps(report.make(few, [], seed=0)))
    other = report.make(few[1:], [], seed=0)

    with pytest.raises(CorpusError, match="other documents"):
        train.train(few, tmp_path / "m", name="m", seed=0, report=other)
    assert card_of["corpus"]["sha256"] == corpus.fingerprint(few)


def test_the_card_shows_no_scores_of_a_model_that_may_know_the_documents(few, tmp_path):
    flattered = {**report.make(few, [], seed=0), "runs": [{"kind": "model"}]}

    with pytest.raises(CorpusError, match="without --model"):
        train.train(few, tmp_path / "m", name="m", seed=0, report=flattered)


def test_decisions_overrule_labels_and_take_spans_along(write):
    texts = ("The weir held.", "Give today!")
    d = Labelled("1", "c", "", "", texts, (Label.CONTENT, Label.CONTENT))
    d = replace(d, mixed=frozenset({1}), unread=frozenset({1}))
    path = write(
        "labels.jsonl",
        {"document": "1", "hash": paragraph_hash(texts[1]), "label": "product"},
        {"document": "1", "hash": paragraph_hash(texts[1]), "label": "donate"},
    )

    (changed,) = teach([d], [path], Cleaner()).documents

    assert changed.labels == (Label.CONTENT, Label.DONATE)
    assert changed.mixed == changed.unread == frozenset()


def test_decisions_that_meet_no_paragraph_are_refused(write):
    path = write("labels.jsonl", {"document": "1", "hash": "0" * 16, "label": "donate"})
    wrong = write("wrong.jsonl", {"document": "1", "hash": "0" * 16, "label": "advert"})

    with pytest.raises(CorpusError, match="no paragraph of this corpus"):
        teach([], [path], Cleaner())
    with pytest.raises(CorpusError, match=r"wrong\.jsonl:1"):
        teach([], [wrong], Cleaner())
