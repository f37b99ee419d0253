"""How good the reliability model is on outlets it never saw, and whether it leans."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.sources.estimate import MIN_DOCUMENTS, Band, Estimator
from cleaner.training.outlets import Outlet
from cleaner.training.reliability import HeldOut, Vector

_REPEATS = 2000
_BINS = 5
_FEW = 5  # low-rated outlets, under which an AUC means nothing


def scores(outlets: Sequence[Outlet], held_out: HeldOut, estimator: Estimator) -> dict[str, Any]:
    """Measure on outlets with enough documents, and on all of them.

    Intervals are 95 % bootstraps over brands and networks.
    """
    enough = held_out.used >= MIN_DOCUMENTS
    return {
        "enough_documents": _measure(outlets, held_out, estimator, enough),
        "all": _measure(outlets, held_out, estimator, held_out.used > 0),
        "by_leaning": leaning_audit(outlets, held_out),
        "by_documents": {
            f"{low} to {high}": _measure_small(held_out, low, high)
            for low, high in ((1, 1), (2, 4), (5, 9), (10, 1000))
        },
    }


def _measure(
    outlets: Sequence[Outlet],
    held_out: HeldOut,
    estimator: Estimator,
    chosen: NDArray[np.bool_],
) -> dict[str, Any]:
    low, p_low, risk = held_out.low[chosen], held_out.p_low[chosen], held_out.risk[chosen]
    ratings = np.array([outlet.value for outlet in outlets])[chosen]
    groups = np.array([outlet.group for outlet in outlets])[chosen]
    bands = np.array([estimator.band(float(p)) for p in p_low])
    flagged, clear = bands == Band.LOOK_CLOSER, bands == Band.NO_WARNING
    base = float(low.mean())
    return {
        "outlets": len(low),
        "low_rated": int(low.sum()),
        "base_rate": round(base, 3),
        "auc": _with_interval(lambda i: auc(risk[i], low[i]), groups),
        "rank_correlation": _with_interval(
            lambda i: rank_correlation(-risk[i], ratings[i]), groups
        ),
        "ece": round(ece(p_low, low), 3),
        "look_closer": {
            "share": round(float(flagged.mean()), 3),
            "precision": _share(low, flagged),
            "times_base_rate": round(_share(low, flagged) / base, 1),
            "recall": _share(flagged, low),
        },
        "no_warning": {"share": round(float(clear.mean()), 3), "missed": _share(low, clear)},
        "inconclusive": round(float((bands == Band.INCONCLUSIVE).mean()), 3),
    }


def _measure_small(held_out: HeldOut, least: int, most: int) -> dict[str, Any]:
    chosen = (held_out.used >= least) & (held_out.used <= most)
    low = held_out.low[chosen]
    both = 0 < low.sum() < len(low)
    return {
        "outlets": len(low),
        "low_rated": int(low.sum()),
        "auc": round(auc(held_out.risk[chosen], low), 3) if both else None,
    }


def leaning_audit(outlets: Sequence[Outlet], held_out: HeldOut) -> dict[str, Any]:
    """Within each leaning: does the model still rank, and does it err to one side?"""
    ratings = np.array([outlet.value for outlet in outlets])
    leanings = np.array([outlet.leaning for outlet in outlets])
    audit: dict[str, Any] = {}
    alone = np.zeros(len(outlets))
    for leaning in sorted(set(leanings.tolist())):
        part = leanings == leaning
        low, risk = held_out.low[part], held_out.risk[part]
        alone[part] = low.mean()
        audit[leaning] = {
            "outlets": int(part.sum()),
            "mean_rating": round(float(ratings[part].mean()), 3),
            "low_rated": round(float(low.mean()), 3),
            "mean_p_low": round(float(held_out.p_low[part].mean()), 3),
            "rank_correlation": round(rank_correlation(-risk, ratings[part]), 3),
            "auc": round(auc(risk, low), 3) if _FEW <= low.sum() < len(low) else None,
        }
    weights = [a["outlets"] for a in audit.values()]
    within = float(np.average([a["rank_correlation"] for a in audit.values()], weights=weights))
    return {
        "leanings": audit,
        "rank_correlation_within": round(within, 3),
        "auc_of_leaning_alone": round(auc(alone, held_out.low), 3),
    }


def auc(risk: Vector, low: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a low-rated outlet has the greater risk."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(low, risk)) if 0 < low.sum() < len(low) else float("nan")


def rank_correlation(one: Vector, other: Vector) -> float:
    """Spearman's rank correlation."""
    from scipy.stats import spearmanr

    return float(spearmanr(one, other).statistic)


def ece(p_low: Vector, low: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal size."""
    bins = np.array_split(np.argsort(p_low, kind="stable"), _BINS)
    gaps = [len(b) * abs(float(p_low[b].mean() - low[b].mean())) for b in bins]
    return sum(gaps) / len(low)


def _share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return round(float(of[among].mean()), 3) if among.any() else float("nan")


def _with_interval(
    measure: Callable[[NDArray[np.int64]], float], groups: NDArray[np.str_]
) -> list[float]:
    """The measure, and the ends of its 95 % bootstrap interval over groups."""
    names = np.unique(groups)
    places = [np.flatnonzero(groups == name) for name in names]
    draw = np.random.default_rng(0)
    drawn = []
    for _ in range(_REPEATS):
        picked = draw.integers(0, len(names), len(names))
        drawn.append(measure(np.concatenate([places[i] for i in picked])))
    everything = np.arange(len(groups))
    ends = np.nanpercentile(drawn, [2.5, 97.5])
    return [round(float(x), 3) for x in (measure(everything), *ends)]
