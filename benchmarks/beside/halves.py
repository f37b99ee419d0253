"""Models fitted on half of the sites each, so that every document meets one that never saw it."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.training import corpus, evaluate, train
from cleaner.training.corpus import Labelled

SEED = 0


@dataclass(frozen=True)
class Half:
    """A model, the sites it was not fitted on, and the places of what it was fitted on."""

    model: Path
    unseen: frozenset[str]
    fitted: Sequence[int]


def fit(documents: Sequence[Labelled], folder: Path) -> list[Half]:
    """Fit both halves, or take those that an earlier run left in the folder."""
    from joblib import Parallel, delayed

    jobs = evaluate.folds(documents, 2, SEED)
    halves = [
        Half(
            folder / str(number),
            frozenset(documents[i].group for i in job.test),
            [int(i) for i in job.train],
        )
        for number, job in enumerate(jobs)
    ]
    of = folder / "documents.json"
    sha = corpus.fingerprint(documents)
    if not of.exists() or json.loads(of.read_text()) != sha:
        print("fitting a model on each half of the sites, some minutes", file=sys.stderr)
        Parallel(n_jobs=2)(
            delayed(_fit)([documents[i] for i in half.fitted], half.model) for half in halves
        )
        of.write_text(json.dumps(sha))
    return halves


def _fit(documents: Sequence[Labelled], folder: Path) -> None:
    train.fit_documents(documents, name=f"half-{folder.name}", seed=SEED).save(folder, "")


def unseen(halves: Sequence[Half], group: str) -> int:
    """Which half did not learn from a site; the first where neither did."""
    return next((n for n, half in enumerate(halves) if group in half.unseen), 0)
