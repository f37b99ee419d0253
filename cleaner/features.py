"""Units in their document → arrays. The one file that training and use share.

Three kinds of evidence, each a function of the ones before it:

1. `ngrams`: which known words and word pairs a unit holds, for the linear text models.
2. `shape`: how a unit looks: length, ends, case, patterns, wording.
3. `context`: what stands around it: position, neighbours, runs, overlap with the rest.

`neighbourhood` gives a second pass the first pass's verdicts around each unit.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Tokens: words and numbers (digits folded), and the marks that promotional text is fond of.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[|©@#$£€%:?!»→•…&/>]")
_DIGIT = re.compile(r"\d")
# A paragraph's opening and closing tell what it is; the middle of a long one costs more than it
# says.
_HEAD, _TAIL = 80, 40
READ_TOKENS = _HEAD + _TAIL

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
_FUNCTION = frozenset(
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
_PATTERNS = {
    "url": re.compile(r"https?://|www\."),
    "domain": re.compile(r"\b[a-zA-Z0-9-]+\.(?:com|org|net|gov|edu|co|io|news|tv|info|uk|ai|us)\b"),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.\w|\[email"),
    "handle": re.compile(r"(?:^|[\s(])@\w{2,}"),
    "hashtag": re.compile(r"(?:^|\s)#[A-Za-z]\w+"),
    "phone": re.compile(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\+\d{1,3}[ \d-]{7,}"),
    "price": re.compile(r"[$£€₹]\s?\d"),
    "year": re.compile(r"\b(?:19|20)\d\d\b"),
    "clock": re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE),
    "bracketed": re.compile(r"^[\[(].*[\])]\.?$", re.DOTALL),
    "numbered": re.compile(r"^(?:\[?\d{1,3}[\].)]|[a-z]\))\s"),
    "bullet": re.compile(r"^[-•*·–—►▶✓➤|>]"),
    "pipe": re.compile(r"\|"),
    "arrow": re.compile(r"[»→›▶►]|>>"),
    "code": re.compile(r"[{};=<>]{2}|\(\)|function|window\.|var "),
    "by": re.compile(
        r"^(?:by|from|written by|reporting by|posted by|photo|image|photograph)\b", re.I
    ),
    "called": re.compile(r"^[A-Z][\w’'-]*(?: [A-Z&][\w’'-]*){0,4}:\s"),
    "sentence": re.compile(r"[.!?][\"”’)]?\s+[\"“‘(]?[A-Z]"),
}
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zé’'-]+")
_TERMINAL = ".!?"
_CLOSERS = "\"”’')]»"
_QUOTES = "\"“‘'«"

SHAPE = (
    *(
        "chars",
        "words",
        "ends_stop",
        "ends_question",
        "ends_exclaim",
        "ends_colon",
        "ends_ellipsis",
    ),
    *(
        "ends_quote",
        "starts_lower",
        "starts_digit",
        "starts_quote",
        "starts_upper",
        "capital_share",
    ),
    *("caps_share", "digit_share", "mark_share", "second", "we", "first", "third", "attribution"),
    *("opens_imperative", "asking", "asking_share", "function_share", "month", "word_length"),
    *("headline", "sentences"),
    *(name for name in _PATTERNS if name != "sentence"),
)
_COLUMN = {name: index for index, name in enumerate(SHAPE)}


def tokens(text: str) -> list[str]:
    """Split into lower-case tokens with digits folded to 0; long units by their head and tail.

    >>> tokens("Sign up: 3 issues for $5!")
    ['sign', 'up', ':', '0', 'issues', 'for', '$', '0', '!']
    """
    found = _TOKEN.findall(text.lower())
    if len(found) > READ_TOKENS:
        found = found[:_HEAD] + found[-_TAIL:]
    return [_DIGIT.sub("0", token) if token[0].isdigit() else token for token in found]


def ngrams(words: Sequence[str]) -> set[str]:
    """The words and word pairs of a unit, its ends marked.

    >>> sorted(ngrams(["read", "more"]))
    ['^ read', 'more', 'more $', 'read', 'read more']
    """
    grams = set(words)
    if words:
        grams.update(
            f"{left} {right}" for left, right in zip(("^", *words), (*words, "$"), strict=True)
        )
    return grams


def shape(text: str, words: Sequence[str]) -> list[float]:
    """How one unit looks, in the order of `SHAPE`.

    Args:
        text: the unit, without outer white space.
        words: its tokens.
    """
    total = len(words) or 1
    bare = text.rstrip(_CLOSERS)
    last = bare[-1:] or text[-1:]
    raw = text.split()
    rest = raw[1:]
    capitals = sum(word[0].isupper() for word in rest)
    capital_share = capitals / len(rest) if rest else 0.0
    asking = sum(word in _ASKING for word in words)
    length = len(text)
    return [
        np.log1p(length),
        np.log1p(len(words)),
        last == "." and not bare.endswith("..."),
        last == "?",
        last == "!",
        last == ":",
        last == "…" or bare.endswith("..."),
        text[-1:] in _CLOSERS,
        text[:1].islower(),
        text[:1].isdigit(),
        text[:1] in _QUOTES,
        text[:1].isupper(),
        capital_share,
        sum(len(word) > 1 and word.isupper() for word in raw) / (len(raw) or 1),
        sum(map(str.isdigit, text)) / length,
        sum(not (char.isalnum() or char.isspace()) for char in text[:400]) / min(length, 400),
        sum(word in _SECOND for word in words),
        sum(word in _WE for word in words),
        sum(word in _FIRST for word in words),
        sum(word in _THIRD for word in words),
        sum(word in _ATTRIBUTION for word in words),
        bool(words) and words[0] in _IMPERATIVE,
        asking,
        asking / total,
        sum(word in _FUNCTION for word in words) / total,
        sum(word in _MONTH for word in words),
        sum(map(len, raw)) / (len(raw) or 1),
        capital_share > 0.5 and last not in _TERMINAL and 3 < len(raw) < 25,
        np.log1p(len(_PATTERNS["sentence"].findall(text))),
        *(bool(p.search(text)) for name, p in _PATTERNS.items() if name != "sentence"),
    ]


OVERLAP = ("shared_words", "shared_names", "in_title", "is_title", "repeats")


def overlap(texts: Sequence[str], words: Sequence[Sequence[str]], title: str) -> Floats:
    """How much of each unit the rest of the document also speaks of, columns as in `OVERLAP`.

    Returns:
        Array of shape (units, 5): share of its longer words, and of its names, that stand in other
        units too; share of its longer words that stand in the title; whether it is the title;
        whether the same text stands in an earlier unit.
    """
    long_words = [{w for w in ws if len(w) > 3 and w not in _FUNCTION} for ws in words]
    names = [set(_NAME.findall(text[:1500])) for text in texts]
    word_count = Counter(w for ws in long_words for w in ws)
    name_count = Counter(n for ns in names for n in ns)
    title_words = {w for w in tokens(title) if len(w) > 3}
    folded_title = _fold(title)
    seen: set[str] = set()
    rows = []
    for text, ws, ns in zip(texts, long_words, names, strict=True):
        folded = _fold(text)
        rows.append(
            (
                sum(word_count[w] > 1 for w in ws) / len(ws) if ws else -1.0,
                sum(name_count[n] > 1 for n in ns) / len(ns) if ns else -1.0,
                len(ws & title_words) / len(ws) if ws and title_words else -1.0,
                folded == folded_title,
                folded in seen,
            )
        )
        seen.add(folded)
    return np.array(rows, dtype=np.float32)


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


# Columns of a unit that its neighbours also see, and how far.
_NEIGHBOUR_SHAPES = (
    "words",
    "ends_stop",
    "ends_colon",
    "capital_share",
    "asking_share",
    "headline",
)
_REACH = 3


def context(evidence: Floats, shapes: Floats, overlaps: Floats) -> Floats:
    """What stands around each unit.

    Args:
        evidence: (units, k) scores of the text models; column 0 is the log-odds of boilerplate.
        shapes: (units, len(SHAPE)).
        overlaps: (units, len(OVERLAP)).

    Returns:
        (units, len(context_names(k))) array that holds its inputs too.
    """
    count = len(shapes)
    index = np.arange(count, dtype=np.float32)
    odds = evidence[:, 0]
    words = np.expm1(shapes[:, _COLUMN["words"]])
    total = max(1.0, float(words.sum()))
    before = np.cumsum(words) - words
    solid = (words >= 20) & (odds < 0) & (shapes[:, _COLUMN["sentences"]] > 0)
    solid_words = np.where(solid, words, 0.0)
    solid_total = max(1.0, float(solid_words.sum()))
    solid_before = (np.cumsum(solid_words) - solid_words) / solid_total
    short = words < 12
    position = np.stack(
        [
            np.minimum(index, 30),
            np.minimum(count - 1 - index, 30),
            index / max(1, count - 1),
            np.full(count, np.log1p(count)),
            np.full(count, np.log1p(total)),
            before / total,
            solid_before,
            1.0 - solid_before - solid_words / solid_total,
            _since(solid),
            _since(solid[::-1])[::-1],
            _run(short),
            np.full(count, short.mean()),
            np.full(count, odds.mean()),
            _before_mean(odds),
            _before_mean(odds[::-1])[::-1],
            np.maximum.accumulate(odds),
            np.maximum.accumulate(odds[::-1])[::-1],
        ],
        axis=1,
    )
    near = [evidence] + [shapes[:, [_COLUMN[name]]] for name in _NEIGHBOUR_SHAPES]
    seen = np.concatenate([near[0][:, :2], *near[1:], overlaps[:, :1]], axis=1)
    shifted = [_shift(seen, offset) for offset in _offsets()]
    return np.concatenate([evidence, shapes, overlaps, position, *shifted], axis=1).astype(
        np.float32
    )


def context_names(evidence: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns that `context` returns, given those of its evidence."""
    seen = (*evidence[:2], *_NEIGHBOUR_SHAPES, OVERLAP[0])
    return (
        *evidence,
        *SHAPE,
        *OVERLAP,
        *("index", "index_from_end", "place", "units", "document_words", "words_before"),
        *("solid_before", "solid_after", "since_solid", "until_solid", "short_run", "short_share"),
        *("mean_odds", "mean_odds_before", "mean_odds_after", "max_odds_before", "max_odds_after"),
        *(f"{name}[{offset:+d}]" for offset in _offsets() for name in seen),
    )


