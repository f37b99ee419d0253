"""Document → units with offsets."""

import re
from collections.abc import Iterator

from cleaner.document import Unit, UnitKind

# A paragraph ends at \n, \r\n or \r and at nothing else: str.splitlines would also break at form
# feeds and U+2028, which stand inside paragraphs of real scrapes. White space is what str.isspace
# says, for `\S` and `str.rstrip` alike.
_PARAGRAPH = re.compile(r"\S[^\r\n]*")


def paragraphs(text: str) -> Iterator[Unit]:
    r"""Yield the paragraphs of `text`, in order, without outer white space; blank lines are none.

    >>> [text[u.start : u.end] for text in ["One.\r\n\n Two. \rThree"] for u in paragraphs(text)]
    ['One.', 'Two.', 'Three']
    """
    for match in _PARAGRAPH.finditer(text):
        start = match.start()
        yield Unit(start, start + len(match.group().rstrip()), UnitKind.PARAGRAPH)
