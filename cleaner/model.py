"""The model folder: find, verify, load, save, score. Data only: nothing in it is ever executed.

models/<name>/model.json    labels, thresholds, calibration, hashes, scores, what it was trained on
models/<name>/weights.npz   arrays, read with allow_pickle=False
models/<name>/README.md     the model card
"""

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.document import Label, Strength
from cleaner.errors import ModelError
from cleaner.features import Characters, Floats, Published, Quantized, Vocabulary, Words
from cleaner.network import Network
from cleaner.trees import Trees

FORMAT = 8
DEFAULT = "news-en-11"
_HERE = Path(__file__).resolve().parent
LABELS = tuple(Label)
_FEATURES = {part: list(names) for part, names in features.COLUMNS.items()}
_SHORT_WORDS, _LONG_WORDS = 4, 100
_NEVER = -20.0
_TOGETHER = 500  # units
_SMALLER = 0.7  # times the size


class Of(StrEnum):
    """What scores are of: each kind has a calibration and thresholds of its own."""

    PARAGRAPHS = "paragraphs"
    SENTENCES = "sentences"
    PAGE = "page"  # paragraphs whose place in the html is known


@dataclass(frozen=True)
class Scores:
    """What the model says of the units of one document.

    Attributes:
        boilerplate: (units,) calibrated probabilities of not being content.
        labels: (units, 10) probabilities of each boilerplate label, given that it is boilerplate.
        of: what the units are, and where they are from.
    """

    boilerplate: NDArray[np.float64]
    labels: NDArray[np.float64]
    of: Of


@dataclass(frozen=True)
class Read:
    """The units of a document as the text model reads them, before any context.

    Attributes:
        words: their tokens.
        evidence: (units, k) log-odds; column 0 boilerplate, then each boilerplate label.
        embedded: (units, dimensions) their vectors, for the network.
        shapes: (units, len(features.SHAPE)).
        heading: the title, read as one unit; None if it is unknown.
    """

    words: Words
    evidence: Floats
    embedded: Floats
    shapes: Floats
    heading: "Read | None" = None

    def take(self, units: Sequence[int]) -> "Read":
        """Some units, in that order."""
        chosen = np.array(units, dtype=np.int64)
        return self._of(self.words.take(chosen), chosen)

    def between(self, first: int, end: int) -> "Read":
        """The units from `first` up to `end`, which are not copied."""
        return self._of(self.words.between(first, end), slice(first, end))

    def _of(self, words: Words, units: NDArray[np.int64] | slice) -> "Read":
        return replace(
            self,
            words=words,
            evidence=self.evidence[units],
            embedded=self.embedded[units],
            shapes=self.shapes[units],
        )

    @property
    def overlaps(self) -> Floats:
        """How much of each unit the rest of the document speaks of, `features.overlap`."""
        return features.overlap(self.words, None if self.heading is None else self.heading.words)

    def affinity(self, logits: Floats) -> Floats:
        """What units are about beside the rest of the document, `features.affinity`.

        Args:
            logits: (units, labels) of the network.
        """
        heading = None if self.heading is None else self.heading.embedded[0]
        return affinity(self.embedded, heading, self.shapes, logits)

    @classmethod
    def joined(cls, parts: Sequence["Read"]) -> "Read":
        """The units of one part, then those of the next."""
        return cls(
            Words.joined([part.words for part in parts]),
            np.concatenate([part.evidence for part in parts]),
            np.concatenate([part.embedded for part in parts]),
            np.concatenate([part.shapes for part in parts]),
        )


