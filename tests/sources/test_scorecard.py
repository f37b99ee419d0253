"""A scorecard keeps rated, estimated and unknown apart, and hides nothing."""

import json
from datetime import date

import numpy as np
import pytest

from cleaner import Cleaner, Document
from cleaner.sources.assess import assess
from cleaner.sources.basis import basis_line
from cleaner.sources.card_text import as_markdown, as_table
from cleaner.sources.estimate import Band, Estimator
from cleaner.sources.exports import chunks, manifest
from cleaner.sources.observe import Observation, observe
from cleaner.sources.ratings import Ratings
from cleaner.sources.scorecard import scorecard
from cleaner.sources.style import NAMES
from tests.conftest import ARTICLE, PLUG, STORY

TODAY = date(2026, 11, 22)
FACTS = dict.fromkeys(
    "byline date dateline agencies corrections named anonymous quotes numbers outlinks".split(), 0
)
ESTIMATOR = Estimator(
    {
        "name": "made-up",
        "base_rate": 0.2,
        "shrinkage": 0.0,
        "farthest": 9.0,
        "calibration": {"slope": 1.0, "intercept": 0.0},
        "bands": {"look_closer": 0.4, "no_warning": 0.06},
    },
    np.ones(len(NAMES)),
    np.zeros(len(NAMES)),
    np.ones(len(NAMES)),
)
ROW = {
    "table": "ours", "scheme": "our list", "row": "kite.test", "raw": "0.82", "value": 0.82,
    "class": None, "as_of": "2026-03", "reason": None, "sha256": "ab", "overrides": False,
}  # fmt: skip
count = iter(range(10**6))


def seen(name, *, ratings=(), disputed=None, match="registrable", publisher=None, **more):
    source = {
        "source": name, "publisher": publisher, "match": match,
        "basis": "rated" if ratings else "unknown", "ratings": list(ratings), "disputed": disputed,
    }  # fmt: skip
    fields = {
        "chars": 1000, "words": 150, "cut": {}, "plugs": (), "facts": FACTS, "genre": "unmarked",
        "style": (0.0,) * len(NAMES), "unusable": "", "key": str(next(count)),
    }  # fmt: skip
    return Observation(source=source, **{**fields, **more})


def card(*groups):
    return scorecard([one for group in groups for one in group], ESTIMATOR, today=TODAY)


def test_a_rated_source_is_never_estimated():
    (kite,) = card([seen("kite.test", ratings=[ROW]) for _ in range(9)]).sources

    assert kite.basis == "rated"
    assert kite.estimate is None
    assert "rated: 0.82 by ours" in kite.line


def test_an_unrated_source_with_enough_documents_is_estimated():
    (wren,) = card([seen("wren.test") for _ in range(5)]).sources

    assert wren.basis == "estimated"
    assert wren.estimate.band is Band.LOOK_CLOSER
    assert "not rated; estimated from the style of 5 documents" in wren.line


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"unusable": "short"}, "left out: 6 short"),
        ({"unusable": "wire copy"}, "left out: 6 wire copy"),
        ({"key": "same"}, "fewer than 5"),
        ({"match": "platform_account"}, "an account on a platform"),
        ({"publisher": "wikipedia"}, "not a news outlet: reference"),
    ],
)
def test_otherwise_it_is_unknown_and_the_reason_is_told(more, why):
    (one,) = card([seen("wren.test", **more) for _ in range(6)]).sources

    assert one.basis == "unknown"
    assert one.estimate.p_low is None
    assert why in "; ".join(one.estimate.abstained)
    assert "says nothing against it" in one.line


def test_documents_without_a_source_are_counted_and_not_estimated():
    made = card([seen(None, match="none") for _ in range(7)], [seen("wren.test")])

    assert (made.batch["sources"], made.batch["without_source"]) == (1, 7)
    assert made.sources[0].estimate.abstained[0] == "nobody knows who published it"


def test_what_two_sources_print_is_a_wire_copy_of_both():
    shared = [seen(name, key="same") for name in ("wren.test", "kite.test")]
    made = card(shared, [seen("wren.test") for _ in range(4)])

    assert made.batch["wire_copies"] == 2
    assert made.sources[0].estimate.used == 4


def test_empty_pages_and_a_copy_without_a_source_are_no_wire_copies():
    empty = [seen(name, key="empty", unusable="short") for name in ("wren.test", "kite.test")]
    copies = [seen(name, key="same") for name in ("wren.test", None)]
    made = card(empty, copies, [seen("wren.test") for _ in range(4)])

    assert made.batch["wire_copies"] == 0
    assert made.sources[0].estimate.used == 5


