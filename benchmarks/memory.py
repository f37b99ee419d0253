"""Memory of a long run: does it end where it began?

    python benchmarks/memory.py --documents 100000 [--workers 2] [--html] [--files] [--paragraphs 5]

Cleans the texts of our own corpus, or the first paragraphs of them (with --html, pages made of
them; with --files, a file each instead of records of one), over and over, each with a number of its
own and on one of a thousand sites, and prints the resident memory of this process and of its
workers as the run goes on. The run passes if neither grows by more than a tenth from a tenth of the
documents on: in this process the resident memory, in workers, which are replaced in between, the
most that one had in any tenth of the run.
"""

import argparse
import itertools
import json
import tempfile
import time
from pathlib import Path

from cleaner.batch import Settings, clean_folder
from cleaner.pipeline import Cleaner
from cleaner.writers import writers

SITES = 1000
MOST_GROWTH = 0.1
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


def texts(paragraphs: int | None) -> list[str]:
    return [
        "\n".join(json.loads(line)["text"].splitlines()[:paragraphs])
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def page(text: str, url: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
    head = f"<link rel=canonical href={url}><title>A page</title>"
    return f"<html><head>{head}</head><body><article>{body}</article></body></html>"


def write(folder: Path, documents: int, paragraphs: int | None, html: bool, files: bool) -> None:
    folder.mkdir()
    with (folder / "all.jsonl").open("w", encoding="utf-8") as stream:
        for number, text in zip(range(documents), itertools.cycle(texts(paragraphs)), strict=False):
            url = f"https://site{number % SITES}.example/{number}"
            value = f"{text}\nDocument number {number} of this run was written by nobody."
            if html:
                value = page(value, url)
            if files:
                (folder / f"{number}.{'html' if html else 'txt'}").write_text(value)
            else:
                record = {"id": number, "url": url, "html" if html else "text": value}
                stream.write(json.dumps(record) + "\n")
    if files:
        (folder / "all.jsonl").unlink()


class Watch:
    """Prints what is resident as a run goes on, ten times a pass."""

    def __init__(self, documents: int) -> None:
        self.step, self.begun = max(documents // 10, 1), time.monotonic()
        self.seen: dict[str, list[tuple[float, float]]] = {"reading": [], "cleaning": []}
        self.largest = self.next_look = 0.0

    def __call__(self, stage: str, done: int, _total: int, _failed: int) -> None:
        points = self.seen[stage]
        if time.monotonic() > self.next_look:
            self.largest = max([self.largest, *map(resident, children())])
            self.next_look = time.monotonic() + 0.2
        if done // self.step > len(points):
            points.append((resident("self"), self.largest))
            print(
                f"{stage:<9} {done:>7,}  this process {points[-1][0]:6.0f} MB  "
                f"largest worker {self.largest:6.0f} MB  {time.monotonic() - self.begun:6.0f} s",
                flush=True,
            )
            self.largest = 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--paragraphs", type=int)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--files", action="store_true")
    options = parser.parse_args()
    grown = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "in"
        write(folder, options.documents, options.paragraphs, options.html, options.files)
        watch = Watch(options.documents)
        settings = Settings(Cleaner(), workers=options.workers, progress=watch)
        summary = clean_folder([str(folder)], Path(temporary) / "out", settings, writers(None))
        print(f"{summary.documents:,} documents in {time.monotonic() - watch.begun:.0f} s")
    for stage, points in watch.seen.items():
        for index, who in enumerate(("this process", "largest worker")):
            growth = max(point[index] for point in points[1:]) / points[0][index] - 1
            grown = grown or growth > MOST_GROWTH
            print(f"{stage}: {who}: {growth:+.0%} from a tenth of the documents on")
    raise SystemExit(grown)


if __name__ == "__main__":
    main()
