"""Labelled documents → a model folder with its card: the same data and seed give the same bytes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.errors import CorpusError
from cleaner.model import Model
from cleaner.sites import Memory
from cleaner.training import corpus
from cleaner.training.card import card
from cleaner.training.corpus import Labelled


def train(
    documents: Sequence[Labelled],
    out: Path,
    *,
    name: str,
    seed: int,
    report: dict[str, Any] | None = None,
    memory: Memory | None = None,
) -> Model:
    """Fit a model on documents in this order, and write its folder.

    Args:
        documents: as `corpus.load` gives them.
        out: the folder, made if it isn't there.
        name: of the model, with its version.
        seed: fixes everything that is drawn.
        report: what `cleaner evaluate --json` wrote of the same documents, for the card.
        memory: what recurs on the documents' sites, to learn what recurrence weighs.

    Raises:
        CorpusError: the documents don't suffice, or the report is of others, or of a model, which
            may have been trained on them.
    """
    sha = corpus.fingerprint(documents)
    if report is not None and report["corpus"]["sha256"] != sha:
        raise CorpusError("the scores are of other documents; run `cleaner evaluate` on these")
    if report is not None and any(run["kind"] == "model" for run in report["runs"]):
        raise CorpusError("the scores are of a model; run `cleaner evaluate` without --model")
    model = fit_documents(documents, name=name, seed=seed, memory=memory)
    info = {
        **model.info,
        "corpus": {
            "sha256": sha,
            "documents": len(documents),
            "sites": len({d.group for d in documents}),
            "paragraphs": sum(len(d.paragraphs) for d in documents),
            "collections": dict(sorted(Counter(d.collection for d in documents).items())),
        },
        "site_memory": memory.fingerprint if memory else "",
        "libraries": _libraries(),
        "scores": _scores(report),
    }
    model = replace(model, info=info)
    model.save(out, card(model, documents, report))
    return model


def fit_documents(
    documents: Sequence[Labelled], *, name: str, seed: int, memory: Memory | None = None
) -> Model:
    """Fit a model on documents and nothing else.

    Raises:
        CorpusError: too few documents, or too few of one kind, to fit the parts of a model.
    """
    from cleaner.training import fit

    try:
        return fit.fit(documents, name=name, seed=seed, memory=memory)
    except ValueError as error:
        # What the solvers say when a part of the sites shows them one class only.
        sites = len({d.group for d in documents})
        raise CorpusError(
            f"can't fit on {len(documents)} documents of {sites} sites, add more ({error})"
        ) from error


def _libraries() -> dict[str, str]:
    """What the bytes depend on beside data and seed."""
    import numpy as np
    import scipy
    import sklearn

    libraries = {"numpy": np, "scikit-learn": sklearn, "scipy": scipy}
    return {name: module.__version__ for name, module in libraries.items()}


def _scores(report: dict[str, Any] | None) -> dict[str, Any]:
    """The figures of the cross-validated runs, by strength."""
    runs = report["runs"] if report else []
    return {run["strength"]: run["all"]["figures"] for run in runs if run["kind"] == "folds"}
