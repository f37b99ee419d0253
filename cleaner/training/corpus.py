r"""Labelled documents: read, check, describe and rebuild them.

A corpus file is JSON lines. Each line is a document:

    {"id", "collection", "site", "kind", "url", "title",
     "text":   paragraphs joined by "\n",
     "labels": one label a paragraph,
     "spans":  [{"paragraph", "start", "end", "label"}], plug sentences inside content paragraphs,
     "mixed":  content paragraphs that hold a plug somewhere,
     "spans_read": those of them whose spans are all in `spans`; without it, those that have one,
     "blocks": [[paragraph, ...]], where paragraphs stood in the page, as `Block.row` says it,
     "embedded": what `scripts/embed.py` adds, base64 of so many signed bytes for each paragraph}

A labels-only file (`cleaner.training.build`) has a hash in the place of each paragraph's text.
"""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from cleaner.document import Block, Label, Unit
from cleaner.errors import CorpusError

OWN = "own"  # the collection of what we wrote ourselves


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
        unread: those of them where nobody has said yet which characters the plug is.
        kind: genre or page type.
        blocks: where paragraphs stood in the page, none where it is not at hand; offsets are in
            the paragraphs joined by line breaks.
        embedded: what a pretrained encoder makes of each paragraph, as many signed bytes for one
            as for the other, zeros where it is unknown; empty where none was asked.
    """

    id: str
    collection: str
    site: str
    title: str
    paragraphs: tuple[str, ...]
    labels: tuple[Label, ...]
    spans: tuple[Span, ...] = ()
    mixed: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()
    kind: str = ""
    blocks: tuple[Block, ...] = ()
    embedded: bytes = b""

    @property
    def text(self) -> str:
        """What is cleaned: one paragraph a line."""
        return "\n".join(self.paragraphs)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Where each paragraph stands in `text`."""
        return units_of(self.paragraphs)

    @property
    def embeddings(self) -> Iterator[tuple[str, bytes]]:
        """Each paragraph, and what the encoder makes of it; nothing where none was asked."""
        width = len(self.embedded) // len(self.paragraphs)
        for index, text in enumerate(self.paragraphs) if width else ():
            yield text, self.embedded[index * width : (index + 1) * width]

    @property
    def url(self) -> str:
        """An address on its site, "" if none is known."""
        return f"https://{self.site}/" if "." in self.site else ""

    @property
    def group(self) -> str:
        """What a split must not divide: the brand of the site, or the document where none is known.

        A site without a dot is a brand already ("cnn"), or a collection whose sites nobody knows.
        """
        if not self.site:
            return f"{self.collection}/{self.id}"
        return brand(self.site) if "." in self.site else self.site.lower()


def units_of(paragraphs: Iterable[str]) -> tuple[Unit, ...]:
    """Where paragraphs stand in the text that they make, one a line.

    >>> [(unit.start, unit.end) for unit in units_of(["One.", "Two."])]
    [(0, 4), (5, 9)]
    """
    units, start = [], 0
    for text in paragraphs:
        units.append(Unit(start, start + len(text)))
        start += len(text) + 1
    return tuple(units)


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


def load(paths: Iterable[Path]) -> list[Labelled]:
    """Read corpus files, or all those in folders, sorted, so that no order of paths changes a fit.

    Documents without a paragraph are left out: there is nothing to learn from them or to measure.

    Raises:
        CorpusError: see `read`; or a path that isn't there.
    """
    documents = read(file for path in paths for file in files(path))
    return sorted((d for d in documents if d.paragraphs), key=lambda d: (d.collection, d.id))


def files(path: Path) -> list[Path]:
    """The corpus files of a folder, or the file itself.

    Raises:
        CorpusError: there is none.
    """
    found = [path] if path.is_file() else []
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.name.endswith((".jsonl", ".jsonl.gz")))
    if not found:
        raise CorpusError(f"{path}: no corpus file (.jsonl, .jsonl.gz) there")
    return found


def read(paths: Iterable[Path]) -> Iterator[Labelled]:
    """Read corpus files (.jsonl, perhaps .gz), in order; blank paragraphs are left out.

    Raises:
        CorpusError: a line that is not a labelled document; the message names file and line.
    """
    for where, record in records(paths):
        if "paragraphs" in record:
            raise CorpusError(f"{where}: labels without text; run `cleaner corpus build` first")
        try:
            yield _parse(record)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise CorpusError(f"{where}: not a labelled document ({error!r})") from error


def records(paths: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where it stands ("file:line") and each object of JSON-lines files, perhaps .gz.

    Raises:
        CorpusError: a file that can't be read, or a line that holds no object.
    """
    for path in paths:
        number = 0
        try:
            with _open(path) as stream:
                for number, line in enumerate(stream, 1):
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise CorpusError(f"{path}:{number}: not a JSON object")
                    yield f"{path}:{number}", record
        except (OSError, EOFError, zlib.error) as error:
            raise CorpusError(f"{path}: can't be read ({error})") from error
        except (ValueError, RecursionError) as error:
            # What is no UTF-8 ends it before its line is counted.
            at = number + isinstance(error, UnicodeDecodeError)
            raise CorpusError(f"{path}:{at}: not JSON lines ({error})") from error


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def fingerprint(documents: Iterable[Labelled]) -> str:
    """SHA-256 over everything a fit or a score depends on, whatever files the documents lie in."""
    digest = hashlib.sha256()
    for d in documents:
        spans = [(s.paragraph, s.start, s.end, s.label) for s in d.spans]
        known = (
            d.id,
            d.collection,
            d.site,
            d.title,
            d.paragraphs,
            d.labels,
            spans,
            sorted(d.mixed),
            *([[block.row() for block in d.blocks]] if d.blocks else ()),
            *([d.embedded.hex()] if d.embedded else ()),
        )
        digest.update(json.dumps(known).encode() + b"\n")
    return digest.hexdigest()


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
    mixed |= {span.paragraph for span in spans}
    read = {place[index] for index in record.get("spans_read", ())} | {s.paragraph for s in spans}
    return Labelled(
        id=_string("id", record["id"]),
        collection=_string("collection", record["collection"]),
        site=_string("site", record.get("site", "")),
        title=_string("title", record.get("title") or ""),
        paragraphs=tuple(texts[index].strip() for index in kept),
        labels=tuple(Label(record["labels"][index]) for index in kept),
        spans=spans,
        mixed=frozenset(mixed),
        unread=frozenset(mixed - read),
        kind=_string("kind", record.get("kind") or record.get("type") or ""),
        blocks=tuple(_blocks(record, [texts[index].strip() for index in kept], place)),
        embedded=_embedded(record, len(texts), kept),
    )


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}, write it as a string")  # noqa: TRY004 - of the data
    return value


def _blocks(
    record: dict[str, Any], paragraphs: list[str], place: dict[int, int]
) -> Iterator[Block]:
    units = units_of(paragraphs)
    for index, *told in record.get("blocks", ()):
        unit = units[place[index]]
        yield Block.from_row([unit.start, unit.end, *told])


def _embedded(record: dict[str, Any], paragraphs: int, kept: list[int]) -> bytes:
    data = base64.b64decode(record.get("embedded", ""), validate=True)
    width, rest = divmod(len(data), paragraphs)
    if rest:
        raise ValueError(f"{len(data)} bytes of embeddings for {paragraphs} paragraphs")
    return b"".join(data[index * width : (index + 1) * width] for index in kept)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
