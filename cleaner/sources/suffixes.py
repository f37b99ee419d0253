"""The public suffix list: which part of a host somebody could register. Offline."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

# Suffixes of up to three letters are co.uk and com.au; these are sites all the same.
_STATE = frozenset({"gov", "gub", "gob", "gc", "mil", "nhs"})
_GENERIC = 3


class Split(NamedTuple):
    """A host, taken apart.

    Attributes:
        registrable: the suffix and one label more; "" if the host is a suffix.
        private: the suffix belongs to a company that hosts others (github.io), not to a registry.
        known: the top level domain exists.
    """

    registrable: str
    private: bool
    known: bool


class _Rules(NamedTuple):
    plain: dict[str, bool]  # rule → whether it is private
    wild: dict[str, bool]  # the same for *.rule
    exceptions: frozenset[str]
    tops: frozenset[str]  # every top level domain; some, like za, have no rule of their own


@cache
def _rules() -> _Rules:
    # Read from the data that `tld` ships, but not through it: its trie costs ten times the time.
    spec = find_spec("tld")
    assert spec is not None
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / "res" / "effective_tld_names.dat.txt"
    plain: dict[str, bool] = {}
    wild: dict[str, bool] = {}
    exceptions = set()
    private = False
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("//"):
            private = private or "BEGIN PRIVATE" in line
        elif rule := to_ascii(line.strip()):
            if rule.startswith("*."):
                wild[rule[2:]] = private
            elif rule.startswith("!"):
                exceptions.add(rule[1:])
            else:
                plain[rule] = private
    tops = frozenset(rule.rpartition(".")[2] for rule in (*plain, *wild))
    return _Rules(plain, wild, frozenset(exceptions), tops)


def to_ascii(host: str) -> str:
    """Write a lower-case host in ASCII, label by label in punycode where needed."""
    if host.isascii():
        return host
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in host.split(".")
    )


def split(host: str) -> Split:
    """Find the registrable part of a normalised host.

    >>> split("blog.kite.co.uk")
    Split(registrable='kite.co.uk', private=False, known=True)
    >>> split("kite.github.io").private
    True
    """
    plain, wild, exceptions, tops = _rules()
    below = ""  # the name one label longer than `name`
    name = host
    while True:
        rest = name.partition(".")[2]
        if name in exceptions:
            return Split(name, private=False, known=True)
        if name in plain:
            return Split(below, plain[name], known=True)
        if rest in wild:
            return Split(below, wild[rest], known=True)
        if not rest:
            return Split(below, private=False, known=name in tops)
        below, name = name, rest


def is_top(name: str) -> bool:
    """Whether a top level domain exists."""
    return name in _rules().tops


def is_suffix(name: str) -> bool:
    """Whether a name is a public suffix, by one look-up."""
    rules = _rules()
    if name in rules.plain or "." not in name:
        return True
    return name.partition(".")[2] in rules.wild and name not in rules.exceptions


def site(host: str) -> str:
    """The registrable domain of a host, "" if there is none.

    Some suffixes are sites too: gov.uk, altoadige.it.

    >>> site("www.gov.uk"), site("co.uk"), site("www.github.io")
    ('gov.uk', '', '')
    """
    found = split(host)
    suffix = found.registrable.removeprefix("www.") if found.registrable else host
    if suffix == found.registrable:
        return found.registrable
    first, dot, _ = suffix.partition(".")
    if dot and (first in _STATE or (len(first) > _GENERIC and not found.private)):
        return suffix
    return "" if found.private else found.registrable
