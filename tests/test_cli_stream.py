"""`clean -` and `label -`: JSON lines in, exactly as many JSON lines out, in order."""

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.batch import Settings, Summary, clean_stream
from cleaner.batch.rows import clean_record
from cleaner.document import Mode
from cleaner.errors import RatingsError
from cleaner.pipeline import Cleaner
from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG, STORY
from tests.test_cli import objects

LINES = [
    b'{"id": 7, "text": "One.", "extra": {"a": [1, null]}}',
    b"",
    b"   ",
    b"not json",
    b'{"id": "cut", "text": ',
    b"[1, 2]",
    b"null",
    b'{"id": "no text"}',
    b'{"id": "empty", "text": ""}',
    b'{"id": "wrong", "text": 5}',
    b'{"text": "\\ud800 lone"}',
    b'{"text": "broken \xff"}',
    b'{"id": null, "text": "NUL \\u0000 and \\u2028"}',
    b'{"id": [1], "html": "<p>Hi</p>"}',
    b'{"id": "pdf", "html": "%PDF-1.4"}',
    b"[" * 100_000,
]


def test_a_record_comes_back_with_its_text_cleaned_and_what_was_done(run):
    record = {"id": "x", "text": ARTICLE, "title": "Market", "extra": {"a": 1}}

    ran = run("clean", "-", stdin=json.dumps(record).encode())
    (cleaned,) = objects(ran.out)

    assert (ran.code, ran.err) == (0, "")
    done = cleaned.pop("cleaner")
    assert cleaned == {**record, "text": CLEANED}
    assert (done["status"], done["flags"], done["error"]) == ("ok", [], None)
    assert "basis" in done["source"]
    for span in done["removed"]:
        assert set(span) == {"start", "end", "label", "score", "text"}
        assert ARTICLE[span["start"] : span["end"]] == span["text"]
    assert done["removed"][0]["text"].strip() == PLUG


def test_html_is_dropped_and_its_text_cleaned(run):
    record = {"id": 1, "html": PAGE}

    (cleaned,) = objects(run("clean", "-", stdin=json.dumps(record).encode()).out)

    assert "html" not in cleaned
    assert PLUG not in cleaned["text"]
    assert STORY[3] in cleaned["text"]


def test_label_gives_the_text_that_offsets_refer_to_when_the_input_was_html(run):
    stdin = b"\n".join(json.dumps(r).encode() for r in ({"html": PAGE}, {"text": ARTICLE}))

    page, text = objects(run("label", "-", stdin=stdin).out)

    cut = [page["text"][u["start"] : u["end"]] for u in page["paragraphs"] if not u["keep"]]
    assert cut == ["Council closes fish market & moves traders", PLUG], "heading and plug"
    assert "text" not in text


@pytest.mark.parametrize("command", ["clean", "label"])
def test_there_is_one_line_for_each_line_blank_and_broken_ones_too(run, command):
    ran = run(command, "-", stdin=b"\n".join(LINES) + b"\n")
    records = objects(ran.out)

    assert ran.code == 1
    assert [record["id"] for record in records] == [
        7, "-:2", "-:3", "-:4", "-:5", "-:6", "-:7", "no text", "empty", "wrong",
        "-:11", "-:12", "-:13", [1], "pdf", "-:16",
    ]  # fmt: skip
    statuses = [(r["cleaner"] if command == "clean" else r)["status"] for r in records]
    ok = [number for number, status in enumerate(statuses, 1) if status == "ok"]
    assert ok == [1, 9, 11, 13, 14, 15]
    assert ran.err.count("\n") == len(LINES) - len(ok)


@given(
    st.lists(
        st.sampled_from(LINES[:-1]) | st.binary().map(lambda b: b.replace(b"\n", b"")), max_size=8
    )
)
@settings(max_examples=40)
def test_any_bytes_give_as_many_lines_as_went_in(cleaner, lines):
    stream = io.BytesIO(b"".join(line + b"\n" for line in lines))

    out = list(
        clean_stream(stream, Settings(cleaner), Summary(), lambda o: clean_record(o, Mode.DROP))
    )

    assert len(out) == len(lines)
    for line in out:
        assert "\n" not in line
        record = json.loads(line.encode())
        assert isinstance(record["text"], str)
        assert bool(record["cleaner"]["error"]) == (record["cleaner"]["status"] != "ok")


@pytest.mark.parametrize("command", ["clean", "label"])
def test_a_plain_text_on_stdin_is_told_where_it_belongs(run, command):
    ran = run(command, "-", stdin=b"The ferry is late.\nSubscribe now.\n")

    assert ran.code == 1
    assert "cleaner clean FILE" in ran.err
    assert "cleaner clean FILE" not in run(command, "-", stdin=b'{"text": "One."}\nno').err


