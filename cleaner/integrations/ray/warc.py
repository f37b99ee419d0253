"""The html pages of a web archive as records."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.errors import MissingExtraError, UnreadableError
from cleaner.readers import MAX_HTML_BYTES
from cleaner.readers.jsonl import dump


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
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    status = str(record.http_headers.get_statuscode() or "")
    return status.startswith("2") and kind in {"text/html", "application/xhtml+xml"}


def _page(record: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    from trafilatura.utils import decode_file

    headers = {"id": "WARC-Record-ID", "url": "WARC-Target-URI", "date": "WARC-Date"}
    about = {key: record.rec_headers.get_header(header) or "" for key, header in headers.items()}
    return {**about, "html": decode_file(record.content_stream().read(MAX_HTML_BYTES + 1))}
