"""Site memory in runs: what recurs on a site is counted before the first document is judged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cleaner import sites
from cleaner.batch import Settings, Summary, clean_folder, count_cuts, label_paths
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.writers import writers
from tests.batch.folders import contents
from tests.conftest import STORY

SITE, OTHER = "quaycourier.example", "harbourpost.example"
# Its words alone say little: the model keeps it.
TEMPLATE = "The Quay Courier, every Friday."
TOPICS = (
    "ferry timetable|lighthouse paint|school roof|herring quota|bridge toll|library hours|"
    "tram line|choir festival|flood wall|market stalls|swimming pool|theatre lease|bus shelter|"
    "bakery strike|river dredging|museum wing|parking fees|football pitch|water main|cycle lane"
).split("|")
PEOPLE = "Ek Holm Lund Berg Dahl Moen Vik Strand Nilsen Aas Falk Rud Lie Haug Foss Bakke".split()


def story(number: int, *extra: str) -> str:
    """An article that shares no paragraph with another, and what stands below it."""
    topic, who = TOPICS[number % 20], PEOPLE[number % 16]
    paragraphs = (
        f"The council argued for three hours about the {topic} on Monday, and {who} left early.",
        f"{who}, who chairs the committee, said that the {topic} had cost the town more than a "
        "new ambulance, and that nobody on the committee could say where the money had gone.",
        f"Residents near the {topic} have written to the mayor twice since the spring. They told "
        f"this paper that {who} had promised them an answer by the end of the month.",
    )
    return "\n".join([*paragraphs, *extra]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pages of a site, four of another, records of both, and a text without a site."""
    folder = tmp_path / "in"
    for name, count, extra in ((SITE, 12, TEMPLATE), (OTHER, 4, "Tide tables hang at the door.")):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            (folder / name / f"{number}.txt").write_text(story(number, extra), encoding="utf-8")
    records = [
        {"url": f"https://{name}/r{n}", "text": story(n, "Read on the pier.")}
        for name, n in ((SITE, 15), (SITE, 16), ("lonely.example", 17))
    ]
    (folder / "records.jsonl").write_text(
        "".join(json.dumps(record) + "\n" for record in records), encoding="utf-8"
    )
    (folder / "loose.txt").write_text(story(18, TEMPLATE), encoding="utf-8")
    return folder


@pytest.fixture
def again(folder, tmp_path, cleaner):
    """Clean the folder into one and the same output folder."""

    def run(cleaner=cleaner, **settings):
        return clean_folder(
            [str(folder)], tmp_path / "out", Settings(cleaner, **settings), writers(None)
        )

    return run


def fresh(folder, tmp_path, cleaner):
    out = tmp_path / f"fresh{len(list(tmp_path.iterdir()))}"
    clean_folder([str(folder)], out, Settings(cleaner), writers(None))
    return contents(out)


def rows(out: Path):
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]


def records_of(folder: Path) -> list[dict[str, str]]:
    """The pages of the site as records with the URLs that name it."""
    return [
        {"id": path.stem, "url": f"https://{SITE}/{path.stem}", "text": path.read_text()}
        for path in sorted((folder / SITE).glob("*.txt"))
    ]


def test_a_template_that_the_words_do_not_show_is_cut_where_it_stands_on_many_pages(
    folder, again, tmp_path
):
    again()

    pages = sorted((tmp_path / f"out/{SITE}").glob("*.txt"))
    assert len(pages) == 12
    assert not [page.name for page in pages if TEMPLATE in page.read_text(encoding="utf-8")]
    # Without a site nothing speaks against it.
    assert TEMPLATE in (tmp_path / "out/loose.txt").read_text(encoding="utf-8")
    for number, page in enumerate(sorted((folder / SITE).glob("*.txt"))):
        kept = (tmp_path / f"out/{SITE}/{page.name}").read_text(encoding="utf-8")
        assert kept == page.read_text(encoding="utf-8").replace(f"\n{TEMPLATE}", ""), number