def neighbourhood(scores: Floats, words: Floats) -> Floats:
    """The first pass's verdicts around each unit, for the second pass.

    Args:
        scores: (units,) log-odds of boilerplate after the first pass.
        words: (units,) number of words.

    Returns:
        (units, len(NEIGHBOURHOOD)) array.
    """
    column = scores[:, None]
    probability = 1 / (1 + np.exp(-scores))
    content = words * (1 - probability)
    total = max(1.0, float(content.sum()))
    before = np.cumsum(content)
    return np.concatenate(
        [
            column,
            *(_shift(column, offset) for offset in (-4, -3, -2, -1, 1, 2, 3, 4)),
            _before_mean(probability)[:, None],
            _before_mean(probability[::-1])[::-1][:, None],
            np.full_like(column, probability.mean()),
            ((before - content) / total)[:, None],
            (1 - before / total)[:, None],
            _run(probability > 0.5)[:, None],
            _since(probability < 0.5)[:, None],
            _since((probability < 0.5)[::-1])[::-1][:, None],
        ],
        axis=1,
    ).astype(np.float32)


NEIGHBOURHOOD = (
    "score",
    *(f"score[{offset:+d}]" for offset in (-4, -3, -2, -1, 1, 2, 3, 4)),
    *("mean_before", "mean_after", "mean", "content_before", "content_after", "run"),
    *("since_content", "until_content"),
)


