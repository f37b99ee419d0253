"""Units → verdicts, with context."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cleaner import features, sites
from cleaner.document import Document, Label, Reason, Strength, Unit, UnitKind, Verdict
from cleaner.errors import TooLargeError
from cleaner.features import Floats
from cleaner.model import LABELS, Model, Read, Scores
from cleaner.reasons import reasons
from cleaner.segment import paragraphs, sentences, without_inserts
from cleaner.sites import Site

# Time and memory are linear in the units, at about 5 kB each.
MAX_UNITS = 200_000
_FEW_SENTENCES = 8
# Of a long paragraph the model reads head and tail only. One of so many sentences is cut whole only
# if its sentences say so, too; and one of fewer in a text that has lost its line breaks.
_MANY_SENTENCES = 16
_MANY_OF_A_LINE, _HARDLY_ANY_LINES = 3, 2
_CERTAIN = 10.0  # log-odds: as a score 1.0000


@dataclass(frozen=True)
class _Parts:
    """The paragraphs of a document, then the sentences of those that have several.

    Attributes:
        count: how many of the units are paragraphs.
        units: all of them.
        texts: what stands there, of a paragraph without its inserts, which are no part of it.
        sentences: for each paragraph which units are its sentences; none if it is one itself.
        pages: (units,) pages of the site that hold the same text, 0 without site memory.
        said: whether the user said of each text to keep it, or to cut it; None of most.
    """

    count: int
    units: Sequence[Unit]
    texts: Sequence[str]
    sentences: Sequence[range]
    pages: Floats
    said: Sequence[bool | None]

    @classmethod
    def of(cls, text: str, site: Site | None, *, whole: bool = False) -> Self:
        """Split a text; with `whole` no paragraph is split.

        Raises:
            TooLargeError: more than MAX_UNITS units.
        """
        units = _bounded(paragraphs(text))
        count = len(units)
        inside = []
        for unit in [] if whole else units[:count]:
            found = list(islice(sentences(text, unit.start, unit.end), MAX_UNITS + 1))
            mine = found if len(found) > 1 else []
            inside.append(range(len(units), len(units) + len(mine)))
            units += mine
            if len(units) > MAX_UNITS:
                raise _too_large()
        texts = [text[unit.start : unit.end] for unit in units]
        read = [*map(without_inserts, texts[:count]), *texts[count:]]
        if site is None:
            unseen = np.zeros(len(units), dtype=np.float32)
            return cls(count, units, read, inside, unseen, [None] * len(units))
        pages = np.array([site.counts[sites.fold(text)] for text in texts], dtype=np.float32)
        return cls(count, units, read, inside, pages, [site.word(text) for text in texts])


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
        parts = _Parts.of(document.text, site, whole=keep_all)
        if not parts.units:
            return ()
        read = self.model.read(parts.texts, document.title)
        site_pages = site.pages if site else 0
        whole = self._whole(document, parts, read, site_pages)
        if keep_all:
            return tuple(replace(verdict, keep=True) for verdict in whole)
        split = self._split(parts, read, whole, site_pages)
        return tuple(v for index, verdict in enumerate(whole) for v in split.get(index, (verdict,)))

    def reasons(
        self, document: Document, verdicts: Sequence[Verdict], site: Site | None = None
    ) -> tuple[tuple[Reason, ...], ...]:
        """The evidence behind verdicts, strongest first, in log-odds of being cut.

        A sentence has that of its paragraph. What was decided by a rule has the rule first.

        Args:
            document: the text and what is known of it.
            verdicts: what `verdicts` said of it.
            site: what is remembered of its site.
        """
        parts = _Parts.of(document.text, site, whole=True)
        if not parts.units:
            return ()
        read = self.model.read(parts.texts, document.title)
        published = features.published(document.blocks, document.url, parts.units, parts.texts)
        site_pages = site.pages if site else 0
        found = tuple(reasons(self.model, read, published, parts.pages, site_pages))
        places = [unit.end for unit in parts.units]
        return tuple(
            (
                *_rule(document, parts, site, verdict),
                *found[bisect_left(places, verdict.unit.end)],
            )
            for verdict in verdicts
        )

    def _whole(
        self, document: Document, parts: _Parts, read: Read, site_pages: int
    ) -> list[Verdict]:
        """Verdicts on the paragraphs."""
        own = read.between(0, parts.count)
        pages = parts.pages[: parts.count]
        published = features.published(
            document.blocks,
            document.url,
            parts.units[: parts.count],
            parts.texts[: parts.count],
        )
        scores = self.model.score(own, published, pages, site_pages)
        thresholds = self.model.thresholds(self.strength, own.words.counts, scores.of)
        whole = self._decide(parts, range(parts.count), scores, thresholds)
        if _is_titled(document, parts):
            cut = Label.NAVIGATION in self.cut
            whole[0] = Verdict(parts.units[0], Label.NAVIGATION, 1.0, keep=not cut)
        return whole

    def _split(
        self,
        parts: _Parts,
        read: Read,
        whole: Sequence[Verdict],
        site_pages: int,
    ) -> dict[int, tuple[Verdict, ...]]:
        """Verdicts on the sentences of paragraphs of which a part is more probably a plug.

        Which units there are depends on the scores alone, so it is the same at every strength, but
        for paragraphs with a sentence of the user's.
        """
        doubtful = self._doubtful(parts, read, whole)
        if not doubtful:
            return {}
        owner: list[int] = []
        place: list[int] = []
        for index in range(parts.count):
            mine = parts.sentences[index] if index in doubtful else range(index, index + 1)
            place += mine
            owner += [index] * len(mine)
        mixed = read.take(place)
        scores = self.model.score_sentences(mixed, np.array(owner), parts.pages[place], site_pages)
        thresholds = self.model.thresholds(self.strength, mixed.words.counts, scores.of)
        verdicts = self._decide(parts, place, scores, thresholds)
        found: dict[int, tuple[Verdict, ...]] = {}
        for index in doubtful:
            start = bisect_left(owner, index)
            judged = _beside_inserts(
                verdicts[start : start + len(parts.sentences[index])], whole[index]
            )
            if any(parts.said[part] is not None for part in parts.sentences[index]):
                found[index] = tuple(judged)
            elif whole[index].label is not Label.CONTENT:
                found[index] = (whole[index],) if _mostly_plugs(judged) else tuple(judged)
            elif any(verdict.label is not Label.CONTENT for verdict in judged):
                found[index] = self._larger_part(parts.units[index], judged, read.take([index]))
        return found

    def _larger_part(
        self, unit: Unit, judged: Sequence[Verdict], read: Read
    ) -> tuple[Verdict, ...]:
        """A paragraph of few sentences, most of it plugs, is a plug: they score and name it."""
        if len(judged) > _FEW_SENTENCES or not _mostly_plugs(judged):
            return tuple(judged)
        sizes, plugs = _sizes(judged)
        label = judged[int(np.argmax(sizes * plugs))].label
        mean = np.average([verdict.score for verdict in judged], weights=sizes * plugs)
        score = round(float(mean), 4)
        over = score >= self.model.thresholds(self.strength, read.words.counts)[0]
        return (Verdict(unit, label, score, keep=not (over and label in self.cut)),)

    def _doubtful(self, parts: _Parts, read: Read, whole: Sequence[Verdict]) -> set[int]:
        """The content paragraphs of which a part may or must be a plug, or is known on the site.

        And those that are boilerplate as a whole, but too long for the whole to be judged alone, or
        left in the text with a sentence of which the user said something.
        """
        known = [said is not None for said in parts.said]
        many = _MANY_OF_A_LINE if parts.count <= _HARDLY_ANY_LINES else _MANY_SENTENCES
        telling = (
            self.model.telling(read)
            | (parts.pages >= self.model.info["memory"]["min_pages"])
            | np.array(known)
            | np.array([_is_insert(unit) for unit in parts.units])
        ).tolist()
        return {
            index
            for index, (verdict, inside) in enumerate(zip(whole, parts.sentences, strict=True))
            if not known[index]
            and (
                any(telling[inside.start : inside.stop])
                if verdict.label is Label.CONTENT
                else len(inside) > many or (verdict.keep and any(known[inside.start : inside.stop]))
            )
        }

    def _decide(
        self,
        parts: _Parts,
        places: Sequence[int],
        scores: Scores,
        thresholds: NDArray[np.float64],
    ) -> list[Verdict]:
        """Verdicts on the units at some places."""
        kinds = scores.labels.argmax(axis=1).tolist()
        rounded = scores.boilerplate.round(4)
        over = (rounded >= thresholds).tolist()
        verdicts = []
        for place, index, judged, cut in zip(places, kinds, rounded.tolist(), over, strict=True):
            unit, said = parts.units[place], parts.said[place]
            certain = _is_insert(unit)
            kind, score = (Label.RELATED, 1.0) if certain else (LABELS[1 + index], judged)
            keep = not ((cut or certain) and kind in self.cut) if said is None else said
            label = kind if score >= 0.5 else Label.CONTENT
            verdicts.append(Verdict(unit, label, score, keep, kind))
        return verdicts


def _mostly_plugs(parts: Sequence[Verdict]) -> bool:
    """Whether most of the sentences are, and most of their characters."""
    sizes, plugs = _sizes([verdict for verdict in parts if not _is_insert(verdict.unit)])
    return bool(plugs.mean() > 0.5 and sizes[plugs].sum() > sizes.sum() / 2)


def _sizes(parts: Sequence[Verdict]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The characters of each part, and whether it is a plug."""
    sizes = np.array([verdict.unit.end - verdict.unit.start for verdict in parts], dtype=np.int64)
    return sizes, np.array([verdict.label is not Label.CONTENT for verdict in parts])


