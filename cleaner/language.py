"""Whether a text is in a language that a model was trained for."""

import re
from functools import cache
from typing import Any

# Function words of English make up a third to a half of its running text, and under a tenth of
# that of any other language: a cheap first look that settles nearly every English document.
_FUNCTION_WORDS = frozenset(
    "the of and to a that is was for on with as it be are were has had have this his her "
    "their but not or which who they she its been would will there when if more about than "
    "into out could".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000
_ENOUGH_WORDS = 12
_ENGLISH_SHARE = 0.2
_SURE = 0.9


def detect(text: str) -> str | None:
    """Tell the language of a text: an ISO 639-1 code, or None if there is too little to tell.

    >>> detect("The council put off its vote, and the ferry will not run until there is money.")
    'en'
    >>> detect("Ok.") is None
    True
    """
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample.lower())
    if words and sum(map(_FUNCTION_WORDS.__contains__, words)) / len(words) >= _ENGLISH_SHARE:
        return "en"
    # Scripts without spaces have few words but many letters.
    if len(words) < _ENOUGH_WORDS and sum(map(len, words)) < 10 * _ENOUGH_WORDS:
        return None
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        identifier = _identifier()
    code, probability = identifier.classify(sample)
    return str(code) if probability >= _SURE else None


@cache
def _identifier() -> Any:  # noqa: ANN401 - py3langid ships no types
    # Half a second to load: once a process, and only when a text is not plainly English.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
