"""What a review is worth: which paragraphs to ask about, and what to do with those nobody labelled.

    python benchmarks/review.py OWN POOL [WAY...]

A model is fitted on OWN (as corpus/own). Labels of its questions on half the sites of POOL, a
corpus file of other sites, are taken from that file, as if someone had answered. Then models are
fitted on OWN and those documents, and all are measured on POOL's other half.
"""

import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier as Boosting
from sklearn.metrics import average_precision_score

from cleaner.batch import Settings
from cleaner.document import Document, Label
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.review.questions import find_questions
from cleaner.review.verdicts import by_paragraph, label_of_most
from cleaner.segment import paragraph_hash
from cleaner.training import corpus, evaluate, train
from cleaner.training.reviewed import Place, Vote, gather
from cleaner.training.scores import figures

ASKED = 300


def fitted(documents, folder):
    model = train.fit_documents(documents, name="benchmark", seed=0)
    model.save(Path(folder), "")
    return Cleaner(folder)


def scored(cleaner, documents):
    found = figures(np.sum([evaluate.count(cleaner, d) for d in documents], axis=0))
    names = ("f1", "precision", "recall", "words_lost")
    shown = "  ".join(f"{name} {100 * found[name]:.1f}" for name in names)
    return f"{shown}  average precision {100 * ranked(cleaner, documents):.1f}"


def ranked(cleaner, documents):
    """How well the scores order paragraphs, whatever the thresholds."""
    truth, scores = [], []
    for d in documents:
        text = d.text
        verdicts = cleaner.label(Document(d.id, text, title=d.title))
        for (_, inside), label in zip(by_paragraph(text, verdicts), d.labels, strict=True):
            sizes = [v.unit.end - v.unit.start for v in inside]
            scores.append(np.average([v.score for v in inside], weights=sizes))
            truth.append(label is not Label.CONTENT)
    return average_precision_score(truth, scores)


def said_by(cleaner, how, reviewed):
    """A reviewed document whole: what nobody labelled is as `how` reads the model's verdicts."""
    d, text = reviewed.document, "\n".join(reviewed.paragraphs)
    given = dict(zip(reviewed.answered, d.labels, strict=True))
    judged = by_paragraph(text, cleaner.label(Document(d.id, text, title=d.title)))
    labels = [given.get(i) or how(verdicts) for i, (_, verdicts) in enumerate(judged)]
    plugs = frozenset(reviewed.answered[i] for i in d.unread)
    whole = {"paragraphs": reviewed.paragraphs, "labels": tuple(labels)}
    return replace(d, **whole, mixed=plugs, unread=plugs)


def as_cut(verdicts):
    """What is cut is what it is cut as, and all else content, however unsure."""
    sizes = Counter()
    for v in verdicts:
        sizes[Label.CONTENT if v.keep else v.cut_as] += v.unit.end - v.unit.start
    return sizes.most_common(1)[0][0]


def ask(pool, cleaner, folder):
    """Every question on a pool, and the true label of each; the pool as a file of records."""
    path = Path(folder) / "pool.jsonl"
    path.write_text(
        "".join(dump({"id": d.id, "title": d.title, "text": d.text}) + "\n" for d in pool),
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


def main(own, pool, *wanted):
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
        votes = []
        for q in questions[:ASKED]:
            place = Place(path, q.page.record, path.name)
            votes.append(Vote("", place, q.page.id, q.hash, true_label(reviewed, q)))
        found = gather(votes, {vote.hash: vote.label for vote in votes}, used).reviewed
        verdicts = [said_by(used, label_of_most, r) for r in found]
        cut = [said_by(used, as_cut, r) for r in found]
        true = [reviewed[int(r.document.id.rpartition(":")[2]) - 1] for r in found]
        for documents in (verdicts, cut):
            told(documents, found, true)
        sure = {q.hash for q in questions[ASKED:] if not 0.05 < q.score < 0.98}
        ways = {
            "nothing": ("nothing of the rest", [r.document for r in found]),
            "verdicts": ("the model's verdicts on the rest", verdicts),
            "sure": (
                "its sure verdicts",
                [only(d, r, sure) for d, r in zip(verdicts, found, strict=True)],
            ),
            "cut": ("what it would cut, the rest content", cut),
            "hand": ("all labelled by hand", true),
        }
        for way in wanted or ways:
            name, more = ways[way]
            with tempfile.TemporaryDirectory() as folder:
                print(f"{name}:", scored(fitted([*own, *more], folder), test), flush=True)


def told(documents, found, true):
    rest = [
        label is other
        for d, r, t in zip(documents, found, true, strict=True)
        for i, (label, other) in enumerate(zip(d.labels, t.labels, strict=True))
        if i not in r.answered
    ]
    print(f"{len(found)} documents; of the rest {sum(rest)} of {len(rest)} right", flush=True)


def only(d, reviewed, wanted):
    """The paragraphs that were labelled, and those whose hash is wanted."""
    kept = [
        i
        for i, text in enumerate(d.paragraphs)
        if i in reviewed.answered or paragraph_hash(text) in wanted
    ]
    plugs = frozenset(kept.index(i) for i in d.unread)
    texts, labels = (tuple(part[i] for i in kept) for part in (d.paragraphs, d.labels))
    return replace(d, paragraphs=texts, labels=labels, mixed=plugs, unread=plugs)


def partial_fit(whole):
    """Fewer trees: what is compared is data, on a machine that has other things to do."""

    def fit(self, *args, **kwargs):
        return whole(self.set_params(max_iter=60), *args, **kwargs)

    return fit


if __name__ == "__main__":
    main(*sys.argv[1:])
