"""Html: the main text, what the page says of itself, and nothing that breaks the process."""

import contextlib

import pytest
import trafilatura

from cleaner.errors import BinaryError, DocumentError
from cleaner.readers import html
from cleaner.readers.html import EXTRACTION, extract
from tests.conftest import PAGE, PLUG, STORY


def test_a_page_gives_its_text_paragraph_by_paragraph():
    lines = extract(PAGE.encode()).text.split("\n")

    assert [line for line in lines if line in STORY] == list(STORY)


def test_a_page_tells_title_address_and_author():
    page = extract(PAGE.encode())

    assert page.title == "Council closes fish market & moves traders"
    assert page.url == "https://quaycourier.example/news/fish-market"
    assert page.author == "Maren Lund"


def byline_of(head: str, body: str) -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return extract(f"<head>{head}</head><body>{body}<article>{story}</article></body>").author


def ld(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_an_author_is_found_in_meta_tags_structured_data_and_the_text_in_this_order():
    meta = '<meta name="author" content="Maren Lund">'
    data = ld(
        '{"@context": "https://schema.org", "@type": "NewsArticle", '
        '"author": {"@type": "Person", "name": "Karin Ek"}}'
    )
    line = '<div class="byline">By Anna Holm</div>'

    assert byline_of(meta + data, line) == "Maren Lund"
    assert byline_of(data, line) == "Karin Ek"
    assert byline_of("", line) == "Anna Holm"
    assert byline_of("", "") == ""


@pytest.mark.parametrize(
    "line",
    [
        '<a rel="author" href="/holm">Anna Holm</a>',
        '<span class="post-author-name">Anna Holm</span>',
        '<span itemprop="author">Anna Holm</span>',
        '<script class="author">var x</script><p id="author">Anna Holm</p>',
        f'<div class="author-box">{STORY[0]}</div><b class="author">Anna Holm</b>',
    ],
)
def test_a_byline_is_a_short_text_whose_markup_says_so(line):
    assert byline_of("", line) == "Anna Holm"


@pytest.mark.parametrize(
    "json", ["{", "[" * 100_000, '{"@type": 3, "author": [[]]}', '{"@graph": 1}']
)
def test_structured_data_that_is_broken_costs_a_page_nothing_else(json):
    page = extract(PAGE.replace('<meta name="author" content="Maren Lund">', ld(json)))

    assert page.title == "Council closes fish market & moves traders"
    assert STORY[0] in page.text


def ways_of(monkeypatch, page: str, quick: str, more: str = "") -> tuple[list[dict], str]:
    """The settings of every extraction of a page, and its text.

    Its quick extraction gives `quick`, its baseline `more`, and its default "All of it."
    """
    asked = []

    def extracted(_, **settings):
        asked.append(settings)
        return quick if settings.get("fast") else "All of it."

    monkeypatch.setattr(trafilatura, "extract", extracted)
    monkeypatch.setattr(html, "baseline", lambda _: more)
    return asked, extract(page).text


def test_only_where_the_quick_way_gives_little_of_what_there_is_to_read_more_is_asked_for(
    monkeypatch,
):
    divs = "".join(f"<div>{paragraph}</div>" for paragraph in STORY)
    broken = "".join(f"<p>{paragraph.replace(' ', ' <b> </b>')}</p>" for paragraph in STORY)
    script = f"<script>{' '.join(STORY)}</script>"
    most, long = "\n".join(STORY[:2]), "Long. " * 1000

    for page in (PAGE, f"<body>{divs}</body>", f"<body>{broken}</body>"):
        assert ways_of(monkeypatch, page, STORY[0])[1] == "All of it."
        assert ways_of(monkeypatch, page, most)[1] == most
        assert ways_of(monkeypatch, page.replace(PLUG, PLUG * 1000), long)[1] == long
    little = f"<body><p>Little.</p>{script}</body>"
    assert ways_of(monkeypatch, little, "Little.", "More.")[1] == "Little."


def test_the_default_is_asked_where_the_baseline_has_no_more_and_the_page_is_not_too_large(
    monkeypatch,
):
    large = PAGE.replace("</body>", "<br>" * 1500 + "</body>")

    for page, more, text in (
        (PAGE, STORY[0] * 3, STORY[0] * 3),
        (PAGE, STORY[0] * 2, "All of it."),
        (large, STORY[0] * 3, STORY[0] * 3),
        (large, STORY[0] * 2, STORY[0]),
    ):
        asked, got = ways_of(monkeypatch, page, STORY[0], more)
        assert got == text
        assert len(asked) == 1 + (text == "All of it.")


def test_the_settings_on_record_are_those_in_use(monkeypatch):
    (quick, default), _ = ways_of(monkeypatch, PAGE, "")

    kept = {key: EXTRACTION[key] for key in ("baseline_below", "default_up_to", "blocks")}
    assert quick | kept == EXTRACTION
    assert default == {k: v for k, v in quick.items() if k.startswith("include")}


@pytest.mark.parametrize("block", ["<p>{}</p>", "<div>{}</div>", "{}<br><br>", "<li>{}"])
def test_the_baseline_keeps_a_line_for_each_block(block):
    story = "".join(block.format(f"{paragraph}\x0f") for paragraph in STORY)

    text = html.baseline(trafilatura.load_html(f"<html><body><article>{story}</article></body>"))

    assert text.split("\n") == list(STORY)


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
