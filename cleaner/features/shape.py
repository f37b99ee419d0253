"""How units look: length, ends, case, marks, patterns, and words of some kinds."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.characters import Characters, Floats, Kind, Mask, Places, after, before
from cleaner.features.lexicons import CREDIT, IMPERATIVE, LEXICONS, Lexicon
from cleaner.features.wording import Words, sums_by_unit

_CODE = ("{", "};", "()", "function", "window.", "var ", "</", "=>")
_ARROWS = ("»", "›", "▶", "►", "→", ">>")
_URL = ("://", "www.")
_DOMAIN = re.compile(r"\.(?:com|org|net|gov|edu|co|io|news|tv|info|uk|ai|us)\b")
_EMAIL = re.compile(r"[\w+-]@[\w-]+\.\w")
_HANDLE = re.compile(r"(?:^|[\s(])@\w{2,}")
_HASHTAG = re.compile(r"(?:^|\s)#[A-Za-z]\w+")
_PHONE = re.compile(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\+\d{1,3}[ \d-]{7,}")
_PRICE = re.compile(r"[$£€₹]\s?\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d\b|\s?[apAP]\.?[mM]\b)")
_NUMBERED = re.compile(r"(?:\[?\d{1,3}[\].)]|[a-z]\))\s")
_CALLED = re.compile(r"[A-Z][\w’'-]*(?: [A-Z&][\w’'-]*){0,4}:\s")

_MEASURES = (
    *("chars", "words", "ends_stop", "ends_question", "ends_exclaim", "ends_colon"),
    *("ends_ellipsis", "ends_quote", "starts_lower", "starts_digit", "starts_quote"),
    *("starts_upper", "capital_share", "caps_share", "digit_share", "mark_share", "word_length"),
    *("headline", "sentences", "opens_imperative", "credit", "bracketed", "bullet"),
)
_PATTERNS = (
    *("numbered", "called", "pipe", "arrow", "code", "url", "domain", "email", "handle"),
    *("hashtag", "phone", "price", "year", "clock"),
)
SHAPE = (*_MEASURES, *_PATTERNS, *LEXICONS, "asking_share", "function_share")
COLUMN = {name: index for index, name in enumerate(SHAPE)}
_OF_KIND = Lexicon(**LEXICONS)
_OPENING = Lexicon(imperative=IMPERATIVE, credit=CREDIT)


def shape(read: Characters, words: Words) -> Floats:
    """How units look.

    Args:
        read: the units.
        words: their tokens.

    Returns:
        (units, len(SHAPE)) array.
    """
    columns = _measures(read, words) | _patterns(read) | _kinds(words)
    return np.stack([columns[name] for name in SHAPE], axis=1, dtype=np.float32)


def token_counts(shapes: Floats) -> Floats:
    """(units,) the number of tokens of units, given how they look."""
    counts: Floats = np.expm1(shapes[:, COLUMN["words"]])
    return counts


_Columns = dict[str, NDArray[Any]]


def _measures(read: Characters, words: Words) -> _Columns:
    codes, first, last = read.codes, read.starts, read.ends - 1
    chars = read.ends - read.starts
    spaces = read.count(codes == ord(" "))
    gaps = spaces + 1
    bare = _before_closers(read)
    ellipsis = (codes[bare] == ord("…")) | (
        (codes[bare] == ord(".")) & (codes[bare - 1] == ord(".")) & (codes[bare - 2] == ord("."))
    )
    opened = read.are(Kind.CAPITAL) & before(read.are(Kind.SPACE))
    opened[first] = False
    capital_share = read.count(opened) / np.maximum(1, spaces)
    is_headline = (capital_share > 0.5) & ~read.at(bare, Kind.STOP) & (spaces > 2) & (spaces < 24)
    closing = np.where(codes[last] == ord("."), codes[last - 1], codes[last])
    imperative, credit = _opening(words)
    return {
        "chars": np.log1p(read.lengths),
        "words": np.log1p(words.counts),
        "ends_stop": (codes[bare] == ord(".")) & ~ellipsis,
        "ends_question": codes[bare] == ord("?"),
        "ends_exclaim": codes[bare] == ord("!"),
        "ends_colon": codes[bare] == ord(":"),
        "ends_ellipsis": ellipsis,
        "ends_quote": read.at(last, Kind.CLOSER),
        "starts_lower": read.at(first, Kind.LOWER),
        "starts_digit": read.at(first, Kind.DIGIT),
        "starts_quote": read.at(first, Kind.QUOTE),
        "starts_upper": read.at(first, Kind.UPPER),
        "capital_share": capital_share,
        "caps_share": np.bincount(words.unit[words.capitals], minlength=len(first)) / gaps,
        "digit_share": read.count(read.are(Kind.DIGIT)) / chars,
        "mark_share": read.count(read.are(Kind.MARK)) / chars,
        "word_length": (chars - spaces) / gaps,
        "headline": is_headline,
        "sentences": np.log1p(_sentence_breaks(read)),
        "opens_imperative": imperative,
        "credit": credit,
        "bracketed": _either(codes[first], "([") & _either(closing, ")]"),
        "bullet": read.at(first, Kind.BULLET),
    }


def _either(codes: NDArray[np.uint32], pair: str) -> Mask:
    either: Mask = (codes == ord(pair[0])) | (codes == ord(pair[1]))
    return either


def _before_closers(read: Characters) -> Places:
    """The last character of each unit that is not a closing quote or bracket, if there is one."""
    place = read.ends - 1
    while (closes := read.at(place, Kind.CLOSER) & (place > read.starts)).any():
        place = place - closes
    return place


def _sentence_breaks(read: Characters) -> NDArray[np.int64]:
    """(units,) how many sentences begin behind another."""
    beyond = len(read.codes) - 1
    stop = read.are(Kind.STOP).nonzero()[0]
    place = stop + 1
    place = np.minimum(place + read.at(place, Kind.CLOSER), beyond)
    spaced = read.at(place, Kind.SPACE) & (read.codes[place] != ord("\n"))
    place = np.minimum(place + 1, beyond)
    place = np.minimum(place + read.at(place, Kind.SPACE), beyond)  # some type two
    place = np.minimum(place + read.at(place, Kind.QUOTE), beyond)
    breaks = stop[spaced & read.at(place, Kind.CAPITAL)]
    return np.bincount(read.unit_of(breaks), minlength=len(read.starts))


def _opening(words: Words) -> tuple[Floats, Floats]:
    """(units,) whether the first token is an imperative, and whether it opens a credit."""
    opening = np.zeros((len(words.counts), 2), dtype=np.float32)
    some = words.counts > 0
    opening[some] = _OPENING.on(words.hashes[words.starts[some]])
    return opening[:, 0], opening[:, 1]


def _patterns(read: Characters) -> _Columns:
    """What is rare: searched only in the units that hold characters which it is made of."""
    codes = read.codes
    digits = read.count(read.are(Kind.DIGIT))
    some_digits = digits > 0
    currency = read.are(Kind.CURRENCY)
    at_sign = read.having(codes == ord("@"))
    point = (codes == ord(".")) & after(read.are(Kind.LOWER))
    colon = (codes == ord(":")) & after(read.are(Kind.SPACE))
    first, second = codes[read.starts], codes[read.starts + 1]
    opens = read.at(read.starts, Kind.DIGIT) | (first == ord("[")) | (second == ord(")"))
    return {
        "numbered": _matching(_NUMBERED.match, read, opens),
        "called": _matching(_CALLED.match, read, read.having(colon)),
        "pipe": read.having(codes == ord("|")),
        "arrow": _holding(read, _ARROWS),
        "code": _holding(read, _CODE),
        "url": _holding(read, _URL),
        "domain": _matching(_DOMAIN.search, read, read.having(point)),
        "email": _matching(_EMAIL.search, read, at_sign),
        "handle": _matching(_HANDLE.search, read, at_sign),
        "hashtag": _matching(_HASHTAG.search, read, read.having(codes == ord("#"))),
        "phone": _matching(_PHONE.search, read, digits > 6),
        "price": _matching(_PRICE.search, read, some_digits & read.having(currency)),
        "year": _matching(_YEAR.search, read, digits > 3),
        "clock": _matching(_CLOCK.search, read, some_digits),
    }


def _matching(search: Callable[[str], object], read: Characters, units: Mask) -> Mask:
    """Which of some units match a pattern."""
    found = np.zeros(len(units), dtype=bool)
    for unit in units.nonzero()[0].tolist():
        found[unit] = search(read.units[unit]) is not None
    return found


def _holding(read: Characters, marks: Sequence[str]) -> Mask:
    """Which units hold one of some strings."""
    found = np.zeros(len(read.starts), dtype=bool)
    for mark in marks:
        if mark in read.text:
            found |= np.array([mark in unit for unit in read.units])
    return found


def _kinds(words: Words) -> _Columns:
    """How many words of each kind there are, and the shares of the most telling ones."""
    counts = sums_by_unit(_OF_KIND.on(words.hashes), words.counts)
    columns: _Columns = dict(zip(LEXICONS, counts.T, strict=True))
    for name in ("asking", "function"):
        columns[f"{name}_share"] = columns[name] / np.maximum(1, words.counts)
    return columns
