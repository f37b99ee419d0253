"""How fast, and how it grows: the figures of docs/scale.md.

    python benchmarks/scale.py throughput articles.jsonl.gz [--documents 600]
    python benchmarks/scale.py rows articles.jsonl.gz
    python benchmarks/scale.py memory [--paragraphs 10000000]

`throughput` runs the ways of cleaning in turn, each between two runs on one core, and prints its
ratio to them, on the clock and in CPU time of the process and all below it: on a machine that
others use, only ratios mean anything, and only the second tells much. `rows` tells what real pages
add to site memory. `memory` counts and merges that of a simulated crawl, in which the pages of a
site are scattered over all tasks.
"""

import argparse
import gzip
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from cleaner import Cleaner
from cleaner.batch import Settings, clean_folder
from cleaner.integrations import memory, runs
from cleaner.integrations.records import read
from cleaner.sites import MIN_PAGES
from cleaner.writers import writers

PARTS = 8
# Rows a paragraph, as `rows` tells: paragraphs, and the sentences of long ones.
ROWS = 1.15


def articles(path: Path, documents: int) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, documents)]


def one_core(folder: Path, out: Path) -> None:
    clean_folder([str(folder)], out, Settings(Cleaner(), workers=1), writers(None))


def two_workers(folder: Path, out: Path) -> None:
    clean_folder([str(folder)], out, Settings(Cleaner(), workers=2), writers(None))


def python(folder: Path, out: Path) -> None:  # noqa: ARG001 - writes nothing
    cleaner = Cleaner()
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8") as lines:
            for _ in cleaner.clean_many(json.loads(line)["text"] for line in lines):
                pass


def arrow(folder: Path, out: Path) -> None:  # noqa: ARG001 - as above
    import pyarrow as pa

    from cleaner.integrations.arrow import clean_batch

    cleaner = Cleaner()
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8") as lines:
            clean_batch(pa.RecordBatch.from_pylist(list(map(json.loads, lines))), cleaner)


