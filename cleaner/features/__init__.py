"""Units in their document → arrays. The one place that training and use share.

Each kind of evidence is a function of the ones before it: `wording` tells which n-grams units hold,
`shape` how they look, `context` what stands around them.
"""

from cleaner.features.context import (
    ORDER,
    OVERLAP,
    PLACE,
    RECURRENCE,
    SENTENCE,
    boilerplate_odds,
    context,
    context_names,
    order,
    overlap,
    paragraph_columns,
    place,
    recurrence,
    sentence_columns,
)
from cleaner.features.shape import COLUMN, SHAPE, shape
from cleaner.features.wording import (
    READ_CHARS,
    Floats,
    Held,
    lookup,
    ngrams,
    tokens,
    weighted_sum,
)

__all__ = [
    "COLUMN",
    "ORDER",
    "OVERLAP",
    "PLACE",
    "READ_CHARS",
    "RECURRENCE",
    "SENTENCE",
    "SHAPE",
    "Floats",
    "Held",
    "boilerplate_odds",
    "context",
    "context_names",
    "lookup",
    "ngrams",
    "order",
    "overlap",
    "paragraph_columns",
    "place",
    "recurrence",
    "sentence_columns",
    "shape",
    "tokens",
    "weighted_sum",
]
