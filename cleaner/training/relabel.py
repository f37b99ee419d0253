"""Decisions about single paragraphs → a corpus with those labels."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.segment import paragraph_hash
from cleaner.training.corpus import Labelled

Decisions = Mapping[tuple[str, str], Label]  # (document id, paragraph hash) → label


def relabel(documents: Iterable[Labelled], decided: Decisions) -> list[Labelled]:
    """Return the documents with what was decided.

    Raises:
        CorpusError: a decision about a paragraph that no document has.
    """
    unused = set(decided)
    changed = []
    for document in documents:
        keys = [(document.id, paragraph_hash(text)) for text in document.paragraphs]
        labels = tuple(
            decided.get(key, label) for key, label in zip(keys, document.labels, strict=True)
        )
        unused.difference_update(keys)
        content = {i for i, label in enumerate(labels) if label is Label.CONTENT}
        changed.append(
            replace(
                document,
                labels=labels,
                spans=tuple(span for span in document.spans if span.paragraph in content),
                mixed=document.mixed & content,
                unread=document.unread & content,
            )
        )
    if unused:
        name, digest = min(unused)
        raise CorpusError(
            f"{len(unused)} labels are of no paragraph of this corpus, as {digest} of {name}"
        )
    return changed
