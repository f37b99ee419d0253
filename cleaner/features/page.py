"""Where units were published: the elements of the page that they were, and the name of the site."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np

from cleaner.document import CALLED, CONTAINERS, Block, Unit
from cleaner.features.characters import Floats, Places
from cleaner.features.context import AROUND, boilerplate_odds, shift
from cleaner.features.shape import COLUMN

_MARKUP = (
    *("found", "link_share", "paragraph", "heading", *(f"in_{tag}" for tag in CONTAINERS)),
    *(*(f"called_{name}" for name in CALLED), "place"),
)
_GROUPS = ("parent", "around", "alike")
PUBLISHED = (
    *_MARKUP,
    *(f"share_of_{group}" for group in _GROUPS),
    "names_site",
    "share_naming_site",
)
_UNKNOWN = -1.0
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Letters; shorter names ("ap", "who") are words of their own, longer ones are no names of hosts.
_SHORTEST, _LONGEST = 4, 63


@dataclass(frozen=True)
class Published:
    """What a page says of units.

    Attributes:
        columns: (units, len(PUBLISHED)), -1 where it is unknown.
        groups: (units, 3) as `Block.groups`, -1 where it is unknown.
    """

    columns: Floats
    groups: Places


def published(
    blocks: Iterable[Block], url: str, units: Sequence[Unit], texts: Sequence[str]
) -> Published | None:
    """Tell of each unit what its page says of it; None without a page.

    Args:
        blocks: of the document.
        url: where it was published, "" if unknown.
        units: in order.
        texts: what stands there.
    """
    known = {(block.start, block.end): block for block in blocks}
    if not known:
        return None
    columns = np.full((len(units), len(PUBLISHED)), _UNKNOWN, dtype=np.float32)
    groups = np.full((len(units), len(_GROUPS)), -1)
    for index, unit in enumerate(units):
        _mark(columns[index], groups[index], known.get((unit.start, unit.end)))
    sizes = np.array([unit.end - unit.start for unit in units])
    shares = columns[:, len(_MARKUP) : len(_MARKUP) + len(_GROUPS)]
    shares[:] = np.stack([_share(sizes, group) for group in groups.T], axis=1)
    if name := site_name(url):
        naming = list(_naming(name, texts))
        columns[:, -2], columns[:, -1] = naming, np.mean(naming)
    return Published(columns, groups)


_SEEN = ("odds", "link_share", "paragraph", "heading", "in_li", "names_site")
PAGE = (
    *("odds", "network", "words", *PUBLISHED),
    *(f"odds_of_{group}" for group in _GROUPS),
    *(f"{name}[{offset:+d}]" for offset in AROUND for name in _SEEN),
)
_CLIP = 6.0  # log-odds; one line that is surer than that tells no more of those beside it
_ALONE = -9.0


def page_columns(odds: Floats, logits: Floats, shapes: Floats, published: Published) -> Floats:
    """Everything that the trees for paragraphs of pages see.

    Args:
        odds: (units,) log-odds of boilerplate by the text.
        logits: (units, labels) of the network.
        shapes: (units, len(SHAPE)).
        published: of the same units.

    Returns:
        (units, len(PAGE)) array.
    """
    own = np.stack([odds, boilerplate_odds(logits), shapes[:, COLUMN["words"]]], axis=1)
    columns = np.concatenate([own, published.columns], axis=1)
    clipped = np.clip(odds, -_CLIP, _CLIP)
    others = [_mean_of_others(clipped, group) for group in published.groups.T]
    seen = columns[:, [PAGE.index(name) for name in _SEEN]]
    shifted = [shift(seen, offset) for offset in AROUND]
    return np.concatenate([columns, np.stack(others, axis=1), *shifted], axis=1).astype(np.float32)


def _share(sizes: Places, group: Places) -> Floats:
    """(units,) what all units of each one's group are of the text, -1 where it is of none."""
    place = group + 1
    share = np.bincount(place, sizes)[place] / sizes.sum()
    shares: Floats = np.where(group >= 0, share, _UNKNOWN)
    return shares


def _mean_of_others(values: Floats, group: Places) -> Floats:
    """(units,) the mean over the other units of each one's group, -9 where there is none."""
    place = group + 1  # what is of no group comes first
    count = np.bincount(place)[place] - 1
    total = np.bincount(place, values)[place] - values
    known = (group >= 0) & (count > 0)
    means: Floats = np.where(known, total / np.maximum(1, count), _ALONE)
    return means


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


def _mark(row: Floats, groups: Places, block: Block | None) -> None:
    row[0] = block is not None
    if block:
        row[1:4] = block.link_share, block.tag == "p", block.tag in _HEADINGS
        row[4 : len(_MARKUP)] = [
            *(tag in block.within for tag in CONTAINERS),
            *(name in block.called for name in CALLED),
            block.place,
        ]
        groups[:] = block.groups


def _naming(name: str, texts: Iterable[str]) -> Iterator[bool]:
    """Whether each text has a name, blanks between its letters or not (Quay Courier)."""
    letters = r"[\W_]?".join(name)
    named = re.compile(rf"\b{letters}(?:['\u2019]?s)?\b", re.IGNORECASE)
    return (named.search(text) is not None for text in texts)
