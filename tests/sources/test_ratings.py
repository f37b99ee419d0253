"""Rating tables: every row accounted for, disagreement shown, the user's own word last."""

import json
from dataclasses import replace

import pytest

from cleaner.document import Document
from cleaner.errors import RatingsError
from cleaner.sources.assess import assess
from cleaner.sources.formats import parse_spec
from cleaner.sources.identity import Match, resolve
from cleaner.sources.ratings import Ratings
from cleaner.sources.tables import read_table
from cleaner.sources.tables_report import tables_report

# Every site below is invented: no row of a real table is in this repository.
PC1 = """domain,pc1
kite.test,0.91
www.heron.test,0.42
blog.kite.test,0.55
kite.test,0.91
wren.test,1.7
wren.test,nan
wren.test,
,0.5
article,0.5
substack.com,0.6
crow.substack.com,0.3
bit.ly,0.5
kite.test/opinion,0.2
wren.test,0.5,extra
"""
GOLDEN = """domain,reliability_label,newsguard_score,label_source
kite.test,-1,,mbfc
heron.test,0,72.5,newsguard
wren.test,-2,,wikipedia
robin.test,1,,manual
"""


@pytest.fixture(name="write")
def _write(tmp_path):
    def write(name, text):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def table(file, declared=""):
    return read_table(parse_spec(f"t={file}{declared}"))


def reasons(found):
    return {refusal.line: refusal.reason for refusal in found.refused}


def test_every_row_is_accepted_or_refused_with_a_reason(write):
    found = table(write("pc1.csv", PC1))

    assert [rating.row for rating in found.ratings] == [
        "kite.test", "www.heron.test", "blog.kite.test", "substack.com", "crow.substack.com",
    ]  # fmt: skip
    assert found.rows == len(found.ratings) + len(found.refused) == 14
    assert reasons(found) == {
        5: "repeats line 2",
        6: "rating '1.7' is off the scale 0 to 1",
        7: "rating 'nan' is off the scale 0 to 1",
        8: "no rating",
        9: "the site is missing",
        10: "no site",
        13: "a shortener or redirect, not a source",
        14: "a part of a site, not a site",
        15: "3 columns instead of 2",
    }


def test_scheme_date_hash_and_the_rating_as_written_are_kept(write):
    rating = table(write("pc1.csv", PC1)).ratings[0].to_dict()

    assert rating["scheme"].startswith("Lin et al. 2023")
    assert rating["as_of"] == "2023"
    assert (rating["raw"], rating["value"], rating["class"]) == ("0.91", 0.91, None)
    assert len(rating["sha256"]) == 16


def test_golden_labels_are_classes_and_unknown_labels_are_refused(write):
    found = table(write("golden.csv", GOLDEN))

    assert [(r.row, r.class_, r.value) for r in found.ratings] == [
        ("kite.test", -1, None), ("heron.test", 0, 0.725), ("robin.test", 1, None),
    ]  # fmt: skip
    assert reasons(found) == {4: "class '-2' is not one of the scheme"}


def test_raters_csv_gives_pc1_and_not_its_imputed_columns(write):
    found = table(write("raters.csv", "domain,pc1,afm,mbfc\nkite.test,0.91,0.2,0.1\n"))

    assert [rating.value for rating in found.ratings] == [0.91]


def test_a_layout_can_be_declared_on_the_command_line(write):
    file = write("x.csv", "Site,Score,Updated\nkite.test,85,2026-01-02\n")
    rating = table(file, ":domain=Site,value=Score,scale=0-100,date=Updated,below=60").ratings[0]

    assert (rating.value, rating.class_, rating.as_of) == (0.85, None, "2026-01-02")


