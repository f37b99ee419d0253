"""Where paragraphs of an extracted text stood in their page."""

import pytest
import trafilatura

from cleaner.document import Block
from cleaner.readers import html, markup
from tests.conftest import PAGE, STORY

LINES = """<html><body><main><article>
<h2>What the  council said</h2>
<p>The market <b>closes</b> in May, <a href="/x">the clerk wrote</a>.</p>
<ul><li><p>Traders move to the hall.</p></li><li><a href="/y">Rents stay</a></li></ul>
</article></main><aside><div><a href="/z">More from the harbour</a></div></aside>
<footer>Printed by <a href="/q">Quay Press</a></footer></body></html>"""


def found(text: str, page: str = LINES) -> dict[str, Block]:
    blocks = markup.blocks(trafilatura.load_html(page), text)
    return {text[block.start : block.end]: block for block in blocks}


def test_a_line_is_found_by_its_text_whatever_the_white_space_and_list_marks():
    text = "What the council said\n\n- Traders move to the hall.\n  - Rents stay\nNot in the page"

    blocks = found(text)

    assert list(blocks) == ["What the council said", "- Traders move to the hall.", "- Rents stay"]
    assert blocks["What the council said"].tag == "h2"
    assert blocks["- Traders move to the hall."].tag == "p"


def test_a_block_tells_what_is_around_it_and_how_much_of_it_is_links():
    blocks = found(
        "The market closes in May, the clerk wrote.\n- Rents stay\nMore from the harbour\n"
        "Printed by Quay Press"
    )
    prose, item, teaser, imprint = blocks.values()

    assert prose.within == ("article", "main")
    assert prose.link_share == 0.37  # 13 of 35 characters that are not white space
    assert (item.tag, item.link_share, item.within) == ("li", 1.0, ("li", "article", "main"))
    assert (teaser.tag, teaser.link_share, teaser.within) == ("div", 1.0, ("aside",))
    assert (imprint.tag, imprint.within) == ("footer", ("footer",))


def test_the_links_of_the_lines_are_told_each_once_and_no_others():
    tree = trafilatura.load_html(LINES.replace('"/z"', '" /x "'))
    text = "The market closes in May, the clerk wrote.\n- Rents stay\nMore from the harbour"
    _, links = markup.blocks_and_links(tree, text)

    assert sorted(links) == ["/x", "/y"]


def test_a_line_ends_where_a_block_begins_or_ends_or_a_line_breaks():
    page = """<html><body><div>Stalls open at six<p>Short.</p>Bread <b>sells</b> out<br>
    <a href="/n">By <i>nine</i></a>
    </div><p>And <a href="/m">the <div>market</div> closes</a>.</p></body></html>"""

    blocks = found("Stalls open at six\nShort.\nBread sells out\nBy nine", page)

    assert [block.tag for block in blocks.values()] == ["div", "p", "div", "div"]
    assert [block.link_share for block in blocks.values()] == [0, 0, 0, 1]
    assert not found("What the council said The market closes in May, the clerk wrote.")


def test_a_link_is_found_whatever_stands_around_it_and_a_line_comes_before_it():
    page = """<html><body><p>See <a href="/a">the plan</a> and <a href="/b">Our view</a>.</p>
    <h4>Our view</h4></body></html>"""
    blocks = found("the plan\nOur view", page)

    assert [(block.tag, block.link_share) for block in blocks.values()] == [("p", 1), ("h4", 0)]


def test_a_block_tells_what_it_and_the_elements_around_it_are_called_and_which_are_alike():
    page = """<html><body><div class="siteMenu">
    <ul><li class="t">Home</li><li class="t">News</li></ul></div>
    <div id="related-stories"><div><div><p class="platform">Bread riots</p></div>
    <div><p class="platform">Salt tax</p></div></div></div><p>End.</p></body></html>"""

    home, news, bread, salt, end = found("Home\nNews\nBread riots\nSalt tax\nEnd.", page).values()

    assert [block.called for block in (home, news, end)] == [("menu",), ("menu",), ()]
    assert bread.called == salt.called == ("teaser",)  # a platform is no form
    assert home.groups == news.groups
    assert bread.groups[0] != salt.groups[0]
    assert bread.groups[1:] == salt.groups[1:] != home.groups[1:]
    assert 0 < home.place < news.place < bread.place < salt.place < end.place == 1


def test_an_extracted_page_knows_where_its_paragraphs_stood():
    page = html.extract(PAGE)
    texts = [page.text[block.start : block.end] for block in page.blocks]

    assert set(STORY) <= set(texts)
    assert texts == [line for line in page.text.split("\n") if line in texts]


@pytest.mark.parametrize("page", ["<a href='/x'>" * 5000, "<br>" * 20_000])
def test_a_page_of_nothing_but_one_tag_is_read_in_a_moment(page):
    assert found("word", f"<html><body>{page}word</body></html>")


def test_a_page_nested_deeply_is_read_once():
    nested = "<div>" * 200 + "word " * 1000 + "</div>" * 200

    assert found("word " * 1000, f"<html><body>{nested}<p>End.</p></body></html>")
