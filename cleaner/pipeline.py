"""Cleaner: the flow, nothing else."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner import language, model, sites
from cleaner.classify import Classifier
from cleaner.document import (
    BOILERPLATE,
    PROMOTIONAL,
    CleanResult,
    Document,
    Flag,
    Label,
    Mode,
    Reason,
    Strength,
    Verdict,
)
from cleaner.errors import SetupError
from cleaner.sites import Memory, Site
from cleaner.strip import kept_text, removed_spans

if TYPE_CHECKING:
    from cleaner.sources.ratings import Ratings
    from cleaner.sources.require import Requirement

_Choice = TypeVar("_Choice", Strength, Mode)
# Read at first use, and not worth sending to a worker.
_LOADED = frozenset({"classifier", "tables", "requirements", "memory"})


@dataclass(frozen=True)
class Cleaner:
    """The flow with its settings: document → units → verdicts → kept text.

    Cheap to make and to pickle: the model is loaded at the first document.

    Attributes:
        model: name of a shipped model or path of a model folder, None for the default.
        strength: how readily a unit is cut.
        strip: labels to cut: names, or "promotional" or "all".
        keep: labels to keep, subtracted from `strip`.
        mode: `drop` cuts; `flag` leaves the text whole and records the verdicts.
        any_language: judge also documents in a language the model was not trained for.
        ratings: the user's rating tables, as `NAME=FILE` or name → file.
        site_memory: what recurs on which site, or the profile file that holds it.
        require: what a document's source must be, or the document is cut whole: `known`, `rated`,
            `undisputed`, `TABLE>=NUMBER`.
    """

    model: str | Path | None = None
    strength: Strength | str = Strength.MEDIUM
    strip: str | Collection[str] = "all"
    keep: str | Collection[str] = ()
    mode: Mode | str = Mode.DROP
    any_language: bool = False
    ratings: str | Collection[str] | Mapping[str, str | Path] = ()
    site_memory: Memory | str | Path | None = None
    require: str | Collection[str] = ()
    _cut: frozenset[Label] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", _member(Strength, self.strength, "strength"))
        object.__setattr__(self, "mode", _member(Mode, self.mode, "mode"))
        object.__setattr__(self, "_cut", parse_labels(self.strip) - parse_labels(self.keep))

    @cached_property
    def classifier(self) -> Classifier:
        """The model with the choice of what to cut, loaded once."""
        return Classifier(model.load(self.model), Strength(self.strength), self._cut)

    @cached_property
    def tables(self) -> "Ratings":
        """The user's rating tables, read once.

        Raises:
            RatingsError: a table can't be read.
        """
        from cleaner.sources.ratings import Ratings

        given = self.ratings
        if isinstance(given, Mapping):
            return Ratings.load(f"{name}={file}" for name, file in given.items())
        return Ratings.load([given] if isinstance(given, str) else given)

    @cached_property
    def memory(self) -> Memory:
        """The site memory, read once; empty without a profile.

        Raises:
            ProfileError: the profile can't be read.
        """
        if self.site_memory is None:
            return Memory()
        if isinstance(self.site_memory, Memory):
            return self.site_memory
        return sites.load(Path(self.site_memory))

    @cached_property
    def requirements(self) -> "list[Requirement]":
        """What is required of sources.

        Raises:
            SetupError: nothing that can be required.
        """
        if not self.require:
            return []
        from cleaner.sources.require import parse_requirements

        return parse_requirements(self.require, [table.spec.name for table in self.tables.tables])

    def remembering(self, site_memory: Memory | Path) -> "Cleaner":
        """The same with another site memory, without loading again what is loaded."""
        other = replace(self, site_memory=site_memory)
        vars(other).update({k: v for k, v in vars(self).items() if k in _LOADED - {"memory"}})
        return other

    def __getstate__(self) -> dict[str, object]:
        return {k: v for k, v in self.__dict__.items() if k not in _LOADED}

    def clean(self, document: Document | str, *, sourced: bool = True) -> CleanResult:
        """Clean one document.

        Args:
            document: a document, or just its text.
            sourced: also say who published it. Reading the registry takes longer than cleaning one
                page, so whoever shows the text alone goes without, unless the settings need it.

        Raises:
            TooLargeError: the document has too many paragraphs.
            ModelError: the model can't be loaded.
        """
        document = _as_document(document)
        flags = set()
        foreign = not self.any_language and not self._speaks(document.text)
        if foreign:
            flags.add(Flag.LANGUAGE)
        needed = sourced or bool(self.requirements or self.memory.sites)
        source, site = self._source_and_site(document) if needed else ({}, None)
        verdicts = self.classifier.verdicts(document, site, keep_all=foreign)
        if unmet := [r.text for r in self.requirements if not r.met(source)]:
            flags.add(Flag.FILTERED)
            source["unmet"] = unmet
            # Cut as everything else is: on record, and given back by `restore`.
            verdicts = tuple(replace(verdict, keep=False) for verdict in verdicts)
        removed = removed_spans(document.text, verdicts) if self.mode is Mode.DROP else ()
        text = kept_text(document.text, removed)
        if not verdicts:
            flags.add(Flag.EMPTY)
        elif not text.strip():
            if not unmet:
                flags.add(Flag.EMPTIED)
        elif len(document.text) - len(text) > self.classifier.model.cap * len(document.text):
            flags.add(Flag.OVER_CAP)
        return CleanResult(
            *(document, text, verdicts, removed, tuple(sorted(flags)), source),
            always=tuple(sorted(site.said(document.text))) if site else (),
        )

    def clean_many(self, documents: Iterable[Document | str]) -> Iterator[CleanResult]:
        """Clean documents one by one, in order; nothing is kept between them."""
        return map(self.clean, documents)

    def label(self, document: Document | str) -> tuple[Verdict, ...]:
        """Judge every unit of a document without cutting anything."""
        return self.clean(document, sourced=False).verdicts

    def explain(self, document: Document | str) -> tuple[tuple[Reason, ...], ...]:
        """The evidence behind each verdict of `label`, strongest first."""
        return self.reasons(self.clean(document, sourced=False))

    def reasons(self, result: CleanResult) -> tuple[tuple[Reason, ...], ...]:
        """The evidence behind each verdict of what `clean` made, strongest first."""
        site = self.memory.site(sites.site_of(result.document, result.source.get("source")))
        return self.classifier.reasons(result.document, result.verdicts, site)

    def _source_and_site(self, document: Document) -> tuple[dict[str, Any], Site | None]:
        from cleaner.sources.assess import assess

        source = assess(document, self.tables)
        return source, self.memory.site(sites.site_of(document, source["source"]))

    def _speaks(self, text: str) -> bool:
        known = self.classifier.model.info["languages"]
        code = language.detect(text)
        return code is None or code in known


def parse_labels(choice: str | Collection[str]) -> frozenset[Label]:
    """Parse a choice of labels: names, comma-separated or not, `promotional` or `all`.

    Raises:
        SetupError: an unknown name, or `content`, which is never cut.

    >>> sorted(parse_labels("subscribe,donate"))
    [<Label.DONATE: 'donate'>, <Label.SUBSCRIBE: 'subscribe'>]
    """
    names = choice.split(",") if isinstance(choice, str) else choice
    labels: set[Label] = set()
    for name in names:
        match name.strip().lower():
            case "":
                continue
            case "all":
                labels |= BOILERPLATE
            case "promotional":
                labels |= PROMOTIONAL
            case known if known in BOILERPLATE:
                labels.add(Label(known))
            case unknown:
                options = ", ".join(["all", "promotional", *sorted(BOILERPLATE)])
                raise SetupError(f"no label {unknown!r} to cut or keep; there are: {options}")
    return frozenset(labels)


def _member(kind: type[_Choice], value: str, what: str) -> _Choice:
    try:
        return kind(value)
    except ValueError as error:
        options = ", ".join(kind)
        raise SetupError(f"no {what} {str(value)!r}; there are: {options}") from error


def _as_document(document: Document | str) -> Document:
    if isinstance(document, str):
        return Document(id="", text=document)
    return document