def test_a_layout_can_be_declared_beside_the_file(write):
    file = write("w.tsv", "sites\tstatus\nkite.test wren.test\tGenerally  Reliable\ncrow.test\tx\n")
    write(
        "w.tsv.toml",
        'domain = "sites"\nvalue = "status"\ndelimiter = "\\t"\nseparator = " "\n'
        'as_of = "2026-02"\nscheme = "suitability as a citation"\n'
        '[classes]\n"generally reliable" = "reliable"\n',
    )
    found = table(file)

    assert [(r.source, r.class_, r.as_of) for r in found.ratings] == [
        ("kite.test", 1, "2026-02"), ("wren.test", 1, "2026-02"),
    ]  # fmt: skip
    assert reasons(found) == {3: "rating 'x' is not one of the scheme"}


@pytest.mark.parametrize(
    ("text", "declared", "message"),
    [
        ("a,b\n1,2\n", "", "declare its columns"),
        ("a,b\n1,2\n", ":domain=a,value=c,scale=0-1", "no column c"),
        ("a,b\n1,2\n", ":domain=a,value=b", "not compared on a guess"),
        ("a,b\n1,2\n", ":domain=a,value=b,scale=high", "can't be used"),
        ("a,b\n1,2\n", ":domain=,value=b,scale=0-1", "can't be used"),
        ("a,b\n1,2\n", ":domain=a,rating=b", "can't declare rating"),
        ("", "", "no known header"),
        ('domain,pc1\n"kite.test,1\n' + "x" * 200_000, "", "field larger"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(write, text, declared, message):
    with pytest.raises(RatingsError, match=message):
        table(write("t.csv", text), declared)


@pytest.mark.parametrize("as_of", ["2024-05-01", "2024", '"2024"'])
def test_the_date_of_a_table_may_be_a_date_of_toml(write, as_of):
    write("t.csv.toml", f"value = 'v'\nscale = '0-100'\nas_of = {as_of}\n")
    (rating,) = table(write("t.csv", "domain,v\nkite.test,80\n")).ratings

    assert json.loads(json.dumps(rating.to_dict()))["as_of"] == as_of.strip('"')


@pytest.mark.parametrize(
    "declared",
    [
        "value = 3",
        "separator = 5",
        "as_of = [2024]",
        "scale = '0-inf'",
        "scale = [0, nan]",
        "below = nan",
        "[words]\nhigh = nan",
        "[words]\nhigh = 80",
    ],
)
def test_a_declaration_of_the_wrong_kind_is_one_clear_error(write, declared):
    write("t.csv.toml", f"domain = 'a'\nreason = 'b'\n{declared}\n")
    with pytest.raises(RatingsError, match="can't be used"):
        table(write("t.csv", "a,b\nkite.test,high\n"))


@pytest.mark.parametrize("name", ["t=/", "t=."])
def test_a_folder_is_no_table(name):
    with pytest.raises(RatingsError, match="write NAME=FILE"):
        parse_spec(name)


def test_a_missing_file_is_one_clear_error(tmp_path):
    with pytest.raises(RatingsError, match="can't be read"):
        Ratings.load([f"t={tmp_path / 'none.csv'}"])


def test_two_tables_of_one_name_are_one_clear_error(write):
    file = write("pc1.csv", PC1)
    with pytest.raises(RatingsError, match="2 tables are named 'a'"):
        Ratings.load([f"a={file}", f"a={file}"])


def test_tables_that_disagree_are_disputed_and_not_averaged(write):
    ratings = Ratings.load(
        [f"lin={write('pc1.csv', PC1)}", f"idiap={write('golden.csv', GOLDEN)}"],
    )
    record = assess(Document("d", "text", url="https://www.kite.test/story"), ratings)

    assert record["basis"] == "rated"
    assert [rating["table"] for rating in record["ratings"]] == ["lin", "idiap"]
    assert record["disputed"]["why"] == ["lin kite.test 0.91 against idiap kite.test -1"]
    heron = assess(Document("d", "text", url="https://heron.test/"), ratings)["disputed"]
    assert (heron["low"], heron["high"]) == (0.42, 0.725)


@pytest.mark.parametrize(
    ("one", "other", "disputed"),
    [("0.6", "0.3", True), ("0.6", "0.31", False), ("0.2", "0.5", True)],
)
def test_raters_that_differ_by_three_tenths_are_disputed(write, one, other, disputed):
    files = [
        write(f"{name}.csv", f"domain,pc1\nkite.test,{value}\n")
        for name, value in (("a", one), ("b", other))
    ]
    ratings = Ratings.load(map(str, files))

    assert bool(ratings.conflicts()) is disputed


def test_rows_of_one_source_in_one_table_may_differ_by_two_tenths(write):
    wide = Ratings.load([str(write("a.csv", "domain,pc1\nkite.test,0.9\na.kite.test,0.6\n"))])
    near = Ratings.load([str(write("b.csv", "domain,pc1\nkite.test,0.9\na.kite.test,0.7\n"))])

    assert list(wide.conflicts()) == ["kite.test"]
    assert not near.conflicts()


def test_a_row_counts_for_its_site_and_below_but_not_for_a_sister(write):
    ratings = Ratings.load([f"t={write('pc1.csv', PC1)}"])

    def rows(url):
        return [rating.row for rating in ratings.about(resolve(url))]

    assert rows("https://kite.test/") == ["kite.test"]
    assert rows("https://blog.kite.test/") == ["kite.test", "blog.kite.test"]
    assert rows("https://shop.kite.test/") == ["kite.test"]
    assert rows("https://crow.substack.com/p/x") == ["crow.substack.com"]
    assert rows("https://wren.substack.com/p/x") == []
    assert rows("https://substack.com/") == []


def test_a_row_counts_for_every_domain_of_its_publisher(write):
    found = table(write("a.csv", "domain,pc1\nkite.test,0.5\n"))
    # As if the registry listed kite.test as another domain of heron.test.
    (row,) = found.ratings
    alias = replace(row, source="heron.test", match=Match.ALIAS)
    ratings = Ratings((replace(found, ratings=(alias,)),))

    assert ratings.about(resolve("https://heron.test/news")) == (alias,)


def test_the_users_own_word_wins_and_settles_the_dispute(write):
    own = "source,rating,reason,date\nkite.test,mixed,correction page checked,2026-10-01\n"
    ratings = Ratings.load(
        [
            f"lin={write('pc1.csv', PC1)}",
            f"idiap={write('golden.csv', GOLDEN)}",
            f"own={write('own.csv', own)}",
        ],
    )
    record = assess(Document("d", "text", url="https://kite.test/"), ratings)

    assert record["ratings"][0]["overrides"]
    assert record["ratings"][0]["class"] == "mixed"
    assert record["ratings"][0]["reason"] == "correction page checked"
    assert [rating["table"] for rating in record["ratings"]] == ["own", "lin", "idiap"]
    assert record["disputed"] is None


def test_an_override_without_reason_or_date_is_refused(write):
    text = "source,rating,reason,date\nkite.test,0.4,,2026-10-01\nwren.test,0.4,seen,\n"
    found = table(write("own.csv", text))

    assert not found.ratings
    assert set(reasons(found).values()) == {"an override needs a reason and a date"}


def test_unknown_is_not_unreliable(write):
    ratings = Ratings.load([f"t={write('pc1.csv', PC1)}"])
    record = assess(Document("d", "text", url="https://nobody.test/"), ratings)

    assert record == {
        "source": "nobody.test",
        "publisher": None,
        "match": "registrable",
        "basis": "unknown",
        "ratings": [],
        "disputed": None,
    }
    json.dumps(record)


def test_the_report_accounts_for_the_table(write):
    report = tables_report(f"kites={write('pc1.csv', PC1)}")

    assert "rows      14" in report
    assert "accepted  5" in report
    assert "1  about platforms, lent to none of their accounts" in report
    assert "refused   9" in report
    assert "1  a part of a site, not a site (line 14: 'kite.test/opinion')" in report
    assert "kite.test 0.91 against kites blog.kite.test 0.55" in report


def test_tables_describe_themselves_for_the_run_record(write):
    (described,) = Ratings.load([f"kites={write('pc1.csv', PC1)}"]).describe()

    assert (described["name"], described["rows"], described["accepted"]) == ("kites", 14, 5)
    assert len(described["sha256"]) == 64
