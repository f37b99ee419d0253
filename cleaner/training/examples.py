"""Labelled documents → units with all that no fit changes, computed once."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label
from cleaner.features import Characters, Floats, Held, Published, Vocabulary, Words
from cleaner.model import LABELS
from cleaner.segment import without_inserts
from cleaner.training import glue
from cleaner.training.corpus import Labelled

UNKNOWN = -1
_MIN_DOCUMENTS = 8  # an n-gram that fewer documents hold says more of them than of plugs

# In use only paragraphs with a telling sentence are split: the others stand around them whole.
_WHOLE = 0.6


def vocabulary(documents: Sequence[Labelled]) -> Vocabulary:
    """The n-grams that enough documents hold."""
    counts: Counter[str] = Counter()
    for document in documents:
        grams = map(features.ngrams, features.tokens(document.paragraphs))
        counts.update(set(chain.from_iterable(grams)))
    return Vocabulary.of([gram for gram, count in counts.items() if count >= _MIN_DOCUMENTS])


@dataclass(frozen=True)
class Bag:
    """Units of one document in order, with everything about them that no fit changes.

    Attributes:
        held: their n-grams.
        heading: those of the title, None if it is unknown.
        shapes: (units, len(features.SHAPE)).
        overlaps: (units, len(features.OVERLAP)).
        target: (units,) index of each label in LABELS, UNKNOWN where it is unknown.
        tokens: (units,) number of tokens that are read.
        words: (units,) number of words.
        line: (units,) the paragraph that each unit stands in.
    """

    held: Held
    heading: Held | None
    shapes: Floats
    overlaps: Floats
    target: NDArray[np.int64]
    tokens: NDArray[np.int64]
    words: NDArray[np.int64]
    line: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        labels: Sequence[Label | None],
        line: Sequence[int],
        title: str,
        grams: Vocabulary,
    ) -> "Bag":
        """Compute the features of units."""
        read = Characters.of(texts)
        words = Words.of(read)
        heading = Words.of(Characters.of([title])) if title.strip() else None
        return cls(
            grams.held(words),
            None if heading is None else grams.held(heading),
            features.shape(read, words),
            features.overlap(words, heading),
            np.array([UNKNOWN if label is None else LABELS.index(label) for label in labels]),
            words.counts,
            np.array([len(text.split()) for text in texts]),
            np.array(line),
        )


@dataclass(frozen=True)
class Example:
    """A labelled document.

    Attributes:
        document: itself.
        paragraphs: its paragraphs.
        sentences: its sentences, with and without its line breaks.
        published: what its page says of the paragraphs, if it is at hand.
    """

    document: Labelled
    paragraphs: Bag
    sentences: tuple[Bag, ...]
    published: Published | None

    @classmethod
    def of(cls, document: Labelled, grams: Vocabulary, seed: int) -> "Example":
        """Compute the features of a document.

        Args:
            document: at least one paragraph.
            grams: the known n-grams.
            seed: fixes which line breaks are lost, and which lines are split.
        """
        # Titles are often unknown in use: every other document is learned without, and half of
        # those as texts that begin with their headline.
        kind = zlib.crc32(document.id.encode()) % 4
        title = document.title if kind % 2 else ""
        document = _headed(document) if kind == 0 else document
        rng = np.random.default_rng([seed, *document.id.encode()])
        bags = []
        for lines in glue.variants(document, rng):
            parts = [
                (text, label, index)
                for index, line in enumerate(lines)
                for text, label in glue.labelled_sentences(line, whole=rng.random() < _WHOLE)
            ]
            texts, labels, line_of = zip(*parts, strict=True)
            bags.append(Bag.of(texts, labels, line_of, title, grams))
        own_line = range(len(document.paragraphs))
        read = list(map(without_inserts, document.paragraphs))
        paragraphs = Bag.of(read, document.labels, own_line, title, grams)
        return cls(document, paragraphs, tuple(bags), _published(document))

    @property
    def bags(self) -> tuple[Bag, ...]:
        """All of them, the paragraphs first."""
        return (self.paragraphs, *self.sentences)


def _headed(document: Labelled) -> Labelled:
    """A document with its headline as the first paragraph, if it is known and isn't there yet."""
    headline, _, _ = document.title.partition(" | ")
    first = document.paragraphs[0].casefold()
    if document.blocks or not headline.strip() or first.startswith(headline.strip().casefold()):
        return document
    return replace(
        document,
        paragraphs=(headline.strip(), *document.paragraphs),
        labels=(Label.CONTENT, *document.labels),
        spans=tuple(replace(span, paragraph=span.paragraph + 1) for span in document.spans),
        mixed=frozenset(index + 1 for index in document.mixed),
        unread=frozenset(index + 1 for index in document.unread),
        embedded=bytes(len(document.embedded) // len(document.paragraphs)) + document.embedded,
    )


def _published(document: Labelled) -> Published | None:
    return features.published(document.blocks, document.url, document.units, document.paragraphs)
