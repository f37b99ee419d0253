"""A record comes out as `cleaner clean -` writes it, and trouble with it is a value."""

import pytest

from cleaner import Cleaner
from cleaner.integrations.records import clean_record
from tests.integrations.conftest import HTML, NO_TEXT, RECORDS

BROKEN = [NO_TEXT, {"id": 7}, {"html": 3}, {"text": "x\n" * 60_000}, {"text": "A text.", "n": [1]}]


@pytest.mark.parametrize("mode", ["drop", "flag"])
def test_a_record_is_what_the_stream_makes_of_it(streamed, mode):
    records = [*RECORDS, HTML, *BROKEN]
    cleaner = Cleaner(mode=mode)
    ours = [clean_record(record, cleaner, number=n) for n, record in enumerate(records, 1)]

    assert ours == streamed(records, "--mode", mode)
    assert {record["cleaner"]["status"] for record in ours} == {"ok", "failed", "refused"}


def test_a_line_of_json_is_a_record(cleaner):
    lines = [b'{"text": "One line."}', b"{broken", b"[1]", b""]
    ours = [clean_record(line, cleaner, number=n) for n, line in enumerate(lines, 1)]

    assert [record["id"] for record in ours] == ["-:1", "-:2", "-:3", "-:4"]
    assert [record["cleaner"]["status"] for record in ours] == ["ok", *["failed"] * 3]


def test_what_could_not_be_read_says_why(cleaner):
    record = clean_record(b"", cleaner, "a.jsonl", 3, "the disk is on fire")

    assert record["id"] == "a.jsonl:3"
    assert record["text"] == ""
    assert record["cleaner"]["error"] == "the disk is on fire"


def test_what_goes_wrong_unforeseen_is_a_value(cleaner, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("cleaner.integrations.records.from_record", fail)

    assert "ZeroDivisionError" in clean_record({"text": ""}, cleaner)["cleaner"]["error"]
