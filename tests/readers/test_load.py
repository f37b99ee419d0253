"""Files and records become documents."""

from pathlib import Path

import pytest

from cleaner.errors import RecordError, TooLargeError
from cleaner.readers import MAX_HTML_BYTES, Format, format_of, from_file, from_record
from tests.conftest import PAGE, STORY


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", Format.TEXT),
        ("a.MD", Format.TEXT),
        ("a.html", Format.HTML),
        ("a.HTM.GZ", Format.HTML),
        ("a.json", Format.JSON),
        ("a.b.jsonl.gz", Format.JSONL),
        ("a.ndjson", Format.JSONL),
        ("a.pdf", None),
        ("a.gz", None),
        ("txt", None),
        (".txt", None),
    ],
)
def test_the_name_tells_the_kind(name, kind):
    assert format_of(Path(name)) is kind


def test_a_text_file_is_its_text(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes("\ufeff# Ørsted\r\n\r\nHe *wrote*.".encode())

    loaded = from_file(path, "sub/a.md", "https://paper.example/a")

    assert loaded.document.text == "# Ørsted\r\n\r\nHe *wrote*."
    assert (loaded.document.id, loaded.document.path) == ("sub/a.md", "sub/a.md")
    assert loaded.document.url == "https://paper.example/a"
    assert not loaded.document.from_html


def test_an_html_file_tells_its_title_and_that_it_was_extracted(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")

    document = from_file(path, "a.html").document

    assert document.title == "Council closes fish market & moves traders"
    assert document.from_html
    assert STORY[0] in document.text


def test_the_url_a_user_gives_goes_before_the_one_a_page_gives_itself(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")

    assert (
        from_file(path, "a.html", "https://mirror.example/").document.url
        == "https://mirror.example/"
    )


def test_a_record_takes_its_text_before_its_html():
    document = from_record({"text": "One.", "html": PAGE}, "a.jsonl", 3)

    assert (document.id, document.text, document.from_html) == ("a.jsonl:3", "One.", False)


def test_a_record_without_text_is_extracted_from_its_html():
    document = from_record({"html": PAGE, "title": "Given", "id": "x"}, "a.jsonl", 3)

    assert (document.id, document.title, document.from_html) == ("x", "Given", True)
    assert STORY[2] in document.text
    assert document.url == "https://quaycourier.example/news/fish-market"


def test_a_page_is_the_same_document_in_a_file_and_in_a_record(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    file = from_file(tmp_path / "a.html", "a.html").document
    record = from_record({"html": PAGE}, "r.jsonl", 1)

    assert file.blocks
    for field in ("text", "url", "title", "author", "blocks", "from_html", "page_url", "links"):
        assert getattr(file, field) == getattr(record, field), field


def test_fields_that_are_not_strings_count_as_unknown_and_pass_through():
    record = {"text": "One.", "url": 5, "title": None, "date": ["x"], "other": {"a": 1}}

    document = from_record(record, "a.jsonl", 1)

    assert (document.url, document.title, document.date) == ("", "", "")
    assert dict(document.meta) == record


@pytest.mark.parametrize("record", [{}, {"text": None}, {"text": 5, "html": []}, {"body": "One."}])
def test_a_record_without_text_or_html_is_an_error(record):
    with pytest.raises(RecordError, match=r"`text`.*--text-column"):
        from_record(record, "a.jsonl", 1)


def test_a_record_with_too_much_html_is_refused():
    with pytest.raises(TooLargeError):
        from_record({"html": "x" * (MAX_HTML_BYTES + 1)}, "a.jsonl", 1)


def test_a_page_of_50_mb_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "huge.html"
    path.write_bytes(b"<p>One.</p>" * 4_600_000)

    with pytest.raises(TooLargeError, match="10 MB"):
        from_file(path, "huge.html")
