"""Web archives: the html pages of a WARC, the extracted texts of a WET."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.errors import MissingExtraError, UnreadableError
from cleaner.readers.records import MAX_RECORD_BYTES, Raw

# Codecs that are no charset of any page, and take quadratic time or decode anything.
_NOT_A_CHARSET = frozenset(
    {"utf-8", "utf8", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
)
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def pages(stream: BinaryIO, skipped: Counter[str]) -> Iterator[Raw]:
    """Yield the pages that hold text, numbered by themselves; the rest is counted by kind.

    Requests, metadata, redirects, error pages and what is not html hold none. A page is read up to
    the size limit and one byte more, so that reading it refuses it.

    Raises:
        UnreadableError: the archive is damaged from here on.
        MissingExtraError: warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise MissingExtraError("reading web archives", "warc") from error
    number = 0
    watched = _Watched(stream)
    try:
        for record in ArchiveIterator(watched):
            if reason := _not_a_page(record):
                skipped[f"warc {reason}"] += 1
                continue
            number += 1
            html = record.rec_type != "conversion"
            data = record.content_stream().read(MAX_RECORD_BYTES + 1)
            if not record.raw_stream.read(1) and getattr(record.raw_stream, "limit", False):
                raise watched.error or UnreadableError("the web archive breaks off in a page")
            if html:
                data = _utf8(data, record)
            yield Raw(number, data, page=_about(record), html=html)
        if watched.error:
            raise watched.error
    except ArchiveLoadFailed as error:
        raise UnreadableError(
            f"the web archive is damaged: {' '.join(str(error).split())}"
        ) from error


class _Watched:
    """A stream that remembers its error: warcio takes one for the end of the archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except Exception as error:
            self.error = error
            raise


def _not_a_page(record: Any) -> str:  # noqa: ANN401 - warcio ships no types
    if record.rec_type == "conversion":
        return ""
    if record.rec_type not in {"response", "resource"}:
        return str(record.rec_type)
    status = str(record.http_headers.get_statuscode() or "") if record.http_headers else "200"
    if status.startswith("3"):
        return "redirect"
    if not status.startswith("2"):
        return "error page"
    return "" if _content_type(record)[0] in _HTML else "not html"


def _content_type(record: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    headers = record.http_headers or record.rec_headers
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    charset = parameters.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return kind.strip().lower(), charset


def _utf8(data: bytes, record: Any) -> bytes:  # noqa: ANN401 - as above
    """The page in UTF-8 if the server told its charset: the page itself may not."""
    charset = _content_type(record)[1]
    if not charset or charset in _NOT_A_CHARSET:
        return data
    try:
        return data.decode(charset).encode()
    except (UnicodeError, LookupError, ValueError):
        return data


def _about(record: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    fields = {
        "id": record.rec_headers.get_header("WARC-Record-ID"),
        "url": record.rec_headers.get_header("WARC-Target-URI"),
        "date": record.rec_headers.get_header("WARC-Date"),
    }
    return {key: str(value) for key, value in fields.items() if value}
