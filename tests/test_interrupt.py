"""Ctrl-C and a reader that goes away end a run quietly."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import ARTICLE

ROOT = Path(__file__).parent.parent


def start(*arguments: str, **streams: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **streams,
    )


def test_an_interrupt_ends_with_130_and_no_traceback():
    line = json.dumps({"text": ARTICLE}).encode() + b"\n"
    with start("clean", "-") as process:
        process.stdin.write(line)
        process.stdin.flush()
        assert process.stdout.readline()  # it is at work, and waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert b"Traceback" not in process.stderr.read()


def test_an_interrupted_run_leaves_no_half_written_output(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.txt").write_text(ARTICLE, encoding="utf-8")
    out = tmp_path / "out"
    with start("clean", str(folder), "--out", str(out), "--workers", "1") as process:
        while not (out / ".cleaner").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert b"Traceback" not in process.stderr.read()
    assert not (out / "manifest.jsonl").exists()


def test_a_reader_that_goes_away_gives_no_traceback():
    line = json.dumps({"text": ARTICLE}).encode() + b"\n"
    with start("clean", "-") as process:
        process.stdout.close()
        try:
            process.stdin.write(line * 50)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait() == 1
        assert b"Traceback" not in process.stderr.read()
