"""What the commands on labelled data do: tables and lines to stdout, talk to stderr."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from cleaner import sites, terminal
from cleaner.batch import Settings, Summary
from cleaner.batch.guard import local
from cleaner.batch.inputs import find
from cleaner.document import Strength
from cleaner.errors import CorpusError, SetupError
from cleaner.model import find as find_model
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.training import agree as agreement
from cleaner.training import build as builder
from cleaner.training import changes, corpus, flips, outputs, picture, report, tables
from cleaner.training import check as checker
from cleaner.training import describe as describer
from cleaner.training import evaluate as evaluator
from cleaner.training import mine as miner
from cleaner.training import train as trainer
from cleaner.training.corpus import Labelled
from cleaner.training.runs import Run
from cleaner.training.tables import Table, share
from cleaner.training.teach import Taught, teach

_NAMED = 20


@dataclass(frozen=True)
class Plan:
    """What to measure; see `cleaner evaluate --help`. No folds: a model, or what is left out."""

    model: str | None
    folds: int
    leave_out: Sequence[str]
    strengths: Sequence[Strength]
    rules: bool
    curve: bool
    workers: int
    seed: int


def build(labels: Sequence[Path], sources: Sequence[str], out: Path) -> int:
    """Write the corpus file and say what was rebuilt; 1 if anything was not."""
    places = [_source(text) for text in sources]
    tallies: builder.Report = {}
    found = [file for path in labels for file in corpus.files(path)]
    texts = (path.iterdir() if path.is_dir() else [path] for _, path in places)
    outputs.check_file(out, [*found, *chain.from_iterable(texts)])
    with outputs.written(out) as stream:
        for line in builder.build(found, places, tallies):
            stream.write(line.encode() + b"\n")
    tables.show([_rebuilt(tallies)])
    incomplete = [
        f"{name} {document}" for name, tally in tallies.items() for document in tally.incomplete
    ]
    _name("not whole: ", incomplete)
    return int(bool(incomplete))


def check(paths: Sequence[Path], wordings: int) -> int:
    """Name the faults; 1 if there are any."""
    documents = corpus.load(paths)
    found = 0
    for fault in checker.faults(documents, wordings):
        found += 1
        terminal.show(fault)
    terminal.say(f"{len(documents):,} documents, {found:,} faults")
    return int(found > 0)


def describe(paths: Sequence[Path]) -> int:
    """Print the tables."""
    tables.show(describer.describe(_load(paths)))
    return 0


def mine(paths: Sequence[str], out: Path | None, workers: int | None) -> int:
    """Write what recurs as JSON lines."""
    summary = Summary()
    if out is not None:
        outputs.check_file(out, local(find(paths, None).files))
    found = miner.mine(paths, Settings(Cleaner(), workers), summary)
    if out is None:
        for record in found:
            sys.stdout.buffer.write(_line(record))
        sys.stdout.buffer.flush()
    else:
        with outputs.written(out) as stream:
            stream.writelines(map(_line, found))
    return terminal.name_failures(summary)


def train(
    paths: Sequence[Path],
    out: Path,
    name: str,
    seed: int,
    labels: Sequence[Path],
    scores: Path | None,
    site_memory: Path | None,
    used: Cleaner,
    compare: Sequence[str],
) -> int:
    """Fit and write a model, and tell what the labels of reviews changed."""
    outputs.check_folder(out)
    if compare:
        find(compare, None)  # what is not there ends it before the fit
    # Both measure the model in use beside the new one, once that is written.
    if (compare or labels) and find_model(used.model).resolve() == out.resolve():
        raise SetupError(f"{out} is the model that is compared with; name another folder")
    corpus_ = _load(paths)
    taught = teach(corpus_, labels, used) if labels else Taught(corpus_)
    for line in taught.talk:
        terminal.say(line)
    documents = taught.documents
    measured = _report(scores) if scores else None
    memory = sites.load(site_memory) if site_memory else None
    model = trainer.train(documents, out, name=name, seed=seed, report=measured, memory=memory)
    terminal.say(f"{model.name}, trained on {len(documents):,} documents, written to {out}")
    if len(taught.reviewed) > 1:
        _changes(taught, used, seed)
    return _compare(compare, used, Cleaner(out)) if compare else 0


def _compare(paths: Sequence[str], used: Cleaner, new: Cleaner) -> int:
    summary = Summary()
    found = flips.flips(paths, Settings(used), used, new, summary)
    tables.show([flips.table(found)])
    for flip in found:
        terminal.show(flip.line())
    return terminal.name_failures(summary)


def _changes(taught: Taught, used: Cleaner, seed: int) -> None:
    try:
        tables.show(changes.scores(taught.corpus, taught.reviewed, used, seed))
    except CorpusError as error:
        terminal.say(
            f"what the labels change could not be measured: on half of the documents, {error}"
        )


def agree(files: Sequence[Path]) -> int:
    """Print how far labellers agree, and where they don't; 1 if they differ anywhere."""
    found, conflicts = agreement.agree(files)
    tables.show(found)
    for line in agreement.lines(conflicts):
        terminal.show(line)
    terminal.say(f"{len(conflicts):,} conflicts")
    return int(bool(conflicts))


