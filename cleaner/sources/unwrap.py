"""Archives, caches, redirects and shorteners: read the target off the URL where it holds it."""

import base64
import binascii
import re
from typing import NamedTuple
from urllib.parse import unquote

from cleaner.sources import suffixes
from cleaner.sources.hosts import Place, locate
from cleaner.sources.registry import Wrapper, registry

_STARTS = re.compile(r"(?:https?:|//)", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9_+/-]{16,}={0,2}")
_INSIDE = re.compile(rb"https?://[^\x00-\x20\x7f-\xff\"<>]+")
# Proofpoint's first two formats write % as - and / as _.
_PROOFPOINT = re.compile(r"https?-3A__", re.IGNORECASE)
# These show other people's pages and nothing else.
_COPIES = frozenset({"archive", "cache", "proxy", "translate"})
_ROUNDS = 4  # how often a target may have been encoded


class Peeled(NamedTuple):
    """What was found in a wrapper: `place` is None where the URL doesn't hold its target."""

    kind: str
    place: Place | None


def peel(host: str, place: Place) -> Peeled | None:
    """Take one wrapper off.

    Args:
        host: the place's host without www and the like.
        place: where the URL leads.

    Returns:
        The target, or that it is hidden; None if the URL is no wrapper.
    """
    found = wrappers_of(host, place.host)
    for wrapper in found:
        for text in _candidates(wrapper, place):
            if target := _target(text):
                return Peeled(wrapper.kind, target)
    for wrapper in found:
        if wrapper.target == "opaque" and (not wrapper.regex or wrapper.regex.match(place.rest)):
            return Peeled(wrapper.kind, None)
    # An archive's page that no pattern reads is still somebody else's: say so, don't guess.
    if found and all(wrapper.kind in _COPIES for wrapper in found) and place.rest.strip("/"):
        return Peeled(found[0].kind, None)
    return None


def wrappers_of(host: str, full: str) -> list[Wrapper]:
    """The wrappers that a host belongs to.

    A pattern `*.x` covers every host under x, `x.*` covers x under every public suffix.
    """
    known = registry()
    found = list(known.wrappers.get(full, ()))
    if host != full:
        found += known.wrappers.get(host, ())
    rest = full.partition(".")[2]
    while rest:
        if rest in known.wrappers_under:
            found += known.wrappers_under[rest]
        rest = rest.partition(".")[2]
    stem = host.rpartition(".")[0]
    while stem and host.startswith(known.wrapper_stems):
        wide = known.wrappers.get(stem + ".*")
        if wide and suffixes.is_suffix(host[len(stem) + 1 :]):
            found += wide
        stem = stem.rpartition(".")[0]
    return found


def _candidates(wrapper: Wrapper, place: Place) -> list[str]:
    if wrapper.target == "opaque":
        return []
    if wrapper.target == "host":
        # www-kite-example.translate.goog: a dot is written -, a hyphen --.
        name = place.host.removesuffix(wrapper.host.removeprefix("*"))
        name = name.replace("--", "\0").replace("-", ".").replace("\0", "-")
        return [f"https://{name}{place.rest}"]
    if wrapper.regex:
        match = wrapper.regex.search(place.rest)
        return [match["url"]] if match and match["url"] else []
    query = place.rest.partition("?")[2]
    return [value for name in wrapper.param if (value := _parameter(query, name))]


def _parameter(query: str, name: str) -> str:
    for pair in re.split(r"[&;]", query.partition("#")[0]):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return ""


def _target(text: str) -> Place | None:
    if _PROOFPOINT.match(text):
        text = text.translate(str.maketrans("-_", "%/"))
    for _ in range(_ROUNDS):
        if _STARTS.match(text) or "%" not in text:
            break
        text = unquote(text, errors="replace")
    # Proofpoint's third format may write // as /*.
    text = re.sub(r"^(https?:/)\*", r"\1/", text)
    place = locate(text)
    if place.host and not place.trouble:
        return place
    return _packed(text)


def _packed(text: str) -> Place | None:
    """A target in Base64, as Google News wrote it until 2024."""
    match = _BASE64.match(text)
    if match is None:
        return None
    packed = match[0].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4))
    except binascii.Error:
        return None
    inside = _INSIDE.search(data)
    if inside is None:
        return None
    place = locate(inside[0].decode("ascii"))
    return place if place.host and not place.trouble else None
