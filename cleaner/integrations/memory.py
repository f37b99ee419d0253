"""Site memory past one process: sorted runs of counts, by shard, merged in bounded memory.

A run holds (site, folded text, pages) sorted by site and text; with the text "" it counts the
site's pages. A site lies in one shard whole, so shards are merged apart, and profiles of different
shards put one behind another are a profile.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO
from zlib import crc32

from cleaner.batch.work import Outcome
from cleaner.document import Status
from cleaner.sites import MIN_PAGES, Memory, Site, dump, site_of, texts_of
from cleaner.sources.assess import identify

Row = tuple[str, str, int]
# Counts held before they are sorted and written as a run: 0.6 GB at the worst, measured.
MOST_ROWS = 1_000_000


def rows_of(outcome: Outcome) -> Iterator[Row]:
    """Yield what a document adds to the counts of its site; nothing if it failed or has none."""
    document = outcome.document
    if document is None or outcome.status is not Status.OK:
        return
    if site := site_of(document, identify(document).source):
        yield site, "", 1
        yield from ((site, text, 1) for text in texts_of(document))


def runs(rows: Iterable[Row], most: int = MOST_ROWS) -> Iterator[list[Row]]:
    """Count rows of equal site and text together and yield them as sorted runs."""
    counts: Counter[tuple[str, str]] = Counter()
    for site, text, pages in rows:
        counts[site, text] += pages
        if len(counts) >= most:
            yield [(*key, counts[key]) for key in sorted(counts)]
            counts.clear()
    if counts:
        yield [(*key, counts[key]) for key in sorted(counts)]


def sharded(run: Iterable[Row], shards: int) -> list[list[Row]]:
    """Part a run by site, in the same way in every process."""
    parts: list[list[Row]] = [[] for _ in range(shards)]
    for row in run:
        parts[crc32(row[0].encode("utf-8", "surrogatepass")) % shards].append(row)
    return parts


def write(rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write rows as compressed lines; the same rows give the same bytes."""
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1, mtime=0) as lines:
        # A folded text holds no white space but single spaces.
        lines.writelines(f"{s}\t{t}\t{n}\n".encode("utf-8", "surrogatepass") for s, t, n in rows)


def read(stream: BinaryIO) -> Iterator[Row]:
    """The reverse of `write`, line by line."""
    with gzip.GzipFile(fileobj=stream) as lines:
        for line in lines:
            site, text, pages = line.decode("utf-8", "surrogatepass").split("\t")
            yield site, text, int(pages)


def merged(sorted_runs: Iterable[Iterable[Row]]) -> Iterator[tuple[str, Site]]:
    """Merge runs into the sites with the texts that recur; never more than one site is held."""
    for name, rows in groupby(merge(*sorted_runs, key=itemgetter(0, 1)), key=itemgetter(0)):
        site = Site()
        for text, same in groupby(rows, key=itemgetter(1)):
            pages = sum(map(itemgetter(2), same))
            if not text:
                site.pages = pages
            elif pages >= MIN_PAGES:
                site.counts[text] = pages
        yield name, site


def profile(sites: Iterable[tuple[str, Site]]) -> Iterator[str]:
    """Yield the lines of a profile, site by site; each begins like a profile of its own."""
    for name, site in sites:
        yield from dump(Memory({name: site}))
