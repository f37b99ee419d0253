"""What a worker does: read a chunk of documents into the spool, then clean it from there.

The spool lets every document of a run be counted before the first is judged, and is kept as JSON
lines so that memory does not grow with the run.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cleaner.batch.inputs import Input
from cleaner.document import CleanResult, Document, Status
from cleaner.errors import DocumentError, RecordError, TooLargeError
from cleaner.pipeline import Cleaner
from cleaner.readers import MAX_TEXT_BYTES, from_file, from_record
from cleaner.readers.jsonl import dump, parse


@dataclass(frozen=True, slots=True)
class Item:
    """One document to read: a file, or one record of a file with its bytes."""

    input: Input
    record: int | None = None
    line: bytes = b""
    url: str = ""
    error: str = ""


@dataclass(frozen=True)
class Outcome:
    """How one document ended.

    Attributes:
        item: the input and record.
        status: see `Status`.
        error: what is wrong and what to do, "" if nothing.
        result: the cleaned document, None if there is none.
        document: what was read, None if nothing could be.
        encoding: of a text file, "" for others.
        bom: whether the file began with a byte order mark.
        hash: SHA-256 of the file's bytes (decompressed) or of the record's line.
    """

    name: str
    record: int | None
    status: Status
    error: str = ""
    result: CleanResult | None = None
    document: Document | None = None
    encoding: str = ""
    bom: bool = False
    hash: str = ""


def read_item(item: Item) -> Outcome:
    """Read one document; trouble with it is a value."""
    name = item.input.name
    outcome = Outcome(name, item.record, Status.OK)
    try:
        if item.error:
            raise RecordError(item.error)
        if item.record is not None:
            digest = hashlib.sha256(item.line).hexdigest()
            outcome = replace(outcome, hash=digest)
            record = parse(item.line, MAX_TEXT_BYTES)
            outcome = replace(outcome, document=_stub(record, name, item.record))
            return replace(outcome, document=from_record(record, name, item.record))
        if item.input.format is None:
            raise RecordError("not a kind of file that cleaner reads (.txt .md .html .json .jsonl)")
        loaded = from_file(item.input.path, name, item.url)
        return replace(
            outcome,
            document=loaded.document,
            encoding=loaded.encoding,
            bom=bool(loaded.bom),
            hash=loaded.hash,
        )
    except TooLargeError as error:
        return replace(outcome, status=Status.REFUSED, error=str(error))
    except DocumentError as error:
        return replace(outcome, status=Status.FAILED, error=str(error))
    except Exception as error:  # noqa: BLE001 - one bad file never kills a run
        problem = f"unexpected {type(error).__name__}: {error}"
        return replace(outcome, status=Status.FAILED, error=" ".join(problem.split())[:300])


def clean_outcome(outcome: Outcome, cleaner: Cleaner) -> Outcome:
    """Clean a document that was read; trouble with it is a value."""
    if outcome.status is not Status.OK or outcome.document is None:
        return outcome
    try:
        return replace(outcome, result=cleaner.clean(outcome.document))
    except TooLargeError as error:
        return replace(outcome, status=Status.REFUSED, error=str(error))
    except Exception as error:  # noqa: BLE001 - one bad file never kills a run
        problem = f"unexpected {type(error).__name__}: {error}"
        return replace(outcome, status=Status.FAILED, error=" ".join(problem.split())[:300])


def read_chunk(items: list[Item], spool: Path) -> Path:
    """Read documents into a spool file."""
    with spool.open("w", encoding="utf-8") as stream:
        for item in items:
            stream.write(dump(_freeze(read_item(item))) + "\n")
    return spool


def clean_chunk(spool: Path, cleaner: Cleaner) -> list[Outcome]:
    """Clean the documents of a spool file and delete it."""
    outcomes = [clean_outcome(outcome, cleaner) for outcome in _thaw(spool)]
    spool.unlink()
    return outcomes


def _stub(record: dict[str, Any], name: str, number: int) -> Document:
    """What is known of a record whose text can't be had: its id and fields."""
    identity = record.get("id")
    return Document(
        id=f"{name}:{number}" if identity is None else str(identity),
        text="",
        url=record["url"] if isinstance(record.get("url"), str) else "",
        path=name,
        meta=MappingProxyType(record),
    )


def _freeze(outcome: Outcome) -> dict[str, Any]:
    document = outcome.document
    return {
        "outcome": [
            *(outcome.name, outcome.record, outcome.status, outcome.error),
            *(outcome.encoding, outcome.bom, outcome.hash),
        ],
        "document": document
        and {
            **{key: getattr(document, key) for key in _DOCUMENT_FIELDS},
            "meta": dict(document.meta),
        },
    }


def _thaw(spool: Path) -> Iterator[Outcome]:
    with spool.open(encoding="utf-8") as stream:
        for line in stream:
            frozen = json.loads(line)
            name, record, status, error, encoding, bom, digest = frozen["outcome"]
            fields = frozen["document"]
            document = None
            if fields is not None:
                fields["meta"] = MappingProxyType(fields["meta"])
                fields["links"] = tuple(fields["links"])
                document = Document(**fields)
            yield Outcome(
                name, record, Status(status), error, None, document, encoding, bom, digest
            )


_DOCUMENT_FIELDS = ("id", "text", "url", "path", "title", "date", "author", "links", "from_html")
