"""Labelled documents → a model.

Every teacher is cross-fitted by site: what the trees see of the linear models, and what calibration
and thresholds see of all, comes from models that never saw the site at hand, as it will be in use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label, Strength
from cleaner.errors import CorpusError
from cleaner.features import COLUMNS, Floats, Quantized
from cleaner.model import LABELS, Model, Of, decided
from cleaner.sites import MIN_PAGES, Memory, fold
from cleaner.training.corpus import OWN, Labelled
from cleaner.training.cross import FOLDS, HeldOut, network_of
from cleaner.training.evidence import KINDS, places, typical
from cleaner.training.examples import UNKNOWN, Example, vocabulary
from cleaner.training.linear import fit_linear
from cleaner.training.strengths import BUDGETS, thresholds
from cleaner.trees import Trees

_TREES: dict[str, Any] = {
    "max_iter": 250,
    "learning_rate": 0.06,
    "max_leaf_nodes": 31,
    "max_depth": 8,  # every row walks as many steps as the deepest leaf is deep
    "min_samples_leaf": 60,
    "l2_regularization": 1.0,
    "max_features": 0.2,
    "early_stopping": False,
}
_PAGE_TREES = {**_TREES, "max_iter": 150}
# How much the linear models' log-odds add to the network's on which label it is: of the boilerplate
# of found pages 76.5 % are named right, 72.7 % without (half of the sites, docs/classifier.md).
_LABEL_WORDING = 0.5
# Sentences whose wording alone speaks so clearly for content (log-odds) are not judged in context:
# on 200 articles that saves a third of the time and misses 7 of 593 cuts.
_TELLING = -2.5
# Where the network alone is so sure of content, nearly everywhere, the trees are not asked.
_SURE_OF_CONTENT = -3.8  # log-odds
# Site memory overrules words that speak for content only where a text stands on many pages: intros
# of galleries and live pages recur, too.
_DOUBTFUL = 0.3
_MANY_PAGES = 0.5  # of those of the site


def fit(
    documents: Sequence[Labelled], *, name: str, seed: int = 0, memory: Memory | None = None
) -> Model:
    """Fit the whole model.

    Args:
        documents: of at least twice as many sites as folds.
        name: the model's name and version.
        seed: fixes folds, trees and network; the same seed and data give the same bytes.
        memory: what recurs on the documents' sites; without it the model gives memory no weight.

    Raises:
        CorpusError: too few sites to cross-fit, or a label that no document has.
    """
    _check(documents)
    known = vocabulary(documents)
    examples = [Example.of(document, known, seed) for document in documents]
    held_out = HeldOut.of(examples, len(known), seed)
    bags = [example.paragraphs for example in examples]
    linear = fit_linear(bags, len(known))
    trees, paragraphs = _fit_paragraphs(examples, held_out, seed)
    sentence_trees, sentences = _fit_sentences(examples, held_out, seed)
    page_trees, pages = _fit_pages(examples, held_out, paragraphs, seed)
    judged = {Of.PARAGRAPHS: paragraphs, Of.SENTENCES: sentences}
    if pages:
        judged[Of.PAGE] = pages
    return Model(
        info={
            "name": name,
            "languages": ["en"],
            "labels": list(LABELS),
            "features": {part: list(names) for part, names in COLUMNS.items()},
            "groups": {kind: places(kind) for kind in KINDS},
            "label_wording": _LABEL_WORDING,
            "typical": typical(examples, held_out),
            "calibration": {of.value: part.calibration for of, part in judged.items()},
            "thresholds": {of.value: part.thresholds(BUDGETS[of]) for of, part in judged.items()},
            "memory": _fit_memory(examples, paragraphs, memory),
            "telling_odds": _TELLING,
            "sure_odds": _SURE_OF_CONTENT,
            "cap": 0.6,
            "seed": seed,
        },
        vocabulary=known,
        table=Quantized.of(linear.table),
        bias=linear.bias,
        network=network_of(examples, len(known), seed),
        trees=trees,
        sentence_trees=sentence_trees,
        page_trees=page_trees,
    )


def _check(documents: Sequence[Labelled]) -> None:
    present = {label for document in documents for label in document.labels}
    if missing := set(Label) - present:
        raise CorpusError(f"no paragraph is labelled {', '.join(sorted(missing))}")
    if len({document.group for document in documents}) < 2 * FOLDS:
        raise CorpusError(f"documents of at least {2 * FOLDS} sites are needed")


@dataclass(frozen=True)
class _Judged:
    """Units with the odds that models gave them which had not seen their sites.

    Attributes:
        owner: (units,) index of the example.
        odds: (units,) log-odds of boilerplate.
        positive: (units,) whether it is.
        tokens: (units,) number of tokens that are read of them.
        words: (units,) number of words.
        real: (units,) whether the document was found, see `_found`.
    """

    owner: NDArray[np.int64]
    odds: NDArray[np.float64]
    positive: NDArray[np.bool_]
    tokens: NDArray[np.int64]
    words: NDArray[np.int64]
    real: NDArray[np.bool_]

    def take(
        self, units: NDArray[np.int64], odds: NDArray[np.float64], real: NDArray[np.bool_]
    ) -> "_Judged":
        """Some of the units, with other odds, and what of them was found."""
        return _Judged(
            self.owner[units],
            odds,
            self.positive[units],
            self.tokens[units],
            self.words[units],
            real,
        )

    def of_each_example(self, values: NDArray[Any]) -> list[NDArray[Any]]:
        """Values of all units, apart for each example; every example has units."""
        return np.split(values, np.cumsum(np.bincount(self.owner))[:-1])

    @cached_property
    def calibration(self) -> dict[str, float]:
        """Platt scaling of the odds."""
        return _platt(self.odds[self.real], self.positive[self.real])

    def thresholds(self, budget: Mapping[Strength, float]) -> dict[str, dict[str, float]]:
        """The thresholds of each strength, given what it may lose."""
        scores = 1 / (1 + np.exp(-self.calibrated))
        real = self.real
        return thresholds(
            scores[real], self.positive[real], self.tokens[real], self.words[real], budget
        )

    @property
    def calibrated(self) -> NDArray[np.float64]:
        """(units,) calibrated log-odds."""
        odds: NDArray[np.float64] = self.calibration["slope"] * self.odds
        return odds + self.calibration["intercept"]


def _fit_paragraphs(
    examples: Sequence[Example], held_out: HeldOut, seed: int
) -> tuple[Trees, _Judged]:
    """Trees for paragraphs, and what the whole says of paragraphs of sites that it did not see."""
    bags = [example.paragraphs for example in examples]
    columns = [
        said[0].paragraph_columns(bag) for said, bag in zip(held_out.said, bags, strict=True)
    ]
    owner = np.repeat(np.arange(len(bags)), [len(bag.target) for bag in bags])
    rows = _Rows(
        np.concatenate(columns),
        np.concatenate([said[0].logits for said in held_out.said]),
        np.concatenate([bag.target for bag in bags]) > 0,
        owner,
    )
    odds = np.empty(len(owner))
    for fold_ in range(FOLDS):
        outside, held = rows.judge(held_out.folds, fold_, seed)
        odds[outside] = held
    judged = _Judged(
        owner,
        odds,
        rows.positive,
        np.concatenate([bag.tokens for bag in bags]),
        np.concatenate([bag.words for bag in bags]),
        _found(examples, owner, rows.positive),
    )
    return rows.fit(slice(None), seed), judged


def _found(
    examples: Sequence[Example], owner: NDArray[np.int64], positive: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which units tell how often plugs and content occur: those of found documents.

    What is written for training is dense in plugs and in content that looks like them. Where too
    little was found, all of them do.
    """
    found = np.array([example.document.collection != OWN for example in examples])[owner]
    enough = found.any() and len(np.unique(positive[found])) > 1
    return found if enough else np.ones(len(owner), dtype=bool)


