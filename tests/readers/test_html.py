"""Html: the main text, what the page says of itself, and nothing that breaks the process."""

import contextlib

import pytest

from cleaner.errors import BinaryError, DocumentError
from cleaner.readers.html import extract
from tests.conftest import PAGE, STORY


def test_a_page_gives_its_text_paragraph_by_paragraph():
    lines = extract(PAGE.encode()).text.split("\n")

    assert [line for line in lines if line in STORY] == list(STORY)


def test_a_page_tells_title_address_and_author():
    page = extract(PAGE.encode())

    assert page.title == "Council closes fish market & moves traders"
    assert page.url == "https://quaycourier.example/news/fish-market"
    assert page.author == "Maren Lund"


def test_text_and_bytes_give_the_same():
    assert extract(PAGE) == extract(PAGE.encode())


def test_the_charset_a_page_declares_is_used():
    body = "".join(
        f"<p>Café number {n} on the quay serves façade-grey coffee to all.</p>" for n in range(9)
    )
    html = f'<head><meta charset="iso-8859-1"></head><body><article>{body}</article></body>'

    assert "Café number 3" in extract(html.encode("iso-8859-1")).text


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"  \n\t ", id="blank"),
        pytest.param(b"<html></html>", id="no body"),
        pytest.param(b"<script>document.write('x')</script>", id="script only"),
        pytest.param(b"<!-- <p>hidden</p> -->", id="comment only"),
    ],
)
def test_a_page_without_text_is_an_empty_text(html):
    assert extract(html).text == ""


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000, id="100,000 levels deep"),
        pytest.param(b"<ul><li>" * 3_000 + b"x", id="lists never closed"),
        pytest.param(b"<table><tr><td>" * 2_000 + b"x", id="tables in tables"),
        pytest.param(b"<p " + b"a=1 " * 20_000 + b">x</p>", id="20,000 attributes"),
        pytest.param(b"&lt;" * 100_000, id="entities"),
        pytest.param(b"<<<<>>>>" * 10_000, id="angle brackets"),
        pytest.param(b'<p>x</p><!DOCTYPE a [<!ENTITY b "&c;&c;">]>&b;', id="entity definition"),
        pytest.param(b"<html>\x00<p>a\x00b</p>\xff\xfe\x80", id="NUL and broken bytes"),
    ],
)
def test_hostile_markup_gives_a_text_or_a_document_error(html):
    with contextlib.suppress(DocumentError):
        assert isinstance(extract(html).text, str)


def test_a_binary_file_named_html_is_refused():
    with pytest.raises(BinaryError):
        extract(b"%PDF-1.4 ...")
