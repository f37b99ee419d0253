"""Time of a run over a folder of pages, beside trafilatura's own batch command on the same pages.

    python benchmarks/batch.py FOLDER [--workers 2] [--documents N] [--rounds 2]

The pages (.html or .html.gz) are unpacked first, so that both read the same files. Both commands
run in processes of their own, one after the other, in turn; the fastest round of each counts, on
the clock and in time of all cores (on a machine that does other things, too, only the second
tells). trafilatura leaves pages out without a word, so what each wrote is told beside its time.
"""

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def unpack(folder: Path, target: Path, limit: int | None) -> int:
    pages = sorted(path for path in folder.rglob("*") if ".htm" in path.name.lower())[:limit]
    for path in pages:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        (target / path.name.removesuffix(".gz")).write_bytes(data)
    return len(pages)


def timed(*command: str | Path) -> tuple[float, float]:
    """Seconds on the clock, and of all cores together."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(list(map(str, command)), env=ENVIRONMENT, capture_output=True, check=False)
    if ran.returncode > 1:
        raise SystemExit(ran.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, cpu


def written(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*.txt") if path.stat().st_size)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--documents", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        pages = Path(temporary) / "pages"
        pages.mkdir()
        count = unpack(options.folder, pages, options.documents)
        ours, theirs = [], []
        for number in range(options.rounds):
            out = Path(temporary) / f"ours{number}"
            workers = str(options.workers)
            ours.append(
                timed(
                    *(sys.executable, "-m", "cleaner", "clean", pages),
                    *("--out", out, "--workers", workers, "--quiet"),
                )
            )
            other = Path(temporary) / f"theirs{number}"
            theirs.append(
                timed(
                    *(sys.executable, "-m", "trafilatura.cli", "--input-dir", pages),
                    *("--output-dir", other, "--parallel", workers),
                )
            )
        again = timed(
            *(sys.executable, "-m", "cleaner", "clean", pages),
            *("--out", out, "--workers", str(options.workers), "--quiet"),
        )
        totals = json.loads((out / "run.json").read_text())["totals"]
        print(f"{count:,} pages, {options.workers} workers, fastest of {options.rounds}")
        our_clock, our_cpu = map(min, zip(*ours, strict=True))
        clock, cpu = map(min, zip(*theirs, strict=True))
        for name, seconds, work, folder in (
            ("cleaner", our_clock, our_cpu, out),
            ("trafilatura", clock, cpu, other),
        ):
            rate = f"{count / seconds:6.1f} pages a second"
            print(f"{name:<12}{seconds:7.1f} s {work:7.1f} s cpu {rate}, {written(folder):,} texts")
        print(f"ratio       {our_clock / clock:9.2f} {our_cpu / cpu:9.2f} cpu")
        unchanged = f"{totals['unchanged']:,} unchanged"
        print(f"run again   {again[0]:7.1f} s {again[1]:7.1f} s cpu, {unchanged}")
        print(f"status {totals['status']}, flags {totals['flags']}")


if __name__ == "__main__":
    main()
