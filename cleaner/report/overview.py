"""What a whole run did: counts, sources, templates, and which documents to look at first."""

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from cleaner.document import PROMOTIONAL, Flag, Status
from cleaner.report.read import Entry
from cleaner.sites import MIN_PAGES, fold
from cleaner.sources.basis import shown

FIRST = 40  # documents of each kind to look at first
_FAILURES = 200
_TEMPLATES = 200
_SHORT = 300  # characters of a template that are shown
_SEARCHED = 100  # characters of it that are searched for
_UNSURE = (0.2, 0.8)
# What to look at first comes last; the first place is that of no flag.
_URGENT = ("", Flag.EMPTY, Flag.LANGUAGE, Flag.FILTERED, Flag.OVER_CAP, Flag.EMPTIED)
_DIGITS = re.compile(r"\d+")


@dataclass
class Source:
    """What a run saw of one source."""

    name: str
    publisher: str = ""
    basis: str = "unknown"
    ratings: tuple[str, ...] = ()
    disputed: bool = False
    documents: int = 0
    words: int = 0
    cut: int = 0
    promotional: int = 0

    @property
    def share(self) -> float:
        """Share of its words that were cut as promotional."""
        return self.promotional / self.words if self.words else 0.0


@dataclass(frozen=True)
class Template:
    """A text that was cut from several documents of a site."""

    site: str
    text: str
    label: str
    documents: int = 0

    @property
    def find(self) -> str:
        """What to search for: its longest stretch without digits, which may differ."""
        return max(_DIGITS.split(self.text[:_SEARCHED]), key=len).strip()


@dataclass
class Overview:
    """Counts over all documents of a run; memory grows with the different texts that were cut."""

    documents: int = 0
    words: int = 0
    words_cut: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Source] = field(default_factory=dict)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    most_cut: "Top" = field(default_factory=lambda: Top(FIRST))
    least_sure: "Top" = field(default_factory=lambda: Top(FIRST))
    marked: "Top" = field(default_factory=lambda: Top(FIRST))
    _repeats: Counter[bytes] = field(default_factory=Counter)
    _templates: dict[bytes, Template] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Overview":
        """Count the documents of a run."""
        overview = cls()
        for entry in entries:
            overview.add(entry)
        return overview

    def add(self, entry: Entry) -> None:
        """Count one document."""
        row, counts = entry.row, entry.row["counts"]
        self.documents += 1
        self.statuses[row["status"]] += 1
        self.flags.update(row["flags"])
        if row["status"] != Status.OK and len(self.failures) < _FAILURES:
            self.failures.append((entry.name, row["status"], row["error"] or ""))
        words, cut = counts.get("words", 0), words_cut(entry)
        self.words += words
        self.words_cut.update(cut)
        source = self.sources.setdefault(source_of(row), Source(source_of(row)))
        _count(source, row, words, cut)
        self.most_cut.add(sum(cut.values()) / words if words else 0.0, entry.number)
        self.least_sure.add(doubt((s["score"], len(s["text"])) for s in entry.spans), entry.number)
        self.marked.add(max(map(_URGENT.index, row["flags"]), default=0), entry.number)
        for digest, span in {_digest(source.name, s["text"]): s for s in entry.spans}.items():
            self._repeats[digest] += 1
            if self._repeats[digest] == MIN_PAGES:
                self._templates[digest] = Template(source.name, _short(span["text"]), span["label"])

    def templates(self) -> list[Template]:
        """The texts cut from most documents of one source, most first."""
        found = (
            replace(template, documents=self._repeats[digest])
            for digest, template in self._templates.items()
        )
        return heapq.nsmallest(_TEMPLATES, found, key=lambda t: (-t.documents, t.site, t.text))

    def by_size(self) -> list[Source]:
        """The sources, those with most documents first."""
        return sorted(self.sources.values(), key=lambda s: (-s.documents, s.name))

    @property
    def failed(self) -> int:
        """Documents that did not end `ok`."""
        return self.documents - self.statuses[Status.OK]


class Top:
    """The numbers with the highest values, ties to the earlier; memory is bounded."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int]] = []

    def add(self, value: float, number: int) -> None:
        """Offer a number; one of no value is not taken."""
        if value <= 0:
            return
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, (value, -number))
        else:
            heapq.heappushpop(self._heap, (value, -number))

    def numbers(self) -> list[int]:
        """Highest first."""
        return [-number for _, number in sorted(self._heap, reverse=True)]


def doubt(scored: Iterable[tuple[float, int]]) -> float:
    """How much of a text the classifier was unsure of.

    Args:
        scored: (probability, characters) of its units.

    Returns:
        The characters with a probability between 0.2 and 0.8, weighted by how near to 0.5 it is.
    """
    low, high = _UNSURE
    return sum(size * (1 - abs(2 * score - 1)) for score, size in scored if low < score < high)


def words_cut(entry: Entry) -> Counter[str]:
    """Words by label that were cut from a document; in flag mode, that would have been."""
    cut: Counter[str] = Counter()
    for span in entry.spans:
        cut[span["label"]] += len(span["text"].split())
    return cut


def _digest(site: str, text: str) -> bytes:
    """What is the same on two pages of a site but for case, white space and digits."""
    folded = f"{site}\n{fold(text)}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(folded, digest_size=8).digest()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[:_SHORT] + " …"


def source_of(row: Mapping[str, Any]) -> str:
    """The source's identity, else its site, else the host of its URL, "" if none is known."""
    if known := (row["source"] or {}).get("source") or row["site"]:
        return str(known)
    try:
        return (urlsplit(row["url"] or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _count(source: Source, row: Mapping[str, Any], words: int, cut: Mapping[str, int]) -> None:
    about = row["source"] or {}
    source.publisher = source.publisher or str(about.get("publisher") or "")
    if rows := about.get("ratings"):
        source.basis = str(about["basis"])
        source.ratings = tuple(f"{rating['table']} {shown(rating, source.name)}" for rating in rows)
        source.disputed = bool(about.get("disputed"))
    source.documents += 1
    source.words += words
    source.cut += sum(cut.values())
    source.promotional += sum(count for label, count in cut.items() if label in PROMOTIONAL)
