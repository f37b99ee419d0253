"""Where a text names a publisher, or something a publisher offers: evidence for plugs too."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cleaner.sources.registry import Publisher, registry

_WORD = re.compile(r"\w+")
_SHORTEST = 3  # shorter names ("i", "AP") are words of their own


class Mention(NamedTuple):
    """Characters [start, end) of a text that name something of a publisher's.

    Attributes:
        start: first character.
        end: one past the last.
        kind: `name`, `offer` (store, app, membership, newsletter, show) or `credit`.
        publishers: ids of every publisher that it may stand for; one if it is unambiguous.
    """

    start: int
    end: int
    kind: str
    publishers: tuple[str, ...]


class _Phrase(NamedTuple):
    text: str
    lead: int  # characters before the word it is found by, as in "(Reuters)" and "The Hill"
    kind: str
    publishers: tuple[str, ...]


@cache
def _index() -> dict[str, tuple[_Phrase, ...]]:
    """First word that is not The → the phrases that begin so, longest first."""
    owners: dict[tuple[str, str], list[str]] = {}
    for publisher in registry().publishers.values():
        kinds = {
            "name": _names(publisher),
            "offer": publisher.offers,
            "credit": publisher.credits,
        }
        for kind, texts in kinds.items():
            for text in texts:
                ids = owners.setdefault((text.replace("\u2019", "'"), kind), [])
                if publisher.id not in ids:
                    ids.append(publisher.id)
    index: dict[str, list[_Phrase]] = {}
    for (text, kind), ids in owners.items():
        # "The" begins hundreds of names and every other sentence.
        word = _WORD.search(text, len("The ") if text.startswith("The ") else 0)
        if word and len(text) >= _SHORTEST:
            phrase = _Phrase(text, word.start(), kind, tuple(ids))
            index.setdefault(word[0], []).append(phrase)
    return {
        word: tuple(sorted(phrases, key=lambda phrase: -len(phrase.text)))
        for word, phrases in index.items()
    }


def _names(publisher: Publisher) -> Iterator[str]:
    for name in (publisher.name, *publisher.names):
        yield name
        # "at the Boston Globe"; but "the Hill" may be any hill.
        if name.startswith("The ") and name.count(" ") > 1:
            yield name.removeprefix("The ")


def mentions(text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
    """Every mention in characters [start, end) of a text; of one kind the longest at a place."""
    index = _index()
    text = text.replace("\u2019", "'")  # one character for another: offsets hold
    end = len(text) if end is None else end
    for word in _WORD.finditer(text, start, end):
        kinds = set()
        for phrase in index.get(word[0], ()):
            begin = word.start() - phrase.lead
            stop = begin + len(phrase.text)
            if (
                phrase.kind not in kinds
                and start <= begin
                and stop <= end
                and text.startswith(phrase.text, begin)
                and _ends_there(text, stop)
            ):
                kinds.add(phrase.kind)
                yield Mention(begin, stop, phrase.kind, phrase.publishers)


def _ends_there(text: str, stop: int) -> bool:
    return stop == len(text) or not (text[stop].isalnum() and text[stop - 1].isalnum())


def plug_evidence(text: str) -> tuple[Mention, ...]:
    """The offers and credits of publishers that a text names: evidence that it is a plug."""
    return tuple(mention for mention in mentions(text) if mention.kind != "name")
