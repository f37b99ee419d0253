"""Articles and ratings → outlets with the style of their documents, for the reliability model."""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.document import CleanResult, Document
from cleaner.errors import CorpusError
from cleaner.sources.estimate import Matrix, rows_of
from cleaner.sources.identity import SourceRef, resolve
from cleaner.sources.observe import observe
from cleaner.sources.ratings import Ratings
from cleaner.sources.registry import registry
from cleaner.training.corpus import brand

Clean = Callable[[Document], CleanResult]


@dataclass(frozen=True)
class Outlet:
    """An outlet that a table rates, with the style of its usable documents.

    Attributes:
        site: its host in the corpus.
        value: the table's rating, 0 to 1.
        group: network or brand: what a fold must not divide.
        leaning: as the corpus says, for the audit only.
        rows: (documents, features).
    """

    site: str
    value: float
    group: str
    leaning: str
    rows: Matrix


def read_outlets(
    articles: Path, ratings: Ratings, clean: Clean, *, most: int = 40
) -> Iterator[Outlet]:
    """Read rated outlets from JSON lines `{site, url, title, leaning, text}`.

    Args:
        articles: the file, perhaps .gz.
        ratings: the tables; the first value about an outlet counts.
        clean: makes a result of a document: the shipped cleaner, or one that cuts nothing.
        most: documents of one outlet, drawn at random but always the same.

    Raises:
        CorpusError: a line is not an article.
    """
    for site, records in sorted(_by_site(articles).items()):
        ref = resolve(site)
        value = _value(ref, ratings)
        if value is None:
            continue
        chosen = sorted(records, key=lambda record: str(record["id"]))
        random.Random(site).shuffle(chosen)  # noqa: S311 - always the same draw
        seen = [observe(clean(_document(record))) for record in chosen[:most]]
        unique = {one.key: one.style for one in seen if not one.unusable}
        if unique:
            leaning = str(records[0].get("leaning", ""))
            rows = rows_of(list(unique.values()))
            yield Outlet(site, value, _group(ref, site), leaning, rows)


def uncut(document: Document) -> CleanResult:
    """A result that cuts nothing: for comparing raw with cleaned texts."""
    from cleaner.sources.assess import assess

    return CleanResult(document, document.text, (), (), (), assess(document))


def _by_site(articles: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(articles, "rt") if articles.suffix == ".gz" else articles.open() as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                found.setdefault(record["site"], []).append(record)
                record["id"], record["text"]
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(f"{articles}:{number}: not an article ({error!r})") from error
    return found


def _document(record: dict[str, Any]) -> Document:
    return Document(
        id=str(record["id"]),
        text=record["text"],
        url=record.get("url") or "",
        title=record.get("title") or "",
    )


def _value(ref: SourceRef, ratings: Ratings) -> float | None:
    rows = [row for row in ratings.about(ref) if row.value is not None]
    # The row about this very host tells more than one about the publisher.
    own = [row.value for row in rows if row.host == ref.host] or [row.value for row in rows]
    return own[0] if own else None


def _group(ref: SourceRef, site: str) -> str:
    known = registry().publishers.get(ref.publisher or "")
    return known.network if known and known.network else brand(site)


def means(outlets: Sequence[Outlet]) -> Matrix:
    """(outlets, features): means over documents, nan where no document had the feature."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # mean of an empty slice is nan, as meant
        return np.array([np.nanmean(outlet.rows, axis=0) for outlet in outlets])