def test_coverage_counts_documents_and_sources():
    made = card(
        [seen("kite.test", ratings=[ROW]) for _ in range(3)],
        [seen("wren.test") for _ in range(5)],
        [seen("heron.test")],
    )

    assert made.batch["coverage"] == {
        "rated": {"documents": 3, "sources": 1},
        "estimated": {"documents": 5, "sources": 1},
        "unknown": {"documents": 1, "sources": 1},
    }
    assert made.batch["look_closer"] == 1


def test_the_effective_number_tells_concentration():
    even = card(*([seen(f"{name}.test")] for name in ("kite", "wren", "heron", "crow")))
    uneven = card([seen("kite.test") for _ in range(97)], [seen("wren.test")])

    assert even.batch["effective_publishers"] == 4
    assert uneven.batch["effective_publishers"] == pytest.approx(1, abs=0.1)


def test_owners_are_fewer_than_publishers_where_a_network_owns_them():
    made = card(
        [seen("wikipedia.org", publisher="wikipedia")], [seen("wikidata.org", publisher="wikidata")]
    )

    assert (made.batch["effective_publishers"], made.batch["effective_owners"]) == (2, 1)


def test_networks_of_one_owner_are_one():
    papers = {"denverpost.com": "the-denver-post", "chicagotribune.com": "chicago-tribune"}
    made = card([seen(name, publisher=known) for name, known in papers.items()])

    assert len({one.network for one in made.sources}) == 2
    assert (made.batch["effective_publishers"], made.batch["effective_owners"]) == (2, 1)


@pytest.mark.parametrize(
    ("as_of", "stale"),
    [
        ("2026-03", False), ("2023-11-22", False), ("2023-10", True), ("2023", False),
        ("2022", True), (None, False), ("lately", False),
    ],
)  # fmt: skip
def test_a_rating_goes_stale_after_three_years(as_of, stale):
    made = card([seen("kite.test", ratings=[{**ROW, "as_of": as_of}])])

    assert made.batch["stale"] == (["kite.test"] if stale else [])


def test_disputes_surface():
    disputed = {"low": 0.2, "high": 0.82, "why": ["ours against theirs"]}
    made = card([seen("kite.test", ratings=[ROW], disputed=disputed)])

    assert made.batch["disputed"] == ["kite.test"]
    assert "rated, disputed" in as_table(made)


def test_recurring_plugs_and_shares():
    plugs = [seen("kite.test", plugs=(PLUG,), cut={"subscribe": 100, "byline": 50})] * 2
    made = card(plugs, [seen("kite.test", plugs=("once",))])

    assert made.batch["recurring_plugs"] == [{"documents": 2, "text": PLUG}]
    assert made.batch["promotional_share"] == pytest.approx(200 / 3000, abs=1e-4)
    assert made.sources[0].cut_share == pytest.approx(0.1)


def test_the_order_of_documents_changes_nothing():
    group = [seen(name) for name in ("b.test", "a.test", "a.test", "c.test")]

    assert card(group).to_dict() == card(group[::-1]).to_dict()


def test_an_observation_survives_json(cleaner):
    made = observe(cleaner.clean(Document(id="1", text=ARTICLE * 2, title="Market", url="x.test")))
    again = Observation.from_dict(json.loads(json.dumps(made.to_dict())))

    assert again == made
    assert made.style
    assert PLUG in made.plugs


def test_style_is_read_from_the_kept_text(cleaner):
    bare = cleaner.clean(Document(id="", text="\n\n".join(STORY) + "\n"))
    plugged = cleaner.clean(Document(id="", text=ARTICLE))

    assert observe(plugged).style == observe(bare).style


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It rained.", "short"),
        ("Der Rat der Stadt hat am Dienstag beschlossen, den Markt zu schließen. " * 9, "not Eng"),
        ("For immediate release\n" + ARTICLE, "not news"),
        ("ODENSE (Reuters) - The council met.\n" + ARTICLE, "wire copy"),
    ],
)
def test_what_shows_no_style_of_its_own_is_left_out(text, why):
    made = observe(Cleaner(any_language=True, strip="donate").clean(text))

    assert made.unusable.startswith(why)
    assert made.style == ()


def test_markdown_cannot_be_broken_by_a_name_or_a_plug():
    name, plug = "<script>|*kite*.test", "Sign up <img src=x onerror=alert(1)> today!"
    text = as_markdown(card([seen(name, plugs=(plug,)) for _ in range(5)]))

    assert "<script>" not in text
    assert "\\|\\*kite\\*" in text
    assert "plug in 5 documents: Sign up &lt;img src=x" in text


