"""N-grams begin with what a sentence encoder says of the paragraphs that hold them."""

from base64 import b64encode
from dataclasses import replace

import numpy as np
import pytest

from cleaner.errors import CorpusError
from cleaner.training import corpus
from cleaner.training.descent import DIMENSIONS
from cleaner.training.examples import Example, vocabulary
from cleaner.training.vectors import first_vectors


def answer(text: str) -> bytes:
    """An encoder that knows one word."""
    return bytes([30 if "subscribe" in text.lower() else 246] * DIMENSIONS)


def asked(document, answer=answer):
    return replace(document, embedded=b"".join(map(answer, document.paragraphs)))


@pytest.fixture(scope="module")
def embedded(few):
    return [asked(document) for document in few]


def vectors_of(documents):
    known = vocabulary(documents)
    examples = [Example.of(document, known, 0) for document in documents]
    return known.grams, first_vectors(examples, len(known))


def test_each_n_gram_gets_its_share_of_the_answers(embedded):
    grams, vectors = vectors_of(embedded)

    assert vectors.shape == (len(grams), DIMENSIONS)
    subscribe, said = (vectors[grams.index(word)] for word in ("subscribe", "said"))
    assert (subscribe > 0).all()
    assert (said < 0).all()
    assert subscribe.mean() > 3 * abs(said.mean())
    np.testing.assert_array_equal(vectors, vectors_of(embedded)[1])


def test_what_recurs_has_one_say_and_what_is_unknown_none(embedded):
    again = [replace(document, id=f"{document.id}-again") for document in embedded]
    strange = [asked(document, lambda _: bytes(DIMENSIONS)) for document in embedded[:20]]
    grams, vectors = vectors_of(embedded)
    known = vocabulary(embedded)
    examples = [Example.of(document, known, 0) for document in embedded + again]

    np.testing.assert_allclose(first_vectors(examples, len(grams)), vectors, atol=1e-6)
    assert vectors_of(strange)[1] is None


def test_documents_that_nobody_asked_about_have_no_vectors_yet(few):
    assert vectors_of(few[:20])[1] is None


def test_a_headline_in_front_moves_no_answer(embedded):
    known = vocabulary(embedded)
    examples = [Example.of(document, known, 0) for document in embedded]
    headed = [(d, e) for d, e in zip(embedded, examples, strict=True) if e.document is not d]

    assert headed
    for document, example in headed:
        (_, unknown), *rest = example.document.embeddings
        assert unknown == bytes(DIMENSIONS)
        assert rest == list(document.embeddings)


def test_another_width_says_what_to_do(few):
    with pytest.raises(CorpusError, match=r"scripts/embed\.py"):
        vectors_of([asked(document, lambda _: b"\1") for document in few[:20]])


def test_embeddings_are_read_with_their_paragraphs(write, record):
    record |= {"text": "One.\n\nTwo.", "labels": ["content"] * 3, "spans": [], "mixed": []}
    rows = {**record, "embedded": b64encode(b"\1\2\3\4\5\6").decode()}

    (plain,), (read,) = (corpus.load([write("a.jsonl", r)]) for r in (record, rows))

    assert list(read.embeddings) == [("One.", b"\1\2"), ("Two.", b"\5\6")]
    assert list(plain.embeddings) == []
    assert corpus.fingerprint([plain]) != corpus.fingerprint([read])
    for wrong in ("AQI=", "?", 5):
        with pytest.raises(CorpusError, match=r"a\.jsonl:1"):
            corpus.load([write("a.jsonl", {**record, "embedded": wrong})])
