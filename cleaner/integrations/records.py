"""A record → the record that `cleaner clean -` writes for it. Trouble with it is a value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cleaner.batch import rows
from cleaner.batch.work import Outcome, clean_outcome, guarded
from cleaner.document import Document, Mode, Status
from cleaner.pipeline import Cleaner
from cleaner.readers import from_record


def clean_record(record: Mapping[str, Any], cleaner: Cleaner, number: int = 1) -> dict[str, Any]:
    """Clean a record: `text`, else `html`; `id url title date author` if known; others pass.

    Args:
        record: its fields.
        cleaner: the flow with its settings.
        number: its place, from 1: `-:NUMBER` is the id of a record that has none.

    Returns:
        The fields with `text` cleaned and without `html`, and `cleaner`: status, flags, removed
        spans (in flag mode `flagged`), source, error.
    """
    return rows.clean_record(clean_outcome(read(record, number), cleaner), Mode(cleaner.mode))


def read(record: Mapping[str, Any], number: int = 1) -> Outcome:
    """Make a document of a record."""
    # What is known of it if no document can be made.
    fields = dict(record)
    url = fields["url"] if isinstance(fields.get("url"), str) else ""
    stub = Document(id="", text="", url=url, path="-", meta=fields)
    outcome = Outcome("-", number, Status.OK, document=stub)
    return guarded(lambda: replace(outcome, document=from_record(fields, "-", number)), outcome)
