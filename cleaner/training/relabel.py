"""Decisions about single paragraphs → a corpus with those labels.

A labels file is JSON lines, `{"document": id, "hash": paragraph_hash(text), "label": label}`; a
later line overrules an earlier one.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.segment import paragraph_hash
from cleaner.training.corpus import Labelled, records

Decisions = dict[tuple[str, str], Label]


def decisions(path: Path) -> Decisions:
    """Read a labels file.

    Raises:
        CorpusError: a line that is not a decision.
    """
    found: Decisions = {}
    for where, record in records([path]):
        try:
            found[record["document"], record["hash"]] = Label(record["label"])
        except (KeyError, ValueError, TypeError) as error:
            raise CorpusError(f"{where}: not a label of a paragraph ({error!r})") from error
    return found


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
