"""Site memory of a run: what recurs is counted on disk and merged in flat memory.

Beside each spool chunk lie its folded texts, a (site, text) a line, a 64-bit key of each line, and
the names of its sites. Keys are counted in numpy, one part of the key space at a time; then only
lines whose key recurs are read again. A text counts once a document.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.batch.whole import END, is_whole, write_whole
from cleaner.sites import MIN_PAGES, Memory, Site

_KEYS, _TEXTS, _SITES = ".keys", ".texts", ".sites"
_KEY = np.dtype("<u8")
_PARTS = 16


def write_counts(stem: Path, documents: Iterable[tuple[str, Collection[str]]]) -> None:
    """Write what may recur in the documents of a chunk.

    Args:
        stem: path of the files, without their suffixes.
        documents: (site, folded texts); documents without a site are not counted.
    """
    lines, names = [], set()
    for site, texts in documents:
        if site:
            names.add(site)
            # The line without text counts the page itself.
            lines += [_encoded(f"{site}\t{text}") for text in ("", *sorted(texts))]
    keys = b"".join(hashlib.blake2b(line, digest_size=_KEY.itemsize).digest() for line in lines)
    write_whole(stem.with_suffix(_TEXTS), (line + b"\n" for line in lines))
    write_whole(stem.with_suffix(_KEYS), [keys])
    write_whole(stem.with_suffix(_SITES), (_encoded(name) + b"\n" for name in sorted(names)))


def has_counts(stem: Path) -> bool:
    """Whether all that `write_counts` writes is there."""
    return all(is_whole(stem.with_suffix(suffix)) for suffix in (_TEXTS, _KEYS, _SITES))


def sites_of(stems: Iterable[Path]) -> set[str]:
    """The sites of the documents in these chunks."""
    return {
        name.decode("utf-8", "surrogatepass")
        for stem in stems
        for name in _content(stem, _SITES).splitlines()
    }


def merge_counts(stems: Sequence[Path]) -> Memory:
    """Merge the chunks' counts into what recurs, whatever their order; sites without are left out.

    Memory is needed for the keys of a 16th of the texts, and for the texts that recur.
    """
    if not stems:
        return Memory()
    recurring = np.sort(np.concatenate([_recurring(stems, part) for part in range(_PARTS)]))
    if not len(recurring):
        return Memory()
    counts: Counter[str] = Counter()
    for stem in stems:
        keys = _keys(stem)
        # Not np.isin, which would sort all that recurs again for each chunk.
        place = np.minimum(recurring.searchsorted(keys), len(recurring) - 1)
        rows = np.flatnonzero(recurring[place] == keys)
        if len(rows):
            lines = _content(stem, _TEXTS).split(b"\n")
            counts.update(lines[row].decode("utf-8", "surrogatepass") for row in rows)
    found: dict[str, Site] = {}
    for line, pages in counts.items():
        name, _, text = line.partition("\t")
        site = found.setdefault(name, Site())
        if text:
            site.counts[text] = pages
        else:
            site.pages = pages
    return Memory({name: site for name, site in found.items() if site.counts})


def _recurring(stems: Sequence[Path], part: int) -> NDArray[np.uint64]:
    """Keys of one part of the key space that stand in at least MIN_PAGES documents."""
    parts = []
    for stem in stems:
        keys = _keys(stem)
        parts.append(keys[keys % np.uint64(_PARTS) == part])
    keys, pages = np.unique(np.concatenate(parts), return_counts=True)
    recurring: NDArray[np.uint64] = keys[pages >= MIN_PAGES]
    return recurring


def _keys(stem: Path) -> NDArray[np.uint64]:
    return np.frombuffer(_content(stem, _KEYS), dtype=_KEY)


def _content(stem: Path, suffix: str) -> bytes:
    return stem.with_suffix(suffix).read_bytes().removesuffix(END)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
