"""Cleaning on a real Ray, started here with several workers."""

import gc
import gzip
import io
import json
import os
import pickle
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="pip install 'article-cleaner[test-integrations]'")

import pyarrow as pa
import pyarrow.parquet as pq
import ray
import typer
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cleaner import Cleaner, Document, sites
from cleaner.integrations.arrow import clean_batch
from cleaner.integrations.ray import clean, dataset, site_memory
from cleaner.integrations.ray.__main__ import main
from cleaner.integrations.records import clean_record
from tests.conftest import ARTICLE, PAGE, STORY
from tests.integrations.conftest import NO_TEXT, RECORDS

# Ray warns of its own settings and of small inputs, and leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\."),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore:The maximum number of concurrent tasks:UserWarning"),
]
# Nothing to count: for what has no site, or where the memory is not what is tested.
FORGETFUL = {"site_memory": sites.Memory()}
CORPUS = Path(__file__).parents[2] / "corpus" / "own"


MASTHEAD = "Quay and Fen, news of two harbours since 1911"


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Ray on this machine; its processes end with the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Its workers are nice, and starve on a machine that does other things.
        patch.setenv("RAY_worker_niceness", "0")
        ray.init(
            num_cpus=3,
            object_store_memory=200_000_000,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="error",
        )
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield ray.get_runtime_context().gcs_address
        ray.shutdown()
        # It ends its processes but doesn't wait for them, which Python would warn of.
        for process in gc.get_objects():
            if isinstance(process, subprocess.Popen):
                process.wait(60)


@pytest.fixture
def records(here: Path) -> Path:
    """A folder of JSON lines, good and bad, plain and compressed, and our own corpus."""
    folder = here / "records"
    (folder / "deep").mkdir(parents=True)
    for path in CORPUS.glob("*.jsonl"):
        lines = path.read_bytes().splitlines(keepends=True)[:6]
        (folder / path.name).write_bytes(b"".join(lines))
    mixed = "".join(f"{json.dumps({**r, 'url': ''})}\n" for r in [*RECORDS, NO_TEXT])
    (folder / "deep" / "mixed.jsonl.gz").write_bytes(gzip.compress(mixed.encode(), mtime=0))
    (folder / "bad.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "One."}\n\n{broken\n[1]\n\xff\n')
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "notes.docx").write_bytes(b"PK")
    archive(folder / "deep" / "crawl.warc.gz")
    return folder


def written(out: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(out.rglob("*.jsonl")))


def single(run, source: Path, out: Path) -> bytes:
    """The records that the command line writes, by the names of their inputs."""
    run("clean", source, "--out", out, "--quiet")
    own = {"manifest.jsonl", "removed.jsonl"}
    files = {p.relative_to(out).as_posix(): p for p in out.rglob("*.jsonl") if p.name not in own}
    files |= {p.relative_to(out).as_posix(): p for p in out.rglob("*.jsonl.gz*")}
    return b"".join(files[name].read_bytes() for name in sorted(files))


def test_records_are_those_of_a_single_machine(records, here, run):
    statuses = clean(str(records), str(here / "out"), Cleaner(**FORGETFUL), workers=3)
    ours = written(here / "out")

    assert ours == single(run, records, here / "single")
    assert statuses.total() == len(ours.splitlines()) > 30
    assert statuses["failed"] == 5


def test_a_worker_that_is_killed_changes_nothing(records, here):
    marker = here / "killed"

    class Mortal(Cleaner):
        def clean(self, document):
            if document.id == "d" and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().clean(document)

    statuses = clean(str(records), str(here / "out"), Mortal(**FORGETFUL), workers=2)
    clean(str(records), str(here / "spared"), Cleaner(**FORGETFUL), workers=2)

    assert marker.exists()
    assert written(here / "out") == written(here / "spared")
    assert statuses.total() == len(written(here / "out").splitlines())


