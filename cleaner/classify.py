"""Units → verdicts, with context."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from cleaner import features
from cleaner.document import Document, Label, Reason, Strength, Unit, Verdict
from cleaner.errors import TooLargeError
from cleaner.model import LABELS, Model, Scores
from cleaner.segment import paragraphs

# Time and memory are linear in the units, at about 40 kB each.
MAX_UNITS = 50_000
_REASONS = 6


@dataclass(frozen=True, slots=True)
class Classifier:
    """A model with the choice of what to cut.

    Attributes:
        model: scores the units.
        strength: picks the threshold that lives with the model.
        cut: the labels that are cut when their score reaches the threshold.
    """

    model: Model
    strength: Strength
    cut: Collection[Label]

    def verdicts(self, document: Document, *, keep_all: bool = False) -> tuple[Verdict, ...]:
        """Judge every unit of a document, in order.

        Args:
            document: the text and what is known of it.
            keep_all: keep every unit whatever its score, as for a language not trained for.

        Raises:
            TooLargeError: more than MAX_UNITS units.
        """
        units, scores = self._score(document)
        if scores is None:
            return ()
        threshold = self.model.threshold(self.strength)
        verdicts = []
        for index, unit in enumerate(units):
            score = round(float(scores.boilerplate[index]), 4)
            label = _most_probable(scores, index)
            keep = keep_all or not (score >= threshold and self._cuttable(scores, index))
            verdicts.append(Verdict(unit, label, score, keep))
        return tuple(verdicts)

    def reasons(self, document: Document) -> tuple[tuple[Reason, ...], ...]:
        """The evidence behind each verdict, strongest first, in log-odds of being cut."""
        units, scores = self._score(document)
        if scores is None:
            return ()
        texts = [document.text[unit.start : unit.end] for unit in units]
        return tuple(_reasons(self.model, scores, index, text) for index, text in enumerate(texts))

    def _score(self, document: Document) -> tuple[list[Unit], Scores | None]:
        units: list[Unit] = []
        for unit in paragraphs(document.text):
            units.append(unit)
            if len(units) > MAX_UNITS:
                raise TooLargeError(f"more than {MAX_UNITS} paragraphs; split the document")
        if not units:
            return units, None
        texts = [document.text[unit.start : unit.end] for unit in units]
        return units, self.model.score(texts, document.title)

    def _cuttable(self, scores: Scores, index: int) -> bool:
        """Whether the most probable kind of boilerplate is among the labels to cut."""
        return LABELS[1 + int(scores.labels[index].argmax())] in self.cut


def _most_probable(scores: Scores, index: int) -> Label:
    if scores.boilerplate[index] < 0.5:
        return Label.CONTENT
    return LABELS[1 + int(scores.labels[index].argmax())]


def _reasons(model: Model, scores: Scores, index: int, text: str) -> tuple[Reason, ...]:
    """Weights of the unit's n-grams, and what each kind of evidence moved.

    The second is measured by putting typical content in the place of one group of columns at a time.
    """
    rows = features.lookup(features.ngrams(features.tokens(text)), model.vocabulary)
    grams = [
        Reason(f"“{model.grams[row]}”", float(model.table[row, 0]) / len(rows) ** 0.5)
        for row in rows
    ]
    groups = []
    for name, columns in model.info["groups"].items():
        changed = scores.columns[index : index + 1].copy()
        changed[0, columns] = np.asarray(model.info["typical_content"], dtype=np.float32)[columns]
        moved = float(scores.odds[index] - model.second.decision(changed)[0])
        groups.append(Reason(name, moved))
    strongest = sorted(grams, key=lambda reason: (-abs(reason.weight), reason.evidence))
    evidence = [*groups, *strongest[:_REASONS]]
    return tuple(
        Reason(reason.evidence, round(reason.weight, 2))
        for reason in sorted(evidence, key=lambda reason: (-abs(reason.weight), reason.evidence))
        if abs(reason.weight) >= 0.05
    )
