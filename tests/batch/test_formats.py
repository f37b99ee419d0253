"""Folders of mixed inputs, every format of output, and the way back."""

import datetime
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from cleaner.batch import Settings, clean_folder, restore_folder
from cleaner.document import OutputFormat
from cleaner.writers import writer_of, writers
from cleaner.writers.parquet import ParquetWriter
from tests.batch.folders import contents
from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG, STORY, STUB
from tests.readers.test_warc import ENTRIES, archive

RECORDS = [{"id": n, "text": ARTICLE.replace("1911", f"190{n}"), "lang": "en"} for n in range(5)]


def manifest(out):
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def mixed(tmp_path):
    """A folder with an input of every kind."""
    folder = tmp_path / "in"
    folder.mkdir()
    jsonl = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()
    csv = 'id,content\n1,"' + ARTICLE.replace('"', '""') + '"\n2,Short and sweet.\n'
    table = pa.table(
        {
            "text": [record["text"] for record in RECORDS],
            "when": [datetime.date(2024, 5, n + 1) for n in range(5)],
            "tags": [["a"], [], None, ["b", "c"], ["d"]],
        }
    )
    pq.write_table(table, folder / "table.parquet", row_group_size=2)
    for name, data in {
        "a.txt": ARTICLE.encode(),
        "b.txt.zst": zstandard.compress(ARTICLE.encode()),
        "c.html": PAGE.encode(),
        "d.html.gz": gzip.compress(PAGE.encode()),
        "records.jsonl": jsonl,
        "records.jsonl.zst": zstandard.compress(jsonl),
        "one.json": json.dumps(RECORDS[:2]).encode(),
        "sheet.csv": csv.encode(),
        "sheet.tsv.gz": gzip.compress(b"text\tx\nOne story.\t1\n"),
        "crawl.warc.gz": archive(*ENTRIES, packed=True),
        "page-without-suffix": PAGE.encode(),
        "text without suffix": ARTICLE.encode(),
        "packed": gzip.compress(jsonl),
        "image": b"\x89PNG\r\n\x1a\n" + bytes(50),
        ".hidden": b"not for reading",
        "picture.png": b"\x89PNG\r\n\x1a\n",
        "program.exe": b"MZ",
    }.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_mixed_folder_is_cleaned_and_what_is_skipped_is_counted(run, mixed, tmp_path):
    out = tmp_path / "out"
    ran = run("clean", mixed, "--out", out)

    rows = manifest(out)
    assert (ran.code, {row["status"] for row in rows}) == (0, {"ok"})
    assert len(rows) == 6 + 5 + 5 + 2 + 2 + 1 + 3 + 5 + 5
    assert [row["input"] for row in rows] == sorted(row["input"] for row in rows)
    skipped = json.loads((out / "run.json").read_text())["totals"]["files_skipped"]
    assert skipped == {
        ".png": 1,
        ".exe": 1,
        "hidden": 1,
        "no suffix": 1,
        "warc warcinfo": 1,
        "warc request": 1,
        "warc redirect": 1,
        "warc error page": 1,
        "warc not html": 1,
        "warc metadata": 1,
    }
    assert {row["input"]: row["output"] for row in rows} == {
        "a.txt": "a.txt",
        "b.txt.zst": "b.txt.zst.txt",
        "c.html": "c.html.txt",
        "crawl.warc.gz": "crawl.warc.gz.jsonl",
        "d.html.gz": "d.html.gz.txt",
        "one.json": "one.json.jsonl",
        "packed": "packed.jsonl",
        "page-without-suffix": "page-without-suffix.txt",
        "records.jsonl": "records.jsonl",
        "records.jsonl.zst": "records.jsonl.zst.jsonl",
        "sheet.csv": "sheet.csv.jsonl",
        "sheet.tsv.gz": "sheet.tsv.gz.jsonl",
        "table.parquet": "table.parquet",
        "text without suffix": "text without suffix.txt",
    }
    assert (out / "b.txt.zst.txt").read_text(encoding="utf-8") == CLEANED
    assert PLUG not in "".join(
        data.decode("utf-8", "ignore")
        for name, data in contents(out).items()
        if name.endswith(".txt")
    )
    assert lines(out / "sheet.csv.jsonl")[0]["content"] == CLEANED
    page = lines(out / "crawl.warc.gz.jsonl")[0]
    assert page["url"] == "https://courier.example/a"
    assert STORY[0] in page["text"]