def test_a_column_of_pages_is_extracted(run):
    record = {"html": PAGE, "text": "Not this."}

    ran = run("clean", "-", "--text-column", "html", stdin=json.dumps(record).encode())

    (cleaned,) = objects(ran.out)
    assert STORY[0] in cleaned["text"]
    assert "<p>" not in cleaned["text"]


def test_a_last_line_without_an_end_counts_and_no_lines_give_none(run):
    assert len(objects(run("clean", "-", stdin=b'{"text": "One."}').out)) == 1
    ran = run("clean", "-", stdin=b"")
    assert (ran.code, ran.out) == (0, b"")


def test_a_line_over_the_size_limit_is_refused_and_the_next_one_read(run):
    long = json.dumps({"text": "x" * 21_000_000}).encode()

    short = json.dumps({"text": STORY[0]}).encode()

    first, second = objects(run("clean", "-", stdin=long + b"\n" + short).out)

    assert (first["cleaner"]["status"], first["text"]) == ("refused", "")
    assert second["text"] == STORY[0]


def test_failures_are_named_on_stderr_and_never_on_stdout(run):
    ran = run("clean", "-", stdin=b"broken\n")

    (record,) = objects(ran.out)
    assert (record["text"], record["cleaner"]["status"]) == ("", "failed")
    assert "not JSON" in record["cleaner"]["error"]
    assert "-:1: not JSON" in ran.err


def test_flag_mode_leaves_the_text_whole(run):
    record = {"id": "x", "text": ARTICLE}

    (flagged,) = objects(run("clean", "-", "--mode", "flag", stdin=json.dumps(record).encode()).out)

    assert flagged["text"] == ARTICLE
    assert flagged["cleaner"]["removed"] == []
    assert [span["text"] for span in flagged["cleaner"]["flagged"]][:1] == [PLUG]


def test_ids_may_repeat(run):
    stdin = b"\n".join([json.dumps({"id": "same", "text": ARTICLE}).encode()] * 3)

    assert [r["id"] for r in objects(run("label", "-", stdin=stdin).out)] == ["same"] * 3


@pytest.mark.parametrize("command", ["clean", "label"])
def test_a_missing_model_is_one_line_and_no_failed_document(run, command):
    for option in ((), ("--workers", "1")):
        ran = run(command, "-", "--model", "nowhere", *option, stdin=b'{"text": "One."}\n' * 3)

        assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
        assert "nowhere" in ran.err


@pytest.mark.parametrize("command", ["clean", "label"])
def test_a_set_up_that_turns_out_wrong_at_a_document_is_no_failed_document(
    run, command, monkeypatch
):
    def missing(*_):
        raise RatingsError("ratings.csv can't be read")

    monkeypatch.setattr(Cleaner, "clean", missing)

    ran = run(command, "-", stdin=b'{"text": "One."}\n')

    assert (ran.code, ran.out) == (2, b"")
    assert "ratings.csv" in ran.err


@pytest.mark.parametrize("command", ["clean", "label"])
def test_more_workers_give_the_same_bytes(run, command):
    records = [{"id": n, "text": ARTICLE + f"Page {n}"} for n in range(40)]
    stdin = b"\n".join(json.dumps(r).encode() for r in records)

    assert (
        run(command, "-", "--workers", "2", stdin=stdin).out == run(command, "-", stdin=stdin).out
    )


@pytest.mark.parametrize(("closed", "code"), [("<&-", 0), (">&-", 0), ("2>&-", 0)])
def test_a_closed_stream_is_an_empty_one(tmp_path, closed, code):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    what = "-" if closed == "<&-" else f"{shlex.quote(str(tmp_path))} --out {tmp_path}-out"
    command = f"{shlex.quote(sys.executable)} -m cleaner clean {what} {closed}"

    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)

    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert what == "-" or Path(f"{tmp_path}-out/a.txt").is_file()


def test_the_field_that_we_write_is_not_taken_for_the_text(run):
    ran = run("clean", "-", "--text-column", "cleaner", stdin=b'{"cleaner": "The council voted."}')

    assert (ran.code, ran.out) == (2, b"")
    assert "rename that column" in ran.err


def test_cleaning_twice_loses_nothing_of_what_was_cut_first(run, tmp_path):
    once = run("clean", "-", stdin=json.dumps({"text": ARTICLE}).encode()).out
    source = tmp_path / "once.jsonl"
    source.write_bytes(once)

    (twice,) = objects(run("clean", "-", stdin=once).out)
    run("clean", source, "--out", tmp_path / "out")
    run("restore", tmp_path / "out", "--out", tmp_path / "back")

    (first,) = objects(once)
    assert first["cleaner"]["removed"]
    assert twice["cleaner"]["before"] == first["cleaner"]
    assert objects((tmp_path / "back/once.jsonl").read_bytes()) == [first]
