"""Wire and press-release credits in a line of text: where the copy comes from."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cleaner.sources.registry import Wire, registry

_WORDS = re.compile(r"[A-Za-z]{2,}")
_NOT_WORDS = re.compile(r"\[[^\]]*\]|\\[a-zA-Z]|\(\?[:a-zA-Z]*")
_COMMON = frozenset(
    {"the", "to", "by", "and", "for", "from", "in", "of", "on", "with", "at", "all", "this"}
    | {"The", "To", "By", "All", "News", "news", "report", "reported", "reporting", "story"}
    | {"article", "contributed", "copyright", "Copyright", "rights", "Rights", "reserved"},
)


class Credit(NamedTuple):
    """Characters [start, end) of a line that credit a wire; `kind` is wire or press-release."""

    start: int
    end: int
    kind: str
    publisher: str


def credits_in(line: str) -> Iterator[Credit]:
    """The wires that a line credits, each once."""
    index, always = _wires()
    tried = set(always)
    for word in _WORDS.findall(line):
        tried.update(index.get(word, ()))
    found = set()
    for number in sorted(tried):
        wire, pattern = _patterns()[number]
        if wire.publisher not in found and (match := _compiled(pattern).search(line)):
            found.add(wire.publisher)
            yield Credit(*match.span(), wire.kind, wire.publisher)


@cache
def _patterns() -> tuple[tuple[Wire, str], ...]:
    return tuple((wire, pattern) for wire in registry().wires for pattern in wire.patterns)


@cache
def _wires() -> tuple[dict[str, list[int]], tuple[int, ...]]:
    """Word → patterns that may match a line with it; and the patterns without a word.

    Six hundred patterns on every line would cost milliseconds a document.
    """
    index: dict[str, list[int]] = {}
    always = []
    for number, (_, pattern) in enumerate(_patterns()):
        words = set(_WORDS.findall(_NOT_WORDS.sub(" ", pattern)))
        rare = words - _COMMON or words
        for word in rare:
            index.setdefault(word, []).append(number)
        if not rare:
            always.append(number)
    return index, tuple(always)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
