"""Site memory past one process: what documents add to the counts, and what runs of them make.

Shards are merged apart, and profiles of different shards put one behind another are a profile.
"""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter

from cleaner.batch.work import Outcome, count_outcome
from cleaner.integrations.runs import Row
from cleaner.sites import MIN_PAGES, Memory, Site, dump


def rows_of(outcome: Outcome) -> Iterator[Row]:
    """Yield what a document adds to the counts of its site; nothing if it failed or has none."""
    counted = count_outcome(outcome)
    if counted.site:
        yield counted.site, "", 1
        yield from ((counted.site, text, 1) for text in counted.texts)


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
        if site.counts:
            yield name, site


def profile(sites: Iterable[tuple[str, Site]]) -> Iterator[str]:
    """Yield the lines of a profile, site by site; each begins like a profile of its own."""
    yield from dump(Memory())
    for name, site in sites:
        yield from dump(Memory({name: site}))
