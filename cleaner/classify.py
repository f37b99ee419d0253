"""Units → verdicts, with context."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

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

# Time and memory are linear in the units, at about 40 kB each.
MAX_UNITS = 50_000
_FEW_SENTENCES = 8


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
        units = _bounded(paragraphs(document.text))
        if not units:
            return ()
        read = self.model.read(_texts(document, units))
        scores = _remembered(self.model, read, document.title, site)
        whole = self._decide(units, scores, read.texts, site, self.model.thresholds)
        if document.from_html and len(whole) > 1 and _repeats(read.texts[0], document.title):
            # Extraction put the page's heading before the article; the title is known without it.
            cut = Label.NAVIGATION in self.cut
            whole[0] = Verdict(units[0], Label.NAVIGATION, 1.0, keep=not cut)
        if keep_all:
            return tuple(_kept(verdict) for verdict in whole)
        split = self._sentences(document, whole, read, site)
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
        units = _bounded(paragraphs(document.text))
        if not units:
            return ()
        read = self.model.read(_texts(document, units))
        found = tuple(reasons(self.model, read, document.title))
        places = [unit.end for unit in units]
        return tuple(found[int(np.searchsorted(places, v.unit.end))] for v in verdicts)

    def _decide(
        self,
        units: Sequence[Unit],
        scores: Scores,
        texts: Sequence[str],
        site: Site | None,
        at: Callable[[Strength, NDArray[np.int64]], NDArray[np.float64]],
    ) -> list[Verdict]:
        words = np.array([len(text.split()) for text in texts])
        thresholds = at(self.strength, words)
        verdicts = []
        for index, unit in enumerate(units):
            score = round(float(scores.boilerplate[index]), 4)
            kind = LABELS[1 + int(scores.labels[index].argmax())]
            keep = not (score >= thresholds[index] and kind in self.cut)
            label = kind if score >= 0.5 else Label.CONTENT
            word = site.word(texts[index]) if site else None
            keep = keep if word is None else word
            verdicts.append(Verdict(unit, label, score, keep, kind))
        return verdicts

    def _sentences(
        self, document: Document, whole: Sequence[Verdict], read: Read, site: Site | None
    ) -> dict[int, tuple[Verdict, ...]]:
        """Verdicts on the sentences of content paragraphs in which one is more probably a plug.

        Which units there are depends on the scores alone, so it is the same at every strength.
        """
        split = self._split(document, whole, read, site)
        parts: list[Unit] = []
        owner: list[int] = []
        same: list[int | None] = []
        for index, verdict in enumerate(whole):
            cut = split.get(index, [verdict.unit])
            parts += cut
            owner += [index] * len(cut)
            same += [index] if len(cut) == 1 else [None] * len(cut)
        if len(parts) == len(whole):
            return {}
        if len(parts) > MAX_UNITS:
            raise TooLargeError(f"more than {MAX_UNITS} sentences; split the document")
        paragraph = np.array(owner)
        sentence_read = self.model.reread(read, _texts(document, parts), same)
        pages = _pages(sentence_read.texts, site) if site else None
        scores = self.model.score_sentences(
            sentence_read, document.title, paragraph, pages, site.pages if site else 0
        )
        at = self.model.sentence_thresholds
        verdicts = self._decide(parts, scores, sentence_read.texts, site, at)
        found: dict[int, tuple[Verdict, ...]] = {}
        end = 0
        for index, verdict in enumerate(whole):
            start, end = end, end + len(split.get(index, (verdict.unit,)))
            mine = verdicts[start:end]
            if len(mine) == 1:
                continue
            if any(_said(text, site) for text in sentence_read.texts[start:end]):
                found[index] = tuple(mine)
            elif any(part.label is not Label.CONTENT for part in mine):
                found[index] = _larger_part(verdict.unit, mine)
        return found

    def _split(
        self, document: Document, whole: Sequence[Verdict], read: Read, site: Site | None
    ) -> dict[int, list[Unit]]:
        """The sentences of the content paragraphs in which one may be a plug, by paragraph."""
        split = {}
        for index, verdict in enumerate(whole):
            unit = verdict.unit
            if verdict.label is Label.CONTENT and not _said(read.texts[index], site):
                parts = list(islice(sentences(document.text, unit.start, unit.end), MAX_UNITS + 1))
                if len(parts) > 1:
                    split[index] = parts
        if not split:
            return {}
        texts = _texts(document, list(chain.from_iterable(split.values())))
        telling = self.model.telling(texts)
        if site is not None:
            telling |= _pages(texts, site) > 1
            telling |= np.array([_said(text, site) for text in texts])
        starts = np.cumsum([0, *map(len, split.values())])[:-1]
        doubtful = np.logical_or.reduceat(telling, starts)
        return {index: split[index] for index, some in zip(split, doubtful, strict=True) if some}


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


def _bounded(units: Iterable[Unit]) -> list[Unit]:
    found = list(islice(units, MAX_UNITS + 1))
    if len(found) > MAX_UNITS:
        raise TooLargeError(f"more than {MAX_UNITS} paragraphs; split the document")
    return found


def _texts(document: Document, units: Sequence[Unit]) -> list[str]:
    return [document.text[unit.start : unit.end] for unit in units]


def _remembered(model: Model, read: Read, title: str, site: Site | None) -> Scores:
    if site is None:
        return model.score(read, title)
    return model.score(read, title, _pages(read.texts, site), site.pages)


def _pages(texts: Sequence[str], site: Site) -> Floats:
    return np.array([site.counts[sites.fold(text)] for text in texts], dtype=np.float32)


def _kept(verdict: Verdict) -> Verdict:
    return replace(verdict, keep=True)
