"""The page needs nothing but itself, and nothing that was scraped changes what it does."""

import json
import re
import sys
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cleaner.errors import SetupError
from cleaner.report import page as page_module
from cleaner.report import write_report
from cleaner.report.page import sample
from cleaner.report.render import visible
from tests.conftest import PLUG, STORY
from tests.report.folders import ATTACKS, clean, made_up, write_attacks

HARMLESS = [f"harmless {number}" for number in range(len(ATTACKS))]


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and what its scripts hold."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.scripts, self.links = [], [], []
        self._inside = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, *[name for name, _ in attrs]))
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]
        self._inside = dict(attrs) if tag == "script" else None

    def handle_data(self, data):
        if self._inside is not None:
            self.scripts.append((self._inside, data))
            self._inside = None


def held(path):
    """The data of a page: its list, and its documents."""
    scripts = Skeleton(path).scripts
    data = {about["id"]: json.loads(text) for about, text in scripts if "id" in about}
    return data["index"], [data[f"d{place}"] for place in range(len(data["index"]))]


def test_the_page_holds_every_document_in_full(page, cleaned):
    index, documents = held(page)
    rows = (cleaned / "manifest.jsonl").read_text(encoding="utf-8").splitlines()

    assert [row["name"] for row in index] == [
        row["input"] if row["record"] is None else f"{row['input']}:{row['record']}"
        for row in map(json.loads, rows)
    ]
    place = next(n for n, row in enumerate(index) if row["name"] == "line.txt")
    texts = ["".join(piece[0] for piece in line) for line in documents[place]]
    assert texts == [" ".join([STORY[0], STORY[1], PLUG])]
    assert [piece[1] for piece in documents[place][0]][-1] == 1
    assert all(piece[4] for piece in documents[place][0])


def test_the_page_refers_to_nothing_outside(page):
    found = Skeleton(page)

    assert all(link.startswith("#") for link in found.links)
    assert not re.search(r"@import|url\(", page.read_text(encoding="utf-8"))
    assert {tag for tag, *_ in found.elements}.isdisjoint({"link", "img", "iframe", "base"})


def test_the_same_run_gives_the_same_page(page, cleaned, tmp_path):
    again = write_report(cleaned, tmp_path / "again.html").path

    assert again.read_bytes() == page.read_bytes()


def test_attacks_change_nothing(tmp_path):
    pages = [
        write_report(clean(write_attacks(tmp_path / name, texts), tmp_path / f"{name}-out")).path
        for name, texts in (("run", HARMLESS), ("same", ATTACKS))
    ]
    harmless, attacked = map(Skeleton, pages)

    assert set(attacked.elements) <= set(harmless.elements)
    once = [
        e for e in harmless.elements if e[0] in {"script", "style", "title", "h1", "h2", "form"}
    ]
    assert [e for e in attacked.elements if e[0] in {name for name, *_ in once}] == once
    assert all(link.startswith("#") for link in attacked.links)
    assert attacked.scripts[-1] == harmless.scripts[-1]
    assert [about for about, _ in attacked.scripts] == [about for about, _ in harmless.scripts]
    index, _ = held(pages[1])
    assert {row["title"] for row in index} >= set(map(visible, ATTACKS))


def test_what_can_not_be_seen_is_spelled_out(tmp_path):
    out = clean(write_attacks(tmp_path / "in", ATTACKS), tmp_path / "out")
    text = write_report(out).path.read_text(encoding="utf-8")

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search(r"\\u202e|\\u0000|\\u001b|\\ud800", text)
    assert visible("a\tb\nc") == "a\tb\nc"


def test_of_a_large_run_a_sample_is_held_and_the_page_says_so(cleaned, tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "MAX_DOCUMENTS", 60)
    monkeypatch.setattr(page_module, "MAX_EXPLAINED", 5)
    folder = made_up(tmp_path / "large", cleaned, 1000)
    made = write_report(folder)
    text = made.path.read_text(encoding="utf-8")

    assert (made.documents, made.shown) == (1000, 60)
    assert "all 1,000 documents" in text
    assert "a sample of 60" in text
    assert len(held(made.path)[0]) == 60
    assert write_report(folder, tmp_path / "again.html").path.read_text("utf-8") == text


