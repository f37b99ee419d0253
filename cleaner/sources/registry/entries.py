"""What the registry's files hold: one class for each kind of entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody who publishes under a name.

    Attributes:
        id: our key, lower-case words and hyphens.
        name: as the publisher writes it.
        domains: the main domain first, then others in use.
        type: newspaper, broadcaster, wire, magazine, digital, …
        country: ISO 3166 code of the seat.
        languages: ISO 639 codes.
        source: where the facts can be read.
        as_of: month the facts were checked.
        names: other names.
        former_domains: domains no longer in use.
        short_domains: the publisher's own link shorteners.
        network: id of the owner or group, "" for none.
        offers: names or domains of its own stores, apps, memberships, newsletters and shows.
        credits: how copies of its articles name it.
    """

    id: str
    name: str
    domains: tuple[str, ...]
    type: str
    country: str
    languages: tuple[str, ...]
    source: str
    as_of: str
    names: tuple[str, ...] = ()
    former_domains: tuple[str, ...] = ()
    short_domains: tuple[str, ...] = ()
    network: str = ""
    offers: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The main domain: what `source` says for every URL of this publisher."""
        return self.domains[0]

    @property
    def hosts(self) -> Iterator[str]:
        """Every listed domain, main, other, former and short."""
        yield from (*self.domains, *self.former_domains, *self.short_domains)


@dataclass(frozen=True, slots=True)
class Network:
    """An owner, group or state behind publishers; `parent` is the id of the network above it."""

    id: str
    name: str
    kind: str
    source: str
    as_of: str
    country: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A host where anyone publishes; its accounts are sources, it never is.

    Attributes:
        domain: main domain.
        name: as the platform writes it.
        account: where a URL names the account: subdomain, path (first segment), path-at (first
            segment, with @), path-2 (second segment, behind one of `path_prefixes`), or none.
            Prefixes count with path and path-at too.
        source: where the facts can be read.
        as_of: month the facts were checked.
        path_prefixes: first segments of path-2.
        aliases: other domains that lead to the same accounts.
        instances: other hosts that run the same software with accounts of their own.
        reserved: subdomains and first segments that are no accounts, in any case.
        note: for people.
    """

    domain: str
    name: str
    account: tuple[str, ...]
    source: str
    as_of: str
    path_prefixes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        # Names of accounts and subdomains are compared in lower case.
        object.__setattr__(self, "reserved", tuple(name.lower() for name in self.reserved))


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A host whose URLs stand for other URLs: an archive, a redirect, a shortener.

    Attributes:
        host: the host, or a pattern: `*.x` for every host under x, `x.*` for x in every country.
        kind: archive, cache, amp, redirect, shortener, translate or proxy.
        target: where the target stands: path, query, host, or opaque if it can't be read off.
        source: where the facts can be read.
        as_of: month the facts were checked.
        pattern: regex over path and query whose group `url` is the target.
        param: query parameters that hold the target.
        note: for people.
    """

    host: str
    kind: str
    target: str
    source: str
    as_of: str
    pattern: str = ""
    param: tuple[str, ...] = ()
    note: str = ""
    regex: re.Pattern[str] | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "regex", re.compile(self.pattern) if self.pattern else None)


@dataclass(frozen=True, slots=True)
class Wire:
    """How a text shows that it is a wire's or a press-release service's copy: regexes.

    Attributes:
        publisher: id of the wire.
        kind: wire or press-release.
        patterns: each shows it alone; matched line by line.
        source: where the facts can be read.
        as_of: month the facts were checked.
        note: for people.
    """

    publisher: str
    kind: str
    patterns: tuple[str, ...]
    source: str
    as_of: str
    note: str = ""
