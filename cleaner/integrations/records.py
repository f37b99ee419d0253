"""A record → the record that `cleaner clean -` writes for it. Trouble with it is a value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cleaner.batch import rows
from cleaner.batch.work import Outcome, clean_outcome
from cleaner.document import Document, Mode, Status
from cleaner.errors import DocumentError, TooLargeError
from cleaner.pipeline import Cleaner
from cleaner.readers import MAX_TEXT_BYTES, from_record
from cleaner.readers.jsonl import parse


def clean_record(
    record: Mapping[str, Any] | bytes,
    cleaner: Cleaner,
    name: str = "-",
    number: int = 1,
    error: str = "",
) -> dict[str, Any]:
    """Clean a record: `text`, else `html`; `id url title date author` if known; others pass.

    Args:
        record: its fields, or a line of JSON.
        cleaner: the flow with its settings.
        name: of the file it stands in; with `number` the id of a record that has none.
        number: its place in the file, from 1.
        error: why it could not be read, "" if it could.

    Returns:
        The fields with `text` cleaned and without `html`, and `cleaner`: status, flags, removed
        spans (in flag mode `flagged`), source, error.
    """
    outcome = clean_outcome(read(record, name, number, error), cleaner)
    return rows.clean_record(outcome, Mode(cleaner.mode))


def read(record: Mapping[str, Any] | bytes, name: str, number: int, error: str = "") -> Outcome:
    """Make a document of a record."""
    outcome = Outcome(name, number, Status.OK)
    if error:
        return replace(outcome, status=Status.FAILED, error=error)
    try:
        fields = parse(record, MAX_TEXT_BYTES) if isinstance(record, bytes) else dict(record)
        outcome = replace(outcome, document=Document(id="", text="", meta=fields))
        return replace(outcome, document=from_record(fields, name, number))
    except TooLargeError as problem:
        return replace(outcome, status=Status.REFUSED, error=str(problem))
    except DocumentError as problem:
        return replace(outcome, status=Status.FAILED, error=str(problem))
    except Exception as problem:  # noqa: BLE001 - one bad record never kills a run
        message = f"unexpected {type(problem).__name__}: {problem}"
        return replace(outcome, status=Status.FAILED, error=" ".join(message.split())[:300])
