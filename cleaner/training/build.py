"""Labels without text + the texts a user has → a corpus file.

A labels-only line is a document:

    {"collection", "document", "site", "kind",
     "file", "extractor": for html, the file's name and how its text was extracted: by which
         trafilatura, with which options of `extract`, or `"baseline": true` for readers.html,
     "paragraphs": [[hash, label], ...], those that are not blank,
     "mixed": {index: label}, "spans": [...], "spans_read": [...]: see cleaner.training.corpus}
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import CorpusError, UnreadableError
from cleaner.readers import html, markup
from cleaner.readers.compression import read_bytes
from cleaner.segment import paragraph_hash
from cleaner.training.corpus import records, units_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LIMIT = 100_000_000  # bytes of one html file
# The labels name a document of this set by its id there; labelled texts of it carry a prefix.
_PREFIXES = ("", "a_")


@dataclass
class Tally:
    """What became of a collection's labels.

    Attributes:
        documents: `whole`, `partly` (some paragraphs are not as labelled), `missing` (no text at
            hand), `empty` (pages that have no text, so nothing to rebuild).
        paragraphs: `rebuilt`, `changed` (not in the text at hand), `missing` (no text at
            hand), `unlabelled` (in the text at hand without a label: left out).
        incomplete: the documents that are not whole.
    """

    documents: Counter[str] = field(default_factory=Counter)
    paragraphs: Counter[str] = field(default_factory=Counter)
    incomplete: list[str] = field(default_factory=list)


Texts = Mapping[str, tuple[str, str]]
Report = dict[str, Tally]


def build(
    labels: Iterable[Path], sources: Sequence[tuple[str, Path]], report: Report
) -> Iterator[str]:
    """Yield a line of a corpus file for each labelled document whose text is at hand.

    Args:
        labels: labels-only files.
        sources: (collection, path) of texts: JSON lines with `id` and `text`, or a folder of html
            files under their recorded names. The first that has a document gives its text.
        report: filled with what became of each collection.

    Raises:
        CorpusError: a file can't be read, or the labels are of another trafilatura's texts.
    """
    read: dict[Path, Texts] = {p: _texts(p) for _, p in sources if not p.is_dir()}
    for where, record in records(labels):
        try:
            collection = record["collection"]
            places = [path for name, path in sources if name == collection]
            tally = report.setdefault(collection, Tally())
            found = _find(record, places, read) if record["paragraphs"] else None
            line = None if found is None else _join(record, *found, places, tally)
            if not record["paragraphs"]:
                tally.documents["empty"] += 1
            elif found is None:
                tally.documents["missing"] += 1
                tally.paragraphs["missing"] += len(record["paragraphs"])
                tally.incomplete.append(record["document"])
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise CorpusError(f"{where}: not a line of labels ({error!r})") from error
        if line is not None:
            yield line


def _texts(path: Path) -> Texts:
    """Title and text of each document of a file."""
    return {
        str(record["id"]): (str(record.get("title") or ""), str(record["text"]))
        for _, record in records([path])
        if "id" in record and "text" in record
    }


def _find(
    record: dict[str, Any], places: Iterable[Path], read: Mapping[Path, Texts]
) -> tuple[str, str] | None:
    """Title and text of a labelled document, from the first place that has it."""
    for place in places:
        if place in read:
            for prefix in _PREFIXES:
                if found := read[place].get(prefix + record["document"]):
                    return found
        elif "file" in record and (file := place / record["file"]).is_file():
            return _extract(file, record["extractor"])
    return None


def _extract(file: Path, extractor: Mapping[str, Any]) -> tuple[str, str]:
    import trafilatura
    from trafilatura.metadata import examine_meta, extract_title

    options = dict(extractor)
    wanted, installed = options.pop("trafilatura"), trafilatura.__version__
    if wanted != installed:
        raise CorpusError(
            f"the labels are of texts as trafilatura {wanted} extracts them, not {installed}: "
            f"pip install trafilatura=={wanted}"
        )
    tree = _tree(file)
    if tree is None:
        return "", ""
    title = examine_meta(tree).title or extract_title(tree) or ""
    if options.pop("baseline", False):
        return title, html.baseline(tree)
    return title, trafilatura.extract(tree, **options) or ""


def _tree(file: Path) -> "HtmlElement | None":
    import trafilatura

    try:
        return trafilatura.load_html(read_bytes(file, _LIMIT))
    except UnreadableError as error:
        raise CorpusError(f"{file}: {error}") from error


def _page(record: dict[str, Any], places: Iterable[Path]) -> "HtmlElement | None":
    """The page of a labelled document, wherever its text comes from; None if it is not at hand."""
    files = (place / record["file"] for place in places if "file" in record and place.is_dir())
    return next((_tree(file) for file in files if file.is_file()), None)


def _join(
    record: dict[str, Any], title: str, text: str, places: Iterable[Path], tally: Tally
) -> str | None:
    """One line of a corpus file: the paragraphs whose labels were found."""
    paragraphs = [part for part in text.split("\n") if part.strip()]
    place = _align([pair[0] for pair in record["paragraphs"]], paragraphs)
    whole = len(place) == len(record["paragraphs"])
    tally.documents["whole" if whole else "partly"] += 1
    tally.paragraphs["rebuilt"] += len(place)
    tally.paragraphs["changed"] += len(record["paragraphs"]) - len(place)
    tally.paragraphs["unlabelled"] += len(paragraphs) - len(place)
    if not whole:
        tally.incomplete.append(record["document"])
    if not place:
        return None
    new = {old: index for index, old in enumerate(place)}
    kept = {key: record[key] for key in ("collection", "site", "kind")}
    line = {
        "id": record["document"],
        **kept,
        "title": title,
        "text": "\n".join(paragraphs[index] for index in place.values()),
        "labels": [record["paragraphs"][old][1] for old in place],
        "mixed": {str(new[int(i)]): v for i, v in record["mixed"].items() if int(i) in new},
        "spans": [
            {**span, "paragraph": new[span["paragraph"]]}
            for span in record["spans"]
            if span["paragraph"] in new
        ],
        "spans_read": [new[old] for old in record["spans_read"] if old in new],
    }
    if (page := _page(record, places)) is not None:
        found = markup.blocks(page, line["text"])
        starts = [unit.start for unit in units_of(paragraphs[i] for i in place.values())]
        line["blocks"] = [[bisect_right(starts, b.start) - 1, *b.row()[2:]] for b in found]
    return json.dumps(line, ensure_ascii=False)


def _align(hashes: Sequence[str], paragraphs: Sequence[str]) -> dict[int, int]:
    """Index of each labelled paragraph that was found → its index in the text, both ascending."""
    present = [paragraph_hash(text) for text in paragraphs]
    if list(hashes) == present:
        return {index: index for index in range(len(hashes))}
    blocks = SequenceMatcher(None, hashes, present, autojunk=False).get_matching_blocks()
    return {b.a + step: b.b + step for b in blocks for step in range(b.size)}