def test_the_manifest_has_one_row_a_source_and_no_blended_number():
    made = card([seen("kite.test", ratings=[ROW])], [seen("wren.test") for _ in range(5)])
    rows = {row["source"]: row for row in manifest(made)}

    assert (rows["kite.test"]["basis"], rows["kite.test"]["band"]) == ("rated", None)
    assert (rows["wren.test"]["basis"], rows["wren.test"]["ratings"]) == ("estimated", [])
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1, abs=1e-3)
    json.dumps(list(rows.values()))


def test_chunks_hold_the_kept_text_and_nothing_else(cleaner):
    result = cleaner.clean(Document(id="7", text=ARTICLE, url="https://kite.test/1"))
    for most in (1, 400, 10_000):
        found = list(chunks(result, most))

        assert [ARTICLE[one["start"] : one["end"]] for one in found] == [o["text"] for o in found]
        kept = "".join(one["text"] for one in found)
        assert "".join(kept.split()) == "".join(result.text.split())
    assert len(list(chunks(result, 10_000))) == 2  # a plug lies between them
    assert {one["basis"] for one in found} == {basis_line(result.source)}


def test_the_basis_line_names_rater_date_and_dispute(tmp_path):
    (tmp_path / "kites.csv").write_text("source,rating,reason,date\nkite.test,mixed,seen,2026-10\n")
    (tmp_path / "lin.csv").write_text("domain,pc1\nkite.test,0.3\n")
    document = Document(id="", text="", url="https://kite.test/1")
    both = Ratings.load([f"own={tmp_path / 'kites.csv'}", f"lin={tmp_path / 'lin.csv'}"])

    assert basis_line(assess(document, both)).startswith(
        "kite.test: rated: mixed by own (the user's own judgement, 2026-10); 0.3 by lin (Lin"
    )


def test_a_long_number_is_shortened_and_a_row_about_another_host_is_named():
    rows = [{**ROW, "raw": "0.8212345678", "row": "uk.kite.test"}]
    made = card([seen("kite.test", ratings=rows)])

    assert "ours 0.82 for uk.kite.test" in as_table(made)
    assert made.sources[0].ratings[0]["raw"] == "0.8212345678"


@pytest.mark.parametrize("form", ["table", "json", "markdown", "manifest"])
def test_the_command_writes_every_format(run, here, form):
    (here / "kites.csv").write_text("domain,pc1\nkite.test,0.82\n")
    lines = [
        json.dumps({"text": f"{number} {ARTICLE}", "url": f"https://{site}.test/{number}"})
        for site in ("kite", "wren")
        for number in range(5)
    ]
    (here / "a.jsonl").write_text("\n".join(lines) + "\n")
    args = ("sources", "card", "a.jsonl", "--ratings", "ours=kites.csv", "--format", form)
    printed, filed = run(*args), run(*args, "--out", "card.txt")

    assert printed.code == filed.code == 0
    assert (here / "card.txt").read_bytes() == printed.out
    assert b"kite.test" in printed.out
    assert b"rated" in printed.out


def test_a_failed_document_is_named_and_the_card_still_comes(run, here):
    (here / "a.jsonl").write_text(json.dumps({"text": ARTICLE}) + "\n{}\n")
    ran = run("sources", "card", "a.jsonl")

    assert ran.code == 1
    assert b"1 documents of 0 sources" in ran.out
    assert "a.jsonl:2" in ran.err


def test_the_card_is_never_written_over_an_input(run, here):
    (here / "a.jsonl").write_text(json.dumps({"text": ARTICLE}) + "\n")
    before = (here / "a.jsonl").read_bytes()
    ran = run("sources", "card", "a.jsonl", "--out", "a.jsonl")

    assert (ran.code, ran.out) == (2, b"")
    assert "a.jsonl is an input" in ran.err
    assert (here / "a.jsonl").read_bytes() == before


def test_a_plug_that_is_no_unicode_is_spelled_out_in_the_file_as_on_the_terminal(run, here):
    plug = PLUG.replace("newsletter", "newsletter \ud800")
    record = {"text": f"{STORY[0]}\n{plug}", "url": "https://kite.test/1"}
    (here / "a.jsonl").write_text(f"{json.dumps(record)}\n" * 2)
    printed = run("sources", "card", "a.jsonl")
    filed = run("sources", "card", "a.jsonl", "--out", "card.txt")

    assert (printed.code, filed.code) == (0, 0)
    assert (here / "card.txt").read_bytes() == printed.out
    assert b"\\ud800" in printed.out
