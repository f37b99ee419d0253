"""Labels files → decisions on single paragraphs, and the documents that were reviewed.

What nobody labelled in a reviewed document is not learned from: docs/review.md has what was
measured with a model's verdicts in its place.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cleaner.batch.inputs import Input
from cleaner.batch.work import Item, Outcome, read_item
from cleaner.document import Document, Label
from cleaner.errors import DocumentError
from cleaner.pipeline import Cleaner
from cleaner.readers import RECORD_FORMATS, format_of, records, sniff
from cleaner.review.labels import Answer, read, standing
from cleaner.review.verdicts import by_paragraph
from cleaner.segment import paragraph_hash
from cleaner.sites import site_of
from cleaner.sources.assess import identify
from cleaner.training.corpus import Labelled

COLLECTION = "reviewed"
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Place:
    """Where a document lies.

    Attributes:
        file: absolute.
        record: number of the record in it, None for a file that is one document.
        path: the file as seen from the labels file that named it first.
    """

    file: Path
    record: int | None
    path: str = field(compare=False)

    @property
    def name(self) -> str:
        """What the document is called."""
        return self.path if self.record is None else f"{self.path}:{self.record}"


@dataclass(frozen=True)
class Vote:
    """A label that somebody gave a paragraph.

    Attributes:
        voter: who; where that is not known, the file it stands in.
        place: the document in which it was shown, None for a line without a path.
        document: its id.
        hash: of the paragraph.
        label: what they say it is.
    """

    voter: str
    place: Place | None
    document: str
    hash: str
    label: Label


@dataclass(frozen=True)
class Reviewed:
    """A document of which people labelled some paragraphs.

    Attributes:
        document: the paragraphs that were labelled.
        paragraphs: all of them, for a model to see the labelled ones in.
        answered: which of all were labelled, ascending.
    """

    document: Labelled
    paragraphs: tuple[str, ...]
    answered: tuple[int, ...]


@dataclass
class Gathered:
    """The reviewed documents, and the labels whose paragraphs are gone.

    Attributes:
        reviewed: in the order of their places.
        lost: (document, how many of its labels met no paragraph, why).
    """

    reviewed: list[Reviewed] = field(default_factory=list)
    lost: list[tuple[str, int, str]] = field(default_factory=list)


def votes_in(files: Iterable[Path]) -> list[Vote]:
    """Read the labels that stand in labels files, in the order in which they were given.

    Raises:
        CorpusError: a file is none.
    """
    said = [(file, answer) for file in files for answer in standing(read(file))]
    said.sort(key=lambda one: one[1].time)
    return [
        Vote(a.labeller or str(file), place_of(file, a), a.document, a.hash, a.label)
        for file, a in said
        if a.label is not None
    ]


def decide(votes: Iterable[Vote], key: Callable[[Vote], Key]) -> tuple[dict[Key, Label], int]:
    """What most say of what has the same key; of one voter the last word counts.

    Returns:
        The labels, and of how many keys as many say one thing as another: they have none.
    """
    said: dict[Key, dict[str, Label]] = {}
    for vote in votes:
        said.setdefault(key(vote), {})[vote.voter] = vote.label
    won = {of: _majority(labels.values()) for of, labels in said.items()}
    decided = {of: label for of, label in won.items() if label is not None}
    return decided, len(won) - len(decided)


def place_of(file: Path, answer: Answer) -> Place | None:
    """Where the document of an answer lies, as far as the answer tells."""
    if not answer.path:
        return None
    return Place((file.parent / answer.path).resolve(), answer.record, answer.path)


def gather(votes: Iterable[Vote], labels: Mapping[str, Label], cleaner: Cleaner) -> Gathered:
    """Read the documents in which paragraphs were labelled.

    Args:
        votes: those on paragraphs with a place.
        labels: what was decided, by hash: a paragraph is asked once, and what was said of it holds
            wherever it stands.
        cleaner: a model that sees which content paragraphs may hold a plug.
    """
    found = Gathered()
    places: dict[Place, set[str]] = {}
    for vote in votes:
        if vote.place is not None and vote.hash in labels:
            places.setdefault(vote.place, set()).add(vote.hash)
    unread = set(places)
    for place, outcome in read_places(places):
        unread.remove(place)
        if outcome.document is None:
            found.lost.append((place.name, len(places[place]), outcome.error))
            continue
        reviewed = _reviewed(place, outcome.document, labels, cleaner)
        gone = places[place] - set(map(paragraph_hash, reviewed.paragraphs))
        if gone:
            found.lost.append((place.name, len(gone), "its text has changed"))
        if reviewed.answered:
            found.reviewed.append(reviewed)
    found.lost += [(place.name, len(places[place]), "it is gone") for place in unread]
    found.lost.sort()
    return found


def read_places(places: Collection[Place]) -> Iterator[tuple[Place, Outcome]]:
    """Read documents; a file of records is read once, whatever the number of its records."""
    by_file: dict[Path, list[Place]] = {}
    for place in places:
        by_file.setdefault(place.file, []).append(place)
    for path, wanted in sorted(by_file.items()):
        if not path.is_file():
            continue
        entry = Input(path, wanted[0].path, format_of(path) or sniff(path))
        if entry.format in RECORD_FORMATS:
            yield from _read_records(entry, {place.record: place for place in wanted})
        else:
            yield from ((place, read_item(Item(entry))) for place in wanted)


def _read_records(entry: Input, wanted: dict[int | None, Place]) -> Iterator[tuple[Place, Outcome]]:
    assert isinstance(entry.path, Path)
    assert entry.format is not None
    try:
        for raw in records(entry.path, entry.format, Counter(), None):
            if place := wanted.pop(raw.number, None):
                yield place, read_item(Item(entry, raw))
            if not wanted:
                return
    except DocumentError:
        return


def _reviewed(
    place: Place, document: Document, said: Mapping[str, Label], cleaner: Cleaner
) -> Reviewed:
    texts, plugs = [], set()
    labels: dict[int, Label] = {}
    for index, (unit, verdicts) in enumerate(by_paragraph(document.text, cleaner.label(document))):
        texts.append(document.text[unit.start : unit.end])
        label = said.get(paragraph_hash(texts[-1]))
        if label is None:
            continue
        if label is Label.CONTENT and any(v.label is not Label.CONTENT for v in verdicts):
            # The model sees a plug in it, and nobody said which characters it is: its sentences
            # are not learned from, and what is cut of them is no content lost.
            plugs.add(len(labels))
        labels[index] = label
    learned = Labelled(
        id=place.name,
        collection=COLLECTION,
        site=site_of(document, identify(document).source),
        title=document.title,
        paragraphs=tuple(texts[index] for index in labels),
        labels=tuple(labels.values()),
        mixed=frozenset(plugs),
        unread=frozenset(plugs),
    )
    return Reviewed(learned, tuple(texts), tuple(labels))


def _majority(labels: Iterable[Label]) -> Label | None:
    """The label most often given, None if another was given as often."""
    counts = Counter(labels).most_common(2)
    if len(counts) > 1 and counts[0][1] == counts[1][1]:
        return None
    return counts[0][0]
