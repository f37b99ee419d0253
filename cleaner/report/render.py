"""What the page is made of: templates, styles and scripts, and how scraped text looks in it."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cleaner.document import Label

STYLES = ("theme.css", "page.css", "document.css")
SCRIPTS = ("page.js", "list.js", "document.js", "start.js")
_TEMPLATES = Path(__file__).parent / "templates"
# Controls, overrides of the direction of writing, and halves of characters: they would change how
# the text around them looks, or stop a reader. Tabs and line ends are white space.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)


def visible(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a template
    r"""Spell out what a scrape may hold to change how a page looks.

    >>> visible("a\x00b \u202ec")
    'a⟨0000⟩b ⟨202E⟩c'
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _UNSEEN.sub(lambda match: f"⟨{ord(match.group()):04X}⟩", value)


def everywhere(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same for all strings in lists and mappings."""
    if isinstance(value, list | tuple):
        return [everywhere(part) for part in value]
    if isinstance(value, dict):
        return {key: everywhere(part) for key, part in value.items()}
    return visible(value)


def share(part: float, whole: float) -> str:
    """A share in per cent.

    >>> share(1, 8), share(1, 3000), share(0, 0)
    ('12.5 %', '0.03 %', '-')
    """
    if not whole:
        return "-"
    percent = 100 * part / whole
    return f"{percent:.2f} %" if 0 < percent < 0.1 else f"{percent:.1f} %"


def count(number: int, noun: str = "") -> str:
    """A number, and of what.

    >>> count(12000, "word"), count(1, "document")
    ('12,000 words', '1 document')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}" if noun else f"{number:,}"


def words(name: str) -> str:
    """A name of the program's as people write it."""
    return name.replace("_", " ")


@cache
def environment() -> Environment:
    """The templates' environment: everything is escaped, and spelled out where it can't be seen."""
    made = Environment(
        loader=PackageLoader("cleaner.report"),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(share=share, count=count, words=words)
    made.globals.update(
        styles=assets(STYLES), scripts=assets(SCRIPTS), digest=digest, labels=tuple(Label)
    )
    return made


def assets(names: tuple[str, ...]) -> Markup:
    """Files of our own, to stand in the page as they are."""
    return Markup("".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in names))  # noqa: S704


def digest(content: str) -> str:
    """The hash by which the page's security policy knows what may style it and run in it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
