"""Where each paragraph of an extracted text stood in its page: tags around it, share of links."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from cleaner.document import LANDMARKS, Block

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

# Links come first: where a paragraph is nothing but a link, the paragraph tells more.
_LINKS = "a"
_BLOCKS = (
    *("div", "section", "article", "header", "footer", "blockquote", "li", "td", "th", "dt", "dd"),
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"),
)
_LIST_MARK = "-"


def blocks(tree: "HtmlElement", text: str) -> tuple[Block, ...]:
    """Find the lines of an extracted text in the page that it comes from.

    Args:
        tree: the page.
        text: what was extracted of it, one paragraph a line.

    Returns:
        One block for each line that is the whole text of an element, in order. White space
        and the marks of list items make no difference.
    """
    wanted = {key for _, _, key in _lines(text)}
    found: dict[str, HtmlElement] = {}
    for element in _candidates(tree):
        if (key := _key(_string()(element))) in wanted:
            found[key] = element
    return tuple(_block(start, end, found[key]) for start, end, key in _lines(text) if key in found)


def _candidates(tree: "HtmlElement") -> Iterator["HtmlElement"]:
    yield from tree.iter(_LINKS)
    for element in tree.iter(*_BLOCKS):
        # What holds other blocks is more than a paragraph, and its text would be read again.
        if next(element.iterchildren(*_BLOCKS), None) is None:
            yield element


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each line without outer white space, and what it is looked up by."""
    start = 0
    for line in text.split("\n"):
        solid = line.strip()
        if key := _key(solid):
            begin = start + len(line) - len(line.lstrip())
            yield begin, begin + len(solid), key
        start += len(line) + 1


def _block(start: int, end: int, element: "HtmlElement") -> Block:
    around = {ancestor.tag for ancestor in element.iterancestors()} | {element.tag}
    share = 1.0
    if _LINKS not in around:
        size = len(_key(_string()(element)))
        share = sum(len(_key(_string()(link))) for link in element.iter(_LINKS)) / size
    within = tuple(tag for tag in LANDMARKS if tag in around)
    return Block(start, end, element.tag, round(min(1.0, share), 2), within)


def _key(text: str) -> str:
    return "".join(text.split()).removeprefix(_LIST_MARK)


@cache
def _string() -> "XPath":
    from lxml.etree import XPath

    return XPath("string()")
