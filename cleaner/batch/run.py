"""The batch: inputs → chunks → workers → output folder, in order, for any number of workers."""

import os
import platform
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from cleaner import __version__
from cleaner.batch import rows
from cleaner.batch.inputs import Input, Inputs, find
from cleaner.batch.output import OutputFolder, output_names
from cleaner.batch.work import Item, Outcome, clean_chunk, clean_outcome, read_chunk, read_item
from cleaner.document import Status
from cleaner.errors import DocumentError
from cleaner.pipeline import Cleaner
from cleaner.readers import records
from cleaner.readers.html import EXTRACTION
from cleaner.readers.jsonl import dump
from cleaner.readers.load import RECORD_FORMATS

# Chunks have sizes of their own, so that nothing depends on the number of workers.
_CHUNK_DOCUMENTS = 16
_CHUNK_BYTES = 2_000_000
# Starting workers costs about a second each; a few documents are done sooner without.
_FEW_DOCUMENTS = 2 * _CHUNK_DOCUMENTS

_T = TypeVar("_T")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Settings:
    """How a batch runs.

    Attributes:
        cleaner: the flow with its settings.
        workers: processes; None for one a core.
        urls: where text files were published, by `Input.name`.
        progress: called with (stage, documents done, documents known so far).
    """

    cleaner: Cleaner
    workers: int | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None