@pytest.mark.parametrize("form", ["text", "jsonl", "markdown", "parquet", None])
def test_every_format_comes_back(run, mixed, tmp_path, form):
    out, back = tmp_path / "out", tmp_path / "back"
    run("clean", mixed, "--out", out, *(["--format", form] if form else []))

    ran = run("restore", out, "--out", back)

    assert (ran.code, ran.err) == (0, "")
    if form in {"text", "markdown", None}:
        assert (back / "a.txt").read_bytes() == ARTICLE.encode()
    for row in manifest(out):
        assert (out / row["output"]).is_file()
    names = {
        "text": "sheet.csv/1.txt",
        "markdown": "sheet.csv/1.md",
        "parquet": "sheet.csv.parquet",
    }
    restored = back / names.get(form, "sheet.csv.jsonl")
    if form in {"text", "markdown"}:
        assert restored.read_text(encoding="utf-8") == ARTICLE
    elif form == "parquet":
        assert pq.read_table(restored).to_pylist()[0]["content"] == ARTICLE
        assert pq.read_table(back / "a.txt.parquet").to_pylist()[0]["text"] == ARTICLE
    else:
        assert lines(restored)[0]["content"] == ARTICLE


@pytest.mark.parametrize("form", ["text", "jsonl", "markdown", "parquet", "dolma", None])
def test_no_format_is_written_again_where_nothing_changed(run, mixed, tmp_path, form, monkeypatch):
    arguments = ("clean", mixed, "--out", tmp_path / "out", *(["--format", form] if form else []))
    run(*arguments)
    before = contents(tmp_path / "out")
    monkeypatch.setattr("cleaner.batch.spool.clean_outcome", None)

    assert run(*arguments).code == 0
    assert contents(tmp_path / "out") == before


def test_parquet_that_was_tampered_with_is_written_again(run, mixed, tmp_path):
    out = tmp_path / "out"
    paths = (mixed / "table.parquet", mixed / "records.jsonl")
    arguments = ("clean", *paths, "--out", out, "--format", "parquet")
    run(*arguments)
    before = contents(out)
    for name in ("table.parquet", "records.jsonl.parquet"):
        data, table = before[name], pq.read_table(out / name)
        other = pa.array([f"other {n}" for n in range(len(table))])
        for column in table.column_names[:2]:
            place = table.column_names.index(column)
            pq.write_table(table.set_column(place, column, other), out / name)
            run(*arguments)
            assert contents(out) == before
        for place in range(4, len(data), 97):
            (out / name).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            assert not ParquetWriter().intact(
                out / name, [row for row in manifest(out) if row["output"] == name]
            )
        (out / name).write_bytes(data)
        rows = [row for row in manifest(out) if row["output"] == name]
        assert ParquetWriter().intact(out / name, rows)
        assert not ParquetWriter().intact(out / name, [*rows[1:], rows[0]])


@pytest.mark.parametrize("form", [None, OutputFormat.MARKDOWN, OutputFormat.PARQUET])
def test_the_library_writes_and_restores_what_the_command_line_does(
    run, mixed, tmp_path, cleaner, form
):
    out, back = tmp_path / "out", tmp_path / "back"
    run("clean", mixed, "--out", tmp_path / "line", *(["--format", form] if form else []))

    clean_folder([str(mixed)], out, Settings(cleaner, 0, form=form), writers(form))

    assert contents(out) == contents(tmp_path / "line")
    # What was written by one writer and is read back by another is no text of the user's.
    with pytest.raises(TypeError):
        restore_folder(out, back)
    assert restore_folder(out, back, writer_of) == []


