"""What a cut did to a labelled document, as counts that add up over documents.

Every score is a function of summed counts, so collections and bootstrap samples are sums too.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document, Label, Removed, Verdict
from cleaner.training.corpus import Labelled

Counts = NDArray[np.float64]
LABELS = tuple(Label)
UNNAMED = len(LABELS)  # cut, but not said to be any kind of boilerplate
BINS = 15

# Paragraphs by true label and what was done to them: kept, or cut under a label.
CONFUSION = slice(0, len(LABELS) * (UNNAMED + 1))
WORDS, WORDS_LOST, CHARS, CHARS_LOST = range(CONFUSION.stop, CONFUSION.stop + 4)
PLUG, PLUG_CUT, MIXED_CUT = range(CHARS_LOST + 1, CHARS_LOST + 4)
UNITS = slice(MIXED_CUT + 1, MIXED_CUT + 1 + BINS)
POSITIVES = slice(UNITS.stop, UNITS.stop + BINS)
SCORES = slice(POSITIVES.stop, POSITIVES.stop + BINS)
SIZE = SCORES.stop


def document_of(labelled: Labelled, *, as_page: bool = False) -> Document:
    """What is cleaned: the text with its title, and what its page says only if that is wanted.

    Never a document from html: in labelled texts a first line that repeats the title is content.
    """
    document = Document(labelled.id, labelled.text, title=labelled.title)
    return replace(document, url=labelled.url, blocks=labelled.blocks) if as_page else document


def count(
    document: Labelled, removed: Sequence[Removed], verdicts: Sequence[Verdict] = ()
) -> Counts:
    """Compare what was cut out of `document.text` with the labels.

    A paragraph is cut when at least half of its characters are, white space apart; where a plug
    inside content is known by its characters, only the rest of the paragraph is content. Where a
    plug is known to be but not which characters it is, the paragraph says nothing of content lost.

    Args:
        document: the truth.
        removed: the spans cut.
        verdicts: every unit with its score, for calibration; rules have none.
    """
    text = document.text
    solid = _solid(text)
    ends = [unit.end + 1 for unit in document.units]
    paragraph = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))[: len(text)]
    truth, known = _truth(document, paragraph)
    cut = np.zeros(len(text), dtype=np.int64)
    for span in removed:
        named = LABELS.index(span.label)
        cut[span.start : span.end] = named or UNNAMED
    counts = np.zeros(SIZE)
    counts[CONFUSION] = _confusion(document, paragraph, solid, truth, cut)
    content = solid & known & (truth == 0)
    first = content & np.concatenate([[True], ~solid[:-1]])
    counts[WORDS], counts[WORDS_LOST] = first.sum(), (first & (cut > 0)).sum()
    counts[CHARS], counts[CHARS_LOST] = content.sum(), (content & (cut > 0)).sum()
    mixed = solid & known & np.isin(paragraph, list(document.mixed))
    counts[PLUG] = (mixed & (truth > 0)).sum()
    counts[PLUG_CUT] = (mixed & (truth > 0) & (cut > 0)).sum()
    counts[MIXED_CUT] = (mixed & (cut > 0)).sum()
    for verdict in verdicts:
        unit = slice(verdict.unit.start, verdict.unit.end)
        if known[unit].all():
            place = min(int(verdict.score * BINS), BINS - 1)
            boilerplate = 2 * (truth[unit] > 0)[solid[unit]].sum() >= solid[unit].sum()
            counts[UNITS][place] += 1
            counts[POSITIVES][place] += boilerplate
            counts[SCORES][place] += verdict.score
    return counts


def _solid(text: str) -> NDArray[np.bool_]:
    """Which characters are not white space."""
    return ~np.fromiter(map(str.isspace, text), dtype=np.bool_, count=len(text))


def _truth(
    document: Labelled, paragraph: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The label of each character, and whether it is known."""
    labels = np.array([LABELS.index(label) for label in document.labels], dtype=np.int64)
    truth = labels[paragraph]
    known = ~np.isin(paragraph, list(document.unread))
    starts = np.searchsorted(paragraph, np.arange(len(labels)))
    for span in document.spans:
        start = starts[span.paragraph]
        truth[start + span.start : start + span.end] = LABELS.index(span.label)
    return truth, known


def _confusion(
    document: Labelled,
    paragraph: NDArray[np.int64],
    solid: NDArray[np.bool_],
    truth: NDArray[np.int64],
    cut: NDArray[np.int64],
) -> Counts:
    labels = np.array([LABELS.index(label) for label in document.labels], dtype=np.int64)
    own = solid & (truth == labels[paragraph])
    kinds = UNNAMED + 1
    size = len(labels) * kinds
    chars = np.bincount((paragraph * kinds + cut)[own], minlength=size).reshape(-1, kinds)
    is_cut = 2 * chars[:, 1:].sum(axis=1) >= np.maximum(1, chars.sum(axis=1))
    done = np.where(is_cut, 1 + chars[:, 1:].argmax(axis=1), 0)
    return np.bincount(labels * kinds + done, minlength=len(LABELS) * kinds).astype(np.float64)
