"""Output folders for the report: real runs over our own texts, and large ones made up."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from cleaner import Cleaner
from cleaner.batch import Settings, clean_folder
from cleaner.document import OutputFormat
from cleaner.writers import writers
from tests.conftest import ARTICLE, GERMAN, PAGE, PLUG, STORY

NOTE = "Support our reporting: donate today and keep this paper free for everyone."
FILES = {
    "quay.example/fish-market.txt": ARTICLE,
    "quay.example/mooring-fees.txt": "\n".join([STORY[1], PLUG, STORY[2], NOTE]),
    "quay.example/ferry.txt": "\n".join([STORY[3], PLUG]),
    "quay.example/page.html": PAGE,
    "german.txt": GERMAN,
    "plug.txt": PLUG,
    "empty.txt": "",
    "line.txt": " ".join([STORY[0], STORY[1], PLUG]),
}
RECORDS = [
    {"id": "a", "text": ARTICLE, "title": "Fish market to close", "url": "https://kite.example/a"},
    {"id": "b", "html": PAGE},
    {"id": "c", "neither": 1},
    {"id": "d", "text": "\n".join([STORY[2], NOTE])},
]


def write_inputs(folder: Path) -> Path:
    """A folder with files and records of every kind of outcome."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    write_records(folder / "records.jsonl", RECORDS)
    (folder / "broken.txt").write_bytes(b"%PDF-1.5 \x00\x01")
    return folder


def write_records(path: Path, records: Iterable[object]) -> None:
    """A file of records."""
    lines = (json.dumps(record) + "\n" for record in records)
    path.write_text("".join(lines), encoding="utf-8")


def clean(source: Path, out: Path, form: str | None = None, **settings: object) -> Path:
    """Clean a folder in this process."""
    chosen = None if form is None else OutputFormat(form)
    cleaner = Cleaner(**settings)  # type: ignore[arg-type]
    clean_folder([str(source)], out, Settings(cleaner, 0, form=chosen), writers(chosen))
    return out


def made_up(folder: Path, like: Path, documents: int) -> Path:
    """An output folder of one file of records, of the form of a real one."""
    folder.mkdir()
    (folder / "run.json").write_bytes((like / "run.json").read_bytes())
    row = json.loads((like / "manifest.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    kept, plug = f"{STORY[0]}\n", f"{PLUG}\n"
    with (
        (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest,
        (folder / "removed.jsonl").open("w", encoding="utf-8") as removed,
        (folder / "all.jsonl").open("w", encoding="utf-8") as output,
    ):
        for number in range(1, documents + 1):
            text = f"Edition {number}.\n{kept}"
            where = {"input": "all.jsonl", "record": number}
            about = {
                "output": "all.jsonl",
                "status": "ok",
                "flags": [],
                "field": "text",
                "title": f"Story {number}",
                "url": "",
                "error": None,
                "encoding": "",
                "text_hash": hashlib.sha256((plug + text).encode()).hexdigest(),
                "counts": {"words": len((plug + text).split())},
                "site": f"site{number % 50}.example",
                "source": {"source": f"site{number % 50}.example", "basis": "unknown"},
            }
            span = {"start": 0, "end": len(plug), "label": "subscribe", "score": 0.9, "text": plug}
            manifest.write(json.dumps({**row, **where, **about}) + "\n")
            removed.write(json.dumps({**where, **span}) + "\n")
            output.write(json.dumps({"text": text}) + "\n")
    return folder


ATTACKS = [
    "</script><script>window.owned = 1</script>",
    "<!--<script>window.owned = 1",
    "<img src=x onerror=window.owned=1>",
    "\"'><svg onload=window.owned=1>",
    "</title></style></textarea></select></dialog><h1>owned</h1>",
    "javascript:window.owned=1",
    "JaVaScRiPt\t:window.owned=1//https://",
    "data:text/html,<script>window.owned=1</script>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "]]>\u2028\u2029<![CDATA[",
    "\u202egnp.exe \u2066\u2067 \u0007\u001b[31m\u0000\ud800 \ufeff",
    "__proto__",
]


def write_attacks(folder: Path, texts: list[str]) -> Path:
    """A folder in which every field of a record and the text hold what a scrape may hold."""
    folder.mkdir()
    records = [
        {
            "id": text,
            "title": text,
            "url": text if "script" in text else f"https://x/{text}",
            "author": text,
            "text": f"{STORY[0]} {text}\n{PLUG} {text}\n{text}\n{STORY[1]}",
        }
        for text in texts
    ]
    # Three of each, so that they are templates of their source, too.
    write_records(folder / "records.jsonl", [*records * 3, {"id": texts[0]}])
    name = texts[-2].translate({ord("/"): None, 0: None, 0xD800: None})
    (folder / f"{name}.txt").write_bytes(b"%PDF-1.5")
    return folder
