"""Sorted runs of counts: (site, folded text, pages), by site and text; "" counts the site's pages.

A site lies in one shard whole, the same in every process.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from zlib import crc32

Row = tuple[str, str, int]
# Counts held before they are sorted and written as a run: 0.6 GB at the worst, measured.
MOST_ROWS = 1_000_000


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
