"""The examples of docs/integrations.md, run as they stand against the real libraries."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import Cleaner, Document
from cleaner.integrations.records import clean_record
from tests.integrations.conftest import HTML, RECORDS

PAGE = Path(__file__).parents[2] / "docs" / "integrations.md"
SECTIONS = re.split(r"^## (.+)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
RECIPES = {
    title: re.findall(r"```python\n(.*?)```", body, re.DOTALL)
    for title, body in zip(SECTIONS[::2], SECTIONS[1::2], strict=True)
}


LIBRARIES = {
    "Arrow": "pyarrow",
    "datatrove": "datatrove",
    "Spark": "pyspark",
    "Hugging Face datasets": "datasets",
    "Scrapy": "scrapy",
    "LangChain": "langchain_core",
    "LlamaIndex": "llama_index.core",
}


def need(title: str) -> None:
    """Skip where the library of an example is missing."""
    pytest.importorskip(
        LIBRARIES.get(title, "cleaner"), reason="pip install 'article-cleaner[test-integrations]'"
    )


def recipe(title: str, number: int = 0) -> dict:
    """Run an example and return what it defined."""
    need(title)
    defined: dict = {"__name__": "recipe"}
    exec(compile(RECIPES[title][number], f"{PAGE}: {title}", "exec"), defined)
    return defined


@pytest.fixture
def expected(cleaner) -> list[dict]:
    return [clean_record(record, cleaner) for record in RECORDS]


def flat(record: dict) -> tuple:
    """What has to be equal, whatever a library adds or leaves out."""
    spans = [(s["start"], s["end"], s["label"], s["text"]) for s in record["cleaner"]["removed"]]
    return record["text"], record["cleaner"]["status"], record["cleaner"]["flags"], spans


@pytest.mark.usefixtures("articles")
def test_python():
    low = Cleaner(strength="low")

    assert recipe("Python")["cleaned"] == [low.clean(record["text"]).text for record in RECORDS]


def test_a_record():
    assert recipe("Python", 1)["record"]["id"] == 7


def test_arrow():
    assert recipe("Arrow")["cleaned"].schema.names == ["id", "text", "cleaner"]


def test_scikit_learn():
    pipeline = recipe("scikit-learn")["pipeline"]

    assert pipeline.fit_transform([record["text"] for record in RECORDS]).shape[0] == len(RECORDS)


def test_datatrove(articles, here, expected):
    (here / "in").mkdir()
    articles.rename(here / "in" / "articles.jsonl")
    recipe("datatrove")
    recipe("datatrove", 1)
    (path,) = [p for p in (here / "out").iterdir() if p.stat().st_size > 30]
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]

    # Its reader passes over documents without text.
    assert [(row["text"], row["metadata"]["cleaner"]) for row in rows] == [
        (record["text"], record["cleaner"]) for record in expected if record["id"] != "c"
    ]
    assert (here / "profiles" / "00001.txt").exists()


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs a JDK: apt install default-jre")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore:PySpark does not yet:FutureWarning")
@pytest.mark.usefixtures("articles")
def test_spark(expected, monkeypatch):
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv(
        "PYSPARK_SUBMIT_ARGS", "--master local[2] --conf spark.ui.enabled=false pyspark-shell"
    )
    defined = recipe("Spark")
    try:
        rows = [row.asDict(recursive=True) for row in defined["cleaned"].collect()]
    finally:
        defined["spark"].stop()

    assert [flat(row) for row in rows] == [flat(record) for record in expected]


@pytest.mark.usefixtures("articles")
def test_hugging_face_datasets(here, expected, monkeypatch):
    need("Hugging Face datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", here / "cache")
    rows = list(recipe("Hugging Face datasets")["cleaned"])

    assert [flat(row) for row in rows] == [flat(record) for record in expected]


SPIDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Spider(scrapy.Spider):
    name = "articles"
    async def start(self):
        yield scrapy.Request("data:,")
    def parse(self, response):
        yield from json.loads(sys.stdin.read())

process = CrawlerProcess({
    "ITEM_PIPELINES": {CleanPipeline: 300},
    "FEEDS": {"items.jsonl": {"format": "jsonlines"}},
    "LOG_LEVEL": "WARNING",
})
process.crawl(Spider)
process.start()
"""


