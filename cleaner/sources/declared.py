"""What a user declares of a rating table, on the command line or in TOML → what a format needs."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

CLASSES: Mapping[str, int] = {"unreliable": -1, "mixed": 0, "reliable": 1}


def value_of(key: str, given: object) -> Any:  # noqa: ANN401 - each key has a kind of its own
    """The value of a key of `Format`.

    Raises:
        ValueError: what is declared is not of the key's kind.
    """
    try:
        return _READ.get(key, _text)(given)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(f"{key.rstrip('_')} can't be used: {error}") from error


def fold(word: str) -> str:
    """A rating in words, whatever its case and spaces."""
    return " ".join(word.split()).casefold()


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError(f"{given!r} is no text; put it in quotes")
    return given


def _column(given: object) -> str:
    name = _text(given)
    if not name:
        raise ValueError("a table needs a column of sites")
    return name


def _date(given: object) -> str:
    # TOML has dates of its own, and a bare year is a number.
    return str(given) if isinstance(given, date | int) else _text(given)


def _number(given: Any) -> float:  # noqa: ANN401 - TOML holds anything
    number = float(given)
    if not math.isfinite(number):
        raise ValueError(f"{given!r} is no end and no limit")
    return number


def _scale(given: object) -> tuple[float, float]:
    ends = given if isinstance(given, list) else re.split(r"(?<=\d)-", str(given))
    low, high = map(_number, ends)
    if low == high:
        raise ValueError("a scale needs two ends")
    return low, high


def _words(given: Any) -> dict[str, float]:  # noqa: ANN401 - as above
    words = {fold(word): float(value) for word, value in given.items()}
    if wrong := [word for word, value in words.items() if not 0 <= value <= 1]:
        raise ValueError(f"{', '.join(wrong)}: a word is worth 0 to 1")
    return words


def _classes(given: Any) -> dict[str, int]:  # noqa: ANN401 - as above
    known = {**CLASSES, "-1": -1, "0": 0, "1": 1}
    return {fold(word): known[str(name)] for word, name in given.items()}


def _truth(given: object) -> bool:
    return {"true": True, "false": False}[str(given).lower()]


# How a value is read; the keys that are not here are names and texts.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "domain": _column,
    "scale": _scale,
    "words": _words,
    "classes": _classes,
    "below": _number,
    "above": _number,
    "as_of": _date,
    "overrides": _truth,
}
