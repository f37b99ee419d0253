"""The evidence behind scores, in log-odds of being cut."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Reason
from cleaner.features import Floats, Published
from cleaner.model import Model, Read, Scores, decided, network_columns
from cleaner.network import REACHES

_MOST = 6
_LEAST = 0.05
_CLIPPED = (1e-6, 1 - 1e-6)
_SEEN = sum(REACHES)  # units on either side that the network sees one by one


def reasons(
    model: Model,
    read: Read,
    published: Published | None = None,
    pages: Floats | None = None,
    site_pages: int = 0,
) -> Iterator[tuple[Reason, ...]]:
    """For each unit what each kind of evidence moved, and its strongest n-grams; strongest first.

    What a kind moved is measured by putting typical content in its place; the weight of an n-gram
    is its part in the linear model of wording; what the page and the site memory moved is the
    difference to the score without them. Takes what `Model.score` does.
    """
    beside = list(_beside(model, read, published, pages, site_pages))
    overlaps = read.overlaps
    columns = network_columns(read.shapes, overlaps)
    affinity = read.affinity(model.network.logits(read.embedded, columns))
    contexts = features.context(read.evidence, read.shapes, overlaps, affinity)
    held = model.vocabulary.held(read.words)
    for index, grams in enumerate(np.split(held.index, held.starts[1:])):
        near = slice(max(0, index - _SEEN), index + _SEEN + 1)
        kinds = _moved(
            model, read.embedded[near], columns[near], contexts[index], index - near.start
        )
        yield tuple(
            Reason(reason.evidence, round(reason.weight, 2))
            for reason in sorted([*kinds, *beside[index], *_grams(model, grams)], key=_order)
            if abs(reason.weight) >= _LEAST
        )


def _moved(
    model: Model, embedded: Floats, columns: Floats, context: Floats, own: int
) -> Iterator[Reason]:
    sure = model.info["sure_odds"]

    def odds(embedded: Floats, columns: Floats, context: Floats, own: int) -> float:
        logits = model.network.logits(embedded, columns)
        row = np.concatenate([context, features.order(logits)[own]])
        return float(decided(logits[own : own + 1], model.trees, lambda: row[None], sure)[0])

    before = odds(embedded, columns, context, own)
    typical = np.asarray(model.info["typical"]["trees"], dtype=np.float32)
    typical_columns = np.asarray(model.info["typical"]["network"], dtype=np.float32)
    for name, places in model.info["groups"].items():
        changed_context, changed = context.copy(), columns.copy()
        changed_context[places["trees"]] = typical[places["trees"]]
        changed[own, places["network"]] = typical_columns[places["network"]]
        if name == "neighbours":
            alone = slice(own, own + 1)
            after = odds(embedded[alone], changed[alone], changed_context, 0)
        else:
            silent = embedded.copy()
            if name == "wording":
                silent[own] = 0
            after = odds(silent, changed, changed_context, own)
        yield Reason(name, before - after)


def _beside(
    model: Model,
    read: Read,
    published: Published | None,
    pages: Floats | None,
    site_pages: int,
) -> Iterator[tuple[Reason, Reason]]:
    """What is known beside the text: what the page moved, and then the site memory."""
    known = np.zeros(len(read.shapes)) if pages is None else pages
    text = _odds(model.score(read))
    page = text if published is None else _odds(model.score(read, published))
    site = page
    if known.any():
        site = _odds(model.score(read, published, pages, site_pages))
    for seen, by_page, by_site in zip(known.astype(int), page - text, site - page, strict=True):
        yield (
            Reason("page", float(by_page)),
            Reason(f"site memory: on {seen} of {site_pages} pages", float(by_site)),
        )


def _odds(scores: Scores) -> NDArray[np.float64]:
    likely = np.clip(scores.boilerplate, *_CLIPPED)
    odds: NDArray[np.float64] = np.log(likely / (1 - likely))
    return odds


def _grams(model: Model, grams: NDArray[np.int64]) -> list[Reason]:
    weights = model.table.rows(grams)[:, 0] / max(1, len(grams)) ** 0.5
    known = model.vocabulary.grams
    found = [Reason(f"“{known[g]}”", float(w)) for g, w in zip(grams, weights, strict=True)]
    return sorted(found, key=_order)[:_MOST]


def _order(reason: Reason) -> tuple[float, str]:
    return -abs(reason.weight), reason.evidence
