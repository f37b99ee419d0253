"""Faults of a corpus: what would make a fit worse or a score untrue."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from cleaner.document import Label
from cleaner.training.corpus import Labelled
from cleaner.training.wording import MIN_WORDS, Fold, fold, near_duplicates

_SOLID = 20  # words of a paragraph that two articles don't share by chance


def faults(documents: Sequence[Labelled], wordings: int) -> Iterator[str]:
    """Yield each fault as a sentence.

    Args:
        documents: the corpus.
        wordings: how many ways of saying it each label is to be shown in.
    """
    yield from _same_ids(documents)
    yield from _spans(documents)
    folded = [[fold(text) for text in d.paragraphs] for d in documents]
    yield from _wordings(documents, folded, wordings)
    yield from _contradictions(documents, folded)
    yield from _leaks(documents, folded)
    yield from _near_duplicates(documents, folded)


def _same_ids(documents: Sequence[Labelled]) -> Iterator[str]:
    count = Counter((d.collection, d.id) for d in documents)
    for (collection, name), times in count.items():
        if times > 1:
            yield f"{collection} {name}: {times} documents of this id"


def _spans(documents: Sequence[Labelled]) -> Iterator[str]:
    for d in documents:
        taken: dict[int, int] = {}
        for span in sorted(d.spans, key=lambda s: (s.paragraph, s.start)):
            text = d.paragraphs[span.paragraph]
            where = f"{d.collection} {d.id}, paragraph {span.paragraph}"
            if not 0 <= span.start < span.end <= len(text):
                yield f"{where}: a span ends outside of its paragraph"
            elif span.start < taken.get(span.paragraph, 0):
                yield f"{where}: two spans overlap"
            elif text[span.start].isspace() or text[span.end - 1].isspace():
                yield f"{where}: a span begins or ends with white space"
            if d.labels[span.paragraph] is not Label.CONTENT or span.label is Label.CONTENT:
                yield f"{where}: a span is a plug inside content, so neither may be the other"
            taken[span.paragraph] = span.end


def _wordings(
    documents: Sequence[Labelled], folded: Sequence[Sequence[Fold]], wanted: int
) -> Iterator[str]:
    ways: dict[Label, set[Fold]] = defaultdict(set)
    for d, folds in zip(documents, folded, strict=True):
        for label, wording in zip(d.labels, folds, strict=True):
            ways[label].add(wording)
    for label in Label:
        if len(ways[label]) < wanted:
            yield f"{label}: {len(ways[label])} wordings, fewer than {wanted}"


def _contradictions(
    documents: Sequence[Labelled], folded: Sequence[Sequence[Fold]]
) -> Iterator[str]:
    """Long wordings that are content in one place of a document and boilerplate in another."""
    for d, folds in zip(documents, folded, strict=True):
        labels: dict[Fold, set[bool]] = defaultdict(set)
        for label, wording in zip(d.labels, folds, strict=True):
            if len(wording) >= _SOLID:
                labels[wording].add(label is Label.CONTENT)
        for wording, kinds in labels.items():
            if len(kinds) > 1:
                yield f"{d.collection} {d.id}: both content and not: “{' '.join(wording[:8])} …”"


def _leaks(documents: Sequence[Labelled], folded: Sequence[Sequence[Fold]]) -> Iterator[str]:
    """Articles that stand under two sites, so that a split by site has them on both sides."""
    holders: dict[Fold, set[int]] = defaultdict(set)
    for index, (d, folds) in enumerate(zip(documents, folded, strict=True)):
        for label, wording in zip(d.labels, folds, strict=True):
            if label is Label.CONTENT and len(wording) >= _SOLID:
                holders[wording].add(index)
    size = Counter(index for held in holders.values() for index in held)
    shared = Counter(
        (a, b)
        for held in holders.values()
        for a in held
        for b in held
        if a < b and documents[a].group != documents[b].group
    )
    for (a, b), count in shared.items():
        if 2 * count >= min(size[a], size[b]):
            yield f"{_name(documents[a])} and {_name(documents[b])}: the same article on two sites"


def _near_duplicates(
    documents: Sequence[Labelled], folded: Sequence[Sequence[Fold]]
) -> Iterator[str]:
    """Paragraphs of two sites in nearly the same words: a template, or text that leaks."""
    first: dict[Fold, int] = {}
    for index, folds in enumerate(folded):
        for wording in folds:
            if first.setdefault(wording, index) != index and len(wording) >= MIN_WORDS:
                other = documents[first[wording]]
                if other.group != documents[index].group:
                    yield _pair(other, documents[index], "the same", wording)
    for a, b in near_duplicates(list(first)):
        if documents[first[a]].group != documents[first[b]].group:
            yield _pair(documents[first[a]], documents[first[b]], "nearly the same", a)


def _pair(a: Labelled, b: Labelled, how: str, wording: Fold) -> str:
    return f"{_name(a)} and {_name(b)}: {how} paragraph: “{' '.join(wording[:8])} …”"


def _name(document: Labelled) -> str:
    return f"{document.collection} {document.id}"
