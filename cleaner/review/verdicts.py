"""Verdicts by paragraph, where the sentences of some were judged one by one."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from cleaner.document import Label, Unit, Verdict
from cleaner.segment import paragraphs


def by_paragraph(text: str, verdicts: Sequence[Verdict]) -> Iterator[tuple[Unit, list[Verdict]]]:
    """Yield each paragraph with the verdicts on it or on its sentences, in order."""
    left = deque(verdicts)
    for unit in paragraphs(text):
        inside = []
        while left and left[0].unit.end <= unit.end:
            inside.append(left.popleft())
        yield unit, inside


def label_of_most(verdicts: Sequence[Verdict]) -> Label:
    """The label that most of the characters have."""
    sizes: Counter[Label] = Counter()
    for verdict in verdicts:
        sizes[verdict.label] += verdict.unit.end - verdict.unit.start
    return sizes.most_common(1)[0][0]
