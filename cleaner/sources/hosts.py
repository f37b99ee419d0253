"""A URL as people write it → the host it leads to, and the rest. Follows what browsers do."""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from cleaner.sources import suffixes

_LONGEST = 8192  # characters of a URL that are looked at; browsers take no more
_LONGEST_HOST = 253
# What stands in front of a site's name for its address on the web or on a phone.
_DEVICES = frozenset({"www", "www1", "www2", "www3", "m", "mobile", "amp", "touch"})
# Names that work in one network only (RFC 6762, RFC 8375 and the like): they name no publisher.
_LOCAL = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa"},
)
# Set aside for documentation (RFC 2606), so examples and tests resolve like real sites.
_EXAMPLES = frozenset({"test", "example", "invalid"})
_WEB = frozenset({"http", "https", "ftp"})

# The shape of nearly every URL; the long way round gives the same answer.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?![^/?#])(.*)", re.DOTALL)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.DOTALL | re.IGNORECASE)
_AUTHORITY = re.compile(r"([^/\\?#]*)(.*)", re.DOTALL)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
_PORT = re.compile(r":\d*$")
_AROUND = re.compile(r"^(?:view-source|feed|blob):(?=https?:)", re.IGNORECASE)
_DEFANGED = re.compile(r"(?<=^h)xx(?=ps?:)", re.IGNORECASE)
_ENCODED = re.compile(r"https?%(?:25)*3a|%(?:25)*2f%(?:25)*2f", re.IGNORECASE)
_MIDDLE_DOTS = "\u00b7\u30fb"  # IDNA lets no other punctuation into a name
_INVISIBLE = dict.fromkeys(map(ord, "\t\r\n\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


class Place(NamedTuple):
    """Where a URL leads.

    Attributes:
        host: normalised, "" if there is none; `trouble` says why.
        rest: path, query and fragment as given.
        trouble: why the URL has no host that can name a publisher.
        address: the URL as understood, with a scheme.
    """

    host: str
    rest: str
    trouble: str
    address: str


def locate(url: str) -> Place:
    """Find the host of a URL, with or without scheme, encoded, defanged or sloppily copied."""
    url = url[:_LONGEST]
    if plain := _PLAIN.fullmatch(url):
        host, rest = plain.groups()
        return Place(host, rest, _trouble(host, named=True), url)
    text = tidy(url)
    scheme, colon, body = _split_scheme(text)
    if scheme and scheme not in _WEB:
        return Place("", "", f"not a web address: {scheme}:", text)
    slashes = body.startswith(("//", "\\\\"))
    if not colon and not slashes and body.startswith(("/", "\\", ".", "?", "#")):
        return Place("", "", "a relative address", text)
    body = body.lstrip("/\\")
    authority = _AUTHORITY.fullmatch(body)
    assert authority is not None
    name, rest = authority.groups()
    host = normalise(name)
    if not host:
        return Place("", rest, "no valid host", text)
    trouble = _trouble(host, named=bool(colon) or slashes)
    return Place(host, rest, trouble, text if colon or trouble else f"https://{body}")


def tidy(url: str) -> str:
    """Undo what copying does to a URL: spaces, quotes, defanged dots, encoding of the whole."""
    before, text = "", url.translate(_INVISIBLE)
    while before != text:  # each round shortens it
        before = text
        text = text.strip().strip("<>\"'`").replace("[.]", ".").replace("[dot]", ".")
        text = _DEFANGED.sub("tt", _AROUND.sub("", text))
        if _ENCODED.match(text):
            text = unquote(text, errors="replace")
    return text


def _split_scheme(text: str) -> tuple[str, str, str]:
    match = _SCHEME.fullmatch(text)
    # `example.com:8080/x` has a port, not a scheme.
    if match is None or re.match(r"\d+(?![^/?#\\])", match[2]):
        return "", "", text
    return match[1].lower(), ":", match[2]


def normalise(authority: str) -> str:
    """The host of an authority (user:password@host:port) in lower-case ASCII, "" if it is none.

    >>> normalise("user@WWW.Example.COM.:443"), normalise("bücher.example"), normalise("a b")
    ('www.example.com', 'xn--bcher-kva.example', '')
    """
    name = authority.rpartition("@")[2]
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    name = _PORT.sub("", name)
    if "%" in name:
        name = unquote(name, errors="replace")
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name.translate(_DOTS).translate(_INVISIBLE))
        if any(
            unicodedata.category(c)[0] in "CPZ" and c not in _MIDDLE_DOTS for c in _others(name)
        ):
            return ""
    name = name.lower().strip().strip(".")
    # Before punycode, which takes the square of a name's length and never shortens it.
    if len(name) > _LONGEST_HOST:
        return ""
    try:
        host = suffixes.to_ascii(name)
    except UnicodeError:
        return ""
    return host if len(host) <= _LONGEST_HOST and _NAME.fullmatch(host) else ""


def _others(name: str) -> list[str]:
    return [c for c in name if not c.isascii()]


def _trouble(host: str, *, named: bool) -> str:
    top = host.rpartition(".")[2]
    if host.startswith("[") or (
        (top.isdigit() or top.startswith("0x")) and _NUMBER.fullmatch(host)
    ):
        return "an IP address names no publisher"
    if top in _LOCAL:
        return "a name of a local network"
    if "." not in host:
        return "a single word is no domain"
    # Without a scheme `article.html` is a file, not a site under a top level domain of that name.
    if top not in _EXAMPLES and not suffixes.is_top(top) and not (named and top.isalpha()):
        return f"no top level domain .{top}"
    return ""


def without_device(host: str) -> str:
    """Drop www, m, amp and the like from the front of a host, never from a site's own name.

    >>> without_device("www.kite.example"), without_device("amp.dev")
    ('kite.example', 'amp.dev')
    """
    first, _, rest = host.partition(".")
    while first in _DEVICES and (not suffixes.is_suffix(rest) or suffixes.site(rest)):
        host = rest
        first, _, rest = host.partition(".")
    second, _, end = rest.partition(".")
    if second in _DEVICES and suffixes.split(rest).registrable != rest and suffixes.site(end):
        return f"{first}.{end}"  # en.m.wikipedia.org
    return host
