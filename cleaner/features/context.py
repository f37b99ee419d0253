"""What stands around units: position, neighbours, runs."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Label
from cleaner.features.characters import Floats
from cleaner.features.shape import COLUMN, SHAPE, token_counts
from cleaner.features.topic import AFFINITY, OVERLAP

# Columns of a unit that its neighbours also see, and how far.
_NEIGHBOUR_SHAPES = (
    "words",
    "ends_stop",
    "ends_colon",
    "capital_share",
    "asking_share",
    "headline",
)
_REACH = 3


def context(evidence: Floats, shapes: Floats, overlaps: Floats, affinity: Floats) -> Floats:
    """What stands around each unit.

    Args:
        evidence: (units, k) scores of the text models; column 0 is the log-odds of boilerplate.
        shapes: (units, len(SHAPE)).
        overlaps: (units, len(OVERLAP)).
        affinity: (units, len(AFFINITY)).

    Returns:
        (units, len(context_names(k))) array that holds its inputs too.
    """
    count = len(shapes)
    odds = evidence[:, 0]
    words = token_counts(shapes)
    solid = (words >= 20) & (odds < 0) & (shapes[:, COLUMN["sentences"]] > 0)
    solid_words = np.where(solid, words, 0.0)
    solid_total = max(1.0, float(solid_words.sum()))
    solid_before = (np.cumsum(solid_words) - solid_words) / solid_total
    short = words < 12
    position = np.stack(
        [
            *_from_both_ends(words),
            solid_before,
            1.0 - solid_before - solid_words / solid_total,
            _since(solid),
            _since(solid[::-1])[::-1],
            _run(short),
            np.full(count, short.mean()),
            np.full(count, odds.mean()),
            _before_mean(odds),
            _before_mean(odds[::-1])[::-1],
            np.maximum.accumulate(odds),
            np.maximum.accumulate(odds[::-1])[::-1],
        ],
        axis=1,
    )
    looks = shapes[:, [COLUMN[name] for name in _NEIGHBOUR_SHAPES]]
    seen = np.concatenate([evidence[:, :2], looks, overlaps[:, :1]], axis=1)
    shifted = [shift(seen, offset) for offset in _offsets()]
    held = (evidence, shapes, overlaps, affinity)
    return np.concatenate([*held, position, *shifted], axis=1).astype(np.float32)


def context_names(evidence: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns that `context` returns, given those of its evidence."""
    seen = (*evidence[:2], *_NEIGHBOUR_SHAPES, OVERLAP[0])
    return (
        *evidence,
        *SHAPE,
        *OVERLAP,
        *AFFINITY,
        *("index", "index_from_end", "place", "units", "document_words", "words_before"),
        *("solid_before", "solid_after", "since_solid", "until_solid", "short_run", "short_share"),
        *("mean_odds", "mean_odds_before", "mean_odds_after", "max_odds_before", "max_odds_after"),
        *(f"{name}[{offset:+d}]" for offset in _offsets() for name in seen),
    )


PLACE = (
    *("index", "index_from_end", "place", "units", "words_in_all", "before", "after"),
    *("is_first", "is_last", "line_first", "line_last", "line_index", "line_index_from_end"),
    *("line_units", "share_of_line", "whole_line", "units_per_line"),
)


def place(words: Floats, line: NDArray[np.int64]) -> Floats:
    """Where each unit stands in its document and in its line.

    Args:
        words: (units,) number of words.
        line: (units,) index of the paragraph that each unit is, or is a sentence of, ascending.

    Returns:
        (units, len(PLACE)) array.
    """
    count = len(words)
    index = np.arange(count, dtype=np.float32)
    total = max(1.0, float(words.sum()))
    before = np.cumsum(words) - words
    first, inverse, sizes = _groups(line)
    within = np.arange(count) - first[inverse]
    size = sizes[inverse]
    lengths = np.add.reduceat(words, first)[inverse]
    return np.stack(
        [
            *_from_both_ends(words),
            1 - (before + words) / total,
            index == 0,
            index == count - 1,
            within == 0,
            within == size - 1,
            np.minimum(within, 20),
            np.minimum(size - 1 - within, 20),
            np.log1p(size),
            words / np.maximum(1, lengths),
            size == 1,
            np.full(count, np.log1p(count / len(sizes))),
        ],
        axis=1,
    ).astype(np.float32)


AROUND = (-2, -1, 1, 2)
ORDER = (
    "network",
    *(f"network[{offset:+d}]" for offset in AROUND),
    *(f"network.{index}" for index in range(len(Label))),
)


def order(logits: Floats) -> Floats:
    """What the network, which reads the units in order, says of each and of those around it.

    Args:
        logits: (units, labels), content first.

    Returns:
        (units, len(ORDER)) array: log-odds of boilerplate here and around, and the logits.
    """
    odds = boilerplate_odds(logits)[:, None]
    around = [shift(odds, offset) for offset in AROUND]
    relative = logits - logits.max(axis=1, keepdims=True)
    return np.concatenate([odds, *around, relative], axis=1)


def boilerplate_odds(logits: Floats) -> Floats:
    """(units,) log-odds of any boilerplate label against content, given (units, labels) logits."""
    highest = logits[:, 1:].max(axis=1)
    summed = highest + np.log(np.exp(logits[:, 1:] - highest[:, None]).sum(axis=1))
    odds: Floats = summed - logits[:, 0]
    return odds