@dataclass(frozen=True)
class Model:
    """A trained classifier. Immutable; safe to share between threads.

    Attributes:
        info: what model.json holds beside the weights' description.
        vocabulary: the n-grams of the text models, row by row of `table` and of the network's
            vectors.
        table: (n-grams, k) weights; column 0 boilerplate, then one for each boilerplate label.
        bias: (k,) their intercepts.
        network: reads units, paragraphs or sentences, in order.
        trees: for paragraphs, on `features.paragraph_columns`.
        sentence_trees: for sentences, on `features.sentence_columns`.
        page_trees: for paragraphs of pages, on `features.page_columns`; None if no page was at
            hand to learn from.
    """

    info: Mapping[str, Any]
    vocabulary: Vocabulary
    table: Quantized
    bias: Floats
    network: Network
    trees: Trees
    sentence_trees: Trees
    page_trees: Trees | None

    @property
    def name(self) -> str:
        """Name and version, such as `news-en-11`."""
        return str(self.info["name"])

    def thresholds(
        self, strength: Strength, words: NDArray[np.int64], of: Of = Of.PARAGRAPHS
    ) -> NDArray[np.float64]:
        """The calibrated probability from which units of so many tokens are cut."""
        return thresholds_at(self.info["thresholds"][of][strength.value], words)

    @property
    def cap(self) -> float:
        """The share of characters cut above which a document is flagged."""
        return float(self.info["cap"])

    def read(self, texts: Sequence[str], title: str = "") -> Read:
        """Read the units of one document and its title, each by itself.

        Args:
            texts: the units, at least one, without outer white space.
            title: of the document, "" if unknown.
        """
        title = title.strip()
        parts = [self._read(block) for block in _blocks([*texts, title] if title else texts)]
        read = parts[0] if len(parts) == 1 else Read.joined(parts)
        if not title:
            return read
        count = len(texts)
        return replace(read.between(0, count), heading=read.between(count, count + 1))

    def _read(self, texts: Sequence[str]) -> Read:
        characters = Characters.of(texts)
        words = Words.of(characters)
        held = self.vocabulary.held(words)
        return Read(
            words,
            self.table.weighted_sum(held) + self.bias,
            self.network.embed(held),
            features.shape(characters, words),
        )

    def score(
        self,
        read: Read,
        published: Published | None = None,
        pages: Floats | None = None,
        site_pages: int = 0,
    ) -> Scores:
        """Score the paragraphs of one document, each in its context.

        Args:
            read: the paragraphs.
            published: what their page says of them, if they come from one.
            pages: (units,) pages of the site that hold the same text, if there is site memory.
            site_pages: pages of the site that were seen.
        """
        overlaps = read.overlaps
        logits = self.network.logits(read.embedded, network_columns(read.shapes, overlaps))

        def columns() -> Floats:
            affinity = read.affinity(logits)
            return features.paragraph_columns(
                read.evidence, read.shapes, overlaps, affinity, logits
            )

        odds, of = decided(logits, self.trees, columns, self.info["sure_odds"]), Of.PARAGRAPHS
        if published is not None and self.page_trees is not None:
            seen = features.page_columns(odds.astype(np.float32), logits, read.shapes, published)
            odds, of = self.page_trees.decision(seen), Of.PAGE
        return self._scores(odds, logits, of, read, pages, site_pages)

    def score_sentences(
        self,
        read: Read,
        paragraph: NDArray[np.int64],
        pages: Floats | None = None,
        site_pages: int = 0,
    ) -> Scores:
        """Score the sentences of one document, each in its context.

        Args:
            read: the sentences of all its paragraphs.
            paragraph: (sentences,) index of the paragraph that each belongs to, ascending.
            pages: (sentences,) pages of the site that hold the same text, if there is site memory.
            site_pages: pages of the site that were seen.
        """
        overlaps = read.overlaps
        logits = self.network.logits(
            read.embedded, network_columns(read.shapes, overlaps, paragraph)
        )

        def columns() -> Floats:
            affinity = read.affinity(logits)
            return features.sentence_columns(
                read.evidence, read.shapes, overlaps, affinity, logits, paragraph
            )

        # Paragraphs of one sentence are there as context; they were judged as a whole.
        several = np.bincount(paragraph)[paragraph] > 1
        odds = decided(logits, self.sentence_trees, columns, self.info["sure_odds"], several)
        return self._scores(odds, logits, Of.SENTENCES, read, pages, site_pages)

    def telling(self, read: Read) -> NDArray[np.bool_]:
        """Which sentences are worth judging in their context, by their words alone."""
        telling: NDArray[np.bool_] = read.evidence[:, 0] >= self.info["telling_odds"]
        return telling

    def _scores(
        self,
        odds: NDArray[np.float64],
        logits: Floats,
        of: Of,
        read: Read,
        pages: Floats | None,
        site_pages: int,
    ) -> Scores:
        boilerplate = _calibrate(odds, self.info["calibration"][of])
        if pages is not None and site_pages:
            boilerplate = self._remember(boilerplate, read.shapes, pages, site_pages)
        labels = _shares(logits[:, 1:] + self.info["label_wording"] * read.evidence[:, 1:])
        return Scores(boilerplate, labels, of)

    def _remember(
        self, scores: NDArray[np.float64], shapes: Floats, pages: Floats, site_pages: int
    ) -> NDArray[np.float64]:
        """Weigh what recurs on the site with what it looks like; leave the rest as it is."""
        memory = self.info["memory"]
        clipped = np.clip(scores, 1e-6, 1 - 1e-6)
        odds = np.log(clipped / (1 - clipped)).astype(np.float32)
        columns = features.recurrence(odds, shapes, pages, site_pages)
        recurring = columns @ np.asarray(memory["weights"]) + memory["bias"]
        many = pages >= memory["many_pages"] * site_pages
        told = (scores >= memory["doubtful"]) | many
        return np.where(told & (pages >= memory["min_pages"]), 1 / (1 + np.exp(-recurring)), scores)

    def save(self, folder: Path, card: str) -> None:
        """Write the model folder. The same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "hashes": self.vocabulary.hashes,
            "grams": np.frombuffer(self.vocabulary.spelt, dtype=np.uint8),
            "table": self.table.steps,
            "scales": self.table.scales,
            "bias": self.bias,
            **self.network.arrays("network"),
            **self.trees.arrays("trees"),
            **self.sentence_trees.arrays("sentence_trees"),
            **(self.page_trees.arrays("page_trees") if self.page_trees else {}),
        }
        weights = npz(arrays)
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


def network_columns(
    shapes: Floats, overlaps: Floats, line: NDArray[np.int64] | None = None
) -> Floats:
    """What the network sees of units beside their n-grams; without `line` they are paragraphs."""
    line = np.arange(len(shapes)) if line is None else line
    place = features.place(features.token_counts(shapes), line)
    return np.concatenate([shapes, overlaps, place], axis=1)


def affinity(embedded: Floats, heading: Floats | None, shapes: Floats, logits: Floats) -> Floats:
    """`features.affinity` of units, given their shapes and what the network says of them."""
    tokens, odds = features.token_counts(shapes), features.boilerplate_odds(logits)
    return features.affinity(embedded, heading, tokens, odds)


def decided(
    logits: Floats,
    trees: Trees,
    columns: Callable[[], Floats],
    sure: float,
    asked: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Log-odds of boilerplate by the trees, which see what the network says.

    Where the network alone is sure of content the trees are not asked.

    Args:
        logits: (units, labels) of the network.
        trees: what decides.
        columns: gives what the trees see, (units, columns).
        sure: the network's log-odds up to which it is.
        asked: (units,) what to judge, None for all; the rest is held for content.
    """
    odds = features.boilerplate_odds(logits).astype(np.float64)
    if asked is not None:
        odds[~asked] = _NEVER
    unsure = np.flatnonzero(odds > sure)
    if len(unsure):
        odds[unsure] = trees.decision(columns()[unsure])
    return odds


