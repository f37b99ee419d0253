"""Workers: order, and a document that kills, hangs or swells one is alone in that."""

import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from cleaner.batch import pool
from cleaner.batch.pool import Limits, Pool, Shared
from cleaner.document import Status


def job_type():  # noqa: C901 - one branch a danger
    """A job of words, made in a function so that it travels to workers by value."""
    import os
    import re
    import signal
    import time

    @dataclass(frozen=True)
    class Words:
        words: tuple[str, ...]
        kept: object = None

        def ready(self):
            return self.kept

        def parts(self):
            return self.words

        def prepare(self):
            time.sleep(0.01)

        def do(self, word):
            match word:
                case "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                case "exit":
                    os._exit(0)
                case "sleep":
                    time.sleep(600)
                case "hang":  # in C, with the interpreter's lock held
                    re.match(r"(a+)+$", "a" * 60 + "b")
                case "swell":
                    return len(bytearray(10_000_000_000))
                case "pid":
                    return os.getpid()
            return word.upper()

        def lost(self, word, status, error):
            return f"{word}: {status}: {error}"

        def finish(self, results):
            if "FULL" in results:
                raise OSError(28, "No space left on device")
            return results

    return Words


def run(jobs, workers, limits=None):
    with Pool(workers, limits) as started:
        yield from started.run(jobs)


def test_results_come_in_the_order_of_jobs():
    words = job_type()
    jobs = [words((f"a{n}", f"b{n}")) for n in range(60)]

    assert list(run(iter(jobs), 3)) == [[f"A{n}", f"B{n}"] for n in range(60)]


def test_without_workers_everything_happens_here():
    words = job_type()

    assert list(run([words(("pid",)), words(("a",))], 0)) == [[os.getpid()], ["A"]]


@pytest.mark.parametrize("workers", [0, 1])
def test_what_is_ready_is_not_done_again(workers):
    words = job_type()

    assert list(run([words(("die",), ["earlier"]), words(("a",))], workers)) == [
        ["earlier"],
        ["A"],
    ]


@pytest.mark.parametrize(
    ("word", "status", "says"),
    [
        ("die", Status.FAILED, "its worker died"),
        ("exit", Status.FAILED, "its worker died"),
        ("sleep", Status.TIMEOUT, "run again"),
        ("hang", Status.TIMEOUT, "run again"),
        ("swell", Status.FAILED, "more memory than a worker may use (4 GB)"),
    ],
)
def test_a_document_that_ends_its_worker_is_alone_in_that(word, status, says):
    words = job_type()
    jobs = [words(("a", "b")), words(("c", word, "d")), words(("e",)), words(("f", "g"))]

    results = list(run(jobs, 2, Limits(seconds=4, bytes=4_000_000_000)))

    (lost,) = [part for part in results[1] if ": " in part]
    assert results == [["A", "B"], ["C", lost, "D"], ["E"], ["F", "G"]]
    assert lost.startswith(f"{word}: {status}: ")
    assert says in lost


def test_several_deadly_documents_are_each_named():
    words = job_type()
    harmless = [words((f"c{n}",)) for n in range(9)]
    jobs = [words(("a", "die", "b", "exit")), *harmless, words(("die",))]

    results = list(run(jobs, 2, Limits(seconds=30)))

    assert [":" in part for part in results[0]] == [False, True, False, True]
    assert results[1:-1] == [[f"C{n}"] for n in range(9)]
    assert ":" in results[-1][0]


@pytest.mark.parametrize("workers", [0, 2])
def test_no_room_for_results_ends_the_run(workers):
    words = job_type()

    with pytest.raises(OSError, match="No space left"):
        list(run([words(("a",)), words(("full",)), words(("b",))], workers))


def test_workers_stay_for_the_next_jobs():
    words = job_type()

    with Pool(1) as workers:
        pids = [result for _ in range(3) for result in workers.run([words(("pid",))])]

    assert len(pids) == 3
    assert len(set(map(tuple, pids))) == 1


def test_workers_are_replaced_from_time_to_time(monkeypatch):
    monkeypatch.setattr(pool, "_JOBS_PER_WORKER", 3)
    words = job_type()

    pids = [result[0] for result in run([words(("pid",))] * 10, 1)]

    assert len(pids) == 10
    assert len(set(pids)) >= 3


def test_workers_end_when_the_results_are_not_wanted_any_more():
    words = job_type()
    results = run([words(("pid",)), *[words(("sleep",))] * 5], 2)
    (pid,) = next(results)
    results.close()

    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_what_is_shared_is_unpickled_once():
    shared = Shared({"a": 1})
    first, second = (pickle.loads(pickle.dumps(shared)) for _ in range(2))

    assert first is second
    assert first.value == {"a": 1}
    assert pickle.loads(pickle.dumps(first)) is first


def test_what_killed_workers_leave_is_cleaned_up_without_a_word(tmp_path):
    left = tmp_path / "left"
    script = f"""
from joblib.externals.loky.backend import resource_tracker
from cleaner.batch.pool import _quiet_tracker
_quiet_tracker()
open({str(left)!r}, "w").close()
resource_tracker.register({str(left)!r}, "file")
resource_tracker.register({str(tmp_path / "gone")!r}, "file")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert not left.exists()
    assert ran.stderr == b""
