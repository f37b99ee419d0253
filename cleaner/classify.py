"""Units → verdicts, with context."""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cleaner import sites
from cleaner.document import Document, Label, Reason, Strength, Unit, Verdict
from cleaner.errors import TooLargeError
from cleaner.features import Floats
from cleaner.model import LABELS, Model, Read, Scores
from cleaner.reasons import reasons
from cleaner.segment import paragraphs, sentences
from cleaner.sites import Site

# Time and memory are linear in the units, at about 5 kB each.
MAX_UNITS = 200_000
_FEW_SENTENCES = 8


@dataclass(frozen=True, slots=True)
class _Parts:
    """The paragraphs of a document, then the sentences of those that have several.

    Attributes:
        paragraphs: the first of the units.
        units: all of them.
        texts: what stands there.
        sentences_of: for each paragraph which units are its sentences; none if it is one itself.
    """

    paragraphs: list[Unit]
    units: list[Unit]
    texts: list[str]
    sentences_of: list[range]

    @classmethod
    def of(cls, text: str) -> "_Parts":
        """Split a text.

        Raises:
            TooLargeError: more than MAX_UNITS units.
        """
        whole = list(islice(paragraphs(text), MAX_UNITS + 1))
        units = list(whole)
        sentences_of = []
        for unit in whole:
            found = list(islice(sentences(text, unit.start, unit.end), MAX_UNITS + 1))
            mine = found if len(found) > 1 else []
            sentences_of.append(range(len(units), len(units) + len(mine)))
            units += mine
            if len(units) > MAX_UNITS:
                raise TooLargeError(
                    f"more than {MAX_UNITS:,} paragraphs and sentences; split the document"
                )
        return cls(whole, units, [text[unit.start : unit.end] for unit in units], sentences_of)