def _blocks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Some units after the other: what reading them takes for a moment stays small."""
    return (texts[start : start + _TOGETHER] for start in range(0, len(texts), _TOGETHER))


def _shares(logits: Floats) -> NDArray[np.float64]:
    raw = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raw / raw.sum(axis=1, keepdims=True)
    return shares


def thresholds_at(pair: Mapping[str, float], words: NDArray[np.int64]) -> NDArray[np.float64]:
    """Thresholds between those for `short` and `long` units: log-odds by the log of the words.

    What a wrong cut loses grows with the words, and with it the odds that a cut must have.
    """
    place = np.log(np.maximum(1, words) / _SHORT_WORDS) / np.log(_LONG_WORDS / _SHORT_WORDS)
    short, long = (math.log(pair[end] / (1 - pair[end])) for end in ("short", "long"))
    odds: NDArray[np.float64] = short + np.clip(place, 0, 1) * (long - short)
    return 1 / (1 + np.exp(-odds))


def _calibrate(odds: NDArray[np.float64], by: Mapping[str, float]) -> NDArray[np.float64]:
    calibrated: NDArray[np.float64] = 1 / (1 + np.exp(-(by["slope"] * odds + by["intercept"])))
    return calibrated


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
        if (info["features"], info["labels"]) != (_FEATURES, list(LABELS)):
            raise ModelError(
                f"{folder} was trained on other features or labels; train the model again"
            )
        with np.load(io.BytesIO(weights), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return Model(
            info=info,
            vocabulary=Vocabulary(arrays["hashes"], arrays["grams"].tobytes()),
            table=Quantized(arrays["table"], arrays["scales"]),
            bias=arrays["bias"],
            network=Network.from_arrays(arrays, "network"),
            trees=Trees.from_arrays(arrays, "trees"),
            sentence_trees=Trees.from_arrays(arrays, "sentence_trees"),
            page_trees=Trees.from_arrays(arrays, "page_trees")
            if Of.PAGE in info["calibration"]
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder} can't be read: {error}") from error


def npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Like np.savez, but without the time of day, and some of it compressed.

    Words and trees get a good deal smaller; weights do not, and would take longer to read.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in sorted(arrays.items()):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            data = part.getvalue()
            if len(zlib.compress(data)) < _SMALLER * len(data):
                member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return buffer.getvalue()
