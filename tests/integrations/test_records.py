"""A record comes out as `cleaner clean -` writes it, and trouble with it is a value."""

import pytest

from cleaner import Cleaner
from cleaner.integrations.records import clean_record
from tests.integrations.conftest import HTML, NO_TEXT, RECORDS

BROKEN = [
    NO_TEXT,
    {"id": 7},
    {"html": 3},
    {"text": "x\n" * 250_000},
    {"text": "A text.", "n": [1]},
    {"text": 5, "url": "https://fen.example/"},
]


@pytest.mark.parametrize("mode", ["drop", "flag"])
def test_a_record_is_what_the_stream_makes_of_it(streamed, mode):
    records = [*RECORDS, HTML, *BROKEN]
    cleaner = Cleaner(mode=mode)
    ours = [clean_record(record, cleaner, number=n) for n, record in enumerate(records, 1)]

    assert ours == streamed(records, "--mode", mode)
    assert {record["cleaner"]["status"] for record in ours} == {"ok", "failed", "refused"}


def test_what_goes_wrong_unforeseen_is_a_value(cleaner, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("cleaner.integrations.records.from_record", fail)

    assert "ZeroDivisionError" in clean_record({"text": ""}, cleaner)["cleaner"]["error"]