class Bomb:
    """A pickle that makes a file: what a table holds is never unpickled."""

    def __init__(self, path: str):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_parquet_is_cleaned_as_record_batches(here, cleaner):
    bomb = pickle.dumps(Bomb(str(here / "bomb")))
    # Columns that are called as those of our own blocks are.
    theirs = {"item": bomb, "line": "12", "status": "draft"}
    rows = [{**record, "n": n, **theirs} for n, record in enumerate(RECORDS * 3)]
    batch = pa.RecordBatch.from_pylist(rows)
    (here / "in").mkdir()
    table = pa.Table.from_batches([batch])
    pq.write_table(table.slice(0, 6), here / "in" / "a.parquet", row_group_size=3)
    pq.write_table(table.slice(6), here / "in" / "b.parquet")
    statuses = clean(str(here / "in"), str(here / "out"), Cleaner(**FORGETFUL), workers=2)
    parts = [pq.read_table(path) for path in sorted((here / "out").iterdir())]

    assert pa.concat_tables(parts).to_pylist() == clean_batch(batch, cleaner).to_pylist()
    assert statuses == {"ok": 15}
    assert site_memory(dataset(str(here / "in"))) == sites.count(
        [(url.split("/")[2], Document("", row["text"])) for row in rows if (url := row["url"])]
    )
    assert not (here / "bomb").exists()


def archive(path: Path, more: str = "") -> None:
    """A web archive: a page, a page of another charset, an error page, a picture, a redirect."""
    latin = f"<html><title>Café</title><p>{'Café crème at the quay. ' * 20}</p>{more}</html>"
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    for number, (kind, status, type_, body) in enumerate(
        [
            ("response", "200 OK", "text/html; charset=utf-8", PAGE.encode()),
            ("response", "200 OK", "text/html; charset=Windows-1252", latin.encode("cp1252")),
            ("response", "404 Not Found", "text/html", b"<p>Gone.</p>"),
            ("response", "200 OK", "image/png", b"\x89PNG"),
            ("response", "301 Moved", "text/html", b""),
        ]
    ):
        headers = StatusAndHeaders(status, [("Content-Type", type_)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://quaycourier.example/{number}",
                kind,
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2024-03-01T00:00:00Z"},
            )
        )
    path.write_bytes(buffer.getvalue())


def test_the_pages_of_web_archives_are_extracted_and_cleaned(here, cleaner):
    archive(here / "crawl.warc.gz")
    source = str(here / "crawl.warc.gz")
    statuses = clean(source, str(here / "out"), Cleaner(**FORGETFUL), workers=2)
    pages = [json.loads(line) for line in written(here / "out").splitlines()]
    url = "https://quaycourier.example/0"
    expected = clean_record({"url": url, "html": PAGE}, cleaner)

    assert statuses == {"ok": 2}
    assert [page["url"] for page in pages] == [url, "https://quaycourier.example/1"]
    assert (pages[0]["text"], pages[0]["cleaner"]) == (expected["text"], expected["cleaner"])
    assert pages[0]["date"] == "2024-03-01T00:00:00Z"
    assert "Café crème" in pages[1]["text"]


@pytest.mark.parametrize("name", ["torn.jsonl.gz", "torn.warc.gz"])
def test_a_file_that_breaks_off_fails_from_there_on(here, run, name):
    noise = random.Random(1)
    texts = [f"{number} {noise.randbytes(99).hex()}" for number in range(199)]
    lines = "".join(f"{json.dumps({'text': text})}\n" for text in texts)
    archive(here / "whole.warc.gz", noise.randbytes(99_000).hex())
    whole = {
        "torn.jsonl.gz": gzip.compress(lines.encode()),
        "torn.warc.gz": (here / "whole.warc.gz").read_bytes(),
    }
    (here / name).write_bytes(whole[name][:-9000])
    clean(str(here / name), str(here / "out"), Cleaner(**FORGETFUL), workers=1)
    rows = [json.loads(line) for line in written(here / "out").splitlines()]

    assert written(here / "out") == single(run, here / name, here / "single")
    assert [row["cleaner"]["status"] for row in rows] == [*["ok"] * (len(rows) - 1), "failed"]
    assert "no record could be read from here on" in rows[-1]["cleaner"]["error"]
    assert len(rows) > 1


