r"""Remove promotional boilerplate from scraped articles, and keep what was taken out.

>>> import cleaner
>>> result = cleaner.clean(
...     "The harbour council voted on Tuesday to close the old fish market on the quay, "
...     "which has stood there since 1911.\n"
...     "Sign up for our free newsletter and get our best stories in your inbox!\n"
...     "Traders said they would fight the decision in court, according to letters to the mayor."
... )
>>> result.removed[0].label
<Label.SUBSCRIBE: 'subscribe'>
>>> "newsletter" in result.text
False
"""

from collections.abc import Collection, Hashable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.document import (
    CleanResult,
    Document,
    Flag,
    Label,
    Mode,
    Reason,
    Removed,
    Strength,
    Unit,
    Verdict,
)
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner.pipeline import Cleaner

__version__ = "0.1.0"

__all__ = [
    "CleanResult",
    "Cleaner",
    "CleanerError",
    "Document",
    "Flag",
    "Label",
    "Mode",
    "Reason",
    "Removed",
    "Strength",
    "Unit",
    "Verdict",
    "clean",
    "read_html",
]


def clean(text: str, **settings: Any) -> CleanResult:  # noqa: ANN401 - those of Cleaner
    """Clean one text with the shipped model.

    Args:
        text: an article, one paragraph a line; of a page, see `read_html`.
        **settings: as for `Cleaner`.

    Returns:
        The cleaned `.text`, the `.removed` spans and a verdict for every paragraph.
    """
    fixed = {
        name: value if isinstance(value, Hashable) else _hashable(value)
        for name, value in settings.items()
    }
    return _cleaner(tuple(sorted(fixed.items()))).clean(text)


def read_html(html: bytes | str, url: str = "") -> Document:
    """Make of a page the document that `Cleaner.clean` takes: its main text, title, links.

    Args:
        html: the page; bytes are decoded as it says.
        url: where it was published; "" to believe what the page says.

    Raises:
        DocumentError: it is binary, over the size limit, or nested too deeply.
    """
    from cleaner.readers import from_html

    return from_html(html, url)


def _hashable(value: Collection[str] | Mapping[str, object]) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(f"{name}={file}" for name, file in value.items())
    return tuple(value)


@cache
def _cleaner(settings: tuple[tuple[str, Any], ...]) -> "Cleaner":
    from cleaner.pipeline import Cleaner

    return Cleaner(**dict(settings))


def __getattr__(name: str) -> object:
    if name == "Cleaner":
        from cleaner.pipeline import Cleaner

        return Cleaner
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
