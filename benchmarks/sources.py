"""Measure the resolver and the rating tables: `python benchmarks/sources.py FOLDER_OF_TABLES`.

Prints URLs resolved a second on one core, whether every row of the public tables is accounted for,
and whether the disagreements known between them surface.
"""

import csv
import random
import sys
import time
from pathlib import Path

from cleaner.sources import suffixes
from cleaner.sources.identity import resolve
from cleaner.sources.ratings import Ratings, dispute
from cleaner.sources.registry import registry
from cleaner.sources.signatures import resolve_text

SEED = 8
URLS = 200_000


def timed(name, count, run):
    # Seconds of one core, so that what else the machine does counts little.
    start = time.process_time()
    run()
    seconds = time.process_time() - start
    print(f"{name:44}{count / seconds:12,.0f} a CPU second  ({seconds:.2f} s)")


def urls():
    """Distinct URLs of all kinds; nothing is cached, so repeats would be no faster."""
    choose = random.Random(SEED)
    hosts = sorted(registry().hosts)
    for number in range(URLS):
        host = choose.choice(hosts)
        story = f"{host}/2020/{number}/story-{number}.html?utm_source=x"
        yield (
            f"https://www.{host}/2020/{number}/story.html",
            f"https://web.archive.org/web/20200301000000/http://{story}",
            f"https://www.google.com/url?q=https%3A%2F%2Fwww.{host}%2F{number}&sa=D",
            f"https://news.site{number}.co.uk/{number}/story",
            f"https://reader{number}.substack.com/p/story",
            f"HTTP://user@WWW.{host}:80\\{number}",
        )[number % 6]


def speed():
    start = time.perf_counter()
    registry()
    suffixes.split("a.example")
    print(f"{'registry and suffix list, once a process':44}{time.perf_counter() - start:12.3f} s")
    plain = [f"https://www.{host}/story/{n}" for n in range(40) for host in registry().hosts]
    mixed = list(urls())
    timed(
        f"plain URLs of listed hosts ({len(plain):,})",
        len(plain),
        lambda: list(map(resolve, plain)),
    )
    timed(f"mixed URLs ({len(mixed):,})", len(mixed), lambda: list(map(resolve, mixed)))
    text = "The council voted on Tuesday.\n" * 60 + "Jane Doe is a reporter for the Boston Globe.\n"
    timed("texts without URL (61 lines)", 2000, lambda: [resolve_text(text) for _ in range(2000)])


def accounting(folder):
    print()
    for file in sorted(folder.glob("*.csv")):
        start = time.perf_counter()
        ratings = Ratings.load([str(file)])
        (table,) = ratings.tables
        with file.open(encoding="utf-8", newline="") as lines:
            rows = sum(1 for _ in csv.reader(lines)) - 1
        known = len(table.ratings) + len(table.refused)
        print(
            f"{file.name:24}{rows:7} rows: {len(table.ratings)} accepted + {len(table.refused)}"
            f" refused = {known / rows:.1%}; {len(ratings.conflicts())} sources disagree within"
            f" ({time.perf_counter() - start:.2f} s)"
        )


def column(file, name):
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["domain"]: float(row[name]) for row in csv.DictReader(lines)}


def hard_conflicts(folder):
    """PC1 from .6 on a site labelled -1, or under .5 on one labelled 1: each must be disputed."""
    pc1 = column(folder / "lin2023_pc1.csv", "pc1")
    label = column(folder / "idiap2024_golden.csv", "reliability_label")
    ratings = Ratings.load(
        [f"lin={folder / 'lin2023_pc1.csv'}", f"idiap={folder / 'idiap2024_golden.csv'}"]
    )
    hard = [
        site
        for site in sorted(pc1.keys() & label.keys())
        if (pc1[site] >= 0.6 and label[site] == -1) or (pc1[site] < 0.5 and label[site] == 1)
    ]
    conflicts = ratings.conflicts()
    shown = [site for site in hard if (resolve(site).source or resolve(site).host) in conflicts]
    on_documents = [site for site in hard if dispute(ratings.about(resolve(site)))]
    print(
        f"\nhard conflicts of PC1 and golden on one site: {len(hard)}; shown: {len(shown)};"
        f" disputed on a document's record: {len(on_documents)} (the others are platforms);"
        f" missed: {sorted(set(hard) - set(shown))}"
    )
    print(f"sources disputed over both tables: {len(ratings.conflicts())}")


def parent_conflicts(folder):
    """A rated host and a rated host above it that differ by more than .2."""
    file = folder / "lin2023_pc1.csv"
    pc1 = column(file, "pc1")
    ratings = Ratings.load([str(file)])
    pairs, apart, missed, guarded = 0, 0, [], 0
    for site, value in pc1.items():
        parent = site.partition(".")[2]
        while parent and parent not in pc1:
            parent = parent.partition(".")[2]
        if not parent:
            continue
        pairs += 1
        if abs(value - pc1[parent]) <= 0.2:
            continue
        apart += 1
        if not dispute(ratings.about(resolve(site))):
            other = resolve(site).source != resolve(parent).source
            guarded += other
            if not other:
                missed.append(site)
    print(
        f"rated hosts under a rated host: {pairs}; differ by > .2: {apart}; disputed: "
        f"{apart - guarded - len(missed)}; accounts on platforms or other publishers: {guarded};"
        f" missed: {missed}"
    )


def inheritance(folder):
    """Rows that a lookup by parent domain would lend to the accounts of a platform."""
    pc1 = column(folder / "lin2023_pc1.csv", "pc1")
    platforms = [name for name in pc1 if name in registry().platforms]
    ratings = Ratings.load([str(folder / "lin2023_pc1.csv")])
    lent = [
        name
        for name in platforms
        for url in (f"https://reader.{name}/story", f"https://{name}/@reader", f"https://{name}/")
        if ratings.about(resolve(url))
    ]
    print(f"rated platforms: {len(platforms)}; ratings lent to an account: {len(lent)} {lent}")


if __name__ == "__main__":
    tables = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data/ratings")
    speed()
    accounting(tables)
    hard_conflicts(tables)
    parent_conflicts(tables)
    inheritance(tables)
