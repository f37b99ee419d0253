"""Html: bytes → the extracted text and what the page says of itself."""

import logging
from dataclasses import dataclass
from typing import Any

from cleaner.errors import BinaryError, UnreadableError
from cleaner.readers.text import looks_binary

# Recorded in run.json: another setting, or another trafilatura, extracts another text.
EXTRACTION: dict[str, Any] = {"include_comments": False, "include_tables": True}

# Without a handler Python prints its log of broken pages to stderr, past the manifest.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Page:
    """An extracted page; fields that the page doesn't tell are ""."""

    text: str
    title: str = ""
    url: str = ""
    author: str = ""


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
    from trafilatura.metadata import examine_meta, extract_author, extract_title, extract_url

    if isinstance(html, bytes) and looks_binary(html):
        raise BinaryError("a binary file, not html")
    if not html.strip():
        return Page("")
    try:
        tree = trafilatura.load_html(html)
        if tree is None:
            return Page("")
        meta = examine_meta(tree)
        title = meta.title or extract_title(tree) or ""
        url = meta.url or extract_url(tree) or ""
        author = meta.author or extract_author(tree) or ""
        text = trafilatura.extract(tree, **EXTRACTION) or ""
    except RecursionError as error:
        raise UnreadableError("the html is nested too deeply to read") from error
    return Page(text, title, url, author)
