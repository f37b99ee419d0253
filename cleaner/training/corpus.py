r"""Labelled documents: read, check, describe and rebuild them.

A corpus file is JSON lines. Each line is a document:

    {"id", "collection", "site", "kind", "url", "title",
     "text":   paragraphs joined by "\\n",
     "labels": one label a paragraph,
     "spans":  [{"paragraph", "start", "end", "label"}], plug sentences inside content paragraphs}

A labels-only file has the same fields without `text` and `title`, and for each paragraph a hash.
"""

import gzip
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.document import Label
from cleaner.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Span:
    """A plug inside a content paragraph: characters [start, end) of that paragraph."""

    paragraph: int
    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with a label on every paragraph.

    Attributes:
        id: unique within its collection.
        collection: the data set it comes from.
        site: the host it comes from, "" if unknown; what splits are made by.
        title: the page's title.
        paragraphs: the texts, none of them blank.
        labels: one each.
        spans: plug sentences inside content paragraphs.
        mixed: content paragraphs known to hold a plug somewhere.
        kind: genre or page type.
    """

    id: str
    collection: str
    site: str
    title: str
    paragraphs: tuple[str, ...]
    labels: tuple[Label, ...]
    spans: tuple[Span, ...] = ()
    mixed: frozenset[int] = frozenset()
    kind: str = ""

    @property
    def group(self) -> str:
        """What a split must not divide: the site's brand, or the document where none is known."""
        return brand(self.site) if "." in self.site else f"{self.collection}/{self.id}"


def brand(host: str) -> str:
    """The name under which a host is registered, so that editions of one outlet stay together.

    >>> brand("edition.cnn.com"), brand("www.bbc.co.uk"), brand("ledger.example")
    ('cnn', 'bbc', 'ledger')
    """
    from tld import get_tld
    from tld.utils import Result

    found = get_tld(host, fix_protocol=True, as_object=True, fail_silently=True)
    if isinstance(found, Result):
        return str(found.domain)
    return host.lower().rpartition(".")[0].rpartition(".")[2]


def read(paths: Iterable[Path]) -> Iterator[Labelled]:
    """Read corpus files (.jsonl, perhaps .gz), in order; blank paragraphs are left out.

    Raises:
        CorpusError: a line that is not a labelled document; the message names file and line.
    """
    for path in paths:
        open_text = gzip.open if path.suffix == ".gz" else open
        with open_text(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield _parse(json.loads(line))
                except (ValueError, KeyError, TypeError, IndexError) as error:
                    raise CorpusError(
                        f"{path}:{number}: not a labelled document ({error!r})"
                    ) from error


def _parse(record: dict[str, Any]) -> Labelled:
    texts = record["text"].split("\n")
    if len(texts) != len(record["labels"]):
        raise ValueError(f"{len(texts)} paragraphs but {len(record['labels'])} labels")
    kept = [index for index, text in enumerate(texts) if text.strip()]
    place = {index: new for new, index in enumerate(kept)}
    spans = tuple(
        Span(
            place[span["paragraph"]],
            span["start"] - _indent(texts[span["paragraph"]]),
            span["end"] - _indent(texts[span["paragraph"]]),
            Label(span["label"]),
        )
        for span in record.get("spans", ())
    )
    mixed = {place[int(index)] for index in record.get("mixed", ())}
    return Labelled(
        id=record["id"],
        collection=record["collection"],
        site=record.get("site", ""),
        title=record.get("title") or "",
        paragraphs=tuple(texts[index].strip() for index in kept),
        labels=tuple(Label(record["labels"][index]) for index in kept),
        spans=spans,
        mixed=frozenset(mixed | {span.paragraph for span in spans}),
        kind=record.get("kind") or record.get("type") or "",
    )


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def paragraph_hash(text: str) -> str:
    """Identify a paragraph without its text: 16 hex digits of SHA-256 over its folded NFC form."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(folded.encode()).hexdigest()[:16]