def test_the_run_leaves_what_it_learned(again, tmp_path):
    again()

    memory = sites.load(tmp_path / "out/site-memory.txt")
    assert memory.sites[SITE] == sites.Site(14, {sites.fold(TEMPLATE): 12})
    assert memory.sites[OTHER].pages == 4
    assert memory.sites.keys() == {SITE, OTHER}
    assert {row["site"] for row in rows(tmp_path / "out")} == {SITE, OTHER, "lonely.example", ""}
    assert not (tmp_path / "out/.cleaner").exists()


@pytest.mark.parametrize("pages", [0, 2])
def test_a_site_of_two_pages_has_no_memory(tmp_path, cleaner, pages):
    folder = tmp_path / f"in/{SITE}"
    folder.mkdir(parents=True)
    (tmp_path / "in/loose.txt").write_text(story(9), encoding="utf-8")
    for number in range(pages):
        (folder / f"{number}.txt").write_text(story(number, TEMPLATE), encoding="utf-8")
    clean_folder([str(tmp_path / "in")], tmp_path / "out", Settings(cleaner), writers(None))

    assert not (tmp_path / "out/site-memory.txt").exists()
    for number in range(pages):
        assert TEMPLATE in (tmp_path / f"out/{SITE}/{number}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "he said.",
        "“That is all I have to say about it,” she said.",
        "The boats come in at dusk and the nets are hung along the wall to dry.",
        "We are following the storm through the night; the newest reports stand at the top.",
    ],
)
def test_content_that_recurs_stays(tmp_path, cleaner, line):
    folder = tmp_path / f"in/{SITE}"
    folder.mkdir(parents=True)
    for number in range(6):
        first, *rest = story(number).splitlines()
        text = "\n".join([first, rest[0], line, *rest[1:]]) + "\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    # Beside those pages the site has others without the line.
    for number in range(6, 20):
        (folder / f"{number}.txt").write_text(story(number), encoding="utf-8")
    clean_folder([str(tmp_path / "in")], tmp_path / "out", Settings(cleaner), writers(None))

    counted = sites.load(tmp_path / "out/site-memory.txt").sites[SITE]
    assert counted.counts[sites.fold(line)] == 6
    for number in range(6):
        assert f"\n{line}\n" in (tmp_path / f"out/{SITE}/{number}.txt").read_text(encoding="utf-8")


def test_the_same_profile_gives_the_same_texts_everywhere(folder, again, tmp_path, run):
    again()
    profile = tmp_path / "out/site-memory.txt"
    records = records_of(folder)
    stdin = "".join(json.dumps(record) + "\n" for record in records).encode()

    lines = run("clean", "-", "--site-memory", profile, stdin=stdin).out.splitlines()
    by_hand = Cleaner(site_memory=profile)

    for record, line in zip(records, lines, strict=True):
        expected = (tmp_path / f"out/{SITE}/{record['id']}.txt").read_text(encoding="utf-8")
        assert json.loads(line)["text"] == expected
    clean_folder([str(folder)], tmp_path / "given", Settings(by_hand), writers(None))
    given, counted = contents(tmp_path / "given"), contents(tmp_path / "out")
    assert given.keys() == counted.keys() - {"site-memory.txt"}
    differs = {name for name in given if given[name] != counted[name]}
    assert differs == {"manifest.jsonl"}  # the key, which says where the memory is from
    keyless = [[{**row, "key": ""} for row in rows(tmp_path / out)] for out in ("given", "out")]
    assert keyless[0] == keyless[1]


def test_label_and_dry_run_count_too(folder, again, cleaner):
    cleaned = again()
    summary = Summary()
    labelled = list(label_paths([str(folder)], Settings(cleaner), summary))
    without = Summary()
    list(
        label_paths([str(folder)], Settings(replace(cleaner, site_memory=sites.Memory())), without)
    )

    assert len(labelled) == cleaned.documents
    assert summary.words_cut == cleaned.words_cut != without.words_cut
    assert count_cuts([str(folder)], Settings(cleaner)).sites == cleaned.sites


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_change_nothing(folder, again, tmp_path, cleaner, workers):
    again(workers=workers)

    assert contents(tmp_path / "out") == fresh(folder, tmp_path, cleaner)


