"""Where each paragraph of an extracted text stood in its page: tags around it, and its links."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from cleaner.document import CONTAINERS, Block

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

BLOCKS = (
    *("div", "section", "article", "header", "footer", "blockquote", "li", "td", "th", "dt", "dd"),
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"),
)
_LIST_MARK = "-"
# Elements within elements are read again: all together at most four times a real page. Of pages
# that are nested to take time the rest is not looked at.
_OFTEN = 8
_MOST_LINKS = 1000
_LONGEST_LINK = 2000  # characters; longer ones hold data


def blocks(tree: "HtmlElement", text: str) -> tuple[Block, ...]:
    """The blocks of `blocks_and_links`."""
    return blocks_and_links(tree, text)[0]


def blocks_and_links(tree: "HtmlElement", text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Find the lines of an extracted text in the page that it comes from.

    Args:
        tree: the page.
        text: what was extracted of it, one paragraph a line.

    Returns:
        One block for each line that is the whole text of an element, in order. White space
        and the marks of list items make no difference. Of elements of one text the last counts,
        and any other before a link. And where the links in these elements lead, as written, each
        once.
    """
    lines = list(_lines(text))
    wanted = {key for _, _, key in lines}
    found: dict[str, HtmlElement] = {}
    left = _OFTEN * len(_string()(tree))
    for element in _candidates(tree):
        content = _string()(element)
        left -= len(content)
        if left < 0:
            break
        if (key := _key(content)) in wanted:
            found[key] = element
    told = {key: _told(element, len(key)) for key, element in found.items()}
    placed = (Block(start, end, *told[key]) for start, end, key in lines if key in told)
    return tuple(placed), tuple(islice(_targets(found.values()), _MOST_LINKS))


def _candidates(tree: "HtmlElement") -> Iterator["HtmlElement"]:
    """Elements that may be a paragraph."""
    yield from tree.iter("a")
    blocks = list(tree.iter(*BLOCKS))
    # What holds other blocks is more than a paragraph.
    holders = {element.getparent() for element in blocks}
    yield from (element for element in blocks if element not in holders)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each line without outer white space, and what it is looked up by."""
    start = 0
    for line in text.split("\n"):
        solid = line.strip()
        if key := _key(solid):
            begin = start + len(line) - len(line.lstrip())
            yield begin, begin + len(solid), key
        start += len(line) + 1


def _told(element: "HtmlElement", size: int) -> tuple[str, float, tuple[str, ...]]:
    """Tag, share of links and containers of an element of so many characters."""
    around = {ancestor.tag for ancestor in element.iterancestors()} | {element.tag}
    share = 1.0
    if "a" not in around:
        linked = sum(len(_key(_string()(link))) for link in _links()(element))
        share = min(1.0, linked / size)
    return element.tag, round(share, 2), tuple(tag for tag in CONTAINERS if tag in around)


def _targets(elements: Iterable["HtmlElement"]) -> Iterator[str]:
    seen = {""}
    for element in elements:
        for target in map(str.strip, _hrefs()(element)):
            if target not in seen and len(target) <= _LONGEST_LINK:
                seen.add(target)
                yield target


def _key(text: str) -> str:
    return "".join(text.split()).removeprefix(_LIST_MARK)


@cache
def _string() -> "XPath":
    from lxml.etree import XPath

    return XPath("string()")


@cache
def _links() -> "XPath":
    from lxml.etree import XPath

    return XPath(".//a[not(ancestor::a)]")


@cache
def _hrefs() -> "XPath":
    from lxml.etree import XPath

    return XPath("(ancestor-or-self::a | .//a)/@href", smart_strings=False)