def test_parquet_keeps_columns_types_and_row_groups(run, mixed, tmp_path):
    out, back = tmp_path / "out", tmp_path / "back"
    run("clean", mixed / "table.parquet", "--out", out)

    before, after = (pq.ParquetFile(folder / "table.parquet") for folder in (mixed, out))
    assert after.num_row_groups == before.num_row_groups == 3
    assert after.schema_arrow.names == [*before.schema_arrow.names, "cleaner"]
    table = after.read()
    assert table.drop_columns(["text", "cleaner"]) == before.read().drop_columns(["text"])
    first = table.to_pylist()[0]
    assert first["text"] == CLEANED.replace("1911", "1900")
    assert first["cleaner"]["status"] == "ok"
    assert [span["label"] for span in first["cleaner"]["removed"]] == ["subscribe", "social"]
    assert first["cleaner"]["removed"][0]["text"].strip() == PLUG

    run("restore", out, "--out", back)
    assert pq.read_table(back / "table.parquet") == before.read()


@pytest.mark.parametrize(
    "kind", [pa.binary(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
)
def test_parquet_texts_of_any_type_are_cleaned_and_come_back(run, tmp_path, kind):
    table = pa.table({"text": pa.array([ARTICLE, STORY[0]], pa.string()).cast(kind)})
    pq.write_table(table, tmp_path / "t.parquet")

    assert run("clean", tmp_path / "t.parquet", "--out", tmp_path / "out").code == 0
    after = pq.read_table(tmp_path / "out/t.parquet")
    assert after.schema.field("text").type == kind
    assert after["text"].cast(pa.string()).to_pylist() == [CLEANED, STORY[0]]

    assert run("restore", tmp_path / "out", "--out", tmp_path / "back").code == 0
    assert pq.read_table(tmp_path / "back/t.parquet") == table


def test_parquet_of_records_holds_mixed_fields_as_json(run, tmp_path):
    records = [
        {"text": ARTICLE, "n": 1, "mixed": 1, "deep": {"a": [1]}, "cleaner": "theirs"},
        {"text": ARTICLE, "n": None, "mixed": "two", "late": True, "broken": "\ud800"},
        {"text": 5},
    ]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, records)))

    ran = run("clean", tmp_path / "r.jsonl", "--out", tmp_path / "out", "--format", "parquet")
    rows = pq.read_table(tmp_path / "out/r.jsonl.parquet").to_pylist()

    assert ran.code == 1
    assert [row["n"] for row in rows] == [1, None, None]
    assert [row["mixed"] for row in rows] == ["1", '"two"', None]
    assert rows[0]["deep"] == '{"a": [1]}'
    assert rows[1]["late"] is True
    assert [row["cleaner"]["status"] for row in rows] == ["ok", "ok", "failed"]


def test_markdown_is_front_matter_and_the_same_text(run, mixed, tmp_path):
    run("clean", mixed / "c.html", "--out", tmp_path / "out", "--format", "markdown")

    head, _, text = (tmp_path / "out/c.html.md").read_text(encoding="utf-8").partition("\n---\n\n")
    fields = dict(line.split(": ", 1) for line in head.removeprefix("---\n").splitlines())
    assert json.loads(fields["title"]) == "Council closes fish market & moves traders"
    assert json.loads(fields["url"]) == "https://quaycourier.example/news/fish-market"
    assert json.loads(fields["author"]) == "Maren Lund"
    assert json.loads(fields["id"]) == "c.html"
    assert STORY[0] in text
    assert PLUG not in text


def test_front_matter_survives_titles_that_mean_harm(run, tmp_path):
    title = 'a: "b"\n---\n\u2028\x85 - {x} #y'
    (tmp_path / "r.jsonl").write_text(
        json.dumps({"title": title, "text": f"---\n\n---\n{ARTICLE}"})
    )
    run("clean", tmp_path / "r.jsonl", "--out", tmp_path / "out", "--format", "markdown")
    head = (tmp_path / "out/r.jsonl/1.md").read_text(encoding="utf-8").splitlines()

    assert head[0] == head[3] == "---"
    assert json.loads(head[2].removeprefix("title: ")) == title
    assert run("restore", tmp_path / "out", "--out", tmp_path / "back").code == 0
    assert (tmp_path / "back/r.jsonl/1.md").read_text(encoding="utf-8") == f"---\n\n---\n{ARTICLE}"


