"""A first look at a source that no table knows: from how it writes, over several documents.

Style ranks sources weakly and can rate none: so three bands, the signals that moved them, and
abstention. An estimate is never mixed with a rating.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import model
from cleaner.errors import ModelError
from cleaner.sources.style import NAMES, natural

FORMAT = 1
DEFAULT = "reliability-en-1"
MIN_DOCUMENTS = 5
CLIP = 4.0  # standard deviations; one wild feature shall not decide
_TOLD = 6  # signals that are told

Matrix = NDArray[np.float64]


class Band(StrEnum):
    """What an estimate says; none of them says that a source is unreliable."""

    LOOK_CLOSER = "look_closer"  # sources that write like this are low-rated more often
    NO_WARNING = "no_warning"  # sources that write like this are seldom low-rated
    INCONCLUSIVE = "inconclusive"  # most sources


@dataclass(frozen=True, slots=True)
class Influence:
    """A signal that moved an estimate: log-odds of a low rating, measured and usual value."""

    signal: str
    weight: float
    value: float
    usual: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What style says of a source.

    Attributes:
        band: None if the estimate abstains.
        p_low: calibrated probability that raters would put it under 0.5; None likewise.
        base_rate: the share of such sources among those the model was trained on.
        documents: how many there were.
        used: how many took part: usable, no wire copies, no repeats.
        signals: what moved it, strongest first.
        abstained: why there is no estimate.
        model: name of the model.
    """

    band: Band | None
    p_low: float | None
    base_rate: float
    documents: int
    used: int
    signals: tuple[Influence, ...]
    abstained: tuple[str, ...]
    model: str

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return asdict(self)


@dataclass(frozen=True)
class Estimator:
    """The trained model: a linear score on standardised features, shrunk and calibrated.

    Attributes:
        info: what model.json holds.
        weights: (features,) of the standardised means of a source's documents.
        mean: (features,) over outlets.
        scale: (features,) over outlets.
    """

    info: Mapping[str, Any]
    weights: Matrix
    mean: Matrix
    scale: Matrix

    def estimate(self, rows: Matrix, documents: int, barred: Collection[str] = ()) -> Estimate:
        """Estimate a source from the style of its usable documents.

        Args:
            rows: (used, features), nan where a headline was missing.
            documents: how many documents there were in all.
            barred: reasons against an estimate that are known already.
        """
        reasons = list(barred)
        if len(rows) < MIN_DOCUMENTS:
            reasons.append(f"fewer than {MIN_DOCUMENTS} usable documents")
        elif not reasons:
            standard = self.standard(rows)
            if float((standard**2).mean()) > self.info["farthest"]:
                reasons.append("unlike any outlet that the model was trained on")
        base, name = float(self.info["base_rate"]), str(self.info["name"])
        if reasons:
            return Estimate(None, None, base, documents, len(rows), (), tuple(reasons), name)
        moved = self.moved(rows)
        odds = float(moved.sum()) + self.info["calibration"]["intercept"]
        p_low = round(float(1 / (1 + np.exp(-odds))), 4)
        told = self._influences(rows, moved)
        return Estimate(self.band(p_low), p_low, base, documents, len(rows), told, (), name)

    def standard(self, rows: Matrix) -> Matrix:
        """Standardised means of the features, 0 where no document had them."""
        known = ~np.isnan(rows)
        count = known.sum(axis=0)
        sums = np.where(known, rows, 0.0).sum(axis=0)
        means = np.where(count > 0, sums / np.maximum(1, count), self.mean)
        standard: Matrix = (means - self.mean) / self.scale
        return standard

    def moved(self, rows: Matrix) -> Matrix:
        """What each feature adds to the log-odds; few documents move less."""
        shrink = len(rows) / (len(rows) + self.info["shrinkage"])
        clipped = np.clip(self.standard(rows), -CLIP, CLIP)
        moved: Matrix = clipped * self.weights * shrink * self.info["calibration"]["slope"]
        return moved

    def band(self, p_low: float) -> Band:
        """The band of a probability."""
        if p_low >= self.info["bands"]["look_closer"]:
            return Band.LOOK_CLOSER
        if p_low <= self.info["bands"]["no_warning"]:
            return Band.NO_WARNING
        return Band.INCONCLUSIVE

    def _influences(self, rows: Matrix, moved: Matrix) -> tuple[Influence, ...]:
        means = self.standard(rows) * self.scale + self.mean
        strongest = sorted(range(len(NAMES)), key=lambda i: (-abs(moved[i]), i))[:_TOLD]
        return tuple(
            Influence(
                NAMES[i],
                round(float(moved[i]), 3),
                round(natural(NAMES[i], float(means[i])), 3),
                round(natural(NAMES[i], float(self.mean[i])), 3),
            )
            for i in strongest
        )

    def save(self, folder: Path, card: str) -> None:
        """Write the model folder. The same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = model.npz({"weights": self.weights, "mean": self.mean, "scale": self.scale})
        info = {
            **self.info,
            "format": FORMAT,
            "kind": "reliability",
            "features": list(NAMES),
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
        }
        (folder / "weights.npz").write_bytes(weights)
        text = json.dumps(info, indent=1, sort_keys=True) + "\n"
        (folder / "model.json").write_text(text, encoding="utf-8")
        (folder / "README.md").write_text(card, encoding="utf-8")


@cache
def load(name_or_path: str | Path = DEFAULT) -> Estimator:
    """Load an estimator and verify its weights against the hash in model.json.

    Raises:
        ModelError: missing, damaged, of another kind or format.
    """
    folder = model.find(name_or_path)
    try:
        info = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = (folder / "weights.npz").read_bytes()
        if (info.get("kind"), info["format"]) != ("reliability", FORMAT):
            raise ModelError(f"{folder} is no reliability model of format {FORMAT}")
        if info["features"] != list(NAMES):
            raise ModelError(f"{folder} has other features than this version; train it again")
        if hashlib.sha256(weights).hexdigest() != info["weights_sha256"]:
            raise ModelError(f"{folder}/weights.npz does not match its hash; install it again")
        with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
            return Estimator(info, archive["weights"], archive["mean"], archive["scale"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder} can't be read: {error}") from error


def rows_of(styles: Sequence[Sequence[float | None]]) -> Matrix:
    """Styles of documents as an array, nan for None."""
    plain = [[np.nan if x is None else x for x in style] for style in styles]
    return np.array(plain, dtype=np.float64).reshape(len(plain), len(NAMES))