def _is_insert(unit: Unit) -> bool:
    """Whether a unit is links to other stories for certain, by how it stands in its sentence."""
    return unit.kind is UnitKind.INSERT


def _beside_inserts(judged: Sequence[Verdict], whole: Verdict) -> list[Verdict]:
    """Part of a sentence is not judged alone: it stays or goes as its paragraph would."""
    inserts = [place for place, verdict in enumerate(judged) if _is_insert(verdict.unit)]
    parts = {place + step for place in inserts for step in (-1, 1)}.difference(inserts)
    return [
        replace(whole, unit=verdict.unit) if place in parts else verdict
        for place, verdict in enumerate(judged)
    ]


def _is_titled(document: Document, parts: _Parts) -> bool:
    """Whether extraction put the page's heading before the article, which is known without it."""
    titled = document.from_html and parts.count > 1 and parts.said[0] is None
    return titled and _repeats(parts.texts[0], document.title)


def _rule(
    document: Document, parts: _Parts, site: Site | None, verdict: Verdict
) -> Iterator[Reason]:
    """What decided a verdict whatever the evidence, as the surest of scores would."""
    unit = verdict.unit
    said = site.word(document.text[unit.start : unit.end]) if site else None
    if said is not None and said == verdict.keep:
        word, weight = ("keep", -_CERTAIN) if said else ("cut", _CERTAIN)
        yield Reason(f"site memory: always {word} this {unit.kind}", weight)
    elif unit == parts.units[0] and _is_titled(document, parts):
        yield Reason("repeats the title", _CERTAIN)
    elif _is_insert(unit):
        yield Reason("links behind a name that stands twice", _CERTAIN)


def _repeats(text: str, title: str) -> bool:
    """Whether a paragraph only repeats the page title, which may add the site's name."""
    heading, title = " ".join(text.lower().split()), " ".join(title.lower().split())
    return len(heading) > 3 and bool(
        title == heading or re.match(rf"{re.escape(heading)}\s+[|–—:·»-]\s", title)
    )


def _bounded(units: Iterable[Unit]) -> list[Unit]:
    found = list(islice(units, MAX_UNITS + 1))
    if len(found) > MAX_UNITS:
        raise _too_large()
    return found


def _too_large() -> TooLargeError:
    return TooLargeError(f"more than {MAX_UNITS:,} paragraphs and sentences; split the document")
