"""URL → who published it. Offline: no name is looked up, no page is fetched."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from cleaner.sources import suffixes
from cleaner.sources.hosts import Place, locate, without_device
from cleaner.sources.lookalike import lookalike
from cleaner.sources.platforms import account
from cleaner.sources.registry import Platform, Publisher, registry
from cleaner.sources.unwrap import peel

_DEEPEST = 32  # wrappers in wrappers


class Match(StrEnum):
    """How a source was found."""

    EXACT = "exact"  # the publisher's main domain
    ALIAS = "alias"  # another domain listed for the publisher
    PARENT = "parent"  # a host under a domain of the publisher
    PLATFORM_ACCOUNT = "platform_account"  # an account on a platform
    REGISTRABLE = "registrable"  # a site the registry doesn't know: its registrable domain
    TEXT = "text"  # no URL: the text's own signatures
    PLATFORM = "platform"  # a platform's page that names no account: no source
    ARCHIVE_UNRESOLVED = (
        "archive_unresolved"  # an archive or cache that hides its target: no source
    )
    UNRESOLVED = "unresolved"  # a shortener or redirect that hides its target: no source
    NONE = "none"  # no URL, or none that can name a publisher: no source


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Who published what stands at a URL.

    Attributes:
        url: as given.
        unwrapped: the URL inside archives, caches and redirects, as far as they tell it.
        host: its host, normalised and without www, m, amp; "" if there is none.
        source: the publisher's main domain, the account on a platform, or the registrable domain
            of a site the registry doesn't know; None where it can't be known.
        publisher: id in the registry, None if it is not there.
        match: how the source was found.
        notes: what to know about the answer.
    """

    url: str
    unwrapped: str
    host: str
    source: str | None
    publisher: str | None
    match: Match
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return {**asdict(self), "match": self.match.value, "notes": list(self.notes)}


def resolve(url: str, *, page_url: str = "") -> SourceRef:
    """Say who published a URL.

    Never fails: an unresolved URL is an answer.

    Args:
        url: a URL, with or without scheme, wrapped or not.
        page_url: what the page calls itself (canonical link, og:url), asked where `url` can't tell.

    >>> resolve("https://web.archive.org/web/2020/http://kite.test/flights").source
    'kite.test'
    """
    ref = _resolve(url)
    if ref.source is None and page_url:
        page = _resolve(page_url)
        if page.source is not None:
            notes = (*ref.notes, "by what the page says is its address", *page.notes)
            return replace(page, url=url, notes=notes)
    return ref


class _Found(NamedTuple):
    """What is known of a URL on the way: as given, where it leads, the bare host, notes."""

    url: str
    place: Place
    host: str
    notes: tuple[str, ...]

    def answer(
        self,
        match: Match,
        *notes: str,
        source: str | None = None,
        publisher: str | None = None,
    ) -> SourceRef:
        address = self.place.address
        return SourceRef(
            self.url, address, self.host, source, publisher, match, (*self.notes, *notes)
        )


def _resolve(url: str) -> SourceRef:
    place = start = locate(url)
    notes: tuple[str, ...] = ()
    for _ in range(_DEEPEST):
        if not place.host or place.trouble:
            return _Found(url, place, place.host, notes).answer(Match.NONE, place.trouble)
        host = without_device(place.host)
        peeled = peel(host, place)
        if peeled is None or peeled.place is None:
            return _named(_Found(url, place, host, notes), peeled.kind if peeled else "")
        notes += (f"{peeled.kind} unwrapped: {host}",)
        place = peeled.place
    found = _Found(url, start, start.host, ())
    return found.answer(Match.UNRESOLVED, f"more than {_DEEPEST} wrappers in one another")


def _named(found: _Found, hidden_by: str) -> SourceRef:
    domain = _listed(found.host)
    entry = registry().hosts.get(domain)
    if isinstance(entry, Publisher) and (not hidden_by or domain in entry.short_domains):
        return _published(found, domain, entry)
    if hidden_by:
        archived = hidden_by in {"archive", "cache"}
        match = Match.ARCHIVE_UNRESOLVED if archived else Match.UNRESOLVED
        return found.answer(match, f"{hidden_by} link that does not hold its target")
    if isinstance(entry, Platform):
        if source := account(entry, domain, found.host, found.place.rest):
            return found.answer(Match.PLATFORM_ACCOUNT, source=source)
        return found.answer(Match.PLATFORM, f"a page on {entry.name} that names no account")
    return _unknown(found)


def _listed(host: str) -> str:
    """The longest end of a host that the registry lists, "" if none."""
    table = registry().hosts
    domain = host
    while domain and domain not in table:
        domain = domain.partition(".")[2]
    # gov.uk is a publisher, but councils under it are not part of that publisher.
    if domain != host and isinstance(table.get(domain), Publisher):
        return domain if suffixes.split(domain).registrable else ""
    return domain


def _published(found: _Found, domain: str, publisher: Publisher) -> SourceRef:
    match = Match.PARENT
    if found.host == domain:
        match = Match.EXACT if domain == publisher.main else Match.ALIAS
    notes = (f"{domain} is a former domain",) if domain in publisher.former_domains else ()
    return found.answer(match, *notes, source=publisher.main, publisher=publisher.id)


def _unknown(found: _Found) -> SourceRef:
    source = suffixes.site(found.host)
    if not source:
        return found.answer(Match.NONE, "a public suffix, not a site")
    note = lookalike(found.host, source)
    return found.answer(Match.REGISTRABLE, *([note] if note else []), source=source)
