"""How an article is written → numbers: rates of words and marks, never what it is about.

No names of people, parties, places or sites: those tell a topic or a leaning, not care.
"""

import re
from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document

Row = NDArray[np.float64]

_LONGEST = 40_000  # characters of a text that are looked at
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*(?=\s|\Z)")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{1,600})[”\"]")
_MIDDLE_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]")
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
_MARKS = {
    "question_marks": re.compile(r"\?"),
    "exclamation_marks": re.compile(r"!"),
    "ellipses": re.compile(r"…|\.\.\."),
    "dashes": re.compile(r"—|–| -+ |--"),
    "parentheses": re.compile(r"\("),
    "colons": re.compile(r"[:;](?=\s)"),
    "money_and_percent": re.compile(r"[$£€]\s?\d|\d\s?%|\bper ?cent\b"),
    "years": re.compile(r"\b(?:19|20)\d\d\b"),
    "according_to": re.compile(r"\baccording to\b", re.IGNORECASE),
    "agencies": re.compile(r"\b(?:Reuters|Associated Press|AFP|Agence France-Presse|UPI)\b|\(AP\)"),
    "unnamed_sources": re.compile(
        r"\b(?:sources?|insiders?|officials?|people) (?:said|say|told|close to|familiar with|with "
        r"knowledge)|\b(?:unnamed|anonymous|anonymity|undisclosed)\b",
        re.IGNORECASE,
    ),
}
_WORDS = {
    "loaded": """shocking shocked outrage outrageous outraged bombshell stunning stunned explosive
        horrifying horrific terrifying disgusting disgraceful shameful shameless insane crazy
        bizarre brutal evil vicious vile hysterical hysteria meltdown slammed slams blasts blasted
        destroys destroyed exposes exposed exposing humiliating humiliated pathetic hypocrisy
        hypocrite hypocritical lies liar lying lied fraud hoax scam propaganda corrupt corruption
        conspiracy sinister plot scheme unhinged deranged rabid desperate devastating
        disastrous catastrophic ridiculous absurd
        idiotic stupid furious rage unbelievable incredible unprecedented massive huge epic""",
    "intensifiers": """very really extremely totally completely absolutely utterly truly literally
        simply just actually quite so too highly deeply""",
    "certainty": """clearly obviously undoubtedly certainly definitely indeed always never everyone
        everything nobody nothing all must surely fact truth proof proven prove proves""",
    "hedges": """may might could perhaps possibly likely unlikely apparently reportedly allegedly
        alleged suggest suggests suggested appear appears appeared seem seems estimated about
        approximately roughly""",
    "said": "said says",
    "other_attributions": """told added noted explained argued claimed claims wrote tweeted
        announced reported stated declared insisted admitted warned acknowledged testified
        asked replied""",
    "institutions": """university institute department ministry agency court commission committee
        spokesman spokeswoman spokesperson bureau office council association professor researcher
        researchers analyst analysts study survey report data documents records""",
    "first_singular": "i me my mine myself i'm i've i'd i'll",
    "first_plural": "we us our ours ourselves we're we've we'll",
    "second_person": "you your yours you're you've you'll yourself",
    "third_person": "he she him her his hers",
    "negations": """not no nor don't doesn't didn't isn't wasn't won't can't cannot wouldn't
        shouldn't""",
    "connectives": """because therefore however although though despite while whereas since thus
        hence""",
    "function_words": """the of and to in a that is was for on with as at by it from be an are were
        has had have this but or which who its been would will when if more than into""",
    "dates": """january february april june july august september october november december monday
        tuesday wednesday thursday friday saturday sunday""",
}
_SETS = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_TEASING = frozenset("this these here here's why what how you your watch just".split())

