"""What turns a page into text: name → function of its bytes. What isn't installed is left out."""

import importlib.util
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

Extract = Callable[[bytes], str]
DEFAULT = "trafilatura"


def _trafilatura(page: bytes, **options: Any) -> str:
    import trafilatura

    return trafilatura.extract(page, **options) or ""


def _justext(page: bytes) -> str:
    import justext

    paragraphs = justext.justext(page, justext.get_stoplist("English"))
    return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)


def _readability(page: bytes) -> str:
    import lxml.html
    import readability

    text = page.decode("utf-8", "replace")
    summary = readability.Document(text).summary()
    tree = lxml.html.fromstring(summary)
    return "\n".join(" ".join(e.text_content().split()) for e in tree.iter("p", "li", "h2", "h3"))


def _resiliparse(page: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    html = bytes_to_str(page, detect_encoding(page))
    return extract_plain_text(html, main_content=True, alt_texts=False)


def _newspaper(page: bytes) -> str:
    import newspaper

    article = newspaper.Article("https://page.example/story", fetch_images=False)
    article.download(input_html=page.decode("utf-8", "replace"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        article.parse()
    return article.text or ""


_ALL: Mapping[str, tuple[str, Extract]] = {
    DEFAULT: ("trafilatura", _trafilatura),
    "trafilatura, fast": ("trafilatura", partial(_trafilatura, fast=True)),
    "trafilatura, precision": ("trafilatura", partial(_trafilatura, favor_precision=True)),
    "trafilatura, recall": ("trafilatura", partial(_trafilatura, favor_recall=True)),
    "jusText": ("justext", _justext),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
    "newspaper4k": ("newspaper", _newspaper),
}


def installed() -> dict[str, Extract]:
    """The extractors at hand, trafilatura's default first."""
    return {
        name: extract
        for name, (module, extract) in _ALL.items()
        if importlib.util.find_spec(module)
    }


def missing() -> list[str]:
    """The extractors that are not installed."""
    return sorted(set(_ALL) - set(installed()))


def guarded(extract: Extract, page: bytes) -> str:
    """What an extractor makes of a page; one that it breaks on gives it no text."""
    try:
        return extract(page)
    except Exception:
        return ""