def test_site_memory_is_that_of_one_process_and_is_used(here, run):
    pages = [
        {
            "text": f"{STORY[n % 4]} No. {n}\n{MASTHEAD}\nA story of {n} boats",
            "url": f"https://{site}/{n}",
        }
        for site in ("quaycourier.example", "fen.example")
        for n in range(8)
    ]
    pages += [{"text": ARTICLE, "url": "https://lone.example/1"}]
    pages += [{"text": ARTICLE}, {"text": None, "url": "https://fen.example/x"}]
    (here / "in").mkdir()
    for part in range(3):
        lines = "".join(f"{json.dumps(page)}\n" for page in pages[part::3])
        (here / "in" / f"{part}.jsonl").write_text(lines, encoding="utf-8")
    memory = sites.count(
        (page["url"].split("/")[2], Document("", page["text"]))
        for page in pages
        if page.get("url") and page["text"]
    )
    clean(str(here / "in"), str(here / "out"), Cleaner(), workers=2)
    remembering = Cleaner(site_memory=memory)
    expected = [
        {**clean_record(page, remembering), "id": f"{part}.jsonl:{number}"}
        for part in range(3)
        for number, page in enumerate(pages[part::3], 1)
    ]

    assert site_memory(dataset(str(here / "in"))) == memory
    assert written(here / "out") == single(run, here / "in", here / "single")
    assert sites.fold(MASTHEAD) in memory.sites["fen.example"].counts
    assert list(map(json.loads, written(here / "out").splitlines())) == expected
    assert [r["text"] for r in expected] != [clean_record(p, Cleaner())["text"] for p in pages]


def test_the_entry_point_ends_as_the_command_line_does(records, here, cluster):
    """On the cluster that RAY_ADDRESS names."""
    (here / "profile.txt").write_text("\n".join(sites.dump(sites.Memory())), encoding="utf-8")
    command = [sys.executable, "-m", "cleaner.integrations.ray", records / "deep", here / "out"]
    ran = subprocess.run(
        [*command, "--site-memory", here / "profile.txt", "--workers", "2"],
        env={**os.environ, "RAY_ADDRESS": cluster},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1, ran.stderr
    assert "8 documents: 1 failed, 7 ok; written to" in ran.stderr
    assert len(written(here / "out").splitlines()) == 8


def test_the_column_of_the_texts_may_be_named(here, cleaner):
    pages = [{"story": f"{n}\n{ARTICLE}", "url": f"https://fen.example/{n}"} for n in range(3)]
    pq.write_table(pa.Table.from_pylist(pages), here / "a.parquet")
    (here / "a.jsonl").write_text("".join(f"{json.dumps(page)}\n" for page in pages))
    expected = [cleaner.clean(page["story"]).text for page in pages]
    for name in ("a.parquet", "a.jsonl"):
        clean(str(here / name), str(here / f"{name} out"), Cleaner(**FORGETFUL), 1, "story")
        memory = site_memory(dataset(str(here / name), column="story"))

        assert sites.fold(STORY[0]) in memory.sites["fen.example"].counts
    (part,) = (here / "a.parquet out").iterdir()
    assert pq.read_table(part)["story"].to_pylist() == expected
    assert [json.loads(line)["story"] for line in written(here / "a.jsonl out").splitlines()] == (
        expected
    )


@pytest.mark.parametrize("trouble", ["nothing", "both", "full", "textless", "fame"])
def test_wrong_use_is_said_in_one_line(here, capsys, trouble):
    (here / "in").mkdir()
    (here / "out").mkdir()
    if trouble == "both":
        (here / "in" / "a.parquet").touch()
        (here / "in" / "a.jsonl").touch()
    if trouble == "full":
        (here / "out" / "part-000000.jsonl").touch()
    if trouble == "textless":
        pq.write_table(pa.table({"text": [5]}), here / "in" / "a.parquet")
    with pytest.raises(typer.Exit) as ended:
        main(str(here / "in"), str(here / "out"), require=["fame"] * (trouble == "fame"))

    assert ended.value.exit_code == 2
    assert capsys.readouterr().err.count("\n") == 1