def datatrove(folder: Path, out: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.integrations.datatrove import Clean

    steps = [JsonlReader(str(folder)), Clean(), JsonlWriter(str(out))]
    LocalPipelineExecutor(steps, tasks=PARTS, workers=2, logging_dir=str(out / "logs")).run()


def ray(folder: Path, out: Path) -> None:
    from cleaner.integrations.ray import clean

    clean(str(folder), str(out), Cleaner(), workers=2)


def throughput(path: Path, documents: int, rounds: int) -> None:
    import ray as engine

    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 - as it reads it; nice workers lose
    engine.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    found = articles(path, documents)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "in"
        folder.mkdir()
        for part in range(PARTS):
            lines = "".join(f"{json.dumps(article)}\n" for article in found[part::PARTS])
            (folder / f"{part}.jsonl").write_text(lines, encoding="utf-8")
        units = sum(len(Cleaner().label(article["text"])) for article in found[:50]) / 50
        print(f"{documents} documents of {units:.0f} paragraphs; load {os.getloadavg()[0]:.1f}")
        outs = iter(range(10**6))

        def timed(way) -> tuple[float, float]:
            began, before = time.perf_counter(), cpu()
            way(folder, Path(temporary) / f"out{next(outs)}")
            return time.perf_counter() - began, cpu() - before

        two_workers(folder, Path(temporary) / "warm")
        for way in (python, arrow, two_workers, datatrove, ray):
            taken = [(timed(one_core), timed(way), timed(one_core)) for _ in range(rounds)]
            clock, work = ([(b[i] + a[i]) / 2 / own[i] for b, own, a in taken] for i in (0, 1))
            seconds = statistics.median(own[1] for _, own, _ in taken)
            print(
                f"{way.__name__:12} {statistics.median(clock):.2f} x the speed of one core "
                f"({min(clock):.2f} to {max(clock):.2f}), {1 / statistics.median(work):.2f} x its "
                f"CPU time: {1000 * seconds / documents:.1f} ms a document",
                flush=True,
            )


def cpu() -> float:
    """CPU seconds of this process and of all below it, those that have ended, too."""
    parents, used = {}, {}
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.name) if entry.name.isdigit() else 0
        parents[pid], used[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    tree, found = 0, [os.getpid()]
    while found:
        pid = found.pop()
        tree += used[pid]
        found += [child for child, parent in parents.items() if parent == pid]
    return tree / os.sysconf("SC_CLK_TCK")


def rows(path: Path, documents: int) -> None:
    """What a document adds to the counts, and what of it recurs."""
    found = articles(path, documents)
    began = time.process_time()
    counted = [row for article in found for row in memory.rows_of(read(article))]
    took = time.process_time() - began
    units = sum(len(article["text"].split("\n")) for article in found)
    sites = dict(memory.merged([[row for run in runs.runs(counted, 10**9) for row in run]]))
    recurring = sum(len(site.counts) for site in sites.values())
    repeats = sum(site.counts.total() for site in sites.values())
    length = statistics.mean(len(text.encode()) for _, text, _ in counted)
    print(
        f"{len(found)} documents, {len(sites)} sites, {units} paragraphs: "
        f"{len(counted) / units:.2f} rows a paragraph of {length:.0f} bytes, "
        f"{1e6 * took / units:.0f} µs a paragraph; "
        f"{recurring} texts recur ({recurring / len(counted):.2%} of the rows), "
        f"on {repeats / len(counted):.2%} of them"
    )


def simulated(paragraphs: int, task: int, tasks: int, sites: int):
    """Rows of a task's share of a crawl: sites by a power law, each tenth text of a template."""
    rng = random.Random(task)
    words = (
        "the of and harbour council said market roof vote trader quay ferry paper winter".split()
    )
    filler = " ".join(random.Random(0).choices(words, k=100_000))
    for page in range(task, paragraphs // 25, tasks):
        site = f"site{int(sites ** rng.random())}.example"
        yield site, "", 1
        for number in range(round(25 * ROWS)):
            if number % 10 == 0:
                yield site, f"template {int(60 ** rng.random())} of {site} {filler[:80]}", 1
            else:
                start = rng.randrange(500_000)
                yield site, f"{filler[start : start + 90]} {page} {number}", 1


def memory_of(paragraphs: int) -> None:
    tasks, shards = max(1, paragraphs // 1_000_000), 4
    sites = max(10, paragraphs // 2500)
    with tempfile.TemporaryDirectory() as temporary:
        counts = Path(temporary)
        began, total, written = time.process_time(), 0, 0
        for task in range(tasks):
            crawl = simulated(paragraphs, task, tasks, sites)
            for number, run in enumerate(runs.runs(crawl)):
                total += sum(pages for _, _, pages in run)
                for shard, part in enumerate(runs.sharded(run, shards)):
                    path = counts / f"{shard}-{task}-{number}.tsv.gz"
                    with path.open("wb") as stream:
                        runs.write(part, stream)
                    written += path.stat().st_size
        counting = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{paragraphs:.0e} paragraphs, {tasks} tasks, {sites} sites: {total:.2e} rows, "
            f"{written / 1e6:.0f} MB of runs; "
            f"counting {1e6 * counting / paragraphs:.1f} µs a paragraph, peak {peak:.0f} MB",
            flush=True,
        )
        began, kept, size, largest = time.process_time(), 0, 0, 0
        for shard in range(shards):
            with ExitStack() as stack:
                files = [
                    stack.enter_context(p.open("rb")) for p in sorted(counts.glob(f"{shard}-*"))
                ]
                for name, site in memory.merged(map(runs.read, files)):
                    assert all(pages >= MIN_PAGES for pages in site.counts.values())
                    lines = list(memory.profile([(name, site)]))
                    kept += len(site.counts)
                    size += sum(len(line) + 1 for line in lines)
                    largest = max(largest, len(site.counts))
        merging = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{kept} texts recur, at most {largest} of a site: profiles of {size / 1e6:.1f} MB; "
        f"merging {1e6 * merging / paragraphs:.1f} µs a paragraph, peak {peak:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["throughput", "rows", "memory"])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--paragraphs", type=int, default=10_000_000)
    given = parser.parse_args()
    if given.what == "memory":
        memory_of(given.paragraphs)
    elif given.file is None:
        sys.exit("name a file of articles, .jsonl.gz")
    elif given.what == "rows":
        rows(given.file, given.documents)
    else:
        throughput(given.file, given.documents, given.rounds)


if __name__ == "__main__":
    main()
