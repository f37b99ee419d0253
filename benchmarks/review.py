"""What a review is worth: which paragraphs to ask about, and what to do with those nobody labelled.

    python benchmarks/review.py OWN POOL

A model is fitted on OWN (as corpus/own). Labels of its questions on half the sites of POOL, a
corpus file of other sites, are taken from that file, as if someone had answered. Then models are
fitted on OWN and those documents, and all are measured on POOL's other half.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier as Boosting

from cleaner.batch import Settings
from cleaner.document import Label
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.review.questions import find_questions
from cleaner.segment import paragraph_hash
from cleaner.training import corpus, evaluate, train
from cleaner.training.reviewed import Place, gather
from cleaner.training.scores import figures

ASKED = 300


def fitted(documents, folder):
    model = train.fit_documents(documents, name="benchmark", seed=0)
    model.save(Path(folder), "")
    return Cleaner(folder)


def scored(cleaner, documents):
    found = figures(np.sum([evaluate.count(cleaner, d) for d in documents], axis=0))
    return "  ".join(
        f"{name} {100 * found[name]:.2f}" for name in ("f1", "precision", "recall", "words_lost")
    )


def ask(pool, cleaner, folder):
    """Every question on a pool, and the true label of each; the pool as a file of records."""
    path = Path(folder) / "pool.jsonl"
    path.write_text(
        "".join(
            dump({"id": d.id, "title": d.title, "text": "\n".join(d.paragraphs)}) + "\n"
            for d in pool
        ),
        encoding="utf-8",
    )
    settings = Settings(cleaner, workers=1)
    return path, find_questions([str(path)], settings, [], "nobody", 10**6).questions


def true_label(pool, question):
    return pool[question.page.record - 1].labels[question.index]


def yields(pool, questions):
    """Share of wrong verdicts (content or not) among the first that are asked, by order."""
    rng = np.random.default_rng(0)
    orders = {
        "by worth": questions,
        "by doubt only": sorted(questions, key=lambda q: abs(q.score - 0.5)),
        "at random": [questions[i] for i in rng.permutation(len(questions))],
    }
    content = Label.CONTENT
    for name, order in orders.items():
        first = order[:ASKED]
        wrong = sum((q.label is content) != (true_label(pool, q) is content) for q in first)
        other = sum(true_label(pool, q) is not content for q in first)
        print(f"{name}: {wrong} of {ASKED} verdicts wrong, {other} not content", flush=True)


def main(own, pool):
    Boosting.fit = partial_fit(Boosting.fit)
    own = corpus.load([Path(own)])[::2]
    documents = [d for d in corpus.load([Path(pool)]) if len(d.paragraphs) > 4]
    sites = sorted({d.group for d in documents})
    halves = set(sites[::2])
    reviewed = [d for d in documents if d.group in halves][:100]
    test = [d for d in documents if d.group not in halves][:120]
    print(len(own), "own,", len(reviewed), "reviewed,", len(test), "tested", flush=True)
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        used = fitted(own, a)
        print("without:", scored(used, test), flush=True)
        path, questions = ask(reviewed, used, b)
        yields(reviewed, questions)
        said = {}
        for q in questions[:ASKED]:
            place = Place(path, q.page.record, path.name)
            said[place, q.page.id, q.hash] = true_label(reviewed, q)
        found = gather(said, used).reviewed
        wrong = right = 0
        for r in found:
            truth = reviewed[int(r.document.id.rpartition(":")[2]) - 1]
            for i, label in enumerate(r.document.labels):
                if i not in r.answered:
                    right += label is truth.labels[i]
                    wrong += label is not truth.labels[i]
        print(
            f"{len(found)} documents; the rest: {right} verdicts right, {wrong} wrong", flush=True
        )
        unsure = {q.hash for q in questions[ASKED:] if 0.2 < q.score < 0.8}
        true = [reviewed[int(r.document.id.rpartition(":")[2]) - 1] for r in found]
        ways = {
            "the model's verdicts on the rest": [r.document for r in found],
            "its sure verdicts on the rest": [
                part(r, lambda digest: digest not in unsure) for r in found
            ],
            "nothing of the rest": [part(r, lambda _: False) for r in found],
            "all labelled by hand": true,
        }
        for name, more in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                print(f"{name}:", scored(fitted([*own, *more], folder), test), flush=True)


def part(reviewed, wanted):
    d = reviewed.document
    kept = [
        i
        for i, text in enumerate(d.paragraphs)
        if i in reviewed.answered or wanted(paragraph_hash(text))
    ]
    new = {old: index for index, old in enumerate(kept)}
    return replace(
        d,
        paragraphs=tuple(d.paragraphs[i] for i in kept),
        labels=tuple(d.labels[i] for i in kept),
        mixed=frozenset(new[i] for i in d.mixed if i in new),
        unread=frozenset(new[i] for i in d.unread if i in new),
    )


def partial_fit(whole):
    """Fewer trees: what is compared is data, on a machine that has other things to do."""

    def fit(self, *args, **kwargs):
        return whole(self.set_params(max_iter=60), *args, **kwargs)

    return fit


if __name__ == "__main__":
    main(*sys.argv[1:])
