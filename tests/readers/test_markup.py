"""Where paragraphs of an extracted text stood in their page."""

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


def test_what_holds_other_blocks_is_no_paragraph():
    page = f"<html><body><div><div>{STORY[0]}</div><p>Short.</p></div></body></html>"

    assert [block.tag for block in found(STORY[0], page).values()] == ["div"]
    assert not found("What the council said The market closes in May, the clerk wrote.")


def test_an_extracted_page_knows_where_its_paragraphs_stood():
    page = html.extract(PAGE)
    texts = [page.text[block.start : block.end] for block in page.blocks]

    assert set(STORY) <= set(texts)
    assert texts == [line for line in page.text.split("\n") if line in texts]


def test_a_page_nested_deeply_is_read_once():
    nested = "<div>" * 200 + "word " * 1000 + "</div>" * 200

    assert found("word " * 1000, f"<html><body>{nested}<p>End.</p></body></html>")
