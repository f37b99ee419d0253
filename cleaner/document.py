"""The types that travel through the flow. Frozen, and of the standard library only."""

import copyreg
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

NO_META: Mapping[str, Any] = MappingProxyType({})


def read_only(known: dict[str, Any]) -> MappingProxyType[str, Any]:
    """A view of a mapping that refuses changes."""
    return MappingProxyType(known)


# Python can't copy or pickle such views, so no document could be sent to another process.
copyreg.pickle(MappingProxyType, lambda view: (read_only, (dict(view),)))


class Label(StrEnum):
    """What a paragraph is, in the order of the model's classes; docs/labels.md defines each."""

    CONTENT = "content"
    SUBSCRIBE = "subscribe"
    DONATE = "donate"
    PRODUCT = "product"
    SOCIAL = "social"
    RELATED = "related"
    BYLINE = "byline"
    LEGAL = "legal"
    REFERENCES = "references"
    NAVIGATION = "navigation"
    COMMENTS = "comments"


PROMOTIONAL = frozenset(
    {Label.SUBSCRIBE, Label.DONATE, Label.PRODUCT, Label.SOCIAL, Label.RELATED},
)
BOILERPLATE = frozenset(Label) - {Label.CONTENT}


class UnitKind(StrEnum):
    """How a unit was cut out of its document."""

    PARAGRAPH = "paragraph"
    SENTENCE = "sentence"
    INSERT = "insert"  # links that a scrape put into a sentence


class Strength(StrEnum):
    """How readily a unit is cut; each names a threshold that lives with the model."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Mode(StrEnum):
    """Whether boilerplate is cut out, or only recorded."""

    DROP = "drop"
    FLAG = "flag"


class OutputFormat(StrEnum):
    """What the output files are; `writers` has the writer of each."""

    TEXT = "text"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    DOLMA = "dolma"


class Status(StrEnum):
    """How a document ended."""

    OK = "ok"
    FAILED = "failed"
    TIMEOUT = "timeout"
    REFUSED = "refused"


class Flag(StrEnum):
    """What a user should look at in a document that is `ok`."""

    EMPTY = "empty"  # there was no text to begin with
    EMPTIED = "emptied"  # every unit was cut
    OVER_CAP = "over_cap"  # more was cut than a document of this kind usually loses
    LANGUAGE = "language"  # not a language the model was trained for: kept whole
    FILTERED = "filtered"  # its source is not what the user requires: cut whole


# Tags that say something of what stands anywhere within them.
CONTAINERS = (
    *("li", "table", "figure", "form", "blockquote", "section", "article", "main"),
    *("aside", "header", "footer", "nav"),
)
# What the names of classes and ids call the elements around a paragraph.
CALLED = ("teaser", "signup", "promotion", "author", "menu", "sharing", "comments", "legal")


@dataclass(frozen=True, slots=True)
class Block:
    """Where a paragraph that was extracted from html stood in its page.

    Attributes:
        start: its first character in the text.
        end: the one after its last.
        tag: of the element that it stands in.
        link_share: share of its characters that are links, 2 decimals.
        within: the containers around it, in their order.
        called: what the names of classes and ids call its element, or three around that, in the
            order of CALLED.
        place: share of the page's elements that begin before it, 3 decimals, not counting those
            behind all text.
        groups: numbers that it has in common with the blocks that stand in the same parent, in the
            same parent of that, and in elements of the same tags and classes.
    """

    start: int
    end: int
    tag: str
    link_share: float
    within: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    place: float = 0.0
    groups: tuple[int, int, int] = (0, 0, 0)

    def row(self) -> list[Any]:
        """The fields as JSON knows them; `from_row` is the reverse."""
        return [
            *(self.start, self.end, self.tag, self.link_share, list(self.within)),
            *(list(self.called), self.place, list(self.groups)),
        ]

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """A block of what `row` gave."""
        start, end, tag, link_share, within, called, place, (parent, around, alike) = row
        groups = (parent, around, alike)
        return cls(start, end, tag, link_share, tuple(within), tuple(called), place, groups)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to clean, and what is known of it.

    Attributes:
        id: as given by the input, else its relative path (with `:LINE` for records).
        text: the text that every offset refers to, in characters. For html, the extracted text.
        url: where it was published, "" if unknown.
        path: the input's path relative to what the user named, "" if it came from memory.
        title: the page's title, "" if unknown.
        date: publication date as given, "" if unknown.
        author: as given, "" if unknown.
        links: where the links in the text of a page lead, as written; of plain text none.
        meta: other fields of a record, passed through.
        blocks: where paragraphs stood in the html, in order; empty for plain text.
        from_html: whether the text was extracted from html.
        page_url: what the page says is its address, "" if nothing.
    """

    id: str
    text: str
    url: str = ""
    path: str = ""
    title: str = ""
    date: str = ""
    author: str = ""
    links: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=lambda: NO_META)
    blocks: tuple[Block, ...] = ()
    from_html: bool = False
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters [start, end) of a text: a paragraph or a part of one, no outer white space."""

    start: int
    end: int
    kind: UnitKind = UnitKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Reason:
    """Evidence: what was seen and how much it moved the score, in log-odds of being cut."""

    evidence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says of a unit.

    Attributes:
        unit: the unit judged.
        label: content, or the most probable kind of boilerplate where boilerplate as a whole is
            the more probable; the same at every strength.
        score: calibrated probability in [0, 1] that the unit is not content, 4 decimals.
        keep: whether strength and label choice leave it in the text.
        kind: the most probable label but content: what it is cut as. A strength may cut a unit that
            is a little more probably content.
        reasons: the evidence, strongest first; only when asked for.
    """

    unit: Unit
    label: Label
    score: float
    keep: bool
    kind: Label | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def cut_as(self) -> Label:
        """The label under which it is recorded when it is cut."""
        return self.kind or self.label


@dataclass(frozen=True, slots=True)
class Removed:
    """A removed span: characters [start, end) of the document's text, white space included."""

    start: int
    end: int
    label: Label
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class CleanResult:
    """A cleaned document. Kept slices and removed spans partition the document's text.

    Attributes:
        document: what went in.
        text: the kept slices in order, byte for byte.
        verdicts: one for each unit, in order; they tile the text that is not white space.
        removed: the removed spans in order, empty in flag mode.
        flags: what to look at.
        source: who published it and what is known about that source.
        always: the user's lines in the site memory that stand in it, folded.
    """

    document: Document
    text: str
    verdicts: tuple[Verdict, ...]
    removed: tuple[Removed, ...]
    flags: tuple[Flag, ...] = ()
    source: Mapping[str, Any] = field(default_factory=lambda: NO_META)
    always: tuple[str, ...] = ()