SENTENCE = (
    *("sentence_index", "sentence_index_from_end", "paragraph_sentences", "paragraph_odds_rest"),
    *("paragraph_odds_best_other", "share_of_paragraph", "sentences_per_paragraph"),
)


def in_paragraph(odds: Floats, words: Floats, paragraph: NDArray[np.int64]) -> Floats:
    """Where each sentence stands in its paragraph, and what the paragraph's other sentences say.

    Args:
        odds: (sentences,) log-odds of the text model.
        words: (sentences,) number of words.
        paragraph: (sentences,) index of the paragraph that each belongs to, ascending.

    Returns:
        (sentences, len(SENTENCE)) array.
    """
    _, first, inverse, sizes = np.unique(
        paragraph, return_index=True, return_inverse=True, return_counts=True
    )
    place = np.arange(len(paragraph)) - first[inverse]
    size = sizes[inverse]
    totals = np.add.reduceat(odds * words, first)[inverse]
    lengths = np.add.reduceat(words, first)[inverse]
    best = np.maximum.reduceat(odds, first)[inverse]
    others = np.where(odds >= best, -9.0, best)
    return np.stack(
        [
            np.minimum(place, 20),
            np.minimum(size - 1 - place, 20),
            np.minimum(size, 40),
            (totals - odds * words) / np.maximum(1, lengths - words),
            others,
            words / np.maximum(1, lengths),
            np.full(len(paragraph), min(40.0, len(paragraph) / len(sizes))),
        ],
        axis=1,
    ).astype(np.float32)


