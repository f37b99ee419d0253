"""The datatrove steps, run by its own local executor on our own corpus."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("datatrove", reason="pip install 'article-cleaner[test-integrations]'")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner import Cleaner, Document, sites
from cleaner.integrations.datatrove import Clean, CountSites, MergeSites
from cleaner.integrations.records import clean_record
from tests.conftest import GERMAN, PLUG, STORY

CORPUS = Path(__file__).parents[2] / "corpus" / "own"
PAGES = [
    {
        "id": f"{site}/{number}",
        "text": f"{STORY[number % 4]} Page {number} of {site}.\n\n{plug}\n{PLUG}",
        "url": f"https://www.{site}/{number}",
    }
    for site, plug in (
        ("quaycourier.example", "The Quay Courier."),
        ("fen.example", "Fen Post, 3d"),
    )
    for number in range(6)
]
PAGES += [{"id": "lone", "text": STORY[0], "url": "https://pier.example/1"}]


def execute(folder: Path, *pipeline: object, tasks: int = 2, workers: int = 1) -> None:
    executor = LocalPipelineExecutor(
        list(pipeline), tasks=tasks, workers=workers, logging_dir=str(folder)
    )
    executor.run()


def written(folder: Path) -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl.gz"))
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]


def total(stat: dict | int) -> int:
    """A stat as datatrove writes it: a bare number if all that it was updated with were ones."""
    return stat["total"] if isinstance(stat, dict) else stat


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two sites of six pages and one of a page, over three files."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for part in range(3):
        lines = "".join(f"{json.dumps(page)}\n" for page in PAGES[part::3])
        (folder / f"{part}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_documents_are_cleaned_as_everywhere_in_processes_of_their_own(tmp_path, cleaner):
    execute(
        tmp_path / "logs",
        JsonlReader(str(CORPUS), limit=12),
        Clean(),
        JsonlWriter(str(tmp_path / "out")),
        workers=2,
    )
    documents = written(tmp_path / "out")
    texts = {}
    for path in CORPUS.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts[json.loads(line)["id"]] = json.loads(line)

    assert len(documents) > 12
    for document in documents:
        expected = clean_record(texts[document["id"]], cleaner)
        assert document["text"] == expected["text"]
        assert document["metadata"]["cleaner"] == expected["cleaner"]
        assert document["metadata"]["kind"] == texts[document["id"]]["kind"]


def test_stats_count_documents_and_words_by_label(tmp_path, pages):
    (pages / "3.jsonl").write_text(json.dumps({"id": "de", "text": GERMAN}), encoding="utf-8")
    execute(
        tmp_path / "logs",
        JsonlReader(str(pages)),
        Clean(),
        JsonlWriter(str(tmp_path / "out")),
    )
    told = json.loads((tmp_path / "logs" / "stats.json").read_text(encoding="utf-8"))
    stats = next(step["stats"] for step in told if "cleaner" in step["name"])
    spans = Counter()
    for document in written(tmp_path / "out"):
        for span in document["metadata"]["cleaner"]["removed"]:
            spans[f"words_{span['label']}"] += len(span["text"].split())

    assert (total(stats["total"]), total(stats["ok"]), total(stats["language"])) == (14, 14, 1)
    assert spans["words_subscribe"] >= 12
    assert {name: total(stats[name]) for name in spans} == spans


@pytest.mark.parametrize(("tasks", "shards"), [(1, 1), (3, 2)])
def test_site_memory_in_two_stages_is_that_of_one_process(tmp_path, pages, tasks, shards):
    counts, profiles = str(tmp_path / "counts"), tmp_path / "profiles"
    reader = JsonlReader(str(pages))
    execute(tmp_path / "1", reader, CountSites(counts, shards), tasks=tasks)
    execute(tmp_path / "2", MergeSites(counts, str(profiles)), tasks=shards)
    whole = tmp_path / "profile.txt"
    whole.write_bytes(b"".join(path.read_bytes() for path in sorted(profiles.glob("*.txt"))))
    expected = sites.count(
        (page["url"].split("/")[2].removeprefix("www."), Document("", page["text"]))
        for page in PAGES
    )

    assert sites.load(whole) == expected
    assert "pier.example" not in expected.sites
    assert sites.fold("Fen Post, 3d") in expected.sites["fen.example"].counts

    step = Clean(Cleaner(site_memory=whole))
    execute(tmp_path / "3", reader, step, JsonlWriter(str(tmp_path / "out")), tasks=tasks)
    remembering = Cleaner(site_memory=expected)
    cleaned = {page["id"]: clean_record(page, remembering)["cleaner"] for page in PAGES}

    assert {d["id"]: d["metadata"]["cleaner"] for d in written(tmp_path / "out")} == cleaned


def test_a_step_that_is_given_nothing_uses_the_default_cleaner():
    assert Clean().cleaner == Cleaner()
