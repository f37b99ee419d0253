"""Document → the `source` mapping of its record: who published it, and who rates that source how.

Resolves and looks up, no more: a run can afford it for every document. Unknown is never unreliable.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cleaner.document import Document
from cleaner.sources.identity import Match, SourceRef, resolve
from cleaner.sources.ratings import Ratings, dispute

NO_RATINGS = Ratings()
NOWHERE = SourceRef("", "", "", None, None, Match.NONE)


def assess(document: Document, ratings: Ratings = NO_RATINGS) -> dict[str, Any]:
    """Say who published a document and what the tables know of that source.

    Args:
        document: its URL decides; where that can't tell, what the page says is its address, else
            its text's own signatures.
        ratings: the tables that the user has.

    Returns:
        `source`, `publisher` and `match` as in `SourceRef`; `basis`: rated or unknown; `ratings`:
        one entry for each row about the source, the user's own judgement first; `disputed`: None,
        or the range and the rows that disagree.
    """
    ref = identify(document)
    told = {"source": ref.source, "publisher": ref.publisher, "match": ref.match.value}
    return {**told, **_rated(ref, ratings)}


def resolve_lines(urls: Iterable[str], ratings: Ratings | None = None) -> Iterator[str]:
    """One JSON line for each URL, in order; with tables it says what they know of the source."""
    for url in urls:
        ref = resolve(url)
        rated = {} if ratings is None else _rated(ref, ratings)
        yield json.dumps({**ref.to_dict(), **rated})


def _rated(ref: SourceRef, ratings: Ratings) -> dict[str, Any]:
    found = ratings.about(ref)
    disputed = dispute(found)
    return {
        "basis": "rated" if found else "unknown",
        "ratings": [rating.to_dict() for rating in found],
        "disputed": disputed.to_dict() if disputed else None,
    }


def identify(document: Document) -> SourceRef:
    """Who published a document: by its URL, else by the page's, else by what its text says."""
    ref = NOWHERE
    if document.url or document.page_url:
        ref = resolve(document.url, page_url=document.page_url)
    # Whoever quotes a video or a post writes about it: a platform's page stays without source.
    if ref.source or ref.match is Match.PLATFORM:
        return ref
    from cleaner.sources.signatures import resolve_text

    signed = resolve_text(document.text)
    notes = ref.notes + signed.notes
    if signed.source is None:
        return replace(ref, notes=notes)
    return replace(
        ref, source=signed.source, publisher=signed.publisher, match=Match.TEXT, notes=notes
    )
