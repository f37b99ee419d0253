"""How a rating table is laid out: the formats we know, and those that a user declares."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cleaner.errors import RatingsError
from cleaner.sources.declared import CLASSES, value_of


@dataclass(frozen=True, slots=True)
class Format:
    """The layout of a table.

    Attributes:
        scheme: what the rating is called and who made it.
        domain: column of the site.
        value: column of the rating, "" if only `class` is given.
        scale: the two ends of a numeric rating; they become 0 and 1.
        words: ratings in words → 0 to 1.
        class_: column of a class, "" for the value's own.
        classes: texts of the class column → -1, 0 or 1.
        below: a number under this is class -1.
        above: a number from this on is class 1; between the two is class 0.
        date: column of the rating's date.
        as_of: date of the whole table, where rows have none.
        reason: column with the rater's words.
        delimiter: what stands between the columns.
        separator: what stands between several sites in one cell, "" for one site a cell.
        licence: what the user should know before passing ratings on.
        overrides: whether its rows win over every other table.
    """

    scheme: str
    domain: str = "domain"
    value: str = ""
    scale: tuple[float, float] | None = None
    words: Mapping[str, float] = field(default_factory=dict)
    class_: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    below: float | None = None
    above: float | None = None
    date: str = ""
    as_of: str = ""
    reason: str = ""
    delimiter: str = ","
    separator: str = ""
    licence: str = ""
    overrides: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns that the table must have."""
        named = (self.domain, self.value, self.class_, self.date, self.reason)
        return [column for column in named if column]


LIN = Format(
    scheme="Lin et al. 2023, PC1 of domain quality, 0 to 1 (partly imputed)",
    value="pc1",
    scale=(0.0, 1.0),
    as_of="2023",
    licence="doi 10.1093/pnasnexus/pgad286",
)
IDIAP = Format(
    scheme="Burdisso et al. 2024, reliability label -1, 0 or 1 (NewsGuard's score where public)",
    value="newsguard_score",
    scale=(0.0, 100.0),
    class_="reliability_label",
    classes={"-1": -1, "0": 0, "1": 1},
    as_of="2024",
    reason="label_source",
    licence="Apache-2.0; single labels stem from MBFC, Wikipedia and NewsGuard",
)
OVERRIDES = Format(
    scheme="the user's own judgement",
    domain="source",
    value="rating",
    scale=(0.0, 1.0),
    class_="rating",
    classes=CLASSES,
    date="date",
    reason="reason",
    overrides=True,
)
# Header → format: the columns that must be there. The first that fits is taken.
_KNOWN: tuple[tuple[frozenset[str], Format], ...] = (
    (frozenset({"domain", "pc1"}), LIN),
    (frozenset({"domain", "reliability_label", "newsguard_score", "label_source"}), IDIAP),
    (frozenset({"source", "rating", "reason", "date"}), OVERRIDES),
)
_SPEC = re.compile(
    r"(?:(?P<name>[\w.-]+)=)?(?P<file>.+?)(?::(?P<declared>\w+=[^,:]*(?:,\w+=[^,:]*)*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Spec:
    """A table as named on the command line: NAME=FILE, and what is declared of its layout."""

    name: str
    file: Path
    declared: Mapping[str, Any]


def parse_spec(text: str) -> Spec:
    """Parse `NAME=FILE` or `NAME=FILE:domain=column,value=column,scale=0-100`.

    What the command line doesn't declare may stand in `FILE.toml` beside the table.

    Raises:
        RatingsError: not of this form, or the TOML can't be read.

    >>> parse_spec("ours=kites.csv:domain=site,scale=0-100").declared["scale"]
    '0-100'
    """
    match = _SPEC.fullmatch(text)
    file = Path(match["file"] if match else "")
    if match is None or not file.name:
        raise RatingsError(f"{text!r} names no table; write NAME=FILE")
    declared: dict[str, Any] = {}
    beside = file.with_name(file.name + ".toml")
    if beside.is_file():
        try:
            declared = tomllib.loads(beside.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RatingsError(f"{beside} can't be read: {error}") from error
    pairs = match["declared"].split(",") if match["declared"] else []
    declared |= dict(pair.split("=", 1) for pair in pairs)
    return Spec(match["name"] or file.stem, file, declared)


def choose(header: list[str], spec: Spec) -> Format:
    """The format of a table: as declared, else the known one that its header shows.

    Raises:
        RatingsError: neither, or a declared column is missing.
    """
    known = next((form for needed, form in _KNOWN if needed <= set(header)), None)
    if spec.declared:
        form = declare(spec)
    elif known:
        form = known
    else:
        raise RatingsError(
            f"{spec.file} has no known header ({', '.join(header[:8])}); declare its columns: "
            f"{spec.name}={spec.file}:domain=COLUMN,value=COLUMN,scale=0-100"
        )
    if missing := [column for column in form.columns if column not in header]:
        raise RatingsError(
            f"{spec.file} has no column {', '.join(missing)}; it has: {', '.join(header)}"
        )
    return form


def declare(spec: Spec) -> Format:
    """Build a format from what a user declares.

    Raises:
        RatingsError: an unknown key or a value of the wrong kind.
    """
    given = {("class_" if key == "class" else key): value for key, value in spec.declared.items()}
    known = {field.name for field in fields(Format)}
    if unknown := sorted(set(given) - known):
        options = ", ".join(sorted(name.rstrip("_") for name in known))
        raise RatingsError(f"{spec.file}: can't declare {', '.join(unknown)}; there are: {options}")
    try:
        read = {key: value_of(key, declared) for key, declared in given.items()}
    except ValueError as error:
        raise RatingsError(f"{spec.file}: {error}") from error
    form = replace(Format(scheme=spec.name), **read)
    if not form.value and not form.class_:
        raise RatingsError(f"{spec.file}: declare value=COLUMN or class=COLUMN")
    if form.value and not (form.scale or form.words or form.classes):
        raise RatingsError(
            f"{spec.file}: declare what column {form.value!r} means: scale=0-100, or words in "
            f"{spec.file.name}.toml; tables are not compared on a guess"
        )
    return form
