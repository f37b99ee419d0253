"""Train the reliability model: rated outlets → a linear score of style, shrunk and calibrated.

    python -m cleaner.training.reliability ARTICLES.jsonl.gz NAME=FILE... --out FOLDER

The texts and ratings stay where they are; the model holds one weight a feature of style.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import CorpusError
from cleaner.sources.estimate import CLIP, MIN_DOCUMENTS, Estimator, Matrix
from cleaner.training.outlets import Outlet, means, read_outlets

LOW = 0.5  # a rating under this is what the probability speaks of
_ALPHA = 100.0
_FOLDS, _REPEATS = 10, 5
# Fixed before the last measurement; 0.06 rather than 0.08 leaves room under 5 % missed.
_BANDS = {"look_closer": 0.4, "no_warning": 0.06}
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """What models that saw neither an outlet nor its network say of it, in corpus order."""

    risk: Vector  # before shrinking
    p_low: Vector  # calibrated on other outlets, too
    low: NDArray[np.bool_]
    used: NDArray[np.int64]  # documents


def fit(outlets: Sequence[Outlet], *, name: str) -> tuple[Estimator, HeldOut]:
    """Fit the model on all outlets, and measure it by cross-fitting.

    Raises:
        CorpusError: too few outlets, or hardly any that is rated low.
    """
    low = np.array([outlet.value < LOW for outlet in outlets])
    groups = {outlet.group for outlet in outlets}
    if min(len(groups), 2 * int(low.sum())) < 2 * _FOLDS:
        raise CorpusError(f"at least {2 * _FOLDS} brands and {_FOLDS} low-rated outlets are needed")
    used = np.array([len(outlet.rows) for outlet in outlets])
    if (used >= MIN_DOCUMENTS).sum() < _FOLDS:
        raise CorpusError(f"{_FOLDS} outlets with {MIN_DOCUMENTS} usable documents are needed")
    risk = _held_out_risk(outlets)
    weights, mean, scale = _fit_linear(outlets)
    shrinkage = _shrinkage(outlets, weights, mean, scale)
    shrunk = risk * used / (used + shrinkage)
    p_low = np.zeros(len(outlets))
    for inside, outside in _folds(outlets, seed=_REPEATS):
        slope, intercept = _calibrate(shrunk[inside], low[inside])
        p_low[outside] = 1 / (1 + np.exp(-(slope * shrunk[outside] + intercept)))
    slope, intercept = _calibrate(shrunk, low)
    many = used >= MIN_DOCUMENTS
    standard = (_filled(means(outlets), mean) - mean) / scale
    info: dict[str, Any] = {
        "name": name,
        "languages": ["en"],
        "low": LOW,
        "base_rate": round(float(low.mean()), 4),
        "calibration": {"slope": slope, "intercept": intercept},
        "shrinkage": round(shrinkage, 4),
        "bands": _BANDS,
        "farthest": round(float((standard[many] ** 2).mean(axis=1).max()), 4),
        "outlets": len(outlets),
    }
    return Estimator(info, weights, mean, scale), HeldOut(risk, p_low, low, used)


def _fit_linear(outlets: Sequence[Outlet]) -> tuple[Vector, Vector, Vector]:
    """Ridge regression of the rating; the sign is turned, so that more is more risk."""
    from sklearn.linear_model import Ridge

    features = means(outlets)
    mean = np.nanmean(features, axis=0)
    scale = np.nanstd(features, axis=0) + 1e-6
    standard = np.clip((_filled(features, mean) - mean) / scale, -CLIP, CLIP)
    ratings = np.array([outlet.value for outlet in outlets])
    trust = np.sqrt([min(len(outlet.rows), 10) for outlet in outlets])
    model = Ridge(_ALPHA).fit(standard, ratings, sample_weight=trust)
    return -np.asarray(model.coef_, dtype=np.float64), mean, scale


def _filled(features: Matrix, mean: Vector) -> Matrix:
    return np.where(np.isnan(features), mean, features)


def _folds(outlets: Sequence[Outlet], seed: int) -> Iterator[tuple[Vector, Vector]]:
    from sklearn.model_selection import GroupKFold

    groups = [outlet.group for outlet in outlets]
    yield from GroupKFold(_FOLDS, shuffle=True, random_state=seed).split(groups, groups=groups)


def _held_out_risk(outlets: Sequence[Outlet]) -> Vector:
    risk = np.zeros(len(outlets))
    features = means(outlets)
    for seed in range(_REPEATS):
        for inside, outside in _folds(outlets, seed):
            weights, mean, scale = _fit_linear([outlets[int(i)] for i in inside])
            standard = (_filled(features[outside], mean) - mean) / scale
            risk[outside] += np.clip(standard, -CLIP, CLIP) @ weights / _REPEATS
    return risk


def _shrinkage(outlets: Sequence[Outlet], weights: Vector, mean: Vector, scale: Vector) -> float:
    """How many documents weigh as much as knowing nothing: variance within over that between."""
    many = [outlet for outlet in outlets if len(outlet.rows) >= MIN_DOCUMENTS]
    scores = [
        np.clip((_filled(outlet.rows, mean) - mean) / scale, -CLIP, CLIP) @ weights
        for outlet in many
    ]
    within = float(np.mean([score.var(ddof=1) for score in scores]))
    total = float(np.var([score.mean() for score in scores], ddof=1))
    noise = float(np.mean([score.var(ddof=1) / len(score) for score in scores]))
    return within / max(total - noise, 1e-3 * total)


def _calibrate(shrunk: Vector, low: NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    spread = float(shrunk.std())  # the solver stops early on tiny numbers
    model = LogisticRegression(C=1e4).fit(shrunk[:, None] / spread, low)
    return float(model.coef_[0, 0]) / spread, float(model.intercept_[0])


def train(
    articles: Path, ratings: Sequence[str], out: Path, clean: Callable[..., Any] | None = None
) -> HeldOut:
    """Train on articles and rating tables, and write the model folder."""
    from cleaner.pipeline import Cleaner
    from cleaner.sources.ratings import Ratings
    from cleaner.training.reliability_card import card
    from cleaner.training.reliability_scores import scores

    outlets = list(read_outlets(articles, Ratings.load(ratings), clean or Cleaner().clean))
    estimator, held_out = fit(outlets, name=out.name)
    info = {**estimator.info, "scores": scores(outlets, held_out, estimator)}
    estimator = replace(estimator, info=info)
    estimator.save(out, card(estimator))
    return held_out


def main(
    articles: Annotated[Path, "JSON lines of articles, perhaps .gz"],
    ratings: list[str],
    out: Path = Path("models/reliability-en-1"),
) -> None:
    """Train the reliability model on rated outlets."""
    train(articles, ratings, out)


if __name__ == "__main__":
    import typer

    typer.run(main)
