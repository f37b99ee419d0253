"""A text without URL → who published it, from the text's own signatures, if they are plain.

Read from the edges of the text only, where credits and plugs stand: a wire's credit line, "Jane Doe
is a staff writer at the Kite Herald", "Download the Kite Herald app".
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cleaner.sources.credits import credits_in
from cleaner.sources.registry import registry
from cleaner.sources.registry.mentions import Mention, mentions

_HEAD, _TAIL = 6, 12  # lines that may hold a signature
_WINDOW = 20_000  # characters at either end in which those lines are sought
_LONGEST = 1000  # characters of a line; a credit stands at its beginning or end
_STAFF = re.compile(
    r"^[^\"\u201c]{0,60}?\b(?:is|are)\s+(?:an?\s+|the\s+)?(?:[\w\u2019'-]+,?\s+){0,4}?"
    r"(?:writers?|reporters?|correspondents?)"
    r"(?:\s+(?:at|for|with|of)\s+(?:the\s+)?|\s+covering\b[^.]{0,60}\s(?:at|for)\s+(?:the\s+)?)",
)
_PLUG = re.compile(
    r"\b(?:(?:subscri(?:be|ption)|sign up|newsletters?|download|app|apps|podcasts?|store|shop"
    r"|members?|membership|donat(?:e|ion)|support|listen|get the latest|follow us))\b",
    re.IGNORECASE,
)
# Directly before the publisher's own name, these are its own words.
_OWN = re.compile(
    r"(?:\b(?:[Ss]ubscribe (?:now )?to|[Ss]ign up for|[Dd]ownload|[Bb]ecome a (?:\w+ )?member of)"
    r"\s+(?:the\s+|our\s+)?(?:free\s+)?"
    r"|(?:\u00a9|\(c\)|Copyright)\s*(?:\u00a9\s*)?(?:\d{4}(?:\s*[-\u2013]\s*\d{4})?,?\s*)?(?:the\s+)?)\Z"
)
_NEAR = 50  # characters between an offer and the words that plug it
_WIRES = frozenset({"wire", "press-release-wire"})
_ENOUGH = 2  # one strong sign, or two weak ones


class Evidence(NamedTuple):
    """Characters [start, end) of the text that tell a publisher.

    `kind` is wire or press-release (origin of the copy), staff, own (a plug or copyright line with
    its name) or offer.
    """

    start: int
    end: int
    kind: str
    publisher: str


class TextSource(NamedTuple):
    """Who published a text by its own word; None unless the evidence is unambiguous."""

    source: str | None
    publisher: str | None
    notes: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return {
            "source": self.source,
            "publisher": self.publisher,
            "notes": list(self.notes),
            "evidence": [entry._asdict() for entry in self.evidence],
        }


def resolve_text(text: str) -> TextSource:
    """Say who published a text that comes without URL.

    A wire's credit tells where the copy comes from, not who printed it: it is noted, and decides
    nothing.
    """
    evidence: list[Evidence] = []
    for start, end in _edges(text):
        for found in credits_in(text[start:end]):
            span = (start + found.start, start + found.end)
            evidence.append(Evidence(*span, found.kind, found.publisher))
        evidence += _own_words(text, start, end)
    known = registry().publishers
    origins = {entry.publisher for entry in evidence if entry.kind in {"wire", "press-release"}}
    # A wire's copyright line is printed with its copy.
    signed = _weigh(text, evidence)
    origins |= {publisher for publisher in signed if known[publisher].type in _WIRES}
    signed -= origins
    notes = [
        f"credited to {known[origin].name}: the origin of the copy, not necessarily its publisher"
        for origin in sorted(origins)
    ]
    if len(signed) != 1:
        if signed:
            notes.append(f"its signatures name several: {', '.join(sorted(signed))}")
        return TextSource(None, None, tuple(notes), tuple(evidence))
    (publisher,) = signed
    return TextSource(known[publisher].main, publisher, tuple(notes), tuple(evidence))


def _edges(text: str) -> list[tuple[int, int]]:
    """The first and last lines that are not blank, as spans; a bounded part of the text."""
    middle = max(_WINDOW, len(text) - _WINDOW)
    head = _lines(text, 0, min(_WINDOW, len(text)))
    tail = _lines(text, middle, len(text)) if middle < len(text) else head
    spans = dict.fromkeys(head[:_HEAD] + tail[-_TAIL:])
    return [part for span in spans for part in _ends(*span)]


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = re.compile(r"[^\r\n]+").finditer(text, start, end)
    return [line.span() for line in found if not line[0].isspace()]


def _ends(start: int, end: int) -> list[tuple[int, int]]:
    """A line, or the two ends of one that is a whole text without its line breaks."""
    if end - start <= 2 * _LONGEST:
        return [(start, end)]
    return [(start, start + _LONGEST), (end - _LONGEST, end)]


def _own_words(text: str, start: int, end: int) -> Iterator[Evidence]:
    is_plug = _PLUG.search(text, start, end)
    # Editors and columnists write for other papers too; those who report for one sign as its own.
    staff = _STAFF.match(text[start:end])
    if not is_plug and not staff and not re.search("\u00a9|\\(c\\)|Copyright", text[start:end]):
        return
    for mention in mentions(text, start, end):
        if len(mention.publishers) != 1:
            continue
        if kind := _kind(text, start, mention, staff):
            yield Evidence(mention.start, mention.end, kind, mention.publishers[0])


def _kind(text: str, start: int, mention: Mention, staff: re.Match[str] | None) -> str:
    if mention.kind == "name":
        if staff and mention.start == start + staff.end():
            return "staff"
        before = text[max(start, mention.start - 60) : mention.start]
        return "own" if _OWN.search(before) else ""
    near = text[max(start, mention.start - _NEAR) : mention.end + _NEAR]
    if mention.kind != "offer" or not _PLUG.search(near):
        return ""
    # "Kite Herald app" says who speaks; "The Morning" may be anybody's.
    within = mentions(text, mention.start, mention.end)
    if any(part.kind == "name" and part.publishers == mention.publishers for part in within):
        return "own"
    return "offer" if re.search(r"[ .]", text[mention.start : mention.end]) else ""


def _weigh(text: str, evidence: list[Evidence]) -> set[str]:
    """The publishers whose signs are enough: one strong sign, or two different weak ones."""
    weak: dict[str, set[str]] = {}
    strong = set()
    for entry in evidence:
        if entry.kind in {"staff", "own"}:
            strong.add(entry.publisher)
        elif entry.kind == "offer":
            weak.setdefault(entry.publisher, set()).add(text[entry.start : entry.end])
    return strong | {publisher for publisher, signs in weak.items() if len(signs) >= _ENOUGH}
