"""Html: bytes → the extracted text and what the page says of itself."""

import contextlib
import logging
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.document import Block
from cleaner.errors import BinaryError, UnreadableError
from cleaner.readers import markup
from cleaner.readers.text import looks_binary

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

# The quick way finds the right part of most pages in half the time of trafilatura's default, which
# also asks two other extractors. Where it comes back with little of what the page has to read, the
# baseline, which takes a page's articles or paragraphs as they are, is asked for more; where that
# has no more either, the default is, if the page is not too large for it to be done in a moment.
# `python -m benchmarks.beside` measures the default, the quick way, and all of this together.
_ALWAYS: dict[str, Any] = {"include_comments": False, "include_tables": True}
_QUICK: dict[str, Any] = {**_ALWAYS, "fast": True, "favor_recall": True}
_LITTLE = 0.35  # of the characters of running text
_ENOUGH = 5000  # characters that are an article whatever else there is to read
_MORE = 2  # times the characters of the quick way
_SMALL = 1500  # elements
_RUNNING = 80  # characters from which a paragraph or a stretch of text is something to read

# Recorded in run.json: another setting, or another trafilatura, extracts another text.
EXTRACTION: dict[str, Any] = {
    **_QUICK,
    "baseline_below": [_LITTLE, _ENOUGH, _MORE],
    "default_up_to": _SMALL,
    "blocks": 2,  # raised whenever `markup.blocks` finds others, or they are kept differently
}

_BREAK = "\N{SYMBOL FOR NEWLINE}"  # white space would not outlive the baseline
_LONGEST_AUTHOR = 120  # characters

# Without a handler Python prints its log of broken pages to stderr, past the manifest.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Page:
    """An extracted page, where its paragraphs stood and link to; what it doesn't tell is ""."""

    text: str
    title: str = ""
    url: str = ""
    author: str = ""
    blocks: tuple[Block, ...] = ()
    links: tuple[str, ...] = ()


def prepare() -> None:
    """Import what extracting needs, which takes a moment at the first page else."""
    import trafilatura.metadata  # noqa: F401


def extract(html: bytes | str) -> Page:
    """Extract the main text of a page with trafilatura, and its title, canonical URL and author.

    Dates are not extracted: that alone may take longer than the rest.

    Raises:
        BinaryError: the bytes are not text.
        UnreadableError: no html can be made of them.
    """
    import trafilatura

    if isinstance(html, bytes) and looks_binary(html):
        raise BinaryError("a binary file, not html")
    if not html.strip():
        return Page("")
    try:
        tree = trafilatura.load_html(html)
        if tree is None:
            return Page("")
        text = _main_text(tree)
        return Page(text, *_about(tree), *markup.blocks_and_links(tree, text))
    except RecursionError as error:
        raise UnreadableError("the html is nested too deeply to read") from error


def _main_text(tree: "HtmlElement") -> str:
    import trafilatura

    text = trafilatura.extract(tree, **_QUICK) or ""
    if len(text) > _ENOUGH or len(text) > _LITTLE * _running_text(tree):
        return text
    more = baseline(tree)
    if len(more) > _MORE * len(text):
        return more
    if sum(1 for _ in tree.iter()) > _SMALL:
        return text
    return trafilatura.extract(tree, **_ALWAYS) or ""


def baseline(tree: "HtmlElement") -> str:
    """What trafilatura's baseline finds, but a line for each block, where it joins all in one."""
    import trafilatura
    from trafilatura.utils import remove_control_characters

    marked = copy(tree)
    for element in marked.iter(*markup.BLOCKS, "br", "pre"):
        # lxml reads control characters from a page, but takes none back.
        element.text = _BREAK + remove_control_characters(element.text or "")
        element.tail = _BREAK + remove_control_characters(element.tail or "")
    _, text, _ = trafilatura.baseline(marked)
    lines = (line.strip() for line in text.replace(_BREAK, "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _running_text(tree: "HtmlElement") -> int:
    """Characters of what there is to read: in paragraphs, or in stretches whatever holds them."""
    paragraphs = (sum(map(len, p.itertext())) for p in tree.iter("p"))
    stretches = (len(stretch) for stretch in _stretches()(tree))
    return max(sum(size for size in paragraphs if size >= _RUNNING), sum(stretches))


def _about(tree: "HtmlElement") -> tuple[str, str, str]:
    """Title, canonical URL and author."""
    from trafilatura.metadata import examine_meta, extract_meta_json, extract_title, extract_url

    meta = examine_meta(tree)
    title = meta.title or extract_title(tree) or ""
    url = meta.url or extract_url(tree) or ""
    author = meta.author
    if not author:
        # Structured data can be anything; the text of the page is good all the same.
        with contextlib.suppress(Exception):
            author = extract_meta_json(tree, meta).author
    return title, url, author or _byline(tree)


def _byline(tree: "HtmlElement") -> str:
    """The first short text whose markup says that it names the author.

    trafilatura's own search copies and prunes the page first, which takes a third of the time of
    the extraction and finds no more.
    """
    from trafilatura.json_metadata import normalize_authors

    for element in _bylines()(tree):
        text = " ".join(" ".join(element.itertext()).split())
        if 2 < len(text) < _LONGEST_AUTHOR:
            return normalize_authors(None, text) or ""
    return ""


@cache
def _stretches() -> "XPath":
    from lxml.etree import XPath

    hidden = " or ".join(f"parent::{tag}" for tag in "script style noscript template title".split())
    return XPath(f".//text()[string-length() >= {_RUNNING}][not({hidden})]")


@cache
def _bylines() -> "XPath":
    from lxml.etree import XPath

    # From attributes up: asking every element for each of them takes twice the time.
    named = " | ".join(
        f".//@{attribute}[{test}]/.."
        for attribute, test in {
            "class": "contains(., 'uthor') or contains(., 'yline')",
            "id": "contains(., 'author')",
            "itemprop": "contains(., 'author')",
            "rel": ". = 'author'",
        }.items()
    )
    return XPath(f"({named})[not(self::script or self::style or self::meta or self::link)]")
