"""What people use instead of a model: rules on single lines, measured beside it."""

import re
from collections.abc import Callable, Iterator

from cleaner.document import Label, Removed
from cleaner.training.corpus import Labelled

Rule = Callable[[str], bool]

_KEYWORDS = re.compile(
    r"\bsubscrib|\bnewsletter\b|\bsign[ -]?up\b|\bdonat|\bsupport (?:us|our)\b|\bfollow (?:us|me)\b"
    r"|\bshare this\b|\bread more\b|\brelated (?:articles|posts|stories)\b|\badvertisement\b"
    r"|\ball rights reserved\b|\bcopyright\b|\bclick here\b|\bprivacy policy\b|\bcookies?\b",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"javascript|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"\W*[\d,.]+[kKmM]?\s+\w+\W*")
_SHORT_PROMPT = re.compile(
    r"^\W*(?:sign[ -]?in|log[ -]?in|sign[ -]?up|subscribe|register|share|skip to|by clicking)\b"
    r"|\b(?:read|see|view|show|learn) (?:more|all)\W*$"
    r"|\bitems? in (?:your )?cart\b|\bclick here\b|\bfollow us\b|\ball rights reserved\b",
    re.IGNORECASE,
)


def keywords(line: str) -> bool:
    """A list of promotional words, as found in many scraping scripts."""
    return bool(_KEYWORDS.search(line))


def c4(line: str) -> bool:
    """The line rules of C4 (Raffel et al. 2020): end mark, five words, no script, no policy."""
    stripped = line.rstrip()
    ended = stripped.endswith((".", "!", "?", '"', "”")) and not stripped.endswith("...")
    return not ended or len(stripped.split()) < 5 or bool(_POLICY.search(stripped))


def refinedweb(line: str) -> bool:
    """Like the line rules of RefinedWeb (Penedo et al. 2023); its word lists are not public."""
    letters = [c for c in line if c.isalpha()]
    words = line.split()
    return (
        not letters
        or 2 * sum(c.isupper() for c in letters) > len(letters)
        or len(words) == 1
        or bool(_COUNTER.fullmatch(line))
        or (len(words) <= 10 and bool(_SHORT_PROMPT.search(line)))
    )


RULES: dict[str, Rule] = {
    "keywords": keywords,
    "C4 line rules": c4,
    "RefinedWeb-like line rules": refinedweb,
}


def removed(document: Labelled, rule: Rule) -> Iterator[Removed]:
    """The paragraphs that a rule cuts. It names no kind of boilerplate, so neither do the spans."""
    for text, unit in zip(document.paragraphs, document.units, strict=True):
        if rule(text):
            yield Removed(unit.start, unit.end, Label.CONTENT, 1.0, text)