@dataclass
class Summary:
    """What a run did, for the table at its end and run.json."""

    documents: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    words: int = 0
    words_cut: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one document."""
        self.documents += 1
        self.statuses[outcome.status] += 1
        if outcome.status is not Status.OK:
            where = outcome.name if outcome.record is None else f"{outcome.name}:{outcome.record}"
            self.failures.append((where, outcome.error))
        if outcome.result:
            counts = rows.counts(outcome.result)
            self.flags.update(outcome.result.flags)
            self.words += counts["words"]
            self.words_cut.update(counts["words_cut"])

    @property
    def failed(self) -> int:
        """Documents that did not end `ok`."""
        return self.documents - self.statuses[Status.OK]

    def as_dict(self) -> dict[str, Any]:
        """For run.json."""
        return {
            "documents": self.documents,
            "status": dict(sorted(self.statuses.items())),
            "flags": dict(sorted(self.flags.items())),
            "words": self.words,
            "words_cut": dict(sorted(self.words_cut.items())),
            "files_skipped": dict(sorted(self.skipped.items())),
        }


def clean_folder(paths: Sequence[str], out: Path, settings: Settings) -> Summary:
    """Clean PATHs into an output folder.

    Raises:
        SetupError: a PATH that does not exist, a folder that can't be written, no model.
    """
    inputs = find(paths, out)
    summary = Summary(skipped=inputs.skipped)
    with OutputFolder(out, settings.cleaner) as folder:
        outputs = output_names(inputs.files)
        outcomes = _outcomes(inputs, settings, folder.spool)
        for name, group in groupby(outcomes, key=lambda outcome: outcome.name):
            for outcome in folder.write(outputs[name], group):
                summary.add(outcome)
        folder.finish({**_about(settings), "totals": summary.as_dict()})
    return summary


def label_paths(
    paths: Sequence[str],
    settings: Settings,
    summary: Summary,
    write: Callable[[Outcome], dict[str, Any]] = rows.label_record,
) -> Iterator[dict[str, Any]]:
    """Judge the documents in PATHs; counts go into `summary` as the results are taken."""
    inputs = find(paths, None)
    summary.skipped.update(inputs.skipped)
    with tempfile.TemporaryDirectory(prefix="cleaner-") as spool:
        for outcome in _outcomes(inputs, settings, Path(spool)):
            summary.add(outcome)
            yield write(outcome)


def clean_stream(
    stream: Iterable[bytes],
    settings: Settings,
    summary: Summary,
    write: Callable[[Outcome], dict[str, Any]],
) -> Iterator[str]:
    """Clean or label JSON lines: exactly one line out for each line in, in order.

    Args:
        stream: the lines, as bytes.
        settings: how.
        summary: takes the counts.
        write: makes the record of an outcome.
    """
    source = Input(Path("-"), "-", None)
    items = (Item(source, number, line) for number, line in enumerate(stream, 1))
    chunk = 1 if (settings.workers or 1) == 1 else _CHUNK_DOCUMENTS
    for outcome in _each(
        partial(_stream_chunk, cleaner=settings.cleaner),
        _chunks(items, chunk),
        settings.workers or 1,
    ):
        summary.add(outcome)
        yield dump(write(outcome))


def _stream_chunk(items: list[Item], cleaner: Cleaner) -> list[Outcome]:
    return [clean_outcome(read_item(item), cleaner) for item in items]


def _outcomes(inputs: Inputs, settings: Settings, spool: Path) -> Iterator[Outcome]:
    """Two passes over the inputs: all are read before the first is judged."""
    _ = settings.cleaner.classifier  # a missing model is a set-up error, before anything is read
    chunks = list(_read_all(inputs, settings, spool))
    done, total = 0, sum(count for _, count in chunks)
    clean = partial(clean_chunk, cleaner=settings.cleaner)
    for outcome in _each(clean, (path for path, _ in chunks), _workers(settings, total)):
        done += 1
        if settings.progress:
            settings.progress("cleaning", done, total)
        yield outcome


def _read_all(inputs: Inputs, settings: Settings, spool: Path) -> Iterator[tuple[Path, int]]:
    counts: list[int] = []

    def numbered() -> Iterator[tuple[list[Item], Path]]:
        for number, items in enumerate(_chunks(_items(inputs, settings.urls), _CHUNK_DOCUMENTS)):
            counts.append(len(items))
            yield items, spool / f"{number:09}.jsonl"

    workers = _workers(settings, len(inputs.files))
    done = 0
    for number, path in enumerate(_each(_read_one, numbered(), workers)):
        done += counts[number]
        if settings.progress:
            settings.progress("reading", done, max(done, len(inputs.files)))
        yield path, counts[number]


def _read_one(chunk: tuple[list[Item], Path]) -> list[Path]:
    return [read_chunk(*chunk)]


def _items(inputs: Inputs, urls: Mapping[str, str]) -> Iterator[Item]:
    for entry in inputs.files:
        if entry.format in RECORD_FORMATS:
            yield from _record_items(entry)
        else:
            yield Item(entry, url=urls.get(entry.name, ""))


def _record_items(entry: Input) -> Iterator[Item]:
    number = 0
    try:
        for number, line in records(entry.path):
            yield Item(entry, number, line)
    except DocumentError as error:
        yield Item(entry, number + 1, error=f"{error} (no record could be read from here on)")
    if number == 0:
        yield Item(entry, 1, error="holds no records")


def _chunks(items: Iterable[Item], documents: int) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.line)
        if len(chunk) >= documents or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _workers(settings: Settings, documents: int) -> int:
    if settings.workers is None and documents <= _FEW_DOCUMENTS:
        return 1
    return settings.workers or os.cpu_count() or 1


def _each(work: Callable[[Any], list[_T]], chunks: Iterable[Any], workers: int) -> Iterator[_T]:
    """Apply `work` to chunks, in order, and yield the parts of its results."""
    if workers == 1:
        for chunk in chunks:
            yield from work(chunk)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=workers, return_as="generator", batch_size=1, pre_dispatch=2 * workers
    )
    for parts in parallel(delayed(work)(chunk) for chunk in chunks):
        yield from parts


def _about(settings: Settings) -> dict[str, Any]:
    """Everything that decides a result, and what does not, apart."""
    from importlib.metadata import version

    cleaner = settings.cleaner
    info = cleaner.classifier.model.info
    return {
        "settings": {
            "model": info["name"],
            "model_sha256": info["weights_sha256"],
            "strength": cleaner.strength,
            "cut": sorted(cleaner.classifier.cut),
            "mode": cleaner.mode,
            "any_language": cleaner.any_language,
            "ratings": cleaner.tables.describe(),
            "extraction": {"trafilatura": version("trafilatura"), **EXTRACTION},
        },
        "version": __version__,
        "machine": {
            "host": platform.node(),
            "python": platform.python_version(),
            "workers": settings.workers or os.cpu_count(),
        },
    }
