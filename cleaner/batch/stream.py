"""Runs over a stream of JSON lines: a line out for each line in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.batch import rows
from cleaner.batch.inputs import Input
from cleaner.batch.pool import Pool, Shared
from cleaner.batch.settings import Settings
from cleaner.batch.summary import Summary
from cleaner.batch.work import Item, Outcome, clean_outcome, load, read_item, stub
from cleaner.document import Status
from cleaner.pipeline import Cleaner
from cleaner.readers import html, json_record
from cleaner.readers.jsonl import dump

_STREAM_CHUNK = 16
Record = dict[str, Any]


def clean_stream(
    stream: Iterable[bytes],
    settings: Settings,
    summary: Summary,
    write: Callable[[Outcome], Record],
) -> Iterator[str]:
    """Clean or label JSON lines: exactly one line out for each line in, in order.

    Without a number of workers each line is answered before the next is read, in this process.

    Args:
        stream: the lines, as bytes.
        settings: how.
        summary: takes the counts.
        write: makes the record of an outcome.

    Raises:
        SetupError: no model, or something else that documents can't help.
    """
    _ = settings.deciding
    source = Input(Path("-"), "-", None)
    lines = enumerate(stream, 1)
    items = (Item(source, json_record(number, line, settings.column)) for number, line in lines)
    how = Shared((settings.cleaner, write))
    size = _STREAM_CHUNK if settings.workers else 1
    jobs = (_Job(chunk, how) for chunk in _batches(items, size))
    with Pool(settings.workers or 0, settings.limits) as pool:
        for answers in pool.run(jobs):
            for row, line in answers:
                summary.add(row)
                yield line
    summary.unmatched = settings.cleaner.memory.unmatched(summary.always)


@dataclass(frozen=True)
class _Job:
    """Read and clean records, and give the answers back."""

    items: Sequence[Item]
    how: Shared[tuple[Cleaner, Callable[[Outcome], Record]]]

    def ready(self) -> None:
        """Nothing is kept of a stream."""

    def parts(self) -> Sequence[Item]:
        return self.items

    def prepare(self) -> None:
        html.prepare()
        load(self.how.value[0])

    def do(self, item: Item) -> tuple[Record, str]:
        return self._answer(clean_outcome(read_item(item), self.how.value[0]))

    def lost(self, item: Item, status: Status, error: str) -> tuple[Record, str]:
        return self._answer(stub(item, status, error))

    def finish(self, answers: list[tuple[Record, str]]) -> list[tuple[Record, str]]:
        return answers

    def _answer(self, outcome: Outcome) -> tuple[Record, str]:
        return rows.manifest_row(outcome), dump(self.how.value[1](outcome))


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
