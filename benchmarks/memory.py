"""Memory of a long run: does it end where it began?

    python benchmarks/memory.py --documents 100000 [--workers 2] [--html]

Cleans the texts of our own corpus (or, with --html, pages made of them) over and over, each with an
id and a number of its own, and prints the resident memory of this process and of its workers as the
run goes on.
"""

import argparse
import itertools
import json
import tempfile
import time
from pathlib import Path

from cleaner.batch import Settings, clean_folder
from cleaner.pipeline import Cleaner

CORPUS = Path(__file__).parent.parent / "corpus" / "own"


def resident(pid: str) -> float:
    """Megabytes that a process holds, 0 if it has gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1000
    except OSError:
        pass
    return 0.0


def children() -> list[str]:
    return [
        pid
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]


def texts() -> list[str]:
    return [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def page(text: str, number: int) -> str:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
    return f"<html><head><title>Page {number}</title></head><body><article>{body}</article></body>"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--html", action="store_true")
    options = parser.parse_args()
    seen: dict[str, list[tuple[int, float, float]]] = {"reading": [], "cleaning": []}
    begun = time.monotonic()

    def progress(stage: str, done: int, _total: int, _failed: int) -> None:
        step = max(options.documents // 10, 1)
        if done // step > len(seen[stage]):
            here, there = resident("self"), max(map(resident, children()), default=0.0)
            seen[stage].append((done, here, there))
            print(
                f"{stage:<9} {done:>7,}  parent {here:6.0f} MB  largest worker {there:6.0f} MB"
                f"  {time.monotonic() - begun:6.0f} s",
                flush=True,
            )

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            for number, text in zip(
                range(options.documents), itertools.cycle(texts()), strict=False
            ):
                numbered = f"{text}\nDocument number {number} of this run was written by nobody."
                value = page(numbered, number) if options.html else numbered
                record = {"id": number, "html" if options.html else "text": value}
                stream.write(json.dumps(record) + "\n")
        settings = Settings(Cleaner(), workers=options.workers, progress=progress)
        summary = clean_folder([str(path)], Path(folder) / "out", settings)
    print(f"{summary.documents:,} documents in {time.monotonic() - begun:.0f} s")
    for stage, points in seen.items():
        for index, who in ((1, "parent"), (2, "largest worker")):
            early, late = points[0][index], max(point[index] for point in points[1:])
            print(f"{stage}: {who}: {late / early - 1:+.0%} from {points[0][0]:,} documents on")


if __name__ == "__main__":
    main()
