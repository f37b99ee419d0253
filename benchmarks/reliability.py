"""What cleaning changes in signals and estimates: `benchmarks/reliability.py ARTICLES NAME=FILE`.

ARTICLES are JSON lines `{id, site, url, title, leaning, text}` (perhaps .gz), NAME=FILE a table.
The same documents go in raw and stripped by the shipped model; run it again when that changes, and
train the reliability model again with `python -m cleaner.training.reliability`.
"""

import sys
import time
from pathlib import Path

import numpy as np

from cleaner import Document
from cleaner.pipeline import Cleaner
from cleaner.sources.estimate import MIN_DOCUMENTS
from cleaner.sources.ratings import Ratings
from cleaner.sources.signals import signals
from cleaner.sources.style import NAMES, style
from cleaner.training.outlets import means, read_outlets, uncut
from cleaner.training.reliability import fit
from cleaner.training.reliability_scores import scores

MOST = 12  # documents of an outlet


def speed(text):
    document = Document(id="", text=text, title="Council votes to close the old market")
    signals(document)
    for name, run in (("signals", signals), ("style", lambda d: style(d, d.text))):
        start = time.process_time()
        for _ in range(500):
            run(document)
        print(f"{name}: {500 / (time.process_time() - start):,.0f} documents a CPU second")


def shown(name, outlets):
    estimator, held_out = fit(outlets, name=name)
    measured = scores(outlets, held_out, estimator)
    print(f"\n{name}: {len(outlets)} outlets, {sum(len(o.rows) for o in outlets)} documents")
    for part in ("enough_documents", "all"):
        print(f"  {part}: {measured[part]}")
    print(f"  by leaning: {measured['by_leaning']}")
    return estimator, held_out


def delta(raw, stripped):
    """The same outlets, raw and stripped: what moved, and how far."""
    known = {o.site: o for o in stripped}
    pairs = [(o, known[o.site]) for o in raw if o.site in known]
    before, after = means([a for a, _ in pairs]), means([b for _, b in pairs])
    spread = np.nanstd(before, axis=0) + 1e-9
    moved = np.nanmean(after - before, axis=0) / spread
    print("\nsignals that stripping moved most, in standard deviations between outlets:")
    for i in sorted(range(len(NAMES)), key=lambda i: -abs(moved[i]))[:12]:
        print(f"  {NAMES[i]:24}{moved[i]:+.2f}")


def compare(raw, stripped, estimator):
    known = {o.site: o for o in stripped}
    both = [
        (estimator.estimate(o.rows, len(o.rows)), estimator.estimate(s.rows, len(s.rows)))
        for o in raw
        if (s := known.get(o.site)) and min(len(o.rows), len(s.rows)) >= MIN_DOCUMENTS
    ]
    told = [(a, b) for a, b in both if a.p_low is not None and b.p_low is not None]
    change = np.array([b.p_low - a.p_low for a, b in told])
    print(
        f"\none model, texts raw and stripped: {len(told)} outlets; p_low moves by "
        f"{np.abs(change).mean():.3f} on average, {change.mean():+.3f} in sum, at most "
        f"{np.abs(change).max():.3f}; other band: {sum(a.band != b.band for a, b in told)}"
    )


if __name__ == "__main__":
    articles, table = Path(sys.argv[1]), sys.argv[2]
    ratings = Ratings.load([table])
    speed("The council voted on Tuesday to close the market, said Anna Holm, its head.\n" * 70)
    raw = list(read_outlets(articles, ratings, uncut, most=MOST))
    stripped = list(read_outlets(articles, ratings, Cleaner().clean, most=MOST))
    shown("raw", raw)
    estimator, _ = shown("stripped", stripped)
    delta(raw, stripped)
    compare(raw, stripped, estimator)
