"""What a run did, counted from the rows of its manifest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.document import Status

# Failures that are named at the end; the manifest names them all.
_NAMED = 1000


@dataclass
class Summary:
    """What a run did, for the table at its end and run.json.

    Attributes:
        sites: words cut by site, then by label.
        always: (site, text) of the user's lines in the site memory that some document has.
        unmatched: the user's lines that none has.
        unplaced: the paths of --urls that no input has.
        unchanged: documents that were not done again.
        vanished: inputs and records (`r.jsonl:2`) of which an earlier run wrote an output that is
            there, and that no input replaces any more.
    """

    documents: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    words: int = 0
    words_cut: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    sites: dict[str, Counter[str]] = field(default_factory=dict)
    always: set[tuple[str, str]] = field(default_factory=set)
    unmatched: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[str] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one document by its row of the manifest."""
        self.documents += 1
        self.statuses[row["status"]] += 1
        if row["status"] != Status.OK and len(self.failures) < _NAMED:
            self.failures.append((name_of(row), row["error"] or ""))
        self.always.update((row["site"], text) for text in row["always"])
        if counts := row["counts"]:
            self.flags.update(row["flags"])
            self.words += counts["words"]
            self.words_cut.update(counts["words_cut"])
            self.sites.setdefault(row["site"], Counter()).update(counts["words_cut"])

    def merge(self, other: "Summary") -> None:
        """Add the counts of another part of the run."""
        self.documents += other.documents
        self.words += other.words
        self.unchanged += other.unchanged
        self.statuses.update(other.statuses)
        self.flags.update(other.flags)
        self.words_cut.update(other.words_cut)
        self.always |= other.always
        self.failures += other.failures[: _NAMED - len(self.failures)]
        for name, words in other.sites.items():
            self.sites.setdefault(name, Counter()).update(words)

    @property
    def failed(self) -> int:
        """Documents that did not end `ok`."""
        return self.documents - self.statuses[Status.OK]

    def as_dict(self) -> dict[str, Any]:
        """For run.json."""
        return {
            "documents": self.documents,
            "unchanged": self.unchanged,
            "status": dict(sorted(self.statuses.items())),
            "flags": dict(sorted(self.flags.items())),
            "words": self.words,
            "words_cut": dict(sorted(self.words_cut.items())),
            "files_skipped": dict(sorted(self.skipped.items())),
            "vanished": len(self.vanished),
            "site_memory_unmatched": self.unmatched,
        }


def name_of(row: Mapping[str, Any]) -> str:
    """What a document is called where people read it: its file, and `:RECORD` within."""
    record = row["record"]
    return str(row["input"]) if record is None else f"{row['input']}:{record}"