@dataclass(frozen=True, slots=True)
class Classifier:
    """A model with the choice of what to cut.

    Attributes:
        model: scores the units.
        strength: picks the thresholds that live with the model.
        cut: the labels that are cut when their score reaches the threshold.
    """

    model: Model
    strength: Strength
    cut: Collection[Label]

    def verdicts(
        self, document: Document, site: Site | None = None, *, keep_all: bool = False
    ) -> tuple[Verdict, ...]:
        """Judge a document: every paragraph whole, then the sentences of those that stay.

        Args:
            document: the text and what is known of it.
            site: what is remembered of its site.
            keep_all: keep every unit whatever its score, as for a language not trained for.

        Raises:
            TooLargeError: more than MAX_UNITS units.
        """
        parts = _Parts.of(document.text)
        if not parts.paragraphs:
            return ()
        read = self.model.read(parts.texts)
        whole = self._whole(document, parts, read, site)
        if keep_all:
            return tuple(_kept(verdict) for verdict in whole)
        split = self._split(document, parts, read, whole, site)
        return tuple(v for index, verdict in enumerate(whole) for v in split.get(index, (verdict,)))

    def reasons(
        self, document: Document, verdicts: Sequence[Verdict]
    ) -> tuple[tuple[Reason, ...], ...]:
        """The evidence behind verdicts, strongest first, in log-odds of being cut.

        A sentence has that of its paragraph.

        Args:
            document: the text and what is known of it.
            verdicts: what `verdicts` said of it.
        """
        units = list(paragraphs(document.text))
        if not units:
            return ()
        read = self.model.read([document.text[unit.start : unit.end] for unit in units])
        found = tuple(reasons(self.model, read, document.title))
        places = [unit.end for unit in units]
        return tuple(found[int(np.searchsorted(places, v.unit.end))] for v in verdicts)

    def _whole(
        self, document: Document, parts: "_Parts", read: Read, site: Site | None
    ) -> list[Verdict]:
        """Verdicts on the paragraphs."""
        count = len(parts.paragraphs)
        texts = parts.texts[:count]
        own = read.take(range(count))
        pages = _pages(texts, site) if site else None
        scores = self.model.score(own, document.title, pages, site.pages if site else 0)
        thresholds = self.model.thresholds(self.strength, own.words.counts)
        whole = self._decide(parts.paragraphs, texts, scores, thresholds, site)
        if document.from_html and count > 1 and _repeats(texts[0], document.title):
            # Extraction put the page's heading before the article; the title is known without it.
            cut = Label.NAVIGATION in self.cut
            whole[0] = Verdict(parts.paragraphs[0], Label.NAVIGATION, 1.0, keep=not cut)
        return whole

    def _split(
        self,
        document: Document,
        parts: "_Parts",
        read: Read,
        whole: Sequence[Verdict],
        site: Site | None,
    ) -> dict[int, tuple[Verdict, ...]]:
        """Verdicts on the sentences of content paragraphs in which one is more probably a plug.

        Which units there are depends on the scores alone, so it is the same at every strength.
        """
        doubtful = self._doubtful(parts, read, whole, site)
        if not doubtful:
            return {}
        owner: list[int] = []
        place: list[int] = []
        for index in range(len(whole)):
            mine = parts.sentences_of[index] if index in doubtful else range(index, index + 1)
            place += mine
            owner += [index] * len(mine)
        units = [parts.units[index] for index in place]
        texts = [parts.texts[index] for index in place]
        mixed = read.take(place)
        pages = _pages(texts, site) if site else None
        scores = self.model.score_sentences(
            mixed, document.title, np.array(owner), pages, site.pages if site else 0
        )
        thresholds = self.model.sentence_thresholds(self.strength, mixed.words.counts)
        verdicts = self._decide(units, texts, scores, thresholds, site)
        found: dict[int, tuple[Verdict, ...]] = {}
        for index in doubtful:
            start = bisect_left(owner, index)
            end = start + len(parts.sentences_of[index])
            judged = verdicts[start:end]
            if any(_said(text, site) for text in texts[start:end]):
                found[index] = tuple(judged)
            elif any(verdict.label is not Label.CONTENT for verdict in judged):
                found[index] = _larger_part(whole[index].unit, judged)
        return found

    def _doubtful(
        self, parts: "_Parts", read: Read, whole: Sequence[Verdict], site: Site | None
    ) -> set[int]:
        """The content paragraphs in which a sentence may be a plug, by its words alone."""
        telling = self.model.telling(read)
        if site is not None:
            telling |= _pages(parts.texts, site) > 1
            telling |= np.array([_said(text, site) for text in parts.texts])
        return {
            index
            for index, verdict in enumerate(whole)
            if verdict.label is Label.CONTENT
            and telling[parts.sentences_of[index]].any()
            and not _said(parts.texts[index], site)
        }

    def _decide(
        self,
        units: Sequence[Unit],
        texts: Sequence[str],
        scores: Scores,
        thresholds: NDArray[np.float64],
        site: Site | None,
    ) -> list[Verdict]:
        kinds = [LABELS[1 + place] for place in scores.labels.argmax(axis=1).tolist()]
        rounded = scores.boilerplate.round(4)
        over = (rounded >= thresholds).tolist()
        verdicts = []
        for unit, text, kind, score, cut in zip(
            units, texts, kinds, rounded.tolist(), over, strict=True
        ):
            word = site.word(text) if site else None
            keep = not (cut and kind in self.cut) if word is None else word
            label = kind if score >= 0.5 else Label.CONTENT
            verdicts.append(Verdict(unit, label, score, keep, kind))
        return verdicts


def _said(text: str, site: Site | None) -> bool:
    """Whether the user's own word on a text is known."""
    return site is not None and site.word(text) is not None


def _larger_part(unit: Unit, parts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """A paragraph of few sentences, most of it plugs, is a plug: the larger part names it."""
    sizes = np.array([verdict.unit.end - verdict.unit.start for verdict in parts])
    plugs = np.array([verdict.label is not Label.CONTENT for verdict in parts])
    if len(parts) > _FEW_SENTENCES or sizes[plugs].sum() <= sizes.sum() / 2:
        return tuple(parts)
    largest = parts[int(np.argmax(sizes * plugs))]
    score = np.average([verdict.score for verdict in parts], weights=sizes * plugs)
    cut = sizes[[not verdict.keep for verdict in parts]].sum()
    return (
        Verdict(unit, largest.label, round(float(score), 4), keep=bool(cut <= sizes.sum() / 2)),
    )


def _repeats(text: str, title: str) -> bool:
    """Whether a paragraph only repeats the page title, which may add the site's name."""
    heading, title = " ".join(text.lower().split()), " ".join(title.lower().split())
    return len(heading) > 3 and bool(
        title == heading or re.match(rf"{re.escape(heading)}\s+[|–—:·»-]\s", title)
    )


def _pages(texts: Sequence[str], site: Site) -> Floats:
    return np.array([site.counts[sites.fold(text)] for text in texts], dtype=np.float32)


def _kept(verdict: Verdict) -> Verdict:
    return replace(verdict, keep=True)
