"""Document → units with offsets."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from cleaner.document import Unit, UnitKind

# A paragraph ends at \n, \r\n or \r and at nothing else: str.splitlines would also break at form
# feeds and U+2028, which stand inside paragraphs of real scrapes. White space is what str.isspace
# says, for `\S` and `str.rstrip` alike.
_PARAGRAPH = re.compile(r"\S[^\r\n]*")


def paragraphs(text: str) -> Iterator[Unit]:
    r"""Yield the paragraphs of `text`, in order, without outer white space; blank lines are none.

    >>> [text[u.start : u.end] for text in ["One.\r\n\n Two. \rThree"] for u in paragraphs(text)]
    ['One.', 'Two.', 'Three']
    """
    for match in _PARAGRAPH.finditer(text):
        start = match.start()
        yield Unit(start, start + len(match.group().rstrip()), UnitKind.PARAGRAPH)


def paragraph_hash(text: str) -> str:
    """Identify a paragraph without its text: 16 hex digits of SHA-256 over its folded NFC form."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# A sentence may end at . ! ? or …, with closing quotes or brackets after it, before white space;
# or, where a scrape lost the space, right before a capital ("the vote.Sign up"). Then what follows:
# a lower-case letter goes on with the sentence, except after ! ? and … A run of marks is tried once
# and whole: from each of its dots, the leaders of a table of contents would take the square.
_BREAK = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++)(?P<close>[\"”’')\]»]*)"
    r"(?:(?P<space>\s+)(?=\S)|(?=[A-Z“\"][a-z’']|[A-Z]\s))"
)
_WORD_BEFORE = re.compile(r"[\w’'.&-]*$")
_WORD_AFTER = re.compile(r"[\"“‘'(]*([^\W\d_]+)")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof rev hon sen rep gov gen col lt sgt capt maj cmdr adm pres supt st mt ft
    jr sr esq messrs mme mlle bros inc ltd co corp dept univ assn ave blvd rd hwy no nos
    vol vols pp pg fig figs ed eds est approx vs v al etc e.g i.e cf ca viz jan feb mar
    apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun a.m
    p.m u.s u.k u.n d.c ph.d b.a m.a""".split()
)
# These end a sentence as often as not: they do when a capitalised word follows.
_OFTEN_LAST = frozenset("inc ltd co corp etc jr sr a.m p.m u.s u.k u.n d.c ph.d b.a m.a al".split())
_OPENERS = frozenset(
    """the a an he she it they we i you in on at this that these those but and if when while for as
    to there his her its their our your my what who how why after before since please click read
    sign subscribe follow share watch listen get join support learn also related more photo by with
    no yes not now so then""".split()
)
_LOOK_BACK = 24
# Links that a scrape put into a sentence, behind a name and without a space after it: "Ann Lee Ann
# Mary LeeFirst headline Second headline MORE said". They begin behind the name that stands twice,
# and end with the word of the last link.
_LAST_LINK = "MORE"
_INSERT = re.compile(
    r"\b(?P<before>(?P<name>[A-Z][\w’'-]{1,40})(?:,?\s(?:[JS]r\.|I{2,3}|IV))?)\s{1,3}"
    r"(?P<links>(?:(?:[(\[“\"]?[A-Z][\w.’'-]{0,40}[)\]”\"]?,?|[a-z]{1,3})\s{1,3}){0,6}?"
    rf"(?P=name)(?=[A-Z0-9“‘'\"(])[^\r\n]{{0,900}}?{_LAST_LINK}\b)"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Unit]:
    """Yield the sentences of `text[start:end]`, in order, without outer white space.

    One scan, linear in the length. Abbreviations, initials, decimals, ellipses, URLs and lower-case
    continuations do not end a sentence. Links that stand within one are a unit of their own.

    >>> text = 'Dr. Lee of St. John said "No." It cost $3.5 m. Visit a.example now!Sign up.'
    >>> [text[u.start : u.end] for u in sentences(text)]
    ['Dr. Lee of St. John said "No."', 'It cost $3.5 m.', 'Visit a.example now!', 'Sign up.']
    """
    end = len(text) if end is None else end
    inserts = _INSERT.finditer(text, start, end) if _LAST_LINK in text[start:end] else ()
    for match in inserts:
        yield from _sentences(text, start, match.start("links"))
        yield Unit(*match.span("links"), UnitKind.INSERT)
        start = match.end()
    yield from _sentences(text, start, end)


def without_inserts(text: str) -> str:
    """What a paragraph says without the links that stand within its sentences.

    >>> without_inserts("Told Ann Lee Ann Mary LeeStrike looms Who owns it? MORE (D) to go.")
    'Told Ann Lee (D) to go.'
    """
    return _INSERT.sub(r"\g<before>", text) if _LAST_LINK in text else text


def _sentences(text: str, begin: int, end: int) -> Iterator[Unit]:
    piece = text[begin:end]
    end = begin + len(piece.rstrip())
    begin += len(piece) - len(piece.lstrip())
    for match in _BREAK.finditer(text, begin, end):
        if _ends_sentence(text, match):
            yield Unit(begin, match.end("close"), UnitKind.SENTENCE)
            begin = match.end()
    if begin < end:
        yield Unit(begin, end, UnitKind.SENTENCE)


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    follow = text[match.end() : match.end() + 1]
    if match["mark"] != "." or (follow.islower() and match["space"]):
        # “Is it?” she asked: what goes on in lower case belongs to the sentence.
        return not follow.islower()
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    word = before.group() if before else ""
    if match["space"] is None:
        # No space: a lost line break, unless it looks like a host, a file or an abbreviation.
        return len(word) > 1 and word.isalpha() and word.islower() and not match["close"]
    folded = word.lower().rstrip(".")
    if match["close"] or not folded:
        return True
    is_initial = len(folded) == 1 and word.isupper() and folded != "i"
    if is_initial:
        return False
    if folded in _OFTEN_LAST:
        return _next_word(text, match.end()) in _OPENERS
    return folded not in _ABBREVIATIONS


def _next_word(text: str, start: int) -> str:
    match = _WORD_AFTER.match(text, start)
    return match.group(1).lower() if match else ""
