"""Where units were published: the elements of the page that they were, and the name of the site."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import numpy as np

from cleaner.document import CONTAINERS, Block, Unit
from cleaner.features.characters import Floats
from cleaner.features.context import AROUND, boilerplate_odds, shift
from cleaner.features.shape import COLUMN

_MARKUP = ("found", "link_share", "paragraph", "heading", *(f"in_{tag}" for tag in CONTAINERS))
PUBLISHED = (*_MARKUP, "names_site", "share_naming_site")
_UNKNOWN = -1.0
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Letters; shorter names ("ap", "who") are words of their own, longer ones are no names of hosts.
_SHORTEST, _LONGEST = 4, 63


def published(
    blocks: Iterable[Block], url: str, units: Sequence[Unit], texts: Sequence[str]
) -> Floats | None:
    """Tell of each unit what its page says of it.

    Args:
        blocks: of the document.
        url: where it was published, "" if unknown.
        units: in order.
        texts: what stands there.

    Returns:
        (units, len(PUBLISHED)) array, -1 where it is unknown; None without a page.
    """
    known = {(block.start, block.end): block for block in blocks}
    if not known:
        return None
    columns = np.full((len(units), len(PUBLISHED)), _UNKNOWN, dtype=np.float32)
    for row, unit in zip(columns, units, strict=True):
        _mark(row, known.get((unit.start, unit.end)))
    if name := site_name(url):
        naming = list(_naming(name, texts))
        columns[:, -2], columns[:, -1] = naming, np.mean(naming)
    return columns


_SEEN = ("odds", "link_share", "paragraph", "heading", "in_li", "names_site")
PAGE = (
    *("odds", "network", "words", *PUBLISHED),
    *(f"{name}[{offset:+d}]" for offset in AROUND for name in _SEEN),
)


def page_columns(odds: Floats, logits: Floats, shapes: Floats, published: Floats) -> Floats:
    """Everything that the trees for paragraphs of pages see.

    Args:
        odds: (units,) log-odds of boilerplate by the text.
        logits: (units, labels) of the network.
        shapes: (units, len(SHAPE)).
        published: (units, len(PUBLISHED)).

    Returns:
        (units, len(PAGE)) array.
    """
    own = np.stack([odds, boilerplate_odds(logits), shapes[:, COLUMN["words"]]], axis=1)
    columns = np.concatenate([own, published], axis=1)
    seen = columns[:, [PAGE.index(name) for name in _SEEN]]
    shifted = [shift(seen, offset) for offset in AROUND]
    return np.concatenate([columns, *shifted], axis=1).astype(np.float32)


def site_name(url: str) -> str:
    """The letters of the part of a host that is likeliest to be the site's name; "" if none is.

    >>> site_name("https://www.bbc.co.uk/news"), site_name("https://blog.quaycourier.example/1")
    ('', 'quaycourier')
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    letters = re.sub(r"[\W_]+", "", max(host.split(".")[:-1], key=len, default=""))
    return letters if _SHORTEST <= len(letters) <= _LONGEST else ""


def _mark(row: Floats, block: Block | None) -> None:
    row[0] = block is not None
    if block:
        row[1:4] = block.link_share, block.tag == "p", block.tag in _HEADINGS
        row[4 : len(_MARKUP)] = [tag in block.within for tag in CONTAINERS]


def _naming(name: str, texts: Iterable[str]) -> Iterator[bool]:
    """Whether each text has a name, blanks between its letters or not (Quay Courier)."""
    letters = r"[\W_]?".join(name)
    named = re.compile(rf"\b{letters}(?:['\u2019]?s)?\b", re.IGNORECASE)
    return (named.search(text) is not None for text in texts)
