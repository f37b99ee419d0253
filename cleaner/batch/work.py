"""What is done with one document: read it, clean it; trouble with it is a value."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from cleaner.batch.inputs import Input
from cleaner.document import CleanResult, Document, Status
from cleaner.errors import DocumentError, RecordError, SetupError, TooLargeError
from cleaner.pipeline import Cleaner
from cleaner.readers import (
    MAX_TEXT_BYTES,
    READABLE,
    RECORD_FORMATS,
    Format,
    Raw,
    from_file,
    from_raw,
    records,
)
from cleaner.readers.jsonl import dump, parse
from cleaner.sites import site_of, texts_of


@dataclass(frozen=True, slots=True)
class Item:
    """One document to read: a file, or one record of a file.

    Attributes:
        input: the file.
        raw: the record, None for a file that is one document.
        url: where a file was published, if the user told.
        hash: of the file's bytes or of the record; "" if it can't be had.
    """

    input: Input
    raw: Raw | None = None
    url: str = ""
    hash: str = ""

    @property
    def record(self) -> int | None:
        """Number of the record, None for a file."""
        return self.raw.number if self.raw else None


@dataclass(frozen=True)
class Outcome:
    """How one document ended.

    Attributes:
        name: of the input file.
        record: number of the record in it, None for a file that is one document.
        status: see `Status`.
        error: what is wrong and what to do, "" if nothing.
        result: the cleaned document, None if there is none.
        document: what was read, None if nothing could be.
        encoding: of a text file, "" for others.
        bom: whether the file began with a byte order mark.
        hash: SHA-256 of the file's bytes (decompressed) or of the record.
        format: of the input file.
        field: of a record, the field that holds the text.
        site: in whose memory the document is counted, "" if in none.
        texts: what of it may recur there; only on the way into the spool.
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
    format: Format | None = None
    field: str = "text"
    site: str = ""
    texts: Collection[str] = ()


def items_in(entry: Input, skipped: Counter[str], column: str | None = None) -> Iterator[Item]:
    """Yield the documents in an input file; one that fails stands for what can't be read of it.

    Args:
        entry: the file.
        skipped: counts what in it is no document, by kind.
        column: the field or column that holds the text; None to go by the usual names.
    """
    if entry.format is None or entry.format not in RECORD_FORMATS or entry.error:
        yield Item(entry)
        return
    number = 0
    try:
        for raw in records(entry.path, entry.format, skipped, column):
            number = raw.number
            yield Item(entry, raw, hash=raw_hash(raw))
        problem = "" if number else "holds no records"
    except DocumentError as error:
        problem = f"{error} (no record could be read from here on)"
    if problem:
        yield Item(entry, Raw(number + 1, b"", error=problem))


def raw_hash(raw: Raw) -> str:
    """The hash of a record."""
    about = dump(dict(raw.page)) if raw.page else ""
    return hashlib.sha256(raw.data + (about + raw.error).encode()).hexdigest()


def load(cleaner: Cleaner) -> None:
    """Load what cleaning needs, which takes a moment at the first document else."""
    _ = cleaner.classifier, cleaner.tables, cleaner.memory


def read_item(item: Item) -> Outcome:
    """Read one document; trouble with it is a value."""
    outcome = stub(item)
    return guarded(partial(_read_file if item.raw is None else _read_raw, item, outcome), outcome)


def stub(item: Item, status: Status = Status.OK, error: str = "") -> Outcome:
    """What is known of a document without reading it: of a record, its id and fields."""
    name = item.input.name
    outcome = Outcome(name, item.record, status, error, format=item.input.format)
    if item.raw is None:
        return outcome
    outcome = replace(outcome, field=item.raw.field)
    if status is Status.OK:  # one that was lost has no hash, so that the next run tries it again
        outcome = replace(outcome, hash=raw_hash(item.raw))
    try:
        record = dict(item.raw.page) if item.raw.page else parse(item.raw.data, MAX_TEXT_BYTES)
    except DocumentError:
        return outcome
    identity, url = record.get("id"), record.get("url")
    document = Document(
        id=f"{name}:{item.record}" if identity is None else str(identity),
        text="",
        url=url if isinstance(url, str) else "",
        path=name,
        meta=MappingProxyType(record),
    )
    return replace(outcome, document=document)


def count_outcome(outcome: Outcome) -> Outcome:
    """Say of a document that was read to which site it belongs, and what may recur there."""
    if outcome.status is not Status.OK or outcome.document is None:
        return outcome
    return guarded(partial(_count, outcome.document, outcome), outcome)


def clean_outcome(outcome: Outcome, cleaner: Cleaner) -> Outcome:
    """Clean a document that was read; trouble with it is a value."""
    if outcome.status is not Status.OK or outcome.document is None:
        return outcome
    document = outcome.document
    return guarded(lambda: replace(outcome, result=cleaner.clean(document)), outcome)


def _read_file(item: Item, outcome: Outcome) -> Outcome:
    source = item.input
    if source.error:
        raise RecordError(source.error)
    if source.format is None:
        raise RecordError(f"not a kind of file that cleaner reads ({READABLE})")
    loaded = from_file(source.path, source.name, item.url, source.format)
    return replace(
        outcome,
        document=loaded.document,
        encoding=loaded.encoding,
        bom=bool(loaded.bom),
        hash=loaded.hash,
    )


def _read_raw(item: Item, outcome: Outcome) -> Outcome:
    assert item.raw is not None
    return replace(outcome, document=from_raw(item.raw, item.input.name))


def _count(document: Document, outcome: Outcome) -> Outcome:
    from cleaner.sources.assess import identify

    site = site_of(document, identify(document).source)
    return replace(outcome, site=site, texts=texts_of(document)) if site else outcome


def guarded(step: Callable[[], Outcome], outcome: Outcome) -> Outcome:
    """Take a step with a document; what goes wrong is put into its outcome.

    Running out of memory is for the pool, a wrong set-up for whoever runs it.
    """
    try:
        return step()
    except TooLargeError as error:
        return replace(outcome, status=Status.REFUSED, error=str(error))
    except DocumentError as error:
        return replace(outcome, status=Status.FAILED, error=str(error))
    except (MemoryError, SetupError):
        raise
    except Exception as error:  # noqa: BLE001 - one bad file never kills a run
        problem = f"unexpected {type(error).__name__}: {error}"
        return replace(outcome, status=Status.FAILED, error=" ".join(problem.split())[:300])
