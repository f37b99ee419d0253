"""Accounts on platforms: `kite.substack.com` and `medium.com/@kite` are sources of their own."""

import re
from urllib.parse import parse_qs, unquote

from cleaner.sources.registry import Platform

# Faces of one platform that show the same accounts: languages, countries, devices, old designs.
_FACES = re.compile(
    r"(?:www\d?|m|mobile|touch|mbasic|web|old|new|np|i|amp|music|business|[a-z]{2}(?:-[a-z]{2})?)\Z"
)
# Ids, not names: upper and lower case differ.
_OPAQUE = frozenset({"channel", "d", "e", "file", "folders", "p", "playlist", "u"})
_PAGE = re.compile(r"\.(?:php|html?|aspx?|jsp|cgi|xml|txt|json|ico)\Z")
_NO_NAME = re.compile(r"[\s/\\?#%\x00-\x1f]")
# Pages of Facebook that name the account in the query.
_IN_QUERY = frozenset({"profile.php", "permalink.php", "story.php"})


def account(platform: Platform, domain: str, host: str, rest: str) -> str:
    """The account that a URL on a platform names, "" if it names none.

    Args:
        platform: the platform.
        domain: the platform's domain, alias or instance that the host ends in.
        host: normalised host.
        rest: what follows the host.
    """
    if "none" in platform.account:
        return ""
    home = domain if domain in platform.instances else platform.domain
    below = host[: -len(domain) - 1].split(".") if host != domain else []
    if "subdomain" in platform.account:
        # Labels between account and platform belong to the address: kite.blog.fc2.com.
        for place in range(len(below) - 1, -1, -1):
            if below[place] not in platform.reserved and below[place] != "www":
                return ".".join([*below[place:], home])
    if below and not _FACES.match(below[-1]):
        return ""
    found = _in_path(platform, rest)
    return f"{home}/{found}" if found else ""


def _in_path(platform: Platform, rest: str) -> str:
    kinds = platform.account
    first, second = _segments(rest)
    first = first.lower()
    if first in platform.path_prefixes:
        name = second if first in _OPAQUE else second.lower()
        return f"{first}/{name}" if name else ""
    if first in _IN_QUERY and platform.domain == "facebook.com":
        number = parse_qs(rest.partition("?")[2]).get("id", [""])[0]
        return number if number.isdecimal() else ""
    if not first or first in platform.reserved or _PAGE.search(first):
        return ""
    if first.startswith("@"):
        return first if len(first) > 1 and not {"path", "path-at"}.isdisjoint(kinds) else ""
    # A number is a post or a video, but for Facebook.
    is_name = not first.isdecimal() or platform.domain == "facebook.com"
    return first if "path" in kinds and is_name else ""


def _segments(rest: str) -> tuple[str, str]:
    """The first two segments of a path, decoded; "" for one that can't be a name."""
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    found = [_name(part) for part in re.split(r"[/\\]+", path) if part]
    found += ["", ""]
    return found[0], found[1]


def _name(part: str) -> str:
    name = unquote(part, errors="replace").strip() if "%" in part else part
    return "" if _NO_NAME.search(name) or len(name) > 200 else name
