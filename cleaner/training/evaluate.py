"""How well a model, or a way of fitting one, cuts documents of sites it was not trained on."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cleaner.document import Strength
from cleaner.errors import CleanerError, CorpusError
from cleaner.model import Model
from cleaner.pipeline import Cleaner
from cleaner.training import measure, rules, train
from cleaner.training.corpus import Labelled
from cleaner.training.measure import Counts
from cleaner.training.runs import Run

SHARES = (0.1, 0.25, 0.5)
# Documents to train on, and the sites that nothing may be learned from: not from these documents,
# and not from unlabelled pages either, should a fit use any.
Fitter = Callable[[Sequence[Labelled], frozenset[str]], Model]
# (kind, name, strength) of a run → (index of a tested document, what was done to it).
_Measured = Mapping[tuple[str, str, str], list[tuple[int, Counts]]]


@dataclass(frozen=True)
class Job:
    """A fit on some documents and its measurement on others; indices into one list."""

    kind: str
    name: str
    train: Sequence[int]
    test: Sequence[int]


def fit_documents(documents: Sequence[Labelled], held_out: frozenset[str], seed: int) -> Model:
    """The fit of `cleaner train`; it learns from nothing but the documents it is given."""
    assert held_out.isdisjoint(d.group for d in documents)
    return train.fit_documents(documents, name="evaluation", seed=seed)


def folds(documents: Sequence[Labelled], count: int, seed: int) -> list[Job]:
    """Every site is held out once.

    Raises:
        CorpusError: fewer sites than folds.
    """
    from sklearn.model_selection import GroupKFold

    groups = [d.group for d in documents]
    if len(set(groups)) < count:
        raise CorpusError(f"{len(set(groups))} sites can't be split into {count} folds")
    split = GroupKFold(count, shuffle=True, random_state=seed).split(groups, groups=groups)
    return [Job("folds", f"{count} folds by site", train, test) for train, test in split]


def leave_out(documents: Sequence[Labelled], collection: str) -> Job:
    """Train on every other collection, without the sites that this one has, too.

    Raises:
        CorpusError: no document of this collection, or of any other.
    """
    test = [i for i, d in enumerate(documents) if d.collection == collection]
    sites = {documents[i].group for i in test}
    train = [i for i, d in enumerate(documents) if d.group not in sites]
    if not test or not train:
        there = ", ".join(sorted({d.collection for d in documents}))
        raise CorpusError(f"can't leave out {collection!r}; there are: {there}")
    return Job("left out", collection, train, test)


def learning_curve(documents: Sequence[Labelled], whole: Sequence[Job], seed: int) -> list[Job]:
    """The same folds, fitted on a share of their training sites."""
    import random

    jobs = []
    for share in SHARES:
        for fold in whole:
            sites = sorted({documents[i].group for i in fold.train})
            random.Random(seed).shuffle(sites)  # noqa: S311 - a sample, not a secret
            some = set(sites[: round(share * len(sites))])
            part = [i for i in fold.train if documents[i].group in some]
            jobs.append(Job("curve", f"{share:.0%} of sites", part, fold.test))
    return jobs


def run_jobs(
    documents: Sequence[Labelled],
    jobs: Sequence[Job],
    strengths: Sequence[Strength],
    *,
    fitter: Fitter | None = None,
    seed: int = 0,
    workers: int = 2,
    done: Callable[[Job], None] = lambda _: None,
) -> list[Run]:
    """Fit and measure every job; jobs of one kind and name are parts of one run.

    A learning curve is measured at the first strength only. Documents of folds whose page is at
    hand are measured with and without it, too.
    """
    from joblib import Parallel, delayed

    fitter = fitter or partial(fit_documents, seed=seed)
    runs: dict[tuple[str, str, str], Run] = {}
    parts = Parallel(n_jobs=workers, return_as="generator")(
        delayed(_run_job)(
            fitter,
            job,
            [documents[i] for i in job.train],
            [documents[i] for i in job.test],
            strengths[:1] if job.kind == "curve" else strengths,
        )
        for job in jobs
    )
    for job, part in zip(jobs, _whole(parts), strict=True):
        for key, counts in part.items():
            run = runs.setdefault(key, Run(*key))
            run.counts += [(documents[job.test[i]], count) for i, count in counts]
        done(job)
    return list(runs.values())


def _whole(parts: Iterable[_Measured]) -> Iterator[_Measured]:
    try:
        yield from parts
    except BrokenProcessPool as error:
        raise CleanerError(
            "a fit was killed, perhaps for want of memory; try --workers 1"
        ) from error


def run_model(
    documents: Sequence[Labelled], model: str | Path | None, strengths: Sequence[Strength]
) -> list[Run]:
    """Measure a model folder; on documents it was trained on, its scores flatter it."""
    name = Path(model).name if model else "default"
    return [
        Run("model", name, strength, [(d, count(cleaner, d)) for d in documents])
        for strength, cleaner in _cleaners(model, strengths)
    ]


def run_rules(documents: Sequence[Labelled]) -> Iterator[Run]:
    """Measure each rule baseline."""
    for name, rule in rules.RULES.items():
        counts = (measure.count(d, list(rules.removed(d, rule))) for d in documents)
        yield Run("rules", name, "", list(zip(documents, counts, strict=True)))


def _run_job(
    fitter: Fitter,
    job: Job,
    training: Sequence[Labelled],
    test: Sequence[Labelled],
    strengths: Sequence[Strength],
) -> _Measured:
    model = fitter(training, frozenset(d.group for d in test))
    with tempfile.TemporaryDirectory() as folder:
        # What is measured is the model as it is read from disk, in the flow that users run.
        model.save(Path(folder), "")
        return dict(_measured(job, test, folder, strengths))


def _measured(
    job: Job, test: Sequence[Labelled], folder: str, strengths: Sequence[Strength]
) -> Iterator[tuple[tuple[str, str, str], list[tuple[int, Counts]]]]:
    paged = [i for i, d in enumerate(test) if d.blocks and job.kind == "folds"]
    for strength, cleaner in _cleaners(folder, strengths):
        texts = [(i, count(cleaner, d)) for i, d in enumerate(test)]
        yield (job.kind, job.name, strength), texts
        if strength == strengths[0] and paged:
            pages = [(i, count(cleaner, test[i], as_page=True)) for i in paged]
            yield ("pages", "the text alone", strength), [texts[i] for i in paged]
            yield ("pages", "the text and its page", strength), pages


def _cleaners(
    model: str | Path | None, strengths: Iterable[Strength]
) -> Iterator[tuple[str, Cleaner]]:
    return ((s.value, Cleaner(model=model, strength=s)) for s in strengths)


def count(cleaner: Cleaner, labelled: Labelled, *, as_page: bool = False) -> Counts:
    """What a cleaner does to a labelled document, or to the page that it is the text of."""
    document = measure.document_of(labelled, as_page=as_page)
    result = cleaner.clean(document, sourced=False)
    return measure.count(labelled, result.removed, result.verdicts)
