"""Workers: jobs in, results out in the same order; a document that kills or hangs one ends alone.

joblib's executor (loky) is used rather than `joblib.Parallel`, which runs a single worker in this
process, where neither time nor memory can be bounded, and which does not tell, when a worker dies,
which jobs were unfinished.
"""

import contextlib
import faulthandler
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures import TimeoutError as NoAnswerError
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, Self, TypeVar

from cleaner.document import Status

_Part = TypeVar("_Part")
_Done = TypeVar("_Done")
_Result_co = TypeVar("_Result_co", covariant=True)
_T = TypeVar("_T")

# Jobs after which workers are replaced, for what lxml and the caches of others do not give back.
_JOBS_PER_WORKER = 500
_START_SECONDS = 120
_LONGEST_JOB = 64
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. They decide between an answer and none, never which answer.

    Attributes:
        seconds: then the document is a `timeout`.
        bytes: address space of a worker (POSIX only; sizes bound memory elsewhere).
    """

    seconds: float = 120.0
    bytes: int = 6_000_000_000


class Job(Protocol[_Part, _Done, _Result_co]):
    """Documents that are worked on together."""

    def ready(self) -> _Result_co | None:
        """The result, if it is there already."""

    def parts(self) -> Sequence[_Part]:
        """The documents."""

    def prepare(self) -> None:
        """Load what a worker needs; this is not the time of any document."""

    def do(self, part: _Part) -> _Done:
        """Work on one; anything but MemoryError is a value of the result."""

    def lost(self, part: _Part, status: Status, error: str) -> _Done:
        """The result for a document whose worker died or hung."""

    def finish(self, results: list[_Done]) -> _Result_co:
        """Keep the results; OSError if there is no room."""


class Shared(Generic[_T]):
    """An object that a worker unpickles once, not again with every job."""

    def __init__(self, value: _T, pickled: bytes = b"") -> None:
        self.value = value
        self._pickled = pickled

    def __reduce__(self) -> tuple[Any, ...]:
        from joblib.externals.loky.backend.reduction import dumps

        self._pickled = self._pickled or bytes(dumps(self.value))
        return _shared, (self._pickled,)


@lru_cache(maxsize=2)
def _shared(pickled: bytes) -> Shared[Any]:
    return Shared(pickle.loads(pickled), pickled)  # noqa: S301 - from our own parent process


class Pool:
    """Workers that are started at the first job and run until the pool is left.

    Args:
        workers: processes; 0 to work in this one, where limits do not hold.
        limits: for each document.
    """

    def __init__(self, workers: int, limits: Limits | None = None) -> None:
        self._workers, self._limits = workers, limits or Limits()
        self._window: deque[tuple[Job[Any, Any, Any], Future[Any]]] = deque()
        self._executor: Any = None
        self._started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop(kill=kind is not None)

    def run(self, jobs: Iterable[Job[Any, Any, _T]]) -> Iterator[_T]:
        """Run jobs and yield their results in order.

        Args:
            jobs: taken as workers become free, a few ahead.

        Raises:
            OSError: a job could not keep its results.
        """
        if self._workers == 0:
            yield from map(_run_here, jobs)
            return
        for job in jobs:
            self._window.append((job, self._submit(job)))
            if self._started >= _JOBS_PER_WORKER * self._workers:
                yield from self._drain(0)
                self._stop(kill=False)
            yield from self._drain(2 * self._workers)
        yield from self._drain(0)

    def _stop(self, *, kill: bool = True) -> None:
        """End the workers, with `kill` whatever they are doing."""
        if self._executor:
            self._executor.shutdown(wait=True, kill_workers=kill)
        self._executor, self._started = None, 0

    def _submit(self, job: Job[Any, Any, Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        if (ready := job.ready()) is not None:
            future.set_result(ready)
            return future
        self._executor = self._executor or _executor(self._workers, self._limits)
        self._started += 1
        try:
            future = self._executor.submit(_work, job, self._limits.seconds)
        except BrokenExecutor as error:
            future.set_exception(error)
        return future

    def _drain(self, left: int) -> Iterator[Any]:
        while len(self._window) > left:
            _, future = self._window[0]
            # The workers keep the time themselves; this only ends a wait on one that is stopped.
            patience = _START_SECONDS + _LONGEST_JOB * self._limits.seconds
            try:
                result = future.result(timeout=patience)
            except (BrokenExecutor, NoAnswerError, MemoryError):
                yield from self._alone()
                continue
            self._window.popleft()
            yield result

    def _alone(self) -> Iterator[Any]:
        """A worker died: finish what was under way document by document, in a worker each."""
        self._stop()
        for job, future in self._window:
            if future.done() and not future.cancelled() and future.exception() is None:
                yield future.result()
                continue
            with _Lone(self._limits) as lone:
                yield job.finish([lone.do(job, part) for part in job.parts()])
        self._window.clear()


def _run_here(job: Job[Any, Any, _T]) -> _T:
    ready = job.ready()
    return job.finish([_here(job, part) for part in job.parts()]) if ready is None else ready


def _here(job: Job[_Part, _Done, Any], part: _Part) -> _Done:
    try:
        return job.do(part)
    except MemoryError:
        return job.lost(part, Status.FAILED, "needs more memory than there is")


class _Lone:
    """A single worker, watched from here, and replaced after every document that ends it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._executor: Any = None

    def __enter__(self) -> "_Lone":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def do(self, job: Job[Any, Any, Any], part: object) -> Any:  # noqa: ANN401 - what jobs return
        if self._executor is None:
            self._executor = _executor(1, self._limits)
            self._executor.submit(job.prepare).result()
        try:
            return self._executor.submit(job.do, part).result(timeout=self._limits.seconds)
        except NoAnswerError:
            status = Status.TIMEOUT
            error = f"not done after {self._limits.seconds:g} seconds; run again to try it again"
        except MemoryError:
            status = Status.FAILED
            error = f"needs more memory than a worker may use ({self._limits.bytes / 1e9:g} GB)"
        except BrokenExecutor:
            status, error = Status.FAILED, "its worker died, also when it worked on nothing else"
        self._stop()
        return job.lost(part, status, error)

    def _stop(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True, kill_workers=True)
        self._executor = None


def _work(job: Job[Any, Any, _T], seconds: float) -> _T:
    """In a worker: run a job; a document that takes too long ends the worker."""
    job.prepare()
    results = []
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - the traceback it would write
        for part in job.parts():
            # A thread of C code: it also fires while lxml or a regular expression holds the lock.
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            try:
                results.append(job.do(part))
            finally:
                faulthandler.cancel_dump_traceback_later()
    return job.finish(results)


def _executor(workers: int, limits: Limits) -> Any:  # noqa: ANN401 - joblib ships no types
    from joblib.externals.loky import ProcessPoolExecutor

    _quiet_tracker()
    return ProcessPoolExecutor(
        max_workers=workers,
        initializer=_start_worker,
        initargs=(limits.bytes, os.getpid()),
        env=_ONE_THREAD,
    )


def _quiet_tracker() -> None:
    """Start the process that cleans up after killed workers, so that it says nothing of it."""
    from joblib.externals.loky.backend import resource_tracker

    # It takes over the filters of the command line, which are these.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.pop()


def _start_worker(memory: int, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        threading.Thread(target=_die_with, args=(parent,), daemon=True).start()


def _die_with(parent: int) -> None:
    """End when the parent was killed: nobody else would end us."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
