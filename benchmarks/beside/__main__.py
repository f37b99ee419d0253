"""Compare cleaner with what people use instead of it, and write docs/benchmarks.md.

    pip install -r benchmarks/requirements.txt      in an environment of their own, with cleaner
    python -m benchmarks.beside PAGES CORPUS... [--quick] [--halves DIR]
    python -m benchmarks.beside --page              write the page again from the figures

PAGES is the folder of WCXB's development part (`html/`, `gold.jsonl.gz`), CORPUS is corpus/own and
what scripts/corpus.sh rebuilt. Two models are fitted, each on half of the sites; --halves keeps
them, for the next run with the same code. Under 15 minutes on two cores, --quick about a third.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Times are of one core; it has to be said before numpy is there.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

from benchmarks.beside import extractors, halves, pages, processes, report, texts
from cleaner import __version__
from cleaner.training import corpus

DOCS = Path(__file__).parents[2] / "docs"
FIGURES, PAGE, PICTURE = (DOCS / f"benchmarks.{kind}" for kind in ("json", "md", "svg"))
COMMAND = "python -m benchmarks.beside"
_TOOLS = (
    "trafilatura jusText readability-lxml resiliparse newspaper4k fasttext-wheel datatrove lxml "
    "numpy"
).split()
_FULL = {"pages": 2, "timed": 10, "texts": 2, "rounds": 5, "growth": 120.0}
_QUICK = {"pages": 6, "timed": 4, "texts": 6, "rounds": 3, "growth": 20.0}


def measure(folder, corpora, halves_folder, quick):
    """Everything, as plain data."""
    began, size = time.monotonic(), _QUICK if quick else _FULL
    documents = corpus.load(corpora)
    fitted = halves.fit(documents, halves_folder)
    found = pages.load(folder, documents, size["pages"])
    timed = found[:: size["timed"]]
    say(f"{len(found)} pages")
    figures = {"pages": pages.quality(found, fitted)}
    say(f"{len(timed)} pages, {size['rounds']} times")
    figures["speed"] = pages.speed(timed, size["rounds"])
    say("texts")
    figures["texts"] = texts.compare(documents, fitted, size["texts"], size["rounds"])
    say("starts, memory")
    figures["starts"] = processes.starts(size["rounds"] + 2)
    figures["memory"] = processes.memory(timed)
    lines = [p for d in documents if d.collection == "own" for p in d.paragraphs]
    figures["growth"] = processes.growth(lines, size["growth"], say)
    minutes = (time.monotonic() - began) / 60
    return {"about": about(quick, size["rounds"], len(timed), minutes), **figures}


def about(quick, rounds, timed, minutes):
    """When, where and with what."""
    return {
        "command": COMMAND + (" --quick" if quick else ""),
        "quick": quick,
        "rounds": rounds,
        "timed": timed,
        "minutes": minutes,
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}",
        "versions": {"cleaner": __version__, **{t: v for t in _TOOLS if (v := _version(t))}},
        "missing": [t for t in [*extractors.missing(), *_TOOLS] if t in _TOOLS and not _version(t)],
    }


def _version(tool):
    try:
        return version(tool)
    except PackageNotFoundError:
        return ""


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "")


def say(what):
    print(what, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog=COMMAND, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="?", type=Path)
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--halves", type=Path)
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args()
    if given.page:
        figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    elif not given.corpus:
        parser.error("name the folder of pages and the corpora")
    else:
        with tempfile.TemporaryDirectory() as temporary:
            folder = given.halves or Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            figures = measure(given.pages, given.corpus, folder, given.quick)
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(report.page(figures), encoding="utf-8")
    PICTURE.write_text(report.picture(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