def _fit_sentences(
    examples: Sequence[Example], held_out: HeldOut, seed: int
) -> tuple[Trees, _Judged]:
    """The same for sentences of paragraphs that have several; the rest judges one fold."""
    columns, logits, positive, owner = [], [], [], []
    tokens, words = [], []
    for index, example in enumerate(examples):
        for bag, said in zip(example.sentences, held_out.said[index][1:], strict=True):
            kept = (np.bincount(bag.line)[bag.line] > 1) & (bag.target != UNKNOWN)
            columns.append(said.sentence_columns(bag)[kept])
            logits.append(said.logits[kept])
            positive.append(bag.target[kept] > 0)
            owner.append(np.full(int(kept.sum()), index))
            tokens.append(bag.tokens[kept])
            words.append(bag.words[kept])
    rows = _Rows(*map(np.concatenate, (columns, logits, positive, owner)))
    outside, odds = rows.judge(held_out.folds, 0, seed)
    judged = _Judged(
        rows.owner[outside],
        odds,
        rows.positive[outside],
        np.concatenate(tokens)[outside],
        np.concatenate(words)[outside],
        _found(examples, rows.owner[outside], rows.positive[outside]),
    )
    return rows.fit(slice(None), seed), judged


def _fit_pages(
    examples: Sequence[Example], held_out: HeldOut, judged: _Judged, seed: int
) -> tuple[Trees | None, _Judged | None]:
    """The same for paragraphs of pages, given what `judged` says of them without their page.

    None if too few pages are at hand.
    """
    places = judged.of_each_example(np.arange(len(judged.odds)))
    at_hand = [
        (index, places[index], example.published)
        for index, example in enumerate(examples)
        if example.published is not None
    ]
    own = np.concatenate([np.zeros(0, dtype=np.int64), *(own for _, own, _ in at_hand)])
    positive, fold = judged.positive[own], held_out.folds[judged.owner[own]]
    if any(len(np.unique(positive[fold != held])) < 2 for held in range(FOLDS)):
        return None, None
    columns = [
        features.page_columns(
            judged.odds[own].astype(np.float32),
            held_out.said[index][0].logits,
            examples[index].paragraphs.shapes,
            published,
        )
        for index, own, published in at_hand
    ]
    rows = np.concatenate(columns)
    odds = np.empty(len(own))
    for fold_ in np.unique(fold):
        outside = fold == fold_
        trees = _fit_trees(_PAGE_TREES, rows[~outside], positive[~outside], seed)
        odds[outside] = trees.decision(rows[outside])
    real = _found(examples, judged.owner[own], positive)
    return _fit_trees(_PAGE_TREES, rows, positive, seed), judged.take(own, odds, real)