def sentence_columns(
    evidence: Floats, shapes: Floats, overlaps: Floats, paragraph: NDArray[np.int64]
) -> Floats:
    """Everything that the sentence model sees: `context` over sentences, and `in_paragraph`."""
    within = in_paragraph(evidence[:, 0], np.expm1(shapes[:, _COLUMN["words"]]), paragraph)
    return np.concatenate([context(evidence, shapes, overlaps), within], axis=1)


RECURRENCE = ("odds", "pages", "share", "length", "attribution", "ends_stop")


def recurrence(odds: Floats, shapes: Floats, pages: Floats, site_pages: int) -> Floats:
    """What site memory knows of units, beside what they look like.

    Args:
        odds: (units,) log-odds without memory.
        shapes: (units, len(SHAPE)).
        pages: (units,) pages of the site that hold the same text.
        site_pages: pages of the site that were seen.

    Returns:
        (units, len(RECURRENCE)) array.
    """
    return np.stack(
        [
            odds,
            np.log1p(pages),
            pages / max(1, site_pages),
            np.minimum(shapes[:, _COLUMN["words"]], 4.0),
            shapes[:, _COLUMN["attribution"]] > 0,
            shapes[:, _COLUMN["ends_stop"]],
        ],
        axis=1,
    ).astype(np.float32)


def weighted_sum(table: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """Sum the table's rows for each unit and divide by the root of their number.

    That is the linear score of a binary bag of n-grams of unit length.

    Args:
        table: (vocabulary, k) weights.
        rows: for each unit the indices of its n-grams.

    Returns:
        (units, k) array, 0 where a unit holds no known n-gram.
    """
    sums = np.zeros((len(rows), table.shape[1]), dtype=np.float32)
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    known = lengths > 0
    if known.any():
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows if row])
        starts = np.cumsum(lengths[known]) - lengths[known]
        sums[known] = np.add.reduceat(table[flat], starts, axis=0)
        sums[known] /= np.sqrt(lengths[known])[:, None]
    return sums


def largest(weights: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """The largest weight among each unit's n-grams, -9 where it holds no known one."""
    found = [weights[row].max() if row else -9.0 for row in rows]
    return np.array(found, dtype=np.float32)


def lookup(grams: set[str], vocabulary: Mapping[str, int]) -> list[int]:
    """Indices of the known n-grams, in ascending order (sums must not depend on set order)."""
    return sorted(vocabulary[gram] for gram in grams if gram in vocabulary)


def _offsets() -> list[int]:
    return [offset for offset in range(-_REACH, _REACH + 1) if offset]


def _shift(columns: Floats, offset: int) -> Floats:
    """Row i of the result is row i + offset of the input; outside the document -9."""
    shifted = np.full_like(columns, -9.0)
    if abs(offset) < len(columns):
        if offset > 0:
            shifted[:-offset] = columns[offset:]
        else:
            shifted[-offset:] = columns[:offset]
    return shifted


def _since(marks: NDArray[np.bool_]) -> Floats:
    """Units since the last mark, 0 at a mark, at most 30; 30 where there is none before."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -1000))
    return np.minimum(index - last, 30).astype(np.float32)


def _run(marks: NDArray[np.bool_]) -> Floats:
    """Length of the run of marks that a unit stands in, at most 30; 0 outside a run."""
    gaps = np.flatnonzero(~np.concatenate([[False], marks, [False]]))
    lengths = np.diff(gaps) - 1
    run: Floats = np.zeros(len(marks), dtype=np.float32)
    for start, length in zip(gaps[:-1], lengths, strict=True):
        run[start : start + length] = min(length, 30)
    return run


def _before_mean(values: NDArray[Any]) -> Floats:
    """Mean of the values before each place; 0 at the first."""
    means: Floats = ((np.cumsum(values) - values) / np.maximum(1, np.arange(len(values)))).astype(
        np.float32
    )
    return means