SHAPE = (
    *("length", "word_length", "long_words", "sentence_length", "sentence_variation"),
    *("paragraph_length", "variety", "adverbs", "superlatives", "past_tense", "contractions"),
    *("capitals", "capitalised", "numbers", "quoted", "short_quotes"),
)
HEADLINE = (
    *("headline_length", "headline_title_case", "headline_question", "headline_exclamation"),
    *("headline_capitals", "headline_quote", "headline_colon", "headline_loaded"),
    "headline_teasing",
)
NAMES = (*SHAPE, *_MARKS, *_SETS, *HEADLINE)
_LOGGED = frozenset(
    {"length", "sentence_length", "sentence_variation", "paragraph_length", "capitals", "numbers"}
    | {"short_quotes", *_MARKS, *_SETS}
)


def style(document: Document, text: str) -> Row:
    """Measure how an article is written.

    Args:
        document: for its title; nan stands for what only a headline could tell.
        text: the article, best without boilerplate.

    Returns:
        One number for each of `NAMES`: shares, or rates a thousand words (as log 1 + rate).
    """
    text = text[:_LONGEST]
    words = [word.replace("’", "'") for word in _WORD.findall(text)]
    lower = [word.lower() for word in words]
    count = max(1, len(words))
    counts = Counter(lower)
    marks = [len(pattern.findall(text)) for pattern in _MARKS.values()]
    listed = [sum(counts[word] for word in listed) for listed in _SETS.values()]
    rates = np.log1p(1000 * np.array(marks + listed) / count)
    return np.concatenate([_shape(text, words, lower, counts), rates, _headline(document.title)])


def natural(name: str, value: float) -> float:
    """A feature as people count it: words, shares, or times in a thousand words."""
    return float(np.expm1(value)) if name in _LOGGED else value


def _shape(text: str, words: list[str], lower: list[str], counts: Counter[str]) -> list[float]:
    count = max(1, len(words))
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    # Five characters and a space are a word of English, near enough and fast.
    lengths = np.array([(b - a) / 6 for a, b in pairwise(ends) if b - a > 5] or [0.0])
    quotes = _QUOTED.findall(text)
    paragraphs = sum(1 for line in text.splitlines() if line.strip())
    start = lower[:300]
    return [
        float(np.log1p(count)),
        sum(map(len, words)) / count,
        sum(len(word) > 7 for word in words) / count,
        float(np.log1p(lengths.mean())),
        float(np.log1p(lengths.std())),
        float(np.log1p(count / max(1, paragraphs))),
        len(set(start)) / max(1, len(start)),
        sum(n for word, n in counts.items() if len(word) > 4 and word.endswith("ly")) / count,
        sum(n for word, n in counts.items() if len(word) > 5 and word.endswith("est")) / count,
        sum(n for word, n in counts.items() if len(word) > 4 and word.endswith("ed")) / count,
        sum(n for word, n in counts.items() if "'" in word and not word.endswith("'s")) / count,
        float(np.log1p(1000 * len(_CAPITALS.findall(text)) / count)),
        len(_MIDDLE_CAPITAL.findall(text)) / count,
        float(np.log1p(1000 * len(_NUMBER.findall(text)) / count)),
        sum(map(len, quotes)) / max(1, len(text)),
        float(np.log1p(1000 * sum(quote.count(" ") < 3 for quote in quotes) / count)),
    ]


def _headline(title: str) -> list[float]:
    words = [word.replace("’", "'") for word in _WORD.findall(title)]
    if not words:
        return [float("nan")] * len(HEADLINE)
    long = [word for word in words[1:] if len(word) > 3]
    lower = {word.lower() for word in words}
    return [
        float(len(words)),
        sum(word[0].isupper() for word in long) / len(long) if long else 0.5,
        float("?" in title),
        float("!" in title),
        float(bool(_CAPITALS.search(title))),
        float(bool(re.search(r"[\"“”‘]|(?<!\w)'", title))),
        float(":" in title),
        float(not lower.isdisjoint(_SETS["loaded"])),
        float(not lower.isdisjoint(_TEASING)),
    ]
