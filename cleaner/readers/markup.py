"""Where each paragraph of an extracted text stood in its page: what is around it, and its links."""

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import CALLED, CONTAINERS, Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = (
    *("div", "section", "article", "header", "footer", "blockquote", "li", "td", "th", "dt", "dd"),
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"),
)
# A line of a page begins and ends with these.
_BREAKS = frozenset(
    (
        *BLOCKS,
        *("br", "hr", "pre", "table", "tr", "ul", "ol", "dl", "main", "nav", "aside", "figure"),
        *("body", "form", "option", "select", "textarea", "button", "label", "summary", "details"),
        *("iframe", "script", "style", "noscript"),
    )
)
_UNREAD = frozenset({"script", "style"})
_LIST_MARK = "-"
_NEAR = 3  # elements around a block that names and paths are taken from, too
_MOST_LINKS = 1000
_LONGEST_LINK = 2000  # characters; longer ones hold data
_LONGEST_NAME = 200  # characters of class and id that are looked at

_WORDS = {
    "teaser": r"related|recirc|recommend|teaser|card|more",
    "signup": r"newsletter|subscri|sign-?up|form|optin|email",
    "promotion": r"promo|cta|banner|btn|button|ads?\b|advert|sponsor|affiliate|product|price|shop"
    r"|cart",
    "author": r"author|bio|byline|meta|credit|caption|date|time",
    "menu": r"nav|menu|breadcrumb|foot|sidebar|widget|header|tag",
    "sharing": r"share|social|follow",
    "comments": r"comment|reply|disqus",
    "legal": r"disclaim|disclos|legal|copyright|cookie|consent|privacy|terms",
}
_START = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"  # of a word in "site-menu" or "siteMenu"
_CALLING = {name: re.compile(rf"{_START}(?i:{_WORDS[name]})") for name in CALLED}

_Told = tuple[str, float, tuple[str, ...], tuple[str, ...], float, tuple[int, int, int]]


class _Piece(NamedTuple):
    """A stretch of text without markup.

    Attributes:
        line: number of the line that it is a part of.
        element: the innermost one that holds it.
        text: not blank.
        link: the outermost one that it is a part of.
        place: elements of the page that begin before it.
    """

    line: int
    element: "HtmlElement"
    text: str
    link: "HtmlElement | None"
    place: int


def blocks(tree: "HtmlElement", text: str) -> tuple[Block, ...]:
    """The blocks of `blocks_and_links`."""
    return blocks_and_links(tree, text)[0]


def blocks_and_links(tree: "HtmlElement", text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Find the lines of an extracted text in the page that it comes from.

    Args:
        tree: the page.
        text: what was extracted of it, one paragraph a line.

    Returns:
        One block for each line that is a line of the page, too, or the whole text of a link, in
        order. White space and the marks of list items make no difference. Of lines of one text the
        last counts, and any other before a link. And where the links in these lines lead, as
        written, each once.
    """
    pieces = list(_pieces(tree))
    lines = list(_lines(text))
    found = _found(pieces, {key for _, _, key in lines})
    around = _Surroundings()
    told = {key: _told(line, len(key), pieces[-1].place, around) for key, line in found.items()}
    placed = (Block(start, end, *told[key]) for start, end, key in lines if key in told)
    return tuple(placed), tuple(islice(_targets(found.values()), _MOST_LINKS))


def _pieces(tree: "HtmlElement") -> Iterator[_Piece]:
    """The text of a page, in one walk."""
    from lxml.etree import iterwalk

    line = place = 0
    link = None
    for event, element in iterwalk(tree, events=("start", "end")):
        begins, tag = event == "start", element.tag
        line += tag in _BREAKS
        place += begins
        if begins and link is None and tag == "a":
            link = element
        elif not begins and link is element:
            link = None
        text = element.tail if not begins else None if tag in _UNREAD else element.text
        if text and not text.isspace():
            yield _Piece(line, element if begins else element.getparent(), text, link, place)


def _found(pieces: Sequence[_Piece], wanted: Collection[str]) -> dict[str, list[_Piece]]:
    """The wanted lines and links of a page, by what they are looked up by."""
    linked = (piece for piece in pieces if piece.link is not None)
    found = {}
    for grouped in (groupby(linked, attrgetter("link")), groupby(pieces, attrgetter("line"))):
        for _, group in grouped:
            stretch = list(group)
            key = _key("".join(piece.text for piece in stretch))
            if key in wanted:
                found[key] = stretch
    return found


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each line without outer white space, and what it is looked up by."""
    start = 0
    for line in text.split("\n"):
        solid = line.strip()
        if key := _key(solid):
            begin = start + len(line) - len(line.lstrip())
            yield begin, begin + len(solid), key
        start += len(line) + 1


class _Surroundings:
    """What stands around the blocks of a page; what is around a parent is looked up once."""

    def __init__(self) -> None:
        self._tags: dict[HtmlElement | None, frozenset[str]] = {}
        self._numbers: tuple[dict[Hashable, int], ...] = ({}, {}, {})

    def within(self, block: "HtmlElement") -> tuple[str, ...]:
        """The containers around a block; it may be one itself."""
        parent = block.getparent()
        if parent not in self._tags:
            above = () if parent is None else (parent, *parent.iterancestors())
            self._tags[parent] = frozenset(element.tag for element in above)
        tags = self._tags[parent] | {block.tag}
        return tuple(tag for tag in CONTAINERS if tag in tags)

    def groups(self, near: Sequence["HtmlElement"]) -> tuple[int, int, int]:
        """Numbers in the order in which groups turn up, given a block and what is around it."""
        path = tuple((element.tag, element.get("class")) for element in near)
        parent, around, alike = (
            known.setdefault(group, len(known))
            for known, group in zip(
                self._numbers, (tuple(near[1:2]), tuple(near[2:3]), path), strict=True
            )
        )
        return parent, around, alike


def _told(line: Sequence[_Piece], size: int, elements: int, around: _Surroundings) -> _Told:
    """What a block says of a line of so many characters, behind its start and end.

    Args:
        line: of the page.
        size: its characters.
        elements: those of the page.
        around: the blocks so far.
    """
    element = line[0].element
    above = chain([element], element.iterancestors())
    block = next((holder for holder in above if holder.tag in _BREAKS), element)
    near = [block, *islice(block.iterancestors(), _NEAR)]
    called = frozenset().union(*(_called(_names(holder)) for holder in near))
    linked = sum(len(_solid(piece.text)) for piece in line if piece.link is not None)
    return (
        block.tag,
        round(min(1.0, linked / size), 2),
        around.within(block),
        tuple(name for name in CALLED if name in called),
        round(line[0].place / elements, 3),
        around.groups(near),
    )


def _names(element: "HtmlElement") -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"[:_LONGEST_NAME]


@lru_cache(maxsize=4096)
def _called(names: str) -> frozenset[str]:
    return frozenset(name for name, words in _CALLING.items() if words.search(names))


def _targets(lines: Iterable[Sequence[_Piece]]) -> Iterator[str]:
    seen = {""}
    for piece in chain.from_iterable(lines):
        target = "" if piece.link is None else piece.link.get("href", "").strip()
        if target not in seen and len(target) <= _LONGEST_LINK:
            seen.add(target)
            yield target


def _key(text: str) -> str:
    return _solid(text).removeprefix(_LIST_MARK)


def _solid(text: str) -> str:
    return "".join(text.split())
