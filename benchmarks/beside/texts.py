"""Labelled texts → how good and how fast every way to cut is, on sites that no model saw."""

import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.beside import filters
from benchmarks.beside.filters import Cut
from benchmarks.beside.halves import SEED, Half, unseen
from benchmarks.beside.pages import OURS, spread
from cleaner.document import Document, Removed
from cleaner.pipeline import Cleaner
from cleaner.training import measure
from cleaner.training.corpus import Labelled
from cleaner.training.runs import Run

FASTTEXT = "fastText"
_FIGURES = ("f1", "precision", "recall", "promotional_recall", "words_lost")


def compare(
    documents: Sequence[Labelled], halves: Sequence[Half], step: int, rounds: int
) -> list[dict[str, Any]]:
    """A row for every way: quality on each step-th document, speed on a tenth of those."""
    chosen = documents[::step]
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(documents, halves, Path(folder))
        runs = {name: _run(name, per_half, chosen, halves) for name, per_half in ways.items()}
        timed = _timed({name: cuts[0] for name, cuts in ways.items()}, chosen[::10], rounds)
    rows = []
    for name, run in runs.items():
        figures = run.to_dict(SEED)["all"]["figures"]
        quality = {figure: figures[figure] for figure in _FIGURES}
        rows.append({"name": name, "documents": len(chosen), **quality, **timed[name]})
    return rows


def _ways(
    documents: Sequence[Labelled], halves: Sequence[Half], folder: Path
) -> dict[str, list[Cut]]:
    """Every way to cut, one for each half: what learns nothing is the same for both."""
    ways: dict[str, list[Cut]] = {
        OURS: [partial(_cleaned, Cleaner(model=half.model)) for half in halves]
    }
    learned = [filters.fasttext([documents[i] for i in half.fitted], folder) for half in halves]
    if cuts := [cut for cut in learned if cut]:
        ways[FASTTEXT] = cuts
    for name, cut in {**filters.line_rules(), **filters.datatrove()}.items():
        ways[name] = [cut] * len(halves)
    return ways


def _cleaned(cleaner: Cleaner, document: Labelled) -> Sequence[Removed]:
    text = document.text
    return cleaner.clean(Document(document.id, text, title=document.title)).removed


def _run(
    name: str, cuts: Sequence[Cut], documents: Sequence[Labelled], halves: Sequence[Half]
) -> Run:
    run = Run("rules", name, "")
    for document in documents:
        removed = cuts[unseen(halves, document.group)](document)
        run.counts.append((document, measure.count(document, removed)))
    return run


def _timed(
    ways: dict[str, Cut], documents: Sequence[Labelled], rounds: int
) -> dict[str, dict[str, Any]]:
    """Megabytes of text a CPU second, and the time as a multiple of cleaner's in the same round."""
    size = sum(len(d.text.encode()) for d in documents) / 1e6
    spent: list[dict[str, float]] = []
    for cut in ways.values():
        cut(documents[0])
    for _ in range(rounds):
        used = dict.fromkeys(ways, 0.0)
        for document in documents:
            for name, cut in ways.items():
                began = time.process_time()
                cut(document)
                used[name] += time.process_time() - began
        spent.append(used)
    return {
        name: {
            "speed": spread([size / used[name] for used in spent]),
            "ratio": spread([used[name] / used[OURS] for used in spent]),
        }
        for name in ways
    }
