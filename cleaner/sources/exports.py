"""What is known of a source, for two uses: a line with each chunk, a manifest of domains."""

from collections.abc import Iterator
from typing import Any

from cleaner.document import CleanResult
from cleaner.sources.basis import basis_line
from cleaner.sources.estimate import Estimate
from cleaner.sources.scorecard import Scorecard


def chunks(
    result: CleanResult, most: int = 1500, estimate: Estimate | None = None
) -> Iterator[dict[str, Any]]:
    """Cut a cleaned document into chunks of whole units, each with the basis of its source.

    Args:
        result: a cleaned document.
        most: characters of a chunk; a longer unit is a chunk of its own.
        estimate: of its source, from a scorecard.

    Yields:
        `text`, `start`, `end` (in the document's uncut text), `id`, `url`, `source`, `basis`.
        What was cut lies between chunks, never inside one.
    """
    line = basis_line(result.source, estimate)
    text = result.document.text
    spans: list[tuple[int, int]] = []
    gap = True
    for verdict in result.verdicts:
        start, end = verdict.unit.start, verdict.unit.end
        if not verdict.keep:
            gap = True
            continue
        if not gap and spans and end - spans[-1][0] <= most:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        gap = False
    for start, end in spans:
        yield {
            "id": result.document.id,
            "url": result.document.url,
            "start": start,
            "end": end,
            "text": text[start:end],
            "source": result.source.get("source"),
            "basis": line,
        }


def manifest(card: Scorecard) -> Iterator[dict[str, Any]]:
    """One row a source, for choosing what goes into a corpus: facts, no decision."""
    total = max(1, sum(one.words for one in card.sources))
    for one in card.sources:
        estimate = one.estimate
        yield {
            "source": one.source,
            "network": one.network or None,
            "type": one.type or None,
            "documents": one.documents,
            "words": one.words,
            "share": round(one.words / total, 4),
            "basis": one.basis,
            "ratings": [
                {key: row[key] for key in ("table", "value", "class", "as_of", "sha256")}
                for row in one.ratings
            ],
            "disputed": one.disputed is not None,
            "band": estimate.band if estimate else None,
            "promotional_share": one.promotional_share,
            "wire_copies": one.wire_copies,
            "line": one.line,
        }
