"""Paths → the paragraphs that are most worth a label, each in its document.

Worth is the larger of two numbers in [0, 1]:

- how unsure the verdict is: 1 at a score of 0.5, 0 at a score of 0 or 1;
- how much two judges differ, that is their scores' distance: the wording alone against the whole
  model; and where others have labelled the paragraph, their labels against one another and against
  the model.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp
from pathlib import Path
from typing import Any

from cleaner.batch import Settings, Summary, label_paths
from cleaner.batch.work import Outcome
from cleaner.document import Flag, Label
from cleaner.pipeline import Cleaner
from cleaner.review.labels import Act, Answer, standing
from cleaner.review.verdicts import by_paragraph, label_of_most
from cleaner.segment import paragraph_hash

# Of how many more candidates than are asked for the documents' texts are held while searching.
_SPARE = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A document as it is shown: its paragraphs, and their hashes."""

    name: str
    record: int | None
    id: str
    title: str
    url: str
    paragraphs: tuple[str, ...]
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A paragraph to label.

    Attributes:
        page: the document it is shown in.
        index: of the paragraph in the page.
        label: what the model says.
        score: the model's probability that it is not content.
        worth: how much a label of it would tell, in [0, 1].
        places: documents that hold the same paragraph, this one included.
    """

    page: Page
    index: int
    label: Label
    score: float
    worth: float
    places: int = 1

    @property
    def hash(self) -> str:
        """What names the paragraph."""
        return self.page.hashes[self.index]


@dataclass
class Found:
    """What there is to ask.

    Attributes:
        questions: most worth first.
        left: paragraphs beyond those, that nobody asked the labeller either.
        summary: of the documents read.
        foreign: documents left out because the model does not speak their language.
    """

    questions: list[Question] = field(default_factory=list)
    left: int = 0
    summary: Summary = field(default_factory=Summary)
    foreign: int = 0


def find_questions(
    paths: Sequence[str],
    settings: Settings,
    answers: Iterable[Answer],
    labeller: str,
    limit: int,
    labels: Path | None = None,
) -> Found:
    """Judge the documents in PATHs and choose what to ask.

    Args:
        paths: as for `cleaner clean`.
        settings: how to read and judge.
        answers: what is in the labels file.
        labeller: who is asked; what they answered or skipped, wherever it stood, is not asked.
        limit: at most so many questions.
        labels: the labels file, which is no document.

    Raises:
        SetupError: nothing to read, or no model.
    """
    stand = standing(answers)
    asked = {answer.hash for answer in stand if answer.labeller == labeller}
    others: dict[str, list[Label]] = {}
    for answer in stand:
        if answer.label is not None and answer.labeller != labeller:
            others.setdefault(answer.hash, []).append(answer.label)
    found = Found()
    best: dict[str, Question] = {}
    places: Counter[str] = Counter()
    unasked: set[str] = set()
    judge = _Judge(settings.cleaner)
    for line in label_paths(paths, settings, found.summary, judge, labels):
        record = json.loads(line)
        found.foreign += record.get("foreign", False)
        candidates = list(_candidates(record, others))
        places.update({question.hash for question in candidates})
        for question in candidates:
            if question.hash in asked:
                continue
            unasked.add(question.hash)
            known = best.get(question.hash)
            if known is None or question.worth > known.worth:
                best[question.hash] = question
        if len(best) > _SPARE * max(limit, 100):
            best = {question.hash: question for question in _order(best.values(), places)[:limit]}
    chosen = _order(best.values(), places)[:limit]
    found.questions = [replace(question, places=places[question.hash]) for question in chosen]
    found.left = len(unasked) - len(chosen)
    return found


def _order(questions: Iterable[Question], places: Mapping[str, int]) -> list[Question]:
    """Most worth first; among equals what stands in most documents, then as it was read."""
    return sorted(questions, key=lambda q: (-round(q.worth, 2), -places[q.hash]))


@dataclass(frozen=True)
class _Judge:
    """What a worker tells of a document: its paragraphs, the verdict on each, and the wording's."""

    cleaner: Cleaner

    def __call__(self, outcome: Outcome) -> dict[str, Any]:
        result, document = outcome.result, outcome.document
        if result is None or document is None or not result.verdicts:
            return {}
        if Flag.LANGUAGE in result.flags:
            return {"foreign": True}
        text, judged = document.text, list(by_paragraph(document.text, result.verdicts))
        texts = [text[unit.start : unit.end] for unit, _ in judged]
        evidence = self.cleaner.classifier.model.read(texts).evidence[:, 0].tolist()
        said = [
            # A label of the paragraph would settle what the model is least sure of in it.
            (label_of_most(inside), min((v.score for v in inside), key=lambda s: abs(s - 0.5)))
            for _, inside in judged
        ]
        wordings = [1 / (1 + exp(-odds)) for odds in evidence]
        about = {"name": outcome.name, "record": outcome.record, "id": document.id}
        about |= {"title": document.title, "url": document.url}
        verdicts = [(*one, wording) for one, wording in zip(said, wordings, strict=True)]
        return {**about, "texts": texts, "verdicts": verdicts}


def _candidates(
    record: Mapping[str, Any], others: Mapping[str, Sequence[Label]]
) -> Iterator[Question]:
    if "texts" not in record:
        return
    hashes = tuple(map(paragraph_hash, record["texts"]))
    about = {key: record[key] for key in ("name", "record", "id", "title", "url")}
    page = Page(**about, paragraphs=tuple(record["texts"]), hashes=hashes)
    for index, (label, score, wording) in enumerate(record["verdicts"]):
        labels = others.get(hashes[index], ())
        said = [float(label is not Label.CONTENT) for label in labels]
        judges = [score, wording, *said]
        split = float(len(set(labels)) > 1)
        worth = max(1 - abs(2 * score - 1), max(judges) - min(judges), split)
        yield Question(page, index, Label(label), score, worth)


def asked_before(answers: Iterable[Answer], labeller: str) -> list[Answer]:
    """The labeller's standing answers, skips included, in order: what undo can take back."""
    return [a for a in standing(answers) if a.labeller == labeller and a.act is not Act.UNDO]