def add(folder: Path) -> None:
    (folder / SITE / "z.txt").write_text(story(13, "Read on the pier."), encoding="utf-8")


def change(folder: Path) -> None:
    (folder / SITE / "5.txt").write_text(story(14), encoding="utf-8")


def move(folder: Path) -> None:
    """Two pages go to another site, and leave the first with fewer."""
    for name in ("1.txt", "2.txt"):
        (folder / SITE / name).rename(folder / OTHER / f"z{name}")


def record(folder: Path) -> None:
    path = folder / "records.jsonl"
    extra = {"url": f"https://{OTHER}/new", "text": story(19, "Tide tables hang at the door.")}
    path.write_text(path.read_text() + json.dumps(extra) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("alter", "unchanged"),
    [
        # The pages of the site and the records, which hold two of them, are done again.
        (add, {f"{OTHER}/{n}.txt" for n in range(4)} | {"loose.txt"}),
        (change, {f"{OTHER}/{n}.txt" for n in range(4)} | {"loose.txt"}),
        (move, {"loose.txt"}),
        # The records bring in the first site, as they did before.
        (record, {"loose.txt"}),
    ],
)
def test_pages_are_kept_unless_their_site_is_touched(
    folder, again, tmp_path, cleaner, monkeypatch, alter, unchanged
):
    from cleaner.batch import spool

    again()
    alter(folder)
    done = []
    real = spool.clean_outcome
    monkeypatch.setattr(spool, "clean_outcome", lambda o, c: done.append(o.name) or real(o, c))

    again()

    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names - set(done) == unchanged
    gone = {row["input"] for row in rows(tmp_path / "out")} - names
    after, expected = contents(tmp_path / "out"), fresh(folder, tmp_path, cleaner)
    kept = {"manifest.jsonl", "removed.jsonl"} if gone else set()  # lines of what is gone
    assert after.keys() - gone == expected.keys()
    assert {name for name in expected if after[name] != expected[name]} <= kept
    assert [row for row in rows(tmp_path / "out") if row["input"] not in gone] == [
        json.loads(line) for line in expected["manifest.jsonl"].splitlines()
    ]
    done.clear()
    assert again().unchanged == len(rows(tmp_path / "out")) - len(gone)
    assert not done


def test_a_page_that_went_and_came_back_is_counted_again(folder, again, tmp_path):
    again()
    before = contents(tmp_path / "out")
    page = (folder / SITE / "3.txt").read_bytes()
    (folder / SITE / "3.txt").unlink()
    again()
    assert sites.load(tmp_path / "out/site-memory.txt").sites[SITE].pages == 13
    (folder / SITE / "3.txt").write_bytes(page)
    again()

    assert contents(tmp_path / "out") == before