def test_dolma_attributes_are_spans_of_the_input_and_can_not_be_restored(run, mixed, tmp_path):
    out = tmp_path / "out"
    run("clean", mixed / "records.jsonl", "--out", out, "--format", "dolma")

    attributes = lines(out / "records.jsonl")
    assert [line["id"] for line in attributes] == [record["id"] for record in RECORDS]
    for line, record in zip(attributes, RECORDS, strict=True):
        assert set(line) == {"id", "attributes"}
        spans = line["attributes"]
        assert {
            label: [record["text"][start:end] for start, end, _ in found]
            for label, found in spans.items()
        } == {"cleaner__subscribe": [PLUG], "cleaner__social": [STUB]}
        assert all(0 < score <= 1 for found in spans.values() for *_, score in found)
    ran = run("restore", out, "--out", tmp_path / "back")
    assert ran.code == 2
    assert "dolma" in ran.err


def test_a_parquet_input_that_changes_under_the_run_is_a_row_each(
    run, mixed, tmp_path, monkeypatch
):
    from cleaner.batch import run as module

    real = module.Passes.clean

    def clean(self, *arguments):
        (mixed / "table.parquet").unlink()
        return real(self, *arguments)

    monkeypatch.setattr(module.Passes, "clean", clean)
    ran = run("clean", mixed / "table.parquet", "--out", tmp_path / "out")

    rows = manifest(tmp_path / "out")
    assert ran.code == 1
    assert [(row["status"], row["output"]) for row in rows] == [("failed", None)] * 5
    assert all("can't be written" in row["error"] for row in rows)


def broken(path, table, group, column, *, rows=50):
    """Write a table of which a column is damaged from the beginning of a row group on."""
    pq.write_table(table, path, row_group_size=rows, compression="none", use_dictionary=False)
    chunk = pq.ParquetFile(path).metadata.row_group(group).column(column)
    data = bytearray(path.read_bytes())
    data[chunk.data_page_offset : chunk.data_page_offset + 40] = b"\xff" * 40
    path.write_bytes(data)
    return path


def test_of_parquet_that_breaks_off_the_rows_before_are_done(run, tmp_path):
    texts = [ARTICLE.replace("1911", f"{n}") for n in range(150)]
    table = pa.table({"id": range(150), "text": texts})
    path = broken(tmp_path / "t.parquet", table, 1, 1)
    out, back = tmp_path / "out", tmp_path / "back"

    ran = run("clean", path, "--out", out)

    *done, last = manifest(out)
    assert ran.code == 1
    assert [row["status"] for row in done] == ["ok"] * 50
    assert (last["record"], last["status"], last["output"]) == (51, "failed", None)
    assert "no record could be read from here on" in last["error"]
    assert pq.read_table(out / "t.parquet")["id"].to_pylist() == [*range(50)]
    ran = run("restore", out, "--out", back)
    assert ran.code == 1
    assert "t.parquet:51: was not cleaned" in ran.err
    assert pq.read_table(back / "t.parquet") == table.slice(0, 50)


@pytest.mark.parametrize("column", [0, 1])
def test_parquet_that_is_damaged_from_its_first_row_is_a_row_of_the_manifest(run, tmp_path, column):
    table = pa.table({"text": [ARTICLE], "when": [datetime.date(2024, 5, 1)]})
    (tmp_path / "in").mkdir()
    broken(tmp_path / "in/t.parquet", table, 0, column)
    pq.write_table(table, tmp_path / "in/u.parquet")

    ran = run("clean", tmp_path / "in", "--out", tmp_path / "out")

    first, second = manifest(tmp_path / "out")
    assert (ran.code, first["status"], second["status"]) == (1, "failed", "ok")
    assert first["error"].startswith("the file is damaged")
    assert not (tmp_path / "out/t.parquet").exists()


