"""Site memory: what recurs is counted, readable, mergeable and weighed, not obeyed."""

from collections import Counter
from pathlib import Path

import pytest

from cleaner import Cleaner, sites
from cleaner.batch.recurrence import merge_counts, write_counts
from cleaner.document import Document
from cleaner.errors import ProfileError
from cleaner.sites import Memory, Site

PLUG = "Get the harbour briefing every Friday, 52 times a year."


def _page(number: int, *extra: str) -> Document:
    name = "".join("abcdefghij"[int(digit)] for digit in str(number))
    text = "\n".join([f"Story {name} is told once, in words of its own.", *extra])
    return Document(f"{number}", text)


def test_folding_ignores_case_white_space_and_digits():
    assert sites.fold("Page  12\tof 340") == sites.fold("PAGE 1 of 2") == "page 0 of 0"


def test_long_texts_fold_to_a_readable_beginning_and_a_hash():
    first, second = "word " * 100 + "one", "word " * 100 + "two"

    assert sites.fold(first) != sites.fold(second)
    assert len(sites.fold(first)) < 200


def test_only_texts_on_three_pages_of_one_site_recur():
    pages = [("ledger.example", _page(n, PLUG)) for n in range(3)]
    pages += [("other.example", _page(n, PLUG)) for n in range(2)]

    memory = sites.count(pages)

    assert memory.sites["ledger.example"].counts == {sites.fold(PLUG): 3}
    assert "other.example" not in memory.sites


def test_a_text_counts_once_a_page():
    memory = sites.count([("ledger.example", _page(1, PLUG, PLUG, PLUG))])

    assert memory.sites == {}


def test_sentences_of_a_text_that_lost_its_breaks_are_counted():
    flat = " ".join(f"Sentence {'abcdefghij'[n % 10]} of a long report." for n in range(60))
    pages = [
        ("ledger.example", Document(str(n), f"Case {'xyz'[n]} was heard. {flat} {PLUG}"))
        for n in range(3)
    ]

    assert sites.fold(PLUG) in sites.count(pages).sites["ledger.example"].counts


def test_profile_survives_a_round_trip(tmp_path: Path):
    site = Site(12, Counter({"read more": 7, "a — “b” 0": 3}), {"always this"}, {"he said."})
    path = tmp_path / "profile.txt"
    path.write_text("\n".join(sites.dump(Memory({"ledger.example": site}))), encoding="utf-8")

    assert sites.load(path).sites == {"ledger.example": site}


def test_a_profile_that_an_editor_gave_a_byte_order_mark_is_read(tmp_path: Path):
    path = tmp_path / "profile.txt"
    path.write_text(f"{sites._HEADER}\n[a.b] 9 pages\n", encoding="utf-8-sig")

    assert sites.load(path).sites == {"a.b": Site(9)}


def test_profiles_merge_by_adding_pages():
    one = Memory({"a.example": Site(5, Counter({"x": 3}))})
    one.merge(Memory({"a.example": Site(4, Counter({"x": 4})), "b.example": Site(1)}))

    assert one.sites["a.example"] == Site(9, Counter({"x": 7}))
    assert "b.example" in one.sites


@pytest.mark.parametrize(
    "text",
    [
        "",
        "something else\n",
        f"{sites._HEADER}\nno site yet\n",
        f"{sites._HEADER}\n[a.b] x pages\n",
        f"{sites._HEADER}\n[a.b] 9 pages\n²\tread more\n",
    ],
)
def test_a_damaged_profile_is_one_clear_error(tmp_path: Path, text: str):
    path = tmp_path / "profile.txt"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ProfileError):
        sites.load(path)


def test_the_site_is_the_source_else_a_folder_named_like_a_host():
    document = Document("x", "", path="dump/www.ledger.example/news/a.html")

    assert sites.site_of(document, "cnn.com") == "cnn.com"
    assert sites.site_of(document, None) == "ledger.example"
    assert sites.site_of(Document("x", "", path="news/a.html"), None) == ""


def test_counting_on_disk_equals_counting_in_memory(tmp_path: Path):
    pages = [(f"{'ab'[n % 2]}.example", _page(n, PLUG, f"Chunk {n // 3}")) for n in range(12)]
    stems = []
    for start in (9, 0, 6, 3):
        stems.append(tmp_path / f"{start}")
        write_counts(stems[-1], [(site, sites.texts_of(d)) for site, d in pages[start : start + 3]])

    assert merge_counts(stems).sites == sites.count(pages).sites


def test_where_nothing_recurs_chunks_make_an_empty_memory(tmp_path):
    write_counts(tmp_path / "a", [("ledger.example", {"one"}), ("ledger.example", {"two"})])

    assert merge_counts([tmp_path / "a"]) == Memory()


def test_counting_chunks_without_sites_gives_an_empty_memory(tmp_path: Path):
    write_counts(tmp_path / "0", [("", {PLUG})])

    assert merge_counts([tmp_path / "0"]).sites == {}


@pytest.mark.parametrize(("keep", "text"), [("subscribe", "Sign up today."), ("", "")])
def test_a_word_on_a_sentence_holds_where_its_paragraph_stays_and_is_found_anywhere(keep, text):
    line = sites.fold(PLUG)
    memory = Memory({"kite.test": Site(3, always_cut={line})})
    document = Document("", f"Sign up today. {PLUG}", url="https://kite.test/1")
    result = Cleaner(site_memory=memory, keep=keep).clean(document)

    assert (result.text, result.always) == (text, (line,))


@pytest.mark.parametrize("line", ["[a.test] {} pages", "[a.test] 4 pages\n{}\tx"])
def test_a_count_that_no_site_has_is_one_clear_error(tmp_path: Path, line: str):
    path = tmp_path / "profile.txt"
    path.write_text("# cleaner site memory 1\n" + line.format("9" * 5000))

    with pytest.raises(ProfileError, match=r"neither `\[site\]"):
        sites.load(path)