def test_redo_gives_the_same_bytes(again, tmp_path):
    again()
    before = contents(tmp_path / "out")

    assert again(redo=True).unchanged == 0
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("suffix", ["read", "texts", "keys", "sites", "done"])
def test_a_run_that_was_cut_short_goes_on_also_where_a_file_lost_its_end(
    again, tmp_path, monkeypatch, suffix
):
    from cleaner.batch import run as module

    def stop(*_):
        raise KeyboardInterrupt

    again()
    whole = contents(tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(module.OutputFolder, "finish", stop)
        with pytest.raises(KeyboardInterrupt):
            again(redo=True)
    spooled = sorted((tmp_path / "out/.cleaner").glob(f"*.{suffix}"))
    assert spooled
    for number, path in enumerate(spooled):
        path.write_bytes(path.read_bytes()[: -1 if number % 2 else 0])
    (tmp_path / "out/.cleaner/site-memory.txt").write_bytes(b"")

    again(redo=True)

    assert contents(tmp_path / "out") == whole


def test_a_profile_that_was_edited_is_not_written_over(again, tmp_path):
    again()
    profile = tmp_path / "out/site-memory.txt"
    edited = profile.read_text(encoding="utf-8") + "always keep: read on the pier.\n"
    profile.write_text(edited, encoding="utf-8")

    with pytest.raises(SetupError, match="--site-memory"):
        again()
    assert profile.read_text(encoding="utf-8") == edited

    assert again(Cleaner(site_memory=profile)).unchanged == 0
    assert profile.read_text(encoding="utf-8") == edited


def test_a_run_that_is_given_the_profile_leaves_it_to_the_next_that_counts(again, tmp_path):
    again()
    before = contents(tmp_path / "out")
    profile = tmp_path / "out/site-memory.txt"

    again(Cleaner(site_memory=profile))

    assert again().unchanged == 0
    assert contents(tmp_path / "out") == before


def test_a_profile_that_was_thrown_away_is_counted_again(again, tmp_path):
    again()
    before = contents(tmp_path / "out")
    (tmp_path / "out/site-memory.txt").unlink()

    assert again().unchanged == 1  # the text without a site
    assert contents(tmp_path / "out") == before


def test_another_profile_does_everything_again(again, tmp_path):
    profile = tmp_path / "profile.txt"
    profile.write_text(f"# cleaner site memory 1\n[{SITE}] 9 pages\n5\tread on the pier.\n")
    assert again(Cleaner(site_memory=profile)).unchanged == 0
    assert again(Cleaner(site_memory=profile)).unchanged == 20
    profile.write_text(f"# cleaner site memory 1\n[{SITE}] 9 pages\n6\tread on the pier.\n")

    assert again(Cleaner(site_memory=profile)).unchanged == 0


def test_the_word_of_the_user_counts_and_what_matched_nothing_is_named(folder, tmp_path, run):
    first = story(0).splitlines()[0]
    sentence = "They told this paper that Ek had promised them an answer by the end of the month."
    profile = tmp_path / "profile.txt"
    lines = ["# cleaner site memory 1", f"[{SITE}] 14 pages"]
    lines += [f"always cut: {first}", f"always cut: {sentence}", f"always keep: {TEMPLATE}"]
    lines += [*(f"always cut: never seen, {name}" for name in PEOPLE), f"20\t{TEMPLATE.lower()}"]
    profile.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "out"

    ran = run("clean", folder, "--out", out, "--site-memory", profile, "--quiet")
    assert (ran.code, ran.err) == (0, "")
    for _ in range(2):  # the second time everything is unchanged
        ran = run("clean", folder, "--out", out, "--site-memory", profile)
        named = [line for line in ran.err.splitlines() if "site memory: " in line]
        assert len(named) == 10
        assert named[0].endswith(f"[{SITE}] always cut: never seen, aas")
        assert "… and 6 more lines" in ran.err
        totals = json.loads((out / "run.json").read_text())["totals"]
        assert len(totals["site_memory_unmatched"]) == 16

    text = (out / SITE / "0.txt").read_text(encoding="utf-8")
    expected = story(0, TEMPLATE).replace(f"{first}\n", "").replace(f" {sentence}", "")
    assert text == expected
    removed = [json.loads(line) for line in (out / "removed.jsonl").read_text().splitlines()]
    assert not [span for span in removed if span["label"] == "content"]


def test_a_site_memory_that_is_none_is_one_line(folder, run):
    for command in ("clean", "label"):
        ran = run(command, folder / "loose.txt", "--site-memory", folder / "loose.txt")

        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "site memory" in ran.err


def test_stories_of_these_tests_stay_whole_without_memory(cleaner):
    for number in range(20):
        assert cleaner.clean(story(number, TEMPLATE)).text == story(number, TEMPLATE)
    assert cleaner.clean("\n".join(STORY)).text == "\n".join(STORY)
