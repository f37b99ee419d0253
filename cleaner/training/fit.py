"""Labelled documents → a model. The only module that fits anything.

Every teacher is cross-fitted by site: what the trees see of the text models, and the second pass of
the first, comes from models that never saw the site at hand, as it will be in use.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label, Strength
from cleaner.errors import CorpusError
from cleaner.features import Floats
from cleaner.model import LABELS, Model
from cleaner.training.corpus import Labelled
from cleaner.trees import Trees

_MIN_DOCUMENTS = 3  # an n-gram that fewer documents hold says more of them than of plugs
_FOLDS = 5
_TREES: dict[str, Any] = {
    "learning_rate": 0.06,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 30,
    "l2_regularization": 1.0,
    "max_features": 0.4,
    "early_stopping": False,
}
EVIDENCE = tuple("boilerplate" if label is Label.CONTENT else label.value for label in LABELS)


@dataclass(frozen=True)
class Example:
    """A labelled document with everything about it that no fit changes."""

    document: Labelled
    grams: tuple[set[str], ...]
    shapes: Floats
    overlaps: Floats
    target: NDArray[np.int64]

    @classmethod
    def of(cls, document: Labelled) -> "Example":
        """Compute the features of a document."""
        words = [features.tokens(text) for text in document.paragraphs]
        shapes = [features.shape(t, w) for t, w in zip(document.paragraphs, words, strict=True)]
        return cls(
            document,
            tuple(features.ngrams(w) for w in words),
            np.array(shapes, dtype=np.float32),
            features.overlap(document.paragraphs, words, document.title),
            np.array([LABELS.index(label) for label in document.labels]),
        )


@dataclass(frozen=True)
class TextModel:
    """The linear models on n-grams: one of boilerplate, and one of each of its labels."""

    vocabulary: dict[str, int]
    table: Floats
    bias: Floats

    def evidence(self, example: Example) -> Floats:
        """(units, k) log-odds."""
        rows = [features.lookup(grams, self.vocabulary) for grams in example.grams]
        return features.weighted_sum(self.table, rows) + self.bias


@dataclass(frozen=True)
class Fitted:
    """A model and, for each document it was fitted on, the odds of a model that did not see its site."""

    text: TextModel
    first: Any
    second: Any
    head: Any


def fit(examples: Sequence[Example], *, name: str, seed: int = 0) -> Model:
    """Fit the whole model.

    Args:
        examples: labelled documents of at least as many sites as folds.
        name: the model's name and version.
        seed: fixes folds and trees; the same seed and data give the same bytes.

    Raises:
        CorpusError: too few sites to cross-fit, or a label that no document has.
    """
    present = {label for e in examples for label in e.document.labels}
    if missing := set(Label) - present:
        raise CorpusError(f"no paragraph is labelled {', '.join(sorted(missing))}")
    if len({e.document.group for e in examples}) < 2 * _FOLDS:
        raise CorpusError(f"documents of at least {2 * _FOLDS} sites are needed")
    text = _fit_text(examples)
    evidence = _cross_fit(examples, _fit_text, lambda m, i, e: m.evidence(e), seed)
    contexts = [
        features.context(ev, e.shapes, e.overlaps) for ev, e in zip(evidence, examples, strict=True)
    ]
    target = np.concatenate([e.target for e in examples])
    first = _fit_trees(np.concatenate(contexts), target > 0, 250, seed)
    odds = _cross_fit_trees(examples, contexts, 250, seed + 1)
    columns = [_with_neighbours(c, o, e) for c, o, e in zip(contexts, odds, examples, strict=True)]
    second = _fit_trees(np.concatenate(columns), target > 0, 200, seed)
    held_out = _cross_fit_trees(examples, columns, 200, seed + 2)
    stacked = np.concatenate(columns)
    head, mean, scale = _fit_head(stacked, target)
    return Model(
        info={
            "name": name,
            "languages": ["en"],
            "labels": list(LABELS),
            "features": list(_column_names()),
            "groups": _groups(),
            "typical_content": np.median(stacked[target == 0], axis=0).round(4).tolist(),
            "calibration": _calibration(np.concatenate(held_out), target > 0),
            "thresholds": {Strength.LOW: 0.95, Strength.MEDIUM: 0.5, Strength.HIGH: 0.25},
            "cap": 0.6,
            "seed": seed,
        },
        grams=tuple(sorted(text.vocabulary, key=text.vocabulary.__getitem__)),
        table=text.table,
        bias=text.bias,
        first=Trees.from_sklearn(first),
        second=Trees.from_sklearn(second),
        head=head,
        mean=mean,
        scale=scale,
    )


def _fit_text(examples: Sequence[Example]) -> TextModel:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(set().union(*example.grams))
    known = sorted(gram for gram, count in counts.items() if count >= _MIN_DOCUMENTS)
    vocabulary = {gram: index for index, gram in enumerate(known)}
    rows = [features.lookup(grams, vocabulary) for e in examples for grams in e.grams]
    lengths = np.array([len(row) for row in rows])
    matrix = csr_matrix(
        (
            np.repeat(1 / np.sqrt(np.maximum(1, lengths)), lengths),
            np.concatenate([np.asarray(row, dtype=np.int64) for row in rows]),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(rows), len(vocabulary)),
    )
    target = np.concatenate([e.target for e in examples])
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


def _fit_trees(columns: Floats, positive: NDArray[np.bool_], trees: int, seed: int) -> Any:  # noqa: ANN401
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=trees, random_state=seed, **_TREES).fit(
        columns, positive
    )


def _cross_fit_trees(
    examples: Sequence[Example], columns: Sequence[Floats], trees: int, seed: int
) -> list[Floats]:
    place = {id(example): index for index, example in enumerate(examples)}

    def fit_part(part: Sequence[Example]) -> Any:  # noqa: ANN401
        mine = np.concatenate([columns[place[id(e)]] for e in part])
        return _fit_trees(mine, np.concatenate([e.target for e in part]) > 0, trees, seed)

    return _cross_fit(
        examples,
        fit_part,
        lambda m, index, _: m.decision_function(columns[index]).astype(np.float32),
        seed,
    )


def _cross_fit(
    examples: Sequence[Example],
    fit_part: Callable[[Sequence[Example]], Any],
    apply: Callable[[Any, int, Example], Floats],
    seed: int,
) -> list[Floats]:
    """For each document, what a model fitted without its site says of it."""
    from sklearn.model_selection import GroupKFold

    groups = [e.document.group for e in examples]
    results: dict[int, Floats] = {}
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=seed).split(examples, groups=groups)
    for inside, outside in folds:
        model = fit_part([examples[i] for i in inside])
        results |= {int(i): apply(model, int(i), examples[i]) for i in outside}
    return [results[index] for index in range(len(examples))]


def _with_neighbours(columns: Floats, odds: Floats, example: Example) -> Floats:
    around = features.neighbourhood(odds, np.expm1(example.shapes[:, 1]))
    return np.concatenate([columns, around], axis=1)


def _fit_head(columns: Floats, target: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """The label model: which boilerplate it is, given that it is boilerplate."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = columns.mean(axis=0), columns.std(axis=0) + 1e-3
    rows = target > 0
    model = LogisticRegression(C=0.03, max_iter=1000).fit(
        (columns[rows] - mean) / scale, target[rows]
    )
    head = np.concatenate([model.coef_.T, model.intercept_[None]]).astype(np.float32)
    return head, mean.astype(np.float32), scale.astype(np.float32)


def _calibration(odds: Floats, positive: NDArray[np.bool_]) -> dict[str, float]:
    """Platt scaling of odds from models that did not see the site."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], positive)
    return {"slope": float(model.coef_[0, 0]), "intercept": float(model.intercept_[0])}


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
