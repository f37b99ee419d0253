"""How units look: length, ends, case, marks, patterns, and words of some kinds."""

import re
from collections.abc import Sequence
from math import log1p

import numpy as np

from cleaner.features.wording import Floats, probe

_SECOND = frozenset("you your yours you're you'll you've you’re you’ll you’ve yourself".split())
_WE = frozenset("we our us ours we're we've we'll we’re we’ve we’ll ourselves".split())
_FIRST = frozenset("i me my mine i'm i've i'd i’m i’ve i’d myself".split())
_THIRD = frozenset("he she they his her hers their him them it its".split())
_ATTRIBUTION = frozenset(
    "said says told added according asked wrote explained noted announced reported argued".split()
)
_IMPERATIVE = frozenset(
    "subscribe sign join follow share click read download support donate buy shop get learn "
    "visit see watch listen register log become help give check find discover try tap like "
    "tweet pin save order book contact email call send submit tell leave add view browse "
    "explore start enter stay keep don't don’t please want looking need love enjoy related "
    "more also advertisement".split()
)
_ASKING = frozenset(
    "subscribe subscriber subscribers subscription newsletter newsletters inbox email sign "
    "signup join member members membership register login account app apps download "
    "notifications alerts podcast donate donation donations support supporters contribution "
    "contribute fund funding patreon paypal tax-deductible gift buy shop store order sale "
    "discount coupon deal deals price free trial offer sponsor sponsored sponsors affiliate "
    "commission purchase follow facebook twitter instagram youtube linkedin telegram whatsapp "
    "tiktok pinterest share comment comments click tap here link read more related watch "
    "listen copyright rights reserved terms privacy policy cookies cookie disclaimer "
    "permission reproduced republished advertisement advertising ad ads".split()
)
FUNCTION_WORDS = frozenset(
    "the of and to in a that is was for on with as at by it from be an are were has had have "
    "this his her their but not or which who they he she its been would will one there when "
    "if more so about than into out up can could after over also no what then them only some "
    "other".split()
)
_MONTH = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday "
    "friday saturday sunday".split()
)
_LEXICONS = {
    "second": _SECOND,
    "we": _WE,
    "first": _FIRST,
    "third": _THIRD,
    "attribution": _ATTRIBUTION,
    "asking": _ASKING,
    "function": FUNCTION_WORDS,
    "month": _MONTH,
}
_CREDIT = frozenset("by from written reporting posted photo image photograph".split())
_CODE = ("{", "};", "()", "function", "window.", "var ", "</", "=>")
_ARROWS = ("»", "›", "▶", "►", "→", ">>")
_BULLETS = frozenset("-•*·–—►▶✓➤|>")
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
_CALL = 120  # characters within which a speaker is named
_SENTENCE = re.compile(r"[.!?][\"”’)]?\s+[\"“‘(]?[A-Z]")
_DIGITS = b"0123456789"
_CAPITAL = re.compile(r"\s[A-Z]")
_CAPS = re.compile(r"\b[A-Z]{2,}\b")
_NO_MARKS = bytes(code for code in range(256) if re.match(r"[\w\s]", chr(code)))
_TERMINAL = ".!?"
_CLOSERS = "\"”’')]»"
_QUOTES = "\"“‘'«"

_LOOKS = (
    *("chars", "words", "ends_stop", "ends_question", "ends_exclaim", "ends_colon"),
    *("ends_ellipsis", "ends_quote", "starts_lower", "starts_digit", "starts_quote"),
    *("starts_upper", "capital_share", "caps_share", "digit_share", "mark_share", "word_length"),
    *("headline", "sentences", "opens_imperative", "credit", "bracketed", "numbered", "bullet"),
    *("called", "pipe", "arrow", "code", "url", "domain", "email", "handle", "hashtag", "phone"),
    *("price", "year", "clock"),
)
SHAPE = (*_LOOKS, *_LEXICONS, "asking_share", "function_share")
COLUMN = {name: index for index, name in enumerate(SHAPE)}