def test_text_beyond_what_a_browser_opens_is_left_out(cleaned, tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "MAX_TEXT", 2000)
    index, documents = held(write_report(cleaned, tmp_path / "page.html").path)

    assert any(documents)
    for row, document in zip(index, documents, strict=True):
        left_out = "left out" in row["problem"]
        assert left_out == (row["words"] > 0 and not document)


@pytest.mark.parametrize(("size", "first"), [(0, []), (1, [5]), (7, [9, 9, 3]), (9, []), (50, [1])])
def test_a_sample_has_its_size_the_first_and_the_whole_breadth(size, first):
    numbers = range(40)
    chosen = sample(numbers, size, first)

    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(size, 40)
    assert set(first[:size]) <= set(chosen)
    assert size < 7 or (chosen[0] < 10 and chosen[-1] >= 30)


def test_the_work_grows_with_the_documents_and_no_faster(cleaned, tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "MAX_EXPLAINED", 20)
    monkeypatch.setattr(page_module.language, "detect", lambda _: "en")
    write_report(cleaned, tmp_path / "warm.html")  # what is loaded once is loaded
    few, many = (
        calls_of(partial(write_report, made_up(tmp_path / str(number), cleaned, number)))
        for number in (500, 2_000)
    )

    assert few < many < 4.2 * few


def calls_of(work):
    """How many functions are called: a measure of work that no load of the machine changes."""
    events = []
    sys.setprofile(lambda _frame, event, _argument: events.append(event))
    try:
        work()
    finally:
        sys.setprofile(None)
    return sum(event in {"call", "c_call"} for event in events)


def test_ten_thousand_documents_are_held(large):
    index, _ = held(large)

    assert len(index) == 10_000
    assert "a sample of" not in large.read_text(encoding="utf-8")


def test_without_scripts_the_figures_are_there(page):
    text = page.read_text(encoding="utf-8").partition("<script")[0]

    assert "The documents need JavaScript" in text
    assert PLUG in text


@pytest.mark.parametrize(
    "line", ["{}", "[]", '{"input": "a"}', "nonsense", '{"input": 1, "record": 2}']
)
def test_damaged_records_are_one_line(copy, line):
    (copy / "manifest.jsonl").write_text(line + "\n", encoding="utf-8")

    with pytest.raises(SetupError, match="clean again"):
        write_report(copy)


def test_a_page_that_can_not_be_written_is_one_line(cleaned, tmp_path):
    (tmp_path / "taken").mkdir()

    with pytest.raises(SetupError, match="can't write"):
        write_report(cleaned, tmp_path / "taken")
    with pytest.raises(SetupError, match="can't write"):
        write_report(cleaned, tmp_path / "nowhere" / "page.html")
    with pytest.raises(SetupError, match="can't write"):
        write_report(cleaned, Path())
    with pytest.raises(SetupError, match="name another file"):
        write_report(cleaned, cleaned / "manifest.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_command_writes_the_page_and_says_where(run, copy):
    ran = run("report", copy)

    assert (ran.code, ran.out) == (0, b"")
    assert ran.err == f"cleaner: 13 of 13 documents shown in {copy / 'report.html'}\n"
    assert (copy / "report.html").is_file()
    assert run("report", copy, "-q", "-o", copy / "other.html").err == ""
    assert (copy / "other.html").read_bytes() == (copy / "report.html").read_bytes()


def test_the_command_opens_the_page_if_asked(run, copy, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    run("report", copy, "--open")

    assert opened == [(copy / "report.html").as_uri()]


def test_a_folder_that_is_none_of_ours_is_wrong_use(run, tmp_path):
    ran = run("report", tmp_path)

    assert ran.code == 2
    assert "name the folder that `cleaner clean` wrote" in ran.err