def test_parquet_that_breaks_off_within_a_group_is_done_as_far_as_it_was_read(run, tmp_path):
    words = pa.array([STORY[0].encode()] * 20 + [b"\xff"] + [b"Then."] * 9)
    table = pa.table({"id": range(30), "text": words.view(pa.string())})
    pq.write_table(table, tmp_path / "t.parquet")

    assert run("clean", tmp_path / "t.parquet", "--out", tmp_path / "out").code == 1

    assert pq.read_table(tmp_path / "out/t.parquet")["id"].to_pylist() == [*range(16)]
    assert [row["status"] for row in manifest(tmp_path / "out")] == ["ok"] * 16 + ["failed"]


def test_a_table_without_a_text_says_so_in_its_row(run, tmp_path):
    pq.write_table(pa.table({"when": [1, 2]}), tmp_path / "t.parquet")

    assert run("clean", tmp_path / "t.parquet", "--out", tmp_path / "out").code == 1
    (row,) = manifest(tmp_path / "out")
    assert row["error"].startswith("no column 'text'")


def test_the_text_column_can_be_named_for_records_and_tables(run, tmp_path):
    (tmp_path / "a.csv").write_text(f'text,story\nshort,"{ARTICLE}"\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "short", "story": ARTICLE}))

    ran = run("clean", tmp_path, "--out", tmp_path / "out", "--text-column", "story")

    assert ran.code == 0
    for name in ("a.csv.jsonl", "b.jsonl"):
        (record,) = lines(tmp_path / "out" / name)
        assert (record["text"], record["story"]) == ("short", CLEANED)
    (labelled,) = [
        json.loads(line)
        for line in run("label", tmp_path / "b.jsonl", "--text-column", "story").out.splitlines()
    ]
    assert len(labelled["paragraphs"]) == 6


def test_a_column_of_pages_can_be_named_in_every_format_and_goes_before_a_text(run, tmp_path):
    record = {"text": "A summary.", "html": PAGE}
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text(
        'text,html\nA summary.,"{}"\n'.format(PAGE.replace('"', '""')), encoding="utf-8"
    )
    (tmp_path / "in/b.jsonl").write_text(json.dumps(record) + '\n{"text": 5\n')
    (tmp_path / "in/c.json").write_text(json.dumps([record]))
    pq.write_table(pa.table({"text": pa.nulls(1), "html": [PAGE]}), tmp_path / "in/d.parquet")

    ran = run("clean", tmp_path / "in", "--out", tmp_path / "out", "--text-column", "html")

    rows = manifest(tmp_path / "out")
    assert (ran.code, [row["status"] for row in rows]) == (1, ["ok", "ok", "failed", "ok", "ok"])
    found = [lines(tmp_path / "out" / name)[0] for name in ("a.csv.jsonl", "b.jsonl")]
    found += [
        *lines(tmp_path / "out/c.json.jsonl"),
        *pq.read_table(tmp_path / "out/d.parquet").to_pylist(),
    ]
    for cleaned in found:
        assert STORY[0] in cleaned["text"]
        assert "<p>" not in cleaned["text"]


def test_a_dry_run_counts_by_label_and_site_and_writes_nothing(run, mixed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (mixed / "courier.example").mkdir()
    (mixed / "courier.example/x.txt").write_text(ARTICLE, encoding="utf-8")
    before = contents(tmp_path)

    ran = run("clean", mixed, "--dry-run")

    assert contents(tmp_path) == before
    assert ran.code == 0
    out = ran.out.decode()
    assert "35 documents" in out
    by_label, _, by_site = out.partition("by site:\n")
    words = {name: int(count) for count, name in map(str.split, by_label.splitlines()[1:])}
    assert set(words) >= {"subscribe", "social"}
    sites = {line.split()[1]: line for line in by_site.splitlines()}
    assert set(sites) == {"(none):", "courier.example:", "quaycourier.example:"}
    assert "subscribe" in sites["courier.example:"]
    assert sum(int(line.split()[0]) for line in sites.values()) == sum(words.values())


def test_a_dry_run_counts_what_the_run_would_and_does_not_read_its_output(run, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    run("clean", folder, "--out", folder / "out")

    ran = run("clean", folder, "--out", folder / "out", "--dry-run")

    assert (ran.code, ran.out.decode().splitlines()[0][:11]) == (0, "1 documents")


def test_format_and_redo_need_an_output_folder(run, mixed):
    for option in (["--format", "markdown"], ["--redo"]):
        ran = run("clean", mixed / "a.txt", *option)
        assert (ran.code, ran.out) == (2, b"")
        assert "--out" in ran.err


def test_remote_files_folders_and_globs(run, tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/crawl/news/a.txt", ARTICLE.encode())
    memory.pipe("/crawl/news/r.jsonl.gz", gzip.compress(json.dumps({"text": ARTICLE}).encode()))
    memory.pipe("/crawl/news/page", PAGE.encode())
    memory.pipe("/crawl/news/x.png", b"\x89PNG")
    memory.pipe("/crawl/news/.draft.txt", ARTICLE.encode())
    memory.pipe("/crawl/.cache/old.txt", ARTICLE.encode())
    pq.write_table(pa.table({"text": [ARTICLE]}), tmp_path / "t.parquet")
    memory.pipe("/crawl/t.parquet", (tmp_path / "t.parquet").read_bytes())
    try:
        out = tmp_path / "out"
        assert run("clean", "memory://crawl", "--out", out).code == 0
        assert [row["input"] for row in manifest(out)] == [
            "news/a.txt", "news/page", "news/r.jsonl.gz", "t.parquet",
        ]  # fmt: skip
        assert (out / "news/a.txt").read_text(encoding="utf-8") == CLEANED
        assert pq.read_table(out / "t.parquet").to_pylist()[0]["text"] == CLEANED
        assert "4 unchanged since the last run" in run("clean", "memory://crawl", "--out", out).err
        run("clean", "memory://crawl/news/*.txt", "--out", tmp_path / "glob")
        assert [row["input"] for row in manifest(tmp_path / "glob")] == ["a.txt"]
        for name in ("a.txt", ".draft.txt"):
            assert run("clean", f"memory://crawl/news/{name}").out.decode() == CLEANED
    finally:
        memory.rm("/crawl", recursive=True)
    for url, says in (("memory://crawl", "can't be listed"), ("nosuch://a/b.txt", "nosuch")):
        ran = run("clean", url, "--out", tmp_path / "none")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert says in ran.err


def test_files_of_one_name_on_two_hosts_or_in_two_remote_folders_both_have_an_output(run, tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    places = ("a.example/news", "b.example/news", "b.example/old/news")
    for place, story in zip(places, STORY, strict=False):
        memory.pipe(f"/{place}/x.txt", story.encode())
    named = ("a.example/news/x.txt", "b.example/news/x.txt", "b.example/old/news")
    try:
        run("clean", *(f"memory://{name}" for name in named), "--out", tmp_path)
    finally:
        memory.rm("/a.example", recursive=True)
        memory.rm("/b.example", recursive=True)

    names = ["a.example/news/x.txt", "b.example/news/x.txt", "old/news/x.txt"]
    assert [row["input"] for row in manifest(tmp_path)] == names
    assert [(tmp_path / name).read_text() for name in names] == list(STORY[:3])


def test_a_remote_page_is_read_though_its_file_system_takes_its_links_for_files(run, monkeypatch):
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem

    memory = fsspec.filesystem("memory")
    memory.pipe("/courier.example/page", PAGE.encode())
    monkeypatch.setattr(MemoryFileSystem, "isdir", lambda *_: True)
    monkeypatch.setattr(MemoryFileSystem, "find", lambda _, path: [f"{path}/#main"])
    try:
        ran = run("clean", "memory://courier.example/page")
    finally:
        memory.store.clear()

    assert (ran.code, ran.err) == (0, "")
    assert STORY[0] in ran.out.decode()


def test_files_through_a_url_are_read_by_workers_too(run, mixed, tmp_path):
    run("clean", f"file://{mixed}", "--out", tmp_path / "remote", "--workers", "2", "--quiet")
    run("clean", mixed, "--out", tmp_path / "local", "--quiet")

    assert contents(tmp_path / "remote") == contents(tmp_path / "local")
    assert any((tmp_path / "remote").iterdir())
