"""Several labellers: how far they agree, and where they don't."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.review.labels import Answer, read, standing
from cleaner.segment import paragraph_hash, paragraphs
from cleaner.training.reviewed import Place, place_of, read_places
from cleaner.training.tables import Table, excerpt, share

_SHOWN = 60  # characters of a paragraph


@dataclass(frozen=True)
class Conflict:
    """A paragraph on which labellers differ.

    Attributes:
        place: where it stands, None if no answer tells.
        answers: one a labeller.
    """

    place: Place | None
    answers: Sequence[Answer]


def agree(files: Sequence[Path]) -> tuple[list[Table], list[Conflict]]:
    """Compare labellers pair by pair, on the paragraphs that both labelled.

    Args:
        files: labels files; where a file names no labeller, its name does.

    Returns:
        A table of the pairs, and the paragraphs on which anyone differs.

    Raises:
        CorpusError: no two labellers have labelled the same paragraph.
    """
    by_hash: dict[str, dict[str, tuple[Path, Answer]]] = {}
    for file in files:
        for answer in standing(read(file)):
            if answer.label is not None:
                named = replace(answer, labeller=answer.labeller or file.stem)
                by_hash.setdefault(answer.hash, {})[named.labeller] = (file, named)
    labellers = sorted({name for said in by_hash.values() for name in said})
    rows = []
    for one, other in combinations(labellers, 2):
        pairs = [
            (said[one][1].label, said[other][1].label)
            for said in by_hash.values()
            if one in said and other in said
        ]
        if pairs:
            rows.append([f"{one}, {other}", *_row(pairs)])
    if not rows:
        raise CorpusError("no two labellers have labelled the same paragraph in these files")
    columns = ["labellers", "paragraphs", "same label", "kappa", "kappa, content or not"]
    conflicts = [
        Conflict(place_of(*next(iter(said.values()))), [answer for _, answer in said.values()])
        for said in by_hash.values()
        if len({answer.label for _, answer in said.values()}) > 1
    ]
    return [Table("Agreement", columns, rows)], conflicts


def kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa: agreement beyond what chance gives; 1 where there is one answer only.

    >>> kappa([(1, 1), (1, 1), (0, 0), (0, 1)])
    0.5
    """
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(a == b for a, b in pairs) / len(pairs)
    chance = sum(one[answer] * other[answer] for answer in one) / len(pairs) ** 2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def lines(conflicts: Iterable[Conflict]) -> Iterator[str]:
    """A line for each conflict: who said what of which paragraph, where its text is at hand."""
    conflicts = list(conflicts)
    texts = _texts({conflict.place for conflict in conflicts if conflict.place})
    for conflict in conflicts:
        said = " · ".join(
            f"{a.labeller}: {a.label}{f' ({a.note})' if a.note else ''}" for a in conflict.answers
        )
        first = conflict.answers[0]
        text = texts.get(first.hash)
        what = f"“{excerpt(text, _SHOWN)}”" if text else first.hash
        yield "  ".join((excerpt(first.document), what, excerpt(said)))


def _texts(places: set[Place]) -> dict[str, str]:
    found = {}
    for _, outcome in read_places(places):
        text = outcome.document.text if outcome.document else ""
        for unit in paragraphs(text):
            paragraph = text[unit.start : unit.end]
            found[paragraph_hash(paragraph)] = paragraph
    return found


def _row(pairs: Sequence[tuple[Label | None, Label | None]]) -> list[str]:
    two = [(a is Label.CONTENT, b is Label.CONTENT) for a, b in pairs]
    same = sum(a is b for a, b in pairs)
    return [
        f"{len(pairs):,}",
        share(same, len(pairs)),
        f"{kappa(pairs):.3f}",
        f"{kappa(two):.3f}",
    ]