def evaluate(paths: Sequence[Path], plan: Plan, json_out: Path | None, svg: Path | None) -> int:
    """Measure, print the tables, and write what was asked for."""
    read = [file for path in paths for file in corpus.files(path)]
    for path in filter(None, (json_out, svg)):
        outputs.check_file(path, read)
    documents = _load(paths)
    found = report.make(documents, list(_runs(documents, plan)), plan.seed)
    tables.show(report.tables(found))
    if json_out:
        outputs.write(json_out, json.dumps(found, indent=1) + "\n")
    if svg:
        part = report.main_run(found)["all"]
        outputs.write(svg, picture.reliability(part["calibration"], part["figures"]["ece"][0]))
    return 0


def _runs(documents: Sequence[Labelled], plan: Plan) -> Iterator[Run]:
    whole = evaluator.folds(documents, plan.folds, plan.seed) if plan.folds else []
    jobs = whole + [evaluator.leave_out(documents, name) for name in plan.leave_out]
    if plan.curve:
        jobs += evaluator.learning_curve(documents, whole, plan.seed)
    left = [len(jobs)]

    def done(job: evaluator.Job) -> None:
        left[0] -= 1
        if sys.stderr.isatty():
            terminal.say(f"{job.kind}: {job.name}; {left[0]} fits to go")

    if plan.model:
        yield from evaluator.run_model(documents, plan.model, plan.strengths)
    yield from evaluator.run_jobs(
        documents, jobs, plan.strengths, seed=plan.seed, workers=plan.workers, done=done
    )
    if plan.rules:
        yield from evaluator.run_rules(documents)


def _load(paths: Iterable[Path]) -> list[Labelled]:
    documents = corpus.load(paths)
    if not documents:
        raise CorpusError("there is no labelled document in these files")
    return documents


def _source(text: str) -> tuple[str, Path]:
    collection, equals, path = text.partition("=")
    if not equals or not Path(path).exists():
        raise SetupError(f"--source {text}: give COLLECTION=PATH, a file or folder that exists")
    return collection, Path(path)


def _rebuilt(tallies: builder.Report) -> Table:
    documents, paragraphs = ("whole", "partly", "missing"), ("rebuilt", "changed", "missing")
    rows = [
        [
            name,
            *(f"{tally.documents[key]:,}" for key in documents),
            *(f"{tally.paragraphs[key]:,}" for key in paragraphs),
            share(tally.paragraphs["rebuilt"], sum(tally.paragraphs[key] for key in paragraphs)),
        ]
        for name, tally in tallies.items()
    ]
    columns = ["collection", "whole", "partly", "missing", "rebuilt", "changed", "missing", "share"]
    return Table("Documents (whole, partly, missing) and their paragraphs", columns, rows)


def _report(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        list(report.tables(found))
        _ = found["corpus"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: not what `cleaner evaluate --json` writes ({error})") from error
    return found


def _name(what: str, names: Sequence[str]) -> None:
    for name in names[:_NAMED]:
        terminal.say(what + name)
    if len(names) > _NAMED:
        terminal.say(f"… and {len(names) - _NAMED:,} more")


def _line(record: dict[str, Any]) -> bytes:
    return f"{dump(record)}\n".encode()
