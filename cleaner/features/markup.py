"""Where units stood in the page that they were extracted from."""

from collections.abc import Iterable, Sequence

import numpy as np

from cleaner.document import LANDMARKS, Block, Unit
from cleaner.features.characters import Floats

MARKUP = ("found", "link_share", "paragraph", "heading", *(f"in_{tag}" for tag in LANDMARKS))
_UNKNOWN = -1.0
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def markup(blocks: Iterable[Block], units: Sequence[Unit]) -> Floats | None:
    """Tell of each unit which element of its page it was.

    Args:
        blocks: of the document.
        units: in order.

    Returns:
        (units, len(MARKUP)) array, -1 where no element is known; None without a page.
    """
    known = {(block.start, block.end): block for block in blocks}
    if not known:
        return None
    columns = np.full((len(units), len(MARKUP)), _UNKNOWN, dtype=np.float32)
    for row, unit in zip(columns, units, strict=True):
        block = known.get((unit.start, unit.end))
        row[0] = block is not None
        if block:
            row[1:4] = block.link_share, block.tag == "p", block.tag in _HEADINGS
            row[4:] = [tag in block.within for tag in LANDMARKS]
    return columns