SENTENCE = (
    *("sentence_index", "sentence_index_from_end", "paragraph_sentences", "paragraph_odds_rest"),
    *("paragraph_odds_best_other", "share_of_paragraph", "sentences_per_paragraph"),
)


def in_paragraph(odds: Floats, words: Floats, paragraph: NDArray[np.int64]) -> Floats:
    """Where each sentence stands in its paragraph, and what the paragraph's other sentences say.

    Args:
        odds: (sentences,) log-odds of the text model.
        words: (sentences,) number of words.
        paragraph: (sentences,) index of the paragraph that each belongs to, ascending.

    Returns:
        (sentences, len(SENTENCE)) array.
    """
    first, inverse, sizes = _groups(paragraph)
    place = np.arange(len(paragraph)) - first[inverse]
    size = sizes[inverse]
    totals = np.add.reduceat(odds * words, first)[inverse]
    lengths = np.add.reduceat(words, first)[inverse]
    best = np.maximum.reduceat(odds, first)[inverse]
    others = np.where(odds >= best, -9.0, best)
    return np.stack(
        [
            np.minimum(place, 20),
            np.minimum(size - 1 - place, 20),
            np.minimum(size, 40),
            (totals - odds * words) / np.maximum(1, lengths - words),
            others,
            words / np.maximum(1, lengths),
            np.full(len(paragraph), min(40.0, len(paragraph) / len(sizes))),
        ],
        axis=1,
    ).astype(np.float32)


def paragraph_columns(
    evidence: Floats, shapes: Floats, overlaps: Floats, affinity: Floats, logits: Floats
) -> Floats:
    """Everything that the trees for paragraphs see: `context` and `order`."""
    return np.concatenate([context(evidence, shapes, overlaps, affinity), order(logits)], axis=1)


def sentence_columns(
    evidence: Floats,
    shapes: Floats,
    overlaps: Floats,
    affinity: Floats,
    logits: Floats,
    paragraph: NDArray[np.int64],
) -> Floats:
    """Everything that the trees for sentences see: the same, and `in_paragraph`."""
    seen = paragraph_columns(evidence, shapes, overlaps, affinity, logits)
    within = in_paragraph(evidence[:, 0], token_counts(shapes), paragraph)
    return np.concatenate([seen, within], axis=1)


RECURRENCE = ("odds", "pages", "share", "length", "attribution", "ends_stop")


def recurrence(odds: Floats, shapes: Floats, pages: Floats, site_pages: int) -> Floats:
    """What site memory knows of units, beside what they look like.

    Args:
        odds: (units,) log-odds without memory.
        shapes: (units, len(SHAPE)).
        pages: (units,) pages of the site that hold the same text.
        site_pages: pages of the site that were seen.

    Returns:
        (units, len(RECURRENCE)) array.
    """
    return np.stack(
        [
            odds,
            np.log1p(pages),
            pages / max(1, site_pages),
            np.minimum(shapes[:, COLUMN["words"]], 4.0),
            shapes[:, COLUMN["attribution"]] > 0,
            shapes[:, COLUMN["ends_stop"]],
        ],
        axis=1,
    ).astype(np.float32)


def _from_both_ends(words: Floats) -> Iterator[NDArray[Any]]:
    """Columns that tell where units stand in a document, and how long it is."""
    count, total = len(words), max(1.0, float(words.sum()))
    index = np.arange(count, dtype=np.float32)
    yield np.minimum(index, 30)
    yield np.minimum(count - 1 - index, 30)
    yield index / max(1, count - 1)
    yield np.full(count, np.log1p(count))
    yield np.full(count, np.log1p(total))
    yield (np.cumsum(words) - words) / total


def _groups(
    line: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First unit of each line, the place of each unit's line, and each line's units."""
    begins = np.concatenate([[True], line[1:] != line[:-1]])
    first = np.flatnonzero(begins)
    return first, np.cumsum(begins) - 1, np.diff(np.append(first, len(line)))


def _offsets() -> list[int]:
    return [offset for offset in range(-_REACH, _REACH + 1) if offset]


def shift(columns: Floats, offset: int) -> Floats:
    """Row i of the result is row i + offset of the input; outside the document -9."""
    shifted = np.full_like(columns, -9.0)
    if abs(offset) < len(columns):
        if offset > 0:
            shifted[:-offset] = columns[offset:]
        else:
            shifted[-offset:] = columns[:offset]
    return shifted


def _since(marks: NDArray[np.bool_]) -> Floats:
    """Units since the last mark, 0 at a mark, at most 30; 30 where there is none before."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -1000))
    return np.minimum(index - last, 30).astype(np.float32)


def _run(marks: NDArray[np.bool_]) -> Floats:
    """Length of the run of marks that a unit stands in, at most 30; 0 outside a run."""
    gaps = np.flatnonzero(~np.concatenate([[False], marks, [False]]))
    lengths = np.diff(gaps) - 1
    run: Floats = np.zeros(len(marks), dtype=np.float32)
    for start, length in zip(gaps[:-1], lengths, strict=True):
        run[start : start + length] = min(length, 30)
    return run


def _before_mean(values: NDArray[Any]) -> Floats:
    """Mean of the values before each place; 0 at the first."""
    means: Floats = ((np.cumsum(values) - values) / np.maximum(1, np.arange(len(values)))).astype(
        np.float32
    )
    return means