def _platt(odds: NDArray[np.float64], positive: NDArray[np.bool_]) -> dict[str, float]:
    """Platt scaling: slope and intercept that make log-odds those of a probability."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], positive)
    return {"slope": float(model.coef_[0, 0]), "intercept": float(model.intercept_[0])}


def _fit_trees(
    settings: Mapping[str, Any], rows: Floats, positive: NDArray[np.bool_], seed: int
) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(random_state=seed, **settings)
    return Trees.from_sklearn(trees.fit(rows, positive))


@dataclass(frozen=True)
class _Rows:
    """What trees are fitted on, and what the network says of the same units."""

    columns: Floats
    logits: Floats
    positive: NDArray[np.bool_]
    owner: NDArray[np.int64]

    def fit(self, rows: NDArray[np.bool_] | slice, seed: int) -> Trees:
        return _fit_trees(_TREES, self.columns[rows], self.positive[rows], seed)

    def judge(
        self, folds: NDArray[np.int64], fold_: int, seed: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which units are of a fold, and their odds by trees of the other folds and the network."""
        outside = folds[self.owner] == fold_
        trees = self.fit(~outside, seed)
        columns = partial(self.columns.__getitem__, outside)
        return outside, decided(self.logits[outside], trees, columns, _SURE_OF_CONTENT)


def _fit_memory(
    examples: Sequence[Example], judged: _Judged, memory: Memory | None
) -> dict[str, Any]:
    """How much recurrence on the site weighs, given what the text looks like."""
    from sklearn.linear_model import LogisticRegression

    columns, targets = [], []
    calibrated = judged.of_each_example(judged.calibrated.astype(np.float32))
    for example, odds in zip(examples, calibrated, strict=True):
        site = memory.site(example.document.site) if memory else None
        if site is None:
            continue
        pages = np.array([site.counts[fold(text)] for text in example.document.paragraphs])
        rows = pages >= MIN_PAGES
        seen = features.recurrence(
            odds, example.paragraphs.shapes, pages.astype(np.float32), site.pages
        )
        columns.append(seen[rows])
        targets.append(example.paragraphs.target[rows] > 0)
    if not columns or len(np.unique(np.concatenate(targets))) == 1:
        weights, bias = [1.0] + [0.0] * (len(features.RECURRENCE) - 1), 0.0
    else:
        model = LogisticRegression(C=1.0, max_iter=1000).fit(
            np.concatenate(columns), np.concatenate(targets)
        )
        weights, bias = model.coef_[0].tolist(), float(model.intercept_[0])
    return {
        "weights": weights,
        "bias": bias,
        "min_pages": MIN_PAGES,
        "doubtful": _DOUBTFUL,
        "many_pages": _MANY_PAGES,
    }
