"""Site memory of a run: what recurs is counted on disk and merged in flat memory.

Beside each spool chunk lie its folded texts, a (site, text) a line, and a 64-bit key of each line.
Keys are counted in numpy, one part of the key space at a time; then only lines whose key recurs are
read again. A text counts once a document.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document
from cleaner.sites import MIN_PAGES, Memory, Site, texts_of

_KEYS, _TEXTS = ".keys.npy", ".texts"
_PARTS = 16


def write_counts(stem: Path, documents: Iterable[tuple[str, Document]]) -> None:
    """Write what may recur in the documents of a chunk.

    Args:
        stem: path of the two files, without their suffixes.
        documents: (site, document); documents without a site are not counted.
    """
    lines = []
    for site, document in documents:
        if site:
            # The line without text counts the page itself.
            lines += [f"{site}\t{text}" for text in ("", *sorted(texts_of(document)))]
    encoded = [line.encode("utf-8", "surrogatepass") for line in lines]
    digests = b"".join(hashlib.blake2b(line, digest_size=8).digest() for line in encoded)
    stem.with_suffix(_TEXTS).write_bytes(b"\n".join(encoded))
    np.save(stem.with_suffix(_KEYS), np.frombuffer(digests, dtype=np.uint64))


def merge_counts(stems: Sequence[Path]) -> Memory:
    """Merge the chunks' counts into what recurs, whatever their order."""
    recurring = np.sort(np.concatenate([_recurring(stems, part) for part in range(_PARTS)]))
    counts: Counter[str] = Counter()
    for stem in stems:
        keys = np.load(stem.with_suffix(_KEYS), allow_pickle=False)
        rows = np.flatnonzero(np.isin(keys, recurring))
        if len(rows):
            lines = stem.with_suffix(_TEXTS).read_bytes().split(b"\n")
            counts.update(lines[row].decode("utf-8", "surrogatepass") for row in rows)
    memory = Memory()
    for line, pages in counts.items():
        name, _, text = line.partition("\t")
        site = memory.sites.setdefault(name, Site())
        if text:
            site.counts[text] = pages
        else:
            site.pages = pages
    return memory


def _recurring(stems: Sequence[Path], part: int) -> NDArray[np.uint64]:
    """Keys of one part of the key space that stand in at least MIN_PAGES documents."""
    parts = []
    for stem in stems:
        keys = np.load(stem.with_suffix(_KEYS), allow_pickle=False)
        parts.append(keys[keys % np.uint64(_PARTS) == part])
    keys, pages = np.unique(np.concatenate(parts), return_counts=True)
    recurring: NDArray[np.uint64] = keys[pages >= MIN_PAGES]
    return recurring
