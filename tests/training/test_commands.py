"""The commands: data to stdout, talk to stderr, exit 0, 1 or 2."""

import gzip
import hashlib
import json
import sys
from pathlib import Path

import pytest

from cleaner.cli import main
from cleaner.segment import paragraph_hash
from cleaner.training import corpus

TEXT = "The weir held through the night.\nSubscribe now."


@pytest.fixture
def ran(monkeypatch, capsys):
    """Run `cleaner ARGS` in this process: exit code, stdout, stderr."""

    def call(*args):
        monkeypatch.setattr(sys, "argv", ["cleaner", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return call


@pytest.fixture
def labels(write):
    pairs = [
        [paragraph_hash(t), v]
        for t, v in zip(TEXT.split("\n"), ("content", "subscribe"), strict=True)
    ]
    line = {"collection": "c", "site": "a.example", "kind": "", "mixed": {}, "spans": []}
    line |= {"spans_read": [], "paragraphs": pairs}
    return write("labels.jsonl", {**line, "document": "1"}, {**line, "document": "2"})


def test_build_writes_what_it_can_and_names_what_is_missing(ran, write, labels, tmp_path):
    source, out = write("s.jsonl", {"id": "1", "text": TEXT}), tmp_path / "out.jsonl.gz"

    code, said, talk = ran("corpus", "build", labels, "--source", f"c={source}", "--out", out)

    assert code == 1
    assert "50.0 %" in said
    assert talk == "cleaner: not whole: c 2\n"
    assert [d.id for d in corpus.load([out])] == ["1"]
    assert "text" in json.loads(gzip.decompress(out.read_bytes()))


def test_build_of_the_same_texts_is_the_same_bytes(ran, write, labels, tmp_path):
    source = write("s.jsonl", {"id": "1", "text": TEXT}, {"id": "2", "text": TEXT})
    codes = [
        ran("corpus", "build", labels, "--source", f"c={source}", "--out", tmp_path / name)[0]
        for name in ("a.jsonl.gz", "b.jsonl.gz")
    ]

    assert codes == [0, 0]
    digests = {
        hashlib.sha256((tmp_path / n).read_bytes()).digest() for n in ("a.jsonl.gz", "b.jsonl.gz")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("source", ["c", "c=nowhere.jsonl"])
def test_a_source_that_is_none_is_wrong_use(ran, labels, tmp_path, source):
    code, _, talk = ran(
        "corpus", "build", labels, "--source", source, "--out", tmp_path / "o.jsonl"
    )

    assert code == 2
    assert "COLLECTION=PATH" in talk
    assert not list(tmp_path.glob("o.jsonl*"))


def test_check_prints_faults_and_fails(ran, write, record):
    path = write("a.jsonl", record, record)

    code, out, talk = ran("corpus", "check", path, "--wordings", 0)

    assert code == 1
    assert out == "mill d1: 2 documents of this id\n"
    assert talk == "cleaner: 2 documents, 1 faults\n"
    assert ran("corpus", "check", write("b.jsonl", record), "--wordings", 0)[0] == 0


def test_describe_counts(ran, write, record):
    code, out, _ = ran("corpus", "describe", write("a.jsonl", record))

    assert code == 0
    assert "1 documents by label" in out
    (line,) = [line for line in out.splitlines() if line.strip().startswith("subscribe")]
    assert line.split() == ["subscribe", "1", "2", "1", "1", "1"]


def test_evaluate_writes_figures_and_picture(ran, tmp_path):
    own = Path(__file__).parents[2] / "corpus/own/web.jsonl"
    figures, picture = tmp_path / "f.json", tmp_path / "p.svg"

    code, out, _ = ran(
        *("evaluate", "--corpus", own, "--model", "news-en-11", "--strength", "low", "--rules"),
        *("--json", figures, "--picture", picture),
    )

    assert code == 0
    assert "C4 line rules" in out
    assert [run["kind"] for run in json.loads(figures.read_text())["runs"]] == ["model"] + [
        "rules"
    ] * 3
    assert picture.read_text().startswith("<svg")


@pytest.mark.parametrize("other", [["--leave-out", "own"], ["--curve"], ["--folds", 3]])
def test_ways_to_measure_that_exclude_each_other_are_wrong_use(ran, write, record, other):
    path = write("a.jsonl", record)

    code, out, talk = ran("evaluate", "--corpus", path, "--model", "news-en-11", *other)

    assert (code, out) == (2, "")
    assert "choose one of" in talk


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["train", "none.jsonl", "--out", "m"], "no corpus file"),
        (["evaluate", "--corpus", "none.jsonl"], "no corpus file"),
        (["corpus", "describe", "none.jsonl"], "no corpus file"),
    ],
)
def test_nothing_to_work_on_is_wrong_use(ran, tmp_path, monkeypatch, args, said):
    monkeypatch.chdir(tmp_path)

    code, out, talk = ran(*args)

    assert (code, out) == (2, "")
    assert said in talk
    assert len(talk.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "notes"], "holds other files"),
        (["--out", "notes/README.md/m"], "README.md is a file"),
        (["--out", "new", "--compare", "nosuch"], "no such file"),
        (["--out", "used", "--model", "used", "--compare", "notes"], "name another folder"),
        (["--out", "used", "--model", "used", "--labels", "l.jsonl"], "name another folder"),
    ],
)
def test_train_looks_where_it_writes_and_what_it_compares_before_it_fits(
    ran, write, record, tmp_path, monkeypatch, options, said
):
    monkeypatch.chdir(tmp_path)
    for name in ("notes/README.md", "used/model.json", "used/README.md"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("{}", encoding="utf-8")

    code, _, talk = ran("train", write("a.jsonl", record), *options)

    assert code == 2
    assert said in talk
    assert {path.read_text() for path in tmp_path.glob("*/*")} == {"{}"}


@pytest.mark.parametrize("out", ["nowhere/figures.json", "."])
def test_evaluate_looks_where_it_writes_before_it_measures(ran, write, record, out):
    path = write("a.jsonl", record)

    code, said, talk = ran("evaluate", "--corpus", path, "--model", "news-en-11", "--json", out)

    assert (code, said) == (2, "")
    assert talk.startswith(f"cleaner: can't write {out}: ")


@pytest.mark.parametrize("runs", [3, []])
def test_train_refuses_scores_that_are_none(ran, write, record, tmp_path, runs):
    scores = write("scores.json", {"runs": runs})

    code, _, talk = ran(
        "train", write("a.jsonl", record), "--out", tmp_path / "m", "--scores", scores
    )

    assert code == 2
    assert "evaluate --json" in talk


def test_control_characters_of_a_labels_file_never_reach_the_terminal(ran, write, record, tmp_path):
    digest, known = paragraph_hash("Subscribe now."), {"document": "d1", "label": "donate"}
    gone = {"path": "gone\x1b[31m.txt", "hash": digest, "document": "d2", "label": "legal"}
    labels = write("labels.jsonl", {**known, "hash": digest}, gone)
    corpus_file = write("a.jsonl", record)

    _, _, talk = ran("train", corpus_file, "--out", tmp_path / "m", "--labels", labels)

    assert "gone\\x1b[31m.txt: it is gone" in talk
    assert all(char.isprintable() or char == "\n" for char in talk)