# Each word that is of some kind, with a row that says of which kinds.
_KINDS = {word: index for index, word in enumerate(sorted(frozenset().union(*_LEXICONS.values())))}
_KIND_ROWS = np.array(
    [[word in lexicon for lexicon in _LEXICONS.values()] for word in _KINDS], dtype=np.float32
)


def shape(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Floats:
    """How the units of a document look.

    Args:
        texts: the units, without outer white space.
        words: their tokens.

    Returns:
        (units, len(SHAPE)) array.
    """
    looks = np.array(list(map(_look, texts, words)), dtype=np.float32)
    kinds = _count_kinds(words)
    total = np.maximum(1.0, np.array([len(ws) for ws in words], dtype=np.float32))
    names = list(_LEXICONS)
    shares = kinds[:, [names.index("asking"), names.index("function")]] / total[:, None]
    return np.concatenate([looks, kinds, shares], axis=1)


def _count_kinds(words: Sequence[Sequence[str]]) -> Floats:
    get = _KINDS.get
    found = [[kind for kind in map(get, ws) if kind is not None] for ws in words]
    counts = np.zeros((len(words), len(_LEXICONS)), dtype=np.float32)
    lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    some = lengths > 0
    if some.any():
        flat = np.array([kind for kinds in found for kind in kinds])
        starts = np.cumsum(lengths[some]) - lengths[some]
        counts[some] = np.add.reduceat(_KIND_ROWS[flat], starts, axis=0)
    return counts


def _look(text: str, words: Sequence[str]) -> tuple[float, ...]:
    read = probe(text)
    length = len(read)
    spaces = read.count(" ")
    first, bare = read[0], read.rstrip(_CLOSERS)
    last = bare[-1:] or read[-1]
    ellipsis = last == "…" or bare.endswith("...")
    capital_share = len(_CAPITAL.findall(read)) / max(1, spaces)
    plain = read.encode("latin-1", "replace")  # marks beyond Latin-1 become question marks
    digits = length - len(plain.translate(None, _DIGITS))
    return (
        log1p(len(text)),
        log1p(len(words)),
        last == "." and not ellipsis,
        last == "?",
        last == "!",
        last == ":",
        ellipsis,
        read[-1] in _CLOSERS,
        first.islower(),
        first.isdigit(),
        first in _QUOTES,
        first.isupper(),
        capital_share,
        len(_CAPS.findall(read)) / (spaces + 1),
        digits / length,
        len(plain.translate(None, _NO_MARKS)) / length,
        (length - spaces) / (spaces + 1),
        capital_share > 0.5 and last not in _TERMINAL and 2 < spaces < 24,
        log1p(len(_SENTENCE.findall(read))),
        bool(words) and words[0] in _IMPERATIVE,
        bool(words) and words[0] in _CREDIT,
        first in "[(" and last in _CLOSERS + "." and read[-2:].strip(".")[-1:] in ")]",
        _NUMBERED.match(read) is not None,
        first in _BULLETS,
        ": " in read[:_CALL] and _CALLED.match(read) is not None,
        "|" in read,
        any(map(read.__contains__, _ARROWS)),
        any(map(read.__contains__, _CODE)),
        "://" in read or "www." in read,
        "." in read and _DOMAIN.search(read) is not None,
        *(_at(read) if "@" in read else (False, False)),
        "#" in read and _HASHTAG.search(read) is not None,
        *(_numbers(read) if digits else (False, False, False, False)),
    )


def _at(read: str) -> tuple[bool, bool]:
    return _EMAIL.search(read) is not None, _HANDLE.search(read) is not None


def _numbers(read: str) -> tuple[bool, ...]:
    return tuple(p.search(read) is not None for p in (_PHONE, _PRICE, _YEAR, _CLOCK))
