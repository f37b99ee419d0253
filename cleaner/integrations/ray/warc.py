"""The html pages of a web archive as records."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from cleaner.errors import MissingExtraError, UnreadableError
from cleaner.readers import MAX_HTML_BYTES
from cleaner.readers.jsonl import dump

_HTML = {"text/html", "application/xhtml+xml"}
# Python knows codecs that are no charset of any page, and some take quadratic time.
_CHARSET = re.compile(r"utf-?8|(iso-8859|windows|koi8|euc)-\w+|shift_jis|big5|gb\w+")


def pages(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, JSON of `id url date html`) of the pages that arrived whole.

    Requests, redirects, error pages and what is not html are passed over.

    Raises:
        UnreadableError: the archive is damaged from here on.
        MissingExtraError: warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise MissingExtraError("reading web archives", "ray") from error
    number = 0
    try:
        for record in ArchiveIterator(stream):
            if _is_page(record):
                number += 1
                yield number, dump(_page(record)).encode()
    except ArchiveLoadFailed as error:
        raise UnreadableError(f"the web archive is damaged: {error}") from error


def _is_page(record: Any) -> bool:  # noqa: ANN401 - warcio ships no types
    if record.rec_type != "response" or not record.http_headers:
        return False
    status = str(record.http_headers.get_statuscode() or "")
    return status.startswith("2") and _content_type(record)[0] in _HTML


def _page(record: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    html = record.content_stream().read(MAX_HTML_BYTES + 1)
    if len(html) <= MAX_HTML_BYTES and record.raw_stream.limit > 0:
        raise UnreadableError("the web archive breaks off inside a page")
    headers = {"id": "WARC-Record-ID", "url": "WARC-Target-URI", "date": "WARC-Date"}
    about = {key: record.rec_headers.get_header(header) or "" for key, header in headers.items()}
    return {**about, "html": _decoded(html, _content_type(record)[1])}


def _content_type(record: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    header = (record.http_headers.get_header("Content-Type") or "").lower()
    kind, _, rest = header.partition(";")
    return kind.strip(), rest.partition("charset=")[2].split(";")[0].strip(" \"'")


def _decoded(html: bytes, charset: str) -> str:
    """The page in the charset that the server told, else in the one it looks like."""
    from trafilatura.utils import decode_file

    with suppress(ValueError, LookupError):
        if _CHARSET.fullmatch(charset):
            return html.decode(charset)
    return str(decode_file(html))
