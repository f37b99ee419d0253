"""Starts, memory and growth, each in processes of their own: CPU seconds and peak memory."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.beside.pages import Page, spread

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/scraped/Rovers held again - Touchline Weekly.html"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ONE_DOCUMENT = (1_000, 10_000, 40_000)
_TRAFILATURA = (sys.executable, "-m", "trafilatura.cli")
_CLEANER = (sys.executable, "-m", "cleaner")
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


# A process starts with the peak memory of the one that started it, so a small one starts them all.
_LAUNCH = """
import json, os, subprocess, sys
with open(sys.argv[1], "rb") as given:
    started = subprocess.Popen(sys.argv[2:], stdin=given, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000]))
"""


def run(command: Sequence[str | Path], stdin: Path | None = None) -> tuple[float, float]:
    """CPU seconds of a command and its peak resident memory in MB."""
    launch = [sys.executable, "-S", "-E", "-c", _LAUNCH, stdin or os.devnull, *command]
    ran = subprocess.run(
        list(map(str, launch)), stdout=subprocess.PIPE, env=_ENVIRONMENT, check=True
    )
    code, seconds, memory = json.loads(ran.stdout)
    if code:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")
    return seconds, memory


def starts(rounds: int) -> list[dict[str, Any]]:
    """One page, from a cold start to the end; each round runs every command once."""
    commands: Mapping[str, tuple[Sequence[str | Path], Path | None]] = {
        "trafilatura < page.html": (_TRAFILATURA, EXAMPLE),
        "cleaner clean page.html": ((*_CLEANER, "clean", EXAMPLE), None),
        "cleaner clean text.txt": ((*_CLEANER, "clean", ROOT / "examples/scraped/loose.txt"), None),
        "cleaner --help": ((*_CLEANER, "--help"), None),
        "python -c pass": ((sys.executable, "-c", "pass"), None),
    }
    first = next(iter(commands))
    found: list[dict[str, tuple[float, float]]] = [
        {name: run(*command) for name, command in commands.items()} for _ in range(rounds)
    ]
    return [
        {
            "name": name,
            "milliseconds": 1000 * min(used[name][0] for used in found),
            "ratio": spread([used[name][0] / used[first][0] for used in found]),
            "memory": max(used[name][1] for used in found),
        }
        for name in commands
    ]


_MANY = """
import json, sys
from pathlib import Path
files = sorted(Path(sys.argv[1]).glob("*.html"))
{set_up}
for file in files:
    {step}
"""
_READ = "data = file.read_bytes()\n    "
_SCRIPTS: Mapping[str, tuple[str, str]] = {
    "trafilatura, html": ("import trafilatura", _READ + "trafilatura.extract(data)"),
    "cleaner, html": (
        "from cleaner import Cleaner, Document\nfrom cleaner.readers import html\nc = Cleaner()",
        _READ + "p = html.extract(data)\n    "
        "c.clean(Document(file.name, p.text, p.url, '', p.title, blocks=p.blocks, from_html=True))",
    ),
    "cleaner, one text": ("import cleaner", "cleaner.clean('One line.'); break"),
    "imports of numpy": ("import numpy", "break"),
}


def memory(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Peak memory of one process that goes through all pages."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            (Path(folder) / f"{page.id}.html").write_bytes(page.html)
        for name, (set_up, step) in _SCRIPTS.items():
            script = _MANY.format(set_up=set_up, step=step)
            _, peak = run([sys.executable, "-c", script, folder])
            found.append({"name": name, "memory": peak})
    return found


_TEXTS = """
import itertools, json, sys
from pathlib import Path
from cleaner import Cleaner
wanted, size, file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
texts = json.loads(Path(file).read_text())
cleaner, lines = Cleaner(), itertools.cycle(texts)
cleaner.clean(texts[0])
for number in range(max(1, wanted // size)):
    cleaner.clean("\\n".join(f"{line} {number}" for line in itertools.islice(lines, size)))
"""


def growth(lines: Sequence[str], seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """CPU and memory for more and more paragraphs: documents of 25, and one document of all.

    Args:
        lines: paragraphs to make documents of.
        seconds: a size that would take longer is left out.
        say: told what is measured.
    """
    found: dict[str, Any] = {"documents": [], "one": []}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.json"
        file.write_text(json.dumps(list(lines)))
        empty, _ = run([sys.executable, "-c", _TEXTS, "0", "1", file])
        for kind, sizes in (("documents", SIZES), ("one", ONE_DOCUMENT)):
            a_paragraph = 0.0
            for size in sizes:
                if size * a_paragraph > seconds:
                    break
                say(f"{size:,} paragraphs, {kind}")
                each = 25 if kind == "documents" else size
                used, peak = run([sys.executable, "-c", _TEXTS, str(size), str(each), file])
                a_paragraph = (used - empty) / size
                found[kind].append(
                    {"paragraphs": size, "microseconds": 1e6 * a_paragraph, "memory": peak}
                )
    return found
