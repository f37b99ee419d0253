"""Units in their document → arrays. The one place that training and use share.

Each kind of evidence is a function of the ones before it: `characters` are read of units, `wording`
splits them into words, `ngrams` finds the known ones, `shape` tells how units look, `topic` what
they share with the rest of their document, `context` what stands around them, and `page` what a
page, where there is one, says of them.
"""

from cleaner.features.characters import READ_CHARS, Characters, Floats
from cleaner.features.columns import COLUMNS, EVIDENCE
from cleaner.features.context import (
    ORDER,
    PLACE,
    RECURRENCE,
    boilerplate_odds,
    context,
    order,
    paragraph_columns,
    place,
    recurrence,
    sentence_columns,
)
from cleaner.features.ngrams import Held, Quantized, Vocabulary, ngrams, weighted_sum
from cleaner.features.page import PUBLISHED, Published, page_columns, published
from cleaner.features.shape import COLUMN, SHAPE, shape, token_counts
from cleaner.features.topic import AFFINITY, OVERLAP, affinity, overlap
from cleaner.features.wording import Words, tokens

__all__ = [
    "AFFINITY",
    "COLUMN",
    "COLUMNS",
    "EVIDENCE",
    "ORDER",
    "OVERLAP",
    "PLACE",
    "PUBLISHED",
    "READ_CHARS",
    "RECURRENCE",
    "SHAPE",
    "Characters",
    "Floats",
    "Held",
    "Published",
    "Quantized",
    "Vocabulary",
    "Words",
    "affinity",
    "boilerplate_odds",
    "context",
    "ngrams",
    "order",
    "overlap",
    "page_columns",
    "paragraph_columns",
    "place",
    "published",
    "recurrence",
    "sentence_columns",
    "shape",
    "token_counts",
    "tokens",
    "weighted_sum",
]
