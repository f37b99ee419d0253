"""The model folder: find, verify, load, save, score. Data only: nothing in it is ever executed.

models/<name>/model.json    labels, thresholds, calibration, hashes, scores, what it was trained on
models/<name>/weights.npz   arrays, read with allow_pickle=False
models/<name>/README.md     the model card
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label, Strength
from cleaner.errors import ModelError
from cleaner.features import Floats
from cleaner.trees import Trees

FORMAT = 1
DEFAULT = "news-en-1"
_HERE = Path(__file__).resolve().parent
LABELS = tuple(Label)


@dataclass(frozen=True)
class Scores:
    """What the model says of the units of one document.

    Attributes:
        boilerplate: (units,) calibrated probabilities of not being content.
        labels: (units, 10) probabilities of each boilerplate label, given that it is boilerplate.
        first_odds: (units,) log-odds after the first pass.
        odds: (units,) log-odds after the second pass, before calibration.
        columns: (units, n) the features of the second pass.
    """

    boilerplate: NDArray[np.float64]
    labels: NDArray[np.float64]
    first_odds: Floats
    odds: NDArray[np.float64]
    columns: Floats


@dataclass(frozen=True)
class Model:
    """A trained classifier. Immutable; safe to share between threads.

    Attributes:
        info: what model.json holds beside the weights' description.
        grams: the n-grams of the text models, row by row of `table`.
        table: (len(grams), k) weights; column 0 boilerplate, then one for each boilerplate label.
        bias: (k,) their intercepts.
        first: trees of the first pass, on `features.context`.
        second: trees of the second pass, on the same and `features.neighbourhood`.
        head: (features + 1, 10) weights of the label model on standardised columns, bias last.
        mean, scale: of those columns.
    """

    info: Mapping[str, Any]
    grams: tuple[str, ...]
    table: Floats
    bias: Floats
    first: Trees
    second: Trees
    head: Floats
    mean: Floats
    scale: Floats

    @property
    def name(self) -> str:
        """Name and version, such as `news-en-1`."""
        return str(self.info["name"])

    def threshold(self, strength: Strength) -> float:
        """The calibrated probability from which a unit is cut."""
        return float(self.info["thresholds"][strength.value])

    @property
    def cap(self) -> float:
        """The share of characters cut above which a document is flagged."""
        return float(self.info["cap"])

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Index of each n-gram in `table`."""
        return {gram: index for index, gram in enumerate(self.grams)}

    def score(self, texts: Sequence[str], title: str) -> Scores:
        """Score the units of one document, each by itself and in its context.

        Args:
            texts: the units, at least one, without outer white space.
            title: the document's title, "" if unknown.
        """
        words = [features.tokens(text) for text in texts]
        rows = [features.lookup(features.ngrams(w), self.vocabulary) for w in words]
        evidence = features.weighted_sum(self.table, rows) + self.bias
        shapes = np.array(
            [features.shape(text, w) for text, w in zip(texts, words, strict=True)],
            dtype=np.float32,
        )
        columns = features.context(evidence, shapes, features.overlap(texts, words, title))
        first = self.first.decision(columns).astype(np.float32)
        around = features.neighbourhood(first, np.expm1(shapes[:, 1]))
        columns = np.concatenate([columns, around], axis=1)
        odds = self.second.decision(columns)
        return Scores(self._calibrate(odds), self._label(columns), first, odds, columns)

    def _calibrate(self, odds: NDArray[np.float64]) -> NDArray[np.float64]:
        slope, intercept = self.info["calibration"]["slope"], self.info["calibration"]["intercept"]
        calibrated: NDArray[np.float64] = 1 / (1 + np.exp(-(slope * odds + intercept)))
        return calibrated

    def _label(self, columns: Floats) -> NDArray[np.float64]:
        standard = (columns - self.mean) / self.scale
        raw = standard @ self.head[:-1] + self.head[-1]
        raw = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = (raw / raw.sum(axis=1, keepdims=True)).astype(np.float64)
        return shares

    def save(self, folder: Path, card: str) -> None:
        """Write the model folder. The same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "grams": np.frombuffer("\n".join(self.grams).encode(), dtype=np.uint8),
            "table": self.table.astype(np.float16),
            "bias": self.bias,
            "head": self.head,
            "mean": self.mean,
            "scale": self.scale,
            **self.first.arrays("first"),
            **self.second.arrays("second"),
        }
        weights = _npz(arrays)
        info = {
            **self.info,
            "format": FORMAT,
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
        }
        (folder / "weights.npz").write_bytes(weights)
        (folder / "model.json").write_text(
            json.dumps(info, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        (folder / "README.md").write_text(card, encoding="utf-8")


def find(name_or_path: str | Path | None = None) -> Path:
    """Find a model folder: a path, or the name of a shipped model; None is the default model.

    Raises:
        ModelError: there is none.
    """
    wanted = str(name_or_path or DEFAULT)
    candidates = [_HERE / "models" / wanted, _HERE.parent / "models" / wanted]
    if name_or_path is not None:
        candidates.insert(0, Path(name_or_path))
    for folder in candidates:
        if (folder / "model.json").is_file():
            return folder
    raise ModelError(
        f"no model at {wanted!r}; name a folder with model.json, or `cleaner train` one"
    )


def load(name_or_path: str | Path | None = None) -> Model:
    """Load a model and verify its weights against the hash in model.json.

    Raises:
        ModelError: missing, damaged, or of another format.
    """
    folder = find(name_or_path)
    try:
        info = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = (folder / "weights.npz").read_bytes()
        if info["format"] != FORMAT:
            raise ModelError(
                f"{folder} is of format {info['format']}; this version reads {FORMAT}: "
                "upgrade article-cleaner or train the model again"
            )
        if hashlib.sha256(weights).hexdigest() != info["weights_sha256"]:
            raise ModelError(f"{folder}/weights.npz does not match its hash; install it again")
        with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return Model(
            info=info,
            grams=tuple(arrays["grams"].tobytes().decode().split("\n")),
            table=arrays["table"].astype(np.float32),
            bias=arrays["bias"],
            first=Trees.from_arrays(arrays, "first"),
            second=Trees.from_arrays(arrays, "second"),
            head=arrays["head"],
            mean=arrays["mean"],
            scale=arrays["scale"],
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder} can't be read: {error}") from error


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Like np.savez_compressed, but without the time of day in the archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), part.getvalue())
    return buffer.getvalue()
