"""What a corpus holds: tables by label, collection, kind and site."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from cleaner.document import Label
from cleaner.training.corpus import Labelled
from cleaner.training.tables import Table, share
from cleaner.training.wording import fold

_SITES = 15


def describe(documents: Sequence[Labelled]) -> Iterator[Table]:
    """Yield the tables."""
    yield _labels(documents)
    yield _parts("collection", documents, lambda d: d.collection)
    yield _parts("kind", documents, lambda d: d.kind)
    count = len({d.group for d in documents})
    table = _parts("site", documents, lambda d: d.group)
    title = f"By site: {count:,}, the {min(count, _SITES)} with most documents"
    yield Table(title, table.columns, table.rows[:_SITES])


def _labels(documents: Sequence[Labelled]) -> Table:
    paragraphs: Counter[Label] = Counter()
    words: Counter[Label] = Counter()
    wordings: dict[Label, set[tuple[str, ...]]] = defaultdict(set)
    sites: dict[Label, set[str]] = defaultdict(set)
    spans = Counter(span.label for d in documents for span in d.spans)
    for d in documents:
        for text, label in zip(d.paragraphs, d.labels, strict=True):
            paragraphs[label] += 1
            words[label] += len(text.split())
            wordings[label].add(fold(text))
            sites[label].add(d.group)
    rows = [
        [
            label,
            f"{paragraphs[label]:,}",
            f"{words[label]:,}",
            f"{len(wordings[label]):,}",
            f"{len(sites[label]):,}",
            f"{spans[label]:,}",
        ]
        for label in Label
    ]
    columns = ["label", "paragraphs", "words", "wordings", "sites", "spans"]
    return Table(f"{len(documents):,} documents by label", columns, rows)


def _parts(name: str, documents: Sequence[Labelled], part: Callable[[Labelled], str]) -> Table:
    held: dict[str, list[Labelled]] = defaultdict(list)
    for d in documents:
        held[part(d) or "-"].append(d)
    rows = []
    for key, docs in sorted(held.items(), key=lambda item: (-len(item[1]), item[0])):
        labels = [label for d in docs for label in d.labels]
        cut = sum(label is not Label.CONTENT for label in labels)
        mixed = sum(len(d.mixed) for d in docs)
        sites = len({d.group for d in docs})
        figures = (len(docs), sites, len(labels))
        rows.append([key, *(f"{n:,}" for n in figures), share(cut, len(labels)), f"{mixed:,}"])
    columns = [name, "documents", "sites", "paragraphs", "not content", "mixed"]
    return Table(f"By {name}", columns, rows)
