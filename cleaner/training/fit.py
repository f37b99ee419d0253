"""Labelled documents → a model. The only module that fits anything.

Every teacher is cross-fitted by site: what the trees see of the text models, and the second pass of
the first, comes from models that never saw the site at hand, as it will be in use.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label, Strength
from cleaner.errors import CorpusError
from cleaner.features import Floats
from cleaner.model import LABELS, Ensemble, Model
from cleaner.network import Network, standardise
from cleaner.sites import MIN_PAGES, Memory, fold
from cleaner.training import glue
from cleaner.training.corpus import Labelled
from cleaner.training.strengths import thresholds
from cleaner.trees import Trees

_MIN_DOCUMENTS = 3  # an n-gram that fewer documents hold says more of them than of plugs
_FOLDS = 5
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
_NETWORK: dict[str, Any] = {
    "hidden_layer_sizes": (128, 48),
    "alpha": 0.01,
    "batch_size": 256,
    "max_iter": 8,
}
EVIDENCE = tuple("boilerplate" if label is Label.CONTENT else label.value for label in LABELS)
_UNKNOWN = -1
_TELLING_QUANTILE = 0.03
# A cut inside a paragraph breaks what the author joined: it takes more certainty than one between.
_SENTENCE_FLOOR = {Strength.LOW: 0.95, Strength.MEDIUM: 0.65, Strength.HIGH: 0.5}


@dataclass(frozen=True)
class Bag:
    """Units of one document with everything about them that no fit changes.

    Attributes:
        grams: n-grams of each unit.
        shapes: (units, len(features.SHAPE)).
        overlaps: (units, len(features.OVERLAP)).
        target: (units,) index of each label in LABELS, -1 where it is unknown.
        line: (units,) the paragraph that each unit stands in.
    """

    grams: tuple[list[str], ...]
    shapes: Floats
    overlaps: Floats
    target: NDArray[np.int64]
    line: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        labels: Sequence[Label | None],
        line: Sequence[int],
        title: str,
    ) -> "Bag":
        """Compute the features of units."""
        words = [features.tokens(text) for text in texts]
        return cls(
            tuple(features.ngrams(w) for w in words),
            features.shape(texts, words),
            features.overlap(texts, words, title),
            np.array([_UNKNOWN if label is None else LABELS.index(label) for label in labels]),
            np.array(line),
        )


@dataclass(frozen=True)
class Example:
    """A labelled document: its paragraphs, and sentences of it with and without its line breaks."""

    document: Labelled
    paragraphs: Bag
    sentences: tuple[Bag, ...]

    @classmethod
    def of(cls, document: Labelled, seed: int = 0) -> "Example":
        """Compute the features of a document."""
        # Titles are often unknown in use; every other document is learned without.
        title = document.title if zlib.crc32(document.id.encode()) % 2 else ""
        bags = []
        for lines in glue.variants(document, seed):
            parts = [
                (text, label, index)
                for index, line in enumerate(lines)
                for text, label in glue.labelled_sentences(line)
            ]
            texts, labels, line_of = zip(*parts, strict=True)
            bags.append(Bag.of(texts, labels, line_of, title))
        own_line = range(len(document.paragraphs))
        paragraphs = Bag.of(document.paragraphs, document.labels, own_line, title)
        return cls(document, paragraphs, tuple(bags))


@dataclass(frozen=True)
class TextModel:
    """The linear models on n-grams: one of boilerplate, and one of each of its labels."""

    vocabulary: dict[str, int]
    table: Floats
    bias: Floats

    def evidence(self, bag: Bag) -> Floats:
        """(units, k) log-odds."""
        rows = [features.lookup(grams, self.vocabulary) for grams in bag.grams]
        return features.weighted_sum(self.table, rows) + self.bias


def fit(
    examples: Sequence[Example], *, name: str, seed: int = 0, memory: Memory | None = None
) -> Model:
    """Fit the whole model.

    Args:
        examples: labelled documents of at least as many sites as folds.
        name: the model's name and version.
        seed: fixes folds, trees and networks; the same seed and data give the same bytes.
        memory: what recurs on the documents' sites; without it the model gives memory no weight.

    Raises:
        CorpusError: too few sites to cross-fit, or a label that no document has.
    """
    _check(examples)
    text = _fit_text(examples)
    groups = [e.document.group for e in examples]
    evidence = _cross_fit(
        groups,
        lambda inside: _fit_text([examples[i] for i in inside]),
        lambda model, i: [
            model.evidence(b) for b in (examples[i].paragraphs, *examples[i].sentences)
        ],
        seed,
    )
    bags = [e.paragraphs for e in examples]
    target = np.concatenate([b.target for b in bags])
    contexts = [
        features.context(ev[0], b.shapes, b.overlaps) for ev, b in zip(evidence, bags, strict=True)
    ]
    first, odds = _fit_pass(contexts, bags, groups, seed)
    columns = [
        np.concatenate([c, features.neighbourhood(o, np.expm1(b.shapes[:, 1]))], axis=1)
        for c, o, b in zip(contexts, odds, bags, strict=True)
    ]
    second, held_out = _fit_pass(columns, bags, groups, seed + 1)
    calibration = _calibration(np.concatenate(held_out), target > 0)
    scores = [_probability(o, calibration) for o in held_out]
    sentence, sentence_calibration = _fit_sentences(examples, evidence, groups, seed)
    stacked = np.concatenate(columns)
    return Model(
        info={
            "name": name,
            "languages": ["en"],
            "labels": list(LABELS),
            "features": list(_column_names()),
            "groups": _groups(),
            "typical_content": np.median(stacked[target == 0], axis=0).round(4).tolist(),
            "calibration": calibration,
            "sentence_calibration": sentence_calibration,
            "memory": _fit_memory(examples, scores, memory),
            "thresholds": thresholds(
                np.concatenate(scores),
                target > 0,
                np.array([len(t.split()) for e in examples for t in e.document.paragraphs]),
            ),
            "sentence_floor": _SENTENCE_FLOOR,
            "telling_weight": _telling_weight(examples, text),
            "cap": 0.6,
            "seed": seed,
        },
        grams=tuple(sorted(text.vocabulary, key=text.vocabulary.__getitem__)),
        table=text.table,
        bias=text.bias,
        first=first,
        second=second,
        sentence=sentence,
        head=_fit_head(stacked, target, second.network),
    )


def _check(examples: Sequence[Example]) -> None:
    present = {label for e in examples for label in e.document.labels}
    if missing := set(Label) - present:
        raise CorpusError(f"no paragraph is labelled {', '.join(sorted(missing))}")
    if len({e.document.group for e in examples}) < 2 * _FOLDS:
        raise CorpusError(f"documents of at least {2 * _FOLDS} sites are needed")


def _telling_weight(examples: Sequence[Example], text: TextModel) -> float:
    """The weight that the strongest n-gram of nearly every glued plug reaches."""
    strongest = []
    for bag in chain.from_iterable(e.sentences for e in examples):
        glued = (np.bincount(bag.line)[bag.line] > 1) & (bag.target > 0)
        rows = [
            features.lookup(bag.grams[index], text.vocabulary) for index in np.flatnonzero(glued)
        ]
        strongest.append(features.largest(text.table[:, 0], rows))
    return round(float(np.quantile(np.concatenate(strongest), _TELLING_QUANTILE)), 3)


def _fit_text(examples: Sequence[Example]) -> TextModel:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(set(chain.from_iterable(example.paragraphs.grams)))
    known = sorted(gram for gram, count in counts.items() if count >= _MIN_DOCUMENTS)
    vocabulary = {gram: index for index, gram in enumerate(known)}
    rows = [features.lookup(grams, vocabulary) for e in examples for grams in e.paragraphs.grams]
    lengths = np.array([len(row) for row in rows])
    matrix = csr_matrix(
        (
            np.repeat(1 / np.sqrt(np.maximum(1, lengths)), lengths),
            np.concatenate([np.asarray(row, dtype=np.int64) for row in rows]),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(rows), len(vocabulary)),
    )
    target = np.concatenate([e.paragraphs.target for e in examples])
    table, bias = [], []
    for index in range(len(LABELS)):
        positive = target > 0 if index == 0 else target == index
        model = LogisticRegression(
            C=30, solver="liblinear", max_iter=60, tol=1e-4 if index == 0 else 1e-2, random_state=0
        ).fit(matrix, positive)
        table.append(model.coef_[0])
        bias.append(model.intercept_[0])
    # In use the table is read from 16-bit numbers: what is fitted on its evidence sees those too.
    narrow = np.array(table).T.astype(np.float16).astype(np.float32)
    return TextModel(vocabulary, np.ascontiguousarray(narrow), np.array(bias, dtype=np.float32))


def _fit_pass(
    columns: Sequence[Floats], bags: Sequence[Bag], groups: Sequence[str], seed: int
) -> tuple[Ensemble, list[Floats]]:
    """Fit one pass, and give for each document the odds of a fit that did not see its site."""
    targets = [bag.target for bag in bags]

    def fit_part(inside: Sequence[int]) -> Ensemble:
        return _fit_ensemble(
            np.concatenate([columns[i] for i in inside]),
            np.concatenate([targets[i] for i in inside]) > 0,
            seed,
        )

    held_out = _cross_fit(
        groups, fit_part, lambda m, i: m.decision(columns[i]).astype(np.float32), seed
    )
    return fit_part(range(len(bags))), held_out


def _fit_ensemble(columns: Floats, positive: NDArray[np.bool_], seed: int) -> Ensemble:
    import warnings

    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    trees = HistGradientBoostingClassifier(random_state=seed, **_TREES).fit(columns, positive)
    mean = columns.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = (columns.std(axis=0, dtype=np.float64) + 1e-3).astype(np.float32)
    with warnings.catch_warnings():
        # A few epochs are the regularisation; convergence is not wanted.
        warnings.simplefilter("ignore", ConvergenceWarning)
        network = MLPClassifier(random_state=seed, **_NETWORK).fit(
            standardise(columns, mean, scale), positive
        )
    return Ensemble(Trees.from_sklearn(trees), Network.from_sklearn(network, mean, scale))


def _fit_sentences(
    examples: Sequence[Example],
    evidence: Sequence[Sequence[Floats]],
    groups: Sequence[str],
    seed: int,
) -> tuple[Ensemble, dict[str, float]]:
    """Fit the sentence model, calibrated on sites that a fit of it did not see."""
    from sklearn.model_selection import GroupKFold

    columns, targets, owners = [], [], []
    for index, (example, found) in enumerate(zip(examples, evidence, strict=True)):
        for bag, ev in zip(example.sentences, found[1:], strict=True):
            sizes = np.bincount(bag.line)[bag.line]
            rows = (sizes > 1) & (bag.target != _UNKNOWN)
            columns.append(features.sentence_columns(ev, bag.shapes, bag.overlaps, bag.line)[rows])
            targets.append(bag.target[rows] > 0)
            owners.append(np.full(rows.sum(), index))
    stacked, positive, owner = map(np.concatenate, (columns, targets, owners))
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=seed)
    inside, outside = next(folds.split(stacked, groups=np.array(groups)[owner]))
    held_out = _fit_ensemble(stacked[inside], positive[inside], seed).decision(stacked[outside])
    calibration = _calibration(held_out, positive[outside])
    return _fit_ensemble(stacked, positive, seed), calibration


def _cross_fit(
    groups: Sequence[str],
    fit_part: Callable[[Sequence[int]], Any],
    apply: Callable[[Any, int], Any],
    seed: int,
) -> list[Any]:
    """For each document, what a model fitted without its site says of it."""
    from sklearn.model_selection import GroupKFold

    results: dict[int, Any] = {}
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=seed).split(groups, groups=groups)
    for inside, outside in folds:
        model = fit_part(inside.tolist())
        results |= {int(i): apply(model, int(i)) for i in outside}
    return [results[index] for index in range(len(groups))]


def _fit_head(columns: Floats, target: NDArray[np.int64], network: Network) -> Floats:
    """The label model: which boilerplate it is, given that it is boilerplate."""
    from sklearn.linear_model import LogisticRegression

    rows = target > 0
    standard = standardise(columns[rows], network.mean, network.scale)
    model = LogisticRegression(C=0.03, max_iter=1000).fit(standard, target[rows])
    return np.concatenate([model.coef_.T, model.intercept_[None]]).astype(np.float32)


def _fit_memory(
    examples: Sequence[Example], scores: Sequence[NDArray[np.float64]], memory: Memory | None
) -> dict[str, Any]:
    """How much recurrence on the site weighs, given what the text looks like."""
    from sklearn.linear_model import LogisticRegression

    columns, targets = [], []
    for example, score in zip(examples, scores, strict=True):
        site = memory.site(example.document.site) if memory else None
        if site is None:
            continue
        pages = np.array([site.counts[fold(text)] for text in example.document.paragraphs])
        rows = pages >= MIN_PAGES
        odds = np.log(np.clip(score, 1e-6, 1 - 1e-6) / np.clip(1 - score, 1e-6, 1))
        seen = features.recurrence(
            odds.astype(np.float32), example.paragraphs.shapes, pages.astype(np.float32), site.pages
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
    return {"weights": weights, "bias": bias, "min_pages": MIN_PAGES}


def _calibration(odds: NDArray[Any], positive: NDArray[np.bool_]) -> dict[str, float]:
    """Platt scaling of odds from models that did not see the site."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], positive)
    return {"slope": float(model.coef_[0, 0]), "intercept": float(model.intercept_[0])}


def _probability(odds: Floats, by: Mapping[str, float]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-(by["slope"] * odds + by["intercept"])))
    return probability


def _column_names() -> tuple[str, ...]:
    return (*features.context_names(EVIDENCE), *features.NEIGHBOURHOOD)


def _groups() -> dict[str, list[int]]:
    """Columns by kind of evidence, for explanations."""
    names = _column_names()
    first = len(EVIDENCE)
    shape_end = first + len(features.SHAPE)
    overlap_end = shape_end + len(features.OVERLAP)
    groups: dict[str, list[int]] = {
        "wording": [],
        "shape": [],
        "topic": [],
        "position": [],
        "neighbours": [],
    }
    for index, column in enumerate(names):
        if index < first:
            groups["wording"].append(index)
        elif index < shape_end:
            groups["shape"].append(index)
        elif index < overlap_end:
            groups["topic"].append(index)
        elif "[" in column or column in features.NEIGHBOURHOOD[1:]:
            groups["neighbours"].append(index)
        elif column == "score":
            groups["wording"].append(index)
        else:
            groups["position"].append(index)
    return groups