def test_scrapy(here, cleaner):
    need("Scrapy")
    records = [*RECORDS, HTML]
    ran = subprocess.run(
        [sys.executable, "-c", RECIPES["Scrapy"][0] + SPIDER],
        input=json.dumps(records),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    items = [json.loads(line) for line in (here / "items.jsonl").read_text().splitlines()]
    expected = [clean_record(record, cleaner) for record in records]

    assert [(i["id"], i["text"], i["cleaner"]) for i in items] == [
        (record["id"], record["text"], record["cleaner"]) for record in expected
    ]


def test_langchain(expected):
    need("LangChain")
    from langchain_core.documents import Document as Loaded

    given = [
        Loaded(id=r["id"], page_content=r["text"], metadata={"url": r["url"], "title": r["title"]})
        for r in RECORDS
    ]
    cleaned = recipe("LangChain")["CleanDocuments"]().transform_documents(given)

    assert [(d.id, d.page_content, d.metadata["cleaner"]) for d in cleaned] == [
        (record["id"], record["text"], record["cleaner"]) for record in expected
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_llamaindex(expected):
    need("LlamaIndex")
    from llama_index.core import Document as Loaded
    from llama_index.core.ingestion import IngestionPipeline

    given = [
        Loaded(text=r["text"], metadata={"url": r["url"], "title": r["title"]}) for r in RECORDS
    ]
    steps = [recipe("LlamaIndex")["CleanDocuments"]()]
    nodes = IngestionPipeline(transformations=steps, disable_cache=True).run(documents=given)

    assert [(n.get_content(), n.metadata["cleaner"]) for n in nodes] == [
        (record["text"], record["cleaner"]) for record in expected
    ]


def test_dolma_attributes_say_what_is_cut(here, cleaner):
    documents = dolma_documents(here)
    recipe("Dolma")
    lines = gzip.decompress((here / "attributes/cleaner/a.jsonl.gz").read_bytes()).splitlines()

    for line, document in zip(map(json.loads, lines), documents, strict=True):
        text = document["text"]
        for start, end, _ in reversed(line["attributes"]["cleaner__removed"]):
            text = text[:start] + text[end:]
        assert line["id"] == document["id"]
        assert text == cleaner.clean(Document("", document["text"])).text


@pytest.mark.skipif(
    not shutil.which("dolma"),
    reason="the mixer wants numpy 1: pip install dolma in an environment of its own, put on PATH",
)
def test_dolma_s_mixer_cuts_what_we_cut(here, cleaner):
    documents = dolma_documents(here)
    recipe("Dolma")
    spans = {"span": "$.attributes.cleaner__removed", "min_score": 0, "replacement": ""}
    stream = {
        "name": "articles",
        "documents": [f"{here}/documents/*.gz"],
        "attributes": ["cleaner"],
        "output": {"path": f"{here}/mixed", "max_size_in_bytes": 10**8},
        "span_replacement": [spans],
    }
    (here / "mix.json").write_text(json.dumps({"streams": [stream], "processes": 1}))
    subprocess.run(["dolma", "-c", "mix.json", "mix"], check=True, capture_output=True)
    (path,) = (here / "mixed").glob("*.gz")
    mixed = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]

    assert [document["text"] for document in mixed] == [
        cleaner.clean(document["text"]).text for document in documents
    ]


def dolma_documents(here: Path) -> list[dict]:
    documents = [{"id": r["id"], "text": r["text"], "source": "own"} for r in RECORDS]
    (here / "documents").mkdir()
    lines = "".join(f"{json.dumps(document)}\n" for document in documents)
    (here / "documents" / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return documents


def test_every_section_has_an_example_that_is_run():
    tested = Path(__file__).read_text(encoding="utf-8")

    for title, examples in RECIPES.items():
        assert examples, title
        assert f'"{title}"' in tested or title == "Ray"
