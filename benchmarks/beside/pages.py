"""Pages with gold texts → how good and how fast every extractor is on them, cleaner among them."""

import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.beside import extractors
from benchmarks.beside.extractors import DEFAULT
from benchmarks.beside.halves import Half, unseen
from cleaner.document import PROMOTIONAL, Document
from cleaner.pipeline import Cleaner
from cleaner.readers import html
from cleaner.training.corpus import Labelled, brand

COLLECTION, ARTICLE, OURS, RAW = "wcxb-dev", "article", "cleaner", "cleaner, before cutting"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Page:
    """A page and the truth about it.

    Attributes:
        id: in its collection.
        group: the site, as splits are made by.
        kind: article, forum, product, …
        html: bytes.
        gold: the main text, by hand.
        forbidden: snippets that must not be in it.
        promotional: paragraphs of what trafilatura extracts that a reader labelled promotional.
    """

    id: str
    group: str
    kind: str
    html: bytes
    gold: str
    forbidden: Sequence[str]
    promotional: Sequence[str]


def load(folder: Path, documents: Sequence[Labelled], step: int) -> list[Page]:
    """Each step-th page of a folder with `html/` and `gold.jsonl.gz`, if it has a main text."""
    labelled = {d.id: d for d in documents if d.collection == COLLECTION}
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as stream:
        golds = [json.loads(line) for line in list(stream)[::step]]
    return [_page(folder, gold, labelled) for gold in golds if gold["main_content"]]


def _page(folder: Path, gold: Mapping[str, Any], labelled: Mapping[str, Labelled]) -> Page:
    known = labelled.get(gold["id"])
    pairs = zip(known.paragraphs, known.labels, strict=True) if known else ()
    host = urlsplit(gold["url"]).hostname or ""
    return Page(
        gold["id"],
        known.group if known else brand(host) if "." in host else host,
        gold["type"],
        gzip.decompress((folder / "html" / f"{gold['file']}.html.gz").read_bytes()),
        gold["main_content"],
        [_folded(snippet) for snippet in gold["forbidden"]],
        [_folded(text) for text, label in pairs if label in PROMOTIONAL],
    )


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def extracted(page: Page) -> Document:
    """The page as cleaner reads it."""
    read = html.extract(page.html)
    return Document(
        page.id, read.text, read.url, title=read.title, blocks=read.blocks, from_html=True
    )


def quality(pages: Sequence[Page], halves: Sequence[Half]) -> list[dict[str, Any]]:
    """A row for every extractor."""
    from joblib import Parallel, delayed

    parts = Parallel(n_jobs=2)(delayed(_scored)(pages[n::2], halves) for n in range(2))
    found: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        for name, rows in part.items():
            found.setdefault(name, []).extend(rows)
    return [_summary(name, rows, found[DEFAULT]) for name, rows in found.items()]


def _scored(pages: Sequence[Page], halves: Sequence[Half]) -> dict[str, list[dict[str, Any]]]:
    cleaners = [Cleaner(model=half.model) for half in halves]
    found: dict[str, list[dict[str, Any]]] = {}
    for page in pages:
        document = extracted(page)
        texts = {
            name: extractors.guarded(extract, page.html)
            for name, extract in extractors.installed().items()
        }
        texts[RAW] = document.text
        texts[OURS] = cleaners[unseen(halves, page.group)].clean(document).text
        for name, text in texts.items():
            found.setdefault(name, []).append(score(page, text))
    return found


def score(page: Page, text: str) -> dict[str, Any]:
    """Bags of words against the gold text, and what is left that should not be."""
    words, gold = (Counter(_WORD.findall(t.lower())) for t in (text, page.gold))
    both, total, wanted = (words & gold).total(), words.total(), gold.total()
    folded = _folded(text)
    return {
        "group": page.group,
        "kind": page.kind,
        "precision": both / total if total else float(not wanted),
        "recall": both / wanted if wanted else 1.0,
        "f1": 2 * both / (total + wanted) if total + wanted else 1.0,
        "forbidden": sum(snippet in folded for snippet in page.forbidden),
        "promotional": sum(paragraph in folded for paragraph in page.promotional),
    }


def _summary(
    name: str, rows: Sequence[Mapping[str, Any]], default: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    articles = [i for i, row in enumerate(rows) if row["kind"] == ARTICLE]
    kinds = sorted({row["kind"] for row in rows})

    def mean(figure: str, of: Sequence[Mapping[str, Any]], kind: str = "") -> float:
        return statistics.fmean(row[figure] for row in of if kind in {"", row["kind"]})

    def left(figure: str, of: Sequence[Mapping[str, Any]]) -> int:
        return sum(of[i][figure] for i in articles)

    return {
        "name": name,
        "pages": len(rows),
        "articles": {f: mean(f, rows, ARTICLE) for f in ("f1", "precision", "recall")},
        "gain": gain([(rows[i]["group"], rows[i]["f1"] - default[i]["f1"]) for i in articles]),
        "recall_gain": mean("recall", rows, ARTICLE) - mean("recall", default, ARTICLE),
        "all": mean("f1", rows),
        "kinds": {kind: mean("f1", rows, kind) for kind in kinds},
        "left": {
            figure: [left(figure, rows), left(figure, default)]
            for figure in ("promotional", "forbidden")
        },
    }


def gain(differences: Sequence[tuple[str, float]]) -> list[float]:
    """Mean of (site, difference) pairs, and its 95 % interval over bootstrap samples of sites."""
    sites: dict[str, list[float]] = {}
    for site, value in differences:
        sites.setdefault(site, []).append(value)
    sums = np.array([[sum(values), len(values)] for values in sites.values()])
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=1000) @ sums
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return [float(sums[:, 0].sum() / sums[:, 1].sum()), float(low), float(high)]


def speed(pages: Sequence[Page], rounds: int) -> list[dict[str, Any]]:
    """CPU time of every extractor over the pages as a multiple of trafilatura's default.

    All take their turn on a page before the next one is read, so that what else the machine does
    meets them alike; a round goes over all pages.
    """
    cleaner = Cleaner()
    cleaner.clean(extracted(pages[0]))
    ways: dict[str, Any] = extractors.installed()
    spent = [dict.fromkeys([*ways, RAW, OURS], 0.0) for _ in range(rounds)]
    for used in spent:
        for number, page in enumerate(pages):
            for name in _turned(list(ways), number):
                began = time.process_time()
                extractors.guarded(ways[name], page.html)
                used[name] += time.process_time() - began
            began = time.process_time()
            document = extracted(page)
            used[RAW] += time.process_time() - began
            cleaner.clean(document)
            used[OURS] += time.process_time() - began
    return [
        {
            "name": name,
            "milliseconds": 1000 * min(used[name] for used in spent) / len(pages),
            "ratio": spread([used[name] / used[DEFAULT] for used in spent]),
            "share": spread([1 - used[RAW] / used[OURS] for used in spent])
            if name == OURS
            else None,
        }
        for name in spent[0]
    ]


def _turned(names: Sequence[str], by: int) -> Iterator[str]:
    start = by % len(names)
    yield from (*names[start:], *names[:start])


def spread(values: Sequence[float]) -> list[float]:
    """Median, least and most."""
    return [statistics.median(values), min(values), max(values)]
