"""What an article shows of how it was made: facts with their places, no judgement.

Read from the uncut text: a byline or a correction is furniture, and gone after cleaning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from cleaner.document import PROMOTIONAL, Document, Verdict
from cleaner.segment import paragraphs
from cleaner.sources.credits import credits_in
from cleaner.sources.suffixes import site

_LONGEST = 200_000  # characters of a text that are looked at
_EDGE = 12  # lines at either end that may hold a credit or a note
_LINE = 300  # characters of a line that is a credit, a byline or a note
_REACH = 140  # characters between a name and its verb, an apposition between them
_MOST = 200  # spans of one kind that are listed; counts are not cut

_PARTS = r"(?: (?:(?:de|van|von|der|al|bin|la|le) )?[A-Z][\w.'’-]*)"
_NAME = rf"[A-Z][\w.'’-]+{_PARTS}{{1,3}}"
# One word is a name before or after a verb of saying, unless it is one of these.
_WORD = (
    r"(?!(?:I|He|She|It|We|You|They|The|This|That|These|Those|There|One|Some|Many|Most|Others?|But|And"
    r"|As|In|On|At|If|So|Who|What|When|Where|His|Her|Their|Our|My|Officials?|Sources?|Police|Experts?"
    r"|Critics|Authorities|Another|Both|Neither|Then|Also|An?|[A-Z][a-z]+day)\b)[A-Z][\w’'-]+"
)
_SOMEBODY = rf"{_WORD}{_PARTS}{{0,3}}"
_BYLINE = re.compile(rf"\s*(?:(?:Story|Report|Words|Written|Posted) )?[Bb][Yy]:? (?P<who>{_NAME})")
_DATELINE = re.compile(
    r"\s*(?!FILE\b)(?P<place>[A-Z][A-Z.'’-]+(?:[ ,]+[A-Z][A-Za-z.'’-]+){0,4})"
    r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}))?(?: ?\([A-Za-z/ ]{2,30}\))? ?(?:—|–|--?) ",
)
_DAY = re.compile(
    r"\b(?:(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?|May) \d{1,2}, (?:19|20)\d\d\b"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) (?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b",
)
_CORRECTION = re.compile(
    r"\s*[*(\[]*(?:corrections?|clarifications?|editor[’']?s[’']? note|corrected)\b"
    r"|.{0,80}\b(?:(?:an )?earlier|(?:a )?previous) version of this (?:story|article|post|report)\b"
    r"|\s*this (?:story|article|post) has been (?:corrected|updated to correct|clarified)\b",
    re.IGNORECASE,
)
_SPONSORED = re.compile(
    r"\s*[\[(]?(?:sponsored(?: (?:content|post|by))?|paid (?:content|post|partnership)|advertorial"
    r"|partner content|branded content)\b",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"\s*(?:for immediate release|press release|news release)\b|.{0,80}/PRNewswire"
    r"|\s*\(?business wire",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\s*(?:opinion|op-ed|commentary|column|editorial|letters? to the editor)\b[^\w\s]?\s*"
    r"(?:$|[:|/])|.{0,120}\b(?:views|opinions) expressed\b.{0,60}\b(?:author|writer|own)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:said|says|told|added|noted|explained|argued|wrote|announced|stated|acknowledged"
    r"|insisted|warned|testified|[Aa]ccording to)\b",
)
_BEFORE = re.compile(rf"(?<![\w’'-])(?P<who>{_SOMEBODY})(?:,[^.!?\n]{{0,80}},)? $")
_AFTER = re.compile(rf" (?P<who>{_SOMEBODY})")
_ANONYMOUS = re.compile(
    r"\b(?:on (?:the )?condition of anonymity"
    r"|(?:who )?(?:asked|declined|requested|refused) (?:not )?to be (?:named|identified)"
    r"|(?:unnamed|anonymous|unidentified) (?:source|official|aide|person)s?"
    r"|(?:(?:a|one|the|two|three|several|multiple) )?(?:(?:senior|former|government|police) )?"
    r"(?:sources?|insiders?) (?:said|say|told|close to|familiar with|with knowledge)"
    r"|people (?:familiar with|close to|briefed on))",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[“\"][^“”\"\n]{12,1500}[”\"]")
_NUMBER = re.compile(r"(?<![\w.])[$£€]?\d[\d,.]*%?")
_URL = re.compile(r"https?://[^\s<>\"”)\]]{4,500}")


class Genre(StrEnum):
    """What a text calls itself; nothing is guessed from how it reads."""

    UNMARKED = "unmarked"
    OPINION = "opinion"
    PRESS_RELEASE = "press release"
    SPONSORED = "sponsored"


class Span(NamedTuple):
    """Characters [start, end) of the text, and what they show."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class Signals:
    """Facts about one article. Every span refers to the uncut text; (0, 0) is the record itself.

    Attributes:
        byline: who signs it.
        date: when it was published.
        dateline: where it was reported from.
        agencies: wires and press-release services that it credits, by registry id.
        corrections: notes that correct or clarify it.
        genre: what it calls itself, and where.
        named: statements attributed to somebody with a name.
        anonymous: statements attributed to somebody without one.
        quotes: direct quotations of a dozen characters and more.
        numbers: figures.
        outlinks: sites it links to, without its own.
        words: of the text.
        promotional_share: share of the characters that are promotional and were cut.
    """

    byline: tuple[Span, ...]
    date: tuple[Span, ...]
    dateline: tuple[Span, ...]
    agencies: tuple[Span, ...]
    corrections: tuple[Span, ...]
    genre: Genre
    genre_span: tuple[Span, ...]
    named: tuple[Span, ...]
    anonymous: tuple[Span, ...]
    quotes: tuple[Span, ...]
    numbers: tuple[Span, ...]
    outlinks: tuple[Span, ...]
    words: int
    promotional_share: float

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them; of each kind the count and the first spans."""
        found: dict[str, Any] = {}
        for name, value in asdict(self).items():
            if isinstance(value, tuple):
                spans = [list(span) for span in value[:_MOST]]
                found[name] = {"count": len(value), "spans": spans}
            else:
                found[name] = value
        return found


def signals(document: Document, verdicts: Sequence[Verdict] = ()) -> Signals:
    """Read the signals off an article.

    Args:
        document: its uncut text, and what is known of it.
        verdicts: the classifier's, for the share of promotional text.
    """
    text = document.text[:_LONGEST]
    edges = list(_edges(text))
    credited = [
        Span(start + found.start, start + found.end, found.publisher)
        for start, end in edges
        for found in credits_in(text[start:end])
    ]
    genre, genre_span = _genre(text, edges)
    named = tuple(_named(text))
    return Signals(
        byline=_byline(document, text, edges),
        date=_date(document, text, edges),
        dateline=_dateline(text, edges),
        agencies=tuple(credited),
        corrections=tuple(_matching(_CORRECTION, text, edges)),
        genre=genre,
        genre_span=genre_span,
        named=named,
        anonymous=_all(_ANONYMOUS, text),
        quotes=_all(_QUOTE, text),
        numbers=_all(_NUMBER, text),
        outlinks=tuple(_outlinks(document, text)),
        words=text.count(" ") + 1 if text.strip() else 0,
        promotional_share=_promotional_share(document.text, verdicts),
    )


def _edges(text: str) -> Iterator[tuple[int, int]]:
    """The first and last paragraphs, the beginnings of long ones."""
    spans = [(unit.start, unit.end) for unit in paragraphs(text)]
    first = spans[:_EDGE]
    for start, end in first + spans[max(len(first), len(spans) - _EDGE) :]:
        yield start, min(end, start + _LINE)


def _matching(pattern: re.Pattern[str], text: str, edges: list[tuple[int, int]]) -> Iterator[Span]:
    for start, end in edges:
        if pattern.match(text, start, end):
            yield Span(start, end, text[start:end].strip())


def _all(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span(), match[0]) for match in pattern.finditer(text))


def _byline(document: Document, text: str, edges: list[tuple[int, int]]) -> tuple[Span, ...]:
    found = []
    for start, end in edges:
        if match := _BYLINE.match(text, start, end):
            found.append(Span(*match.span("who"), match["who"]))
    if not found and document.author:
        found.append(Span(0, 0, document.author))
    return tuple(found)


def _date(document: Document, text: str, edges: list[tuple[int, int]]) -> tuple[Span, ...]:
    if document.date:
        return (Span(0, 0, document.date),)
    for start, end in edges:
        # A date of its own on a short line; in running text it is the story's.
        if end - start <= 80 and (match := _DAY.search(text, start, end)):
            return (Span(*match.span(), match[0]),)
    return ()


def _dateline(text: str, edges: list[tuple[int, int]]) -> tuple[Span, ...]:
    for start, end in edges[:6]:
        if match := _DATELINE.match(text, start, end):
            return (Span(*match.span("place"), match["place"]),)
    return ()


def _genre(text: str, edges: list[tuple[int, int]]) -> tuple[Genre, tuple[Span, ...]]:
    for genre, pattern in (
        (Genre.SPONSORED, _SPONSORED),
        (Genre.PRESS_RELEASE, _RELEASE),
        (Genre.OPINION, _OPINION),
    ):
        if spans := tuple(islice(_matching(pattern, text, edges), 1)):
            return genre, spans
    return Genre.UNMARKED, ()


def _named(text: str) -> Iterator[Span]:
    for verb in _SAYS.finditer(text):
        begin = max(0, verb.start() - _REACH)
        match = _BEFORE.search(text[begin : verb.start()])
        if match is None:
            begin = 0
            match = _AFTER.match(text, verb.end())
        if match:
            who = match["who"].rstrip(".")  # the end of a sentence, not of a name
            start = begin + match.start("who")
            yield Span(start, start + len(who), who)


def _outlinks(document: Document, text: str) -> Iterator[Span]:
    from cleaner.sources.hosts import locate

    own = site(locate(document.url).host) if document.url else ""
    places = [(0, 0, link) for link in document.links]
    places += [(*match.span(), match[0]) for match in _URL.finditer(text)]
    for start, end, link in places:
        there = site(locate(link).host) if "//" in link else ""
        if there and there != own:
            yield Span(start, end, there)


def _promotional_share(text: str, verdicts: Sequence[Verdict]) -> float:
    cut = sum(
        verdict.unit.end - verdict.unit.start
        for verdict in verdicts
        if not verdict.keep and verdict.cut_as in PROMOTIONAL
    )
    return round(cut / len(text), 4) if text else 0.0
