"""Site memory: on how many pages of its site the same text stands.

That a text recurs is evidence, never a rule: "he said." recurs, too. The classifier weighs it with
what the text looks like. Texts are compared folded: lower case, white space collapsed, digits as 0.

A profile is a text file, readable, mergeable and to be edited by hand:

    # cleaner site memory 1
    [ledger.example] 120 pages
    always cut: get the harbour briefing every friday
    always keep: he said.
    42<TAB>advertisement
    17<TAB>sign up for our evening briefing
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.document import Document
from cleaner.errors import ProfileError
from cleaner.segment import paragraphs, sentences

PROFILE = "site-memory.txt"
_HEADER = "# cleaner site memory 1"
_SITE = re.compile(r"\[(?P<site>[^\]\s]+)\] (?P<pages>\d{1,12}) pages")
# More than anybody has would be no number that can be counted with.
_PAGES = re.compile(r"\d{1,12}")
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"[^\]\s]+")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
# Fewer repeats are chance; a text on three pages of one site is a template or a favourite phrase.
MIN_PAGES = 3
# Longer texts are told apart by a hash behind their beginning, so that a profile stays readable.
_SHOWN = 160
_LONG = 800
_HASHED = re.compile(rf".{{{_SHOWN}}}…[0-9a-f]{{12}}", re.DOTALL)


@dataclass
class Site:
    """What is remembered of a site: pages, pages of each text, and the user's word."""

    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    always_cut: set[str] = field(default_factory=set)
    always_keep: set[str] = field(default_factory=set)

    def word(self, text: str) -> bool | None:
        """What the user says of a text: True to keep it, False to cut it, None for nothing."""
        if not (self.always_cut or self.always_keep):
            return None
        folded = fold(text)
        if folded in self.always_cut:
            return False
        return True if folded in self.always_keep else None

    def said(self, text: str) -> set[str]:
        """The user's lines that stand in a text, as a paragraph or a sentence, folded."""
        lines = self.always_cut | self.always_keep
        return lines & set(map(fold, _pieces(text))) if lines else set()

    @property
    def fingerprint(self) -> str:
        """A hash of everything that may decide a verdict."""
        parts = [str(self.pages), *sorted(f"{n}\t{t}" for t, n in self.counts.items())]
        parts += [*sorted(self.always_cut), "", *sorted(self.always_keep)]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class Memory:
    """The sites of a run or of a profile."""

    sites: dict[str, Site] = field(default_factory=dict)

    def site(self, name: str) -> Site | None:
        """What is remembered of a site; None if it was never seen."""
        return self.sites.get(name) if name else None

    @property
    def fingerprint(self) -> str:
        """A hash of everything that may decide a verdict."""
        parts = (f"{name} {site.fingerprint}" for name, site in sorted(self.sites.items()))
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def unmatched(self, matched: Collection[tuple[str, str]]) -> list[str]:
        """The user's lines that no document had; `matched` are (site, folded text)."""
        return [
            f"[{name}] {action}: {text}"
            for name, site in sorted(self.sites.items())
            for action, texts in (
                ("always cut", site.always_cut),
                ("always keep", site.always_keep),
            )
            for text in sorted(texts)
            if (name, text) not in matched
        ]

    def recurring(self) -> "Memory":
        """Only the texts that recur, and the sites that have any."""
        found = {}
        for name, site in self.sites.items():
            if counts := Counter({t: n for t, n in site.counts.items() if n >= MIN_PAGES}):
                found[name] = Site(site.pages, counts)
        return Memory(found)

    def merge(self, other: "Memory") -> None:
        """Add another memory of other pages."""
        for name, theirs in other.sites.items():
            mine = self.sites.setdefault(name, Site())
            mine.pages += theirs.pages
            mine.counts.update(theirs.counts)
            mine.always_cut |= theirs.always_cut
            mine.always_keep |= theirs.always_keep


def fold(text: str) -> str:
    r"""The form in which texts are compared and shown in a profile.

    >>> fold("Sign up:  3 issues\nfree")
    'sign up: 0 issues free'
    """
    folded = _DIGITS.sub("0", " ".join(text.lower().split()))
    if len(folded) <= _SHOWN:
        return folded
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return f"{folded[:_SHOWN]}…{digest}"


def site_of(document: Document, source: str | None) -> str:
    """The site that a document belongs to: its resolved source, else a folder named like a host.

    "" if there is none, or none that a profile could name.
    """
    if source:
        return source if _NAME.fullmatch(source) else ""
    for part in document.path.split("/")[:-1]:
        if _HOST.fullmatch(part):
            return part.lower().removeprefix("www.")
    return ""


def texts_of(document: Document) -> set[str]:
    """The folded texts of a document that may recur: paragraphs, and the sentences of long ones.

    A long paragraph may be an article that lost its line breaks, templates and all.
    """
    return set(map(fold, _pieces(document.text, _LONG)))


def _pieces(text: str, longest: int = 0) -> Iterator[str]:
    """The paragraphs of a text, and the sentences of those that are longer than `longest`."""
    for unit in paragraphs(text):
        yield text[unit.start : unit.end]
        if unit.end - unit.start > longest:
            for part in sentences(text, unit.start, unit.end):
                yield text[part.start : part.end]


def load(path: Path) -> Memory:
    """Read a profile.

    Raises:
        ProfileError: unreadable, or a line that is none; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="surrogatepass").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"site memory {path} can't be read: {error}") from error
    if lines[0].strip() != _HEADER:
        raise ProfileError(f"{path} is no site memory: its first line is not {_HEADER!r}")
    memory = Memory()
    site: Site | None = None
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        if heading := _SITE.fullmatch(line.strip()):
            site = memory.sites.setdefault(heading["site"], Site())
            site.pages += int(heading["pages"])
        elif site is None or not _read_entry(site, line):
            raise ProfileError(
                f"{path}:{number}: neither `[site] N pages`, `N<TAB>text`, `always cut: text` "
                "nor `always keep: text`"
            )
    return memory


def dump(memory: Memory) -> Iterator[str]:
    """Yield the lines of a profile, sites by name, texts by how often they recur."""
    yield _HEADER
    for name, site in sorted(memory.sites.items()):
        yield f"[{name}] {site.pages} pages"
        yield from (f"always cut: {text}" for text in sorted(site.always_cut))
        yield from (f"always keep: {text}" for text in sorted(site.always_keep))
        for text, pages in sorted(site.counts.items(), key=lambda item: (-item[1], item[0])):
            if pages >= MIN_PAGES:
                yield f"{pages}\t{text}"


def _read_entry(site: Site, line: str) -> bool:
    for key, texts in (("always cut:", site.always_cut), ("always keep:", site.always_keep)):
        if line.startswith(key):
            text = line.removeprefix(key).strip()
            texts.add(text if _HASHED.fullmatch(text) else fold(text))
            return True
    pages, tab, text = line.partition("\t")
    if not tab or not _PAGES.fullmatch(pages):
        return False
    site.counts[text] += int(pages)
    return True


def count(documents: Iterable[tuple[str, Document]]) -> Memory:
    """Count the texts of (site, document) pairs in memory, for collections of modest size.

    Runs count on disk, and find the same.
    """
    memory = Memory()
    for name, document in documents:
        if name:
            site = memory.sites.setdefault(name, Site())
            site.pages += 1
            site.counts.update(texts_of(document))
    return memory.recurring()
