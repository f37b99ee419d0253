"""What was measured of one way to cut, document by document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cleaner.training import scores
from cleaner.training.corpus import Labelled
from cleaner.training.measure import Counts


@dataclass
class Run:
    """One way to cut, measured on documents.

    Attributes:
        kind: `folds`, `pages`, `left out`, `model`, `rules` or `curve`.
        name: which of its kind: what is read, a collection, a model, a rule, a share of sites.
        strength: of the model, "" for rules.
        counts: (document, what the cut did to it).
    """

    kind: str
    name: str
    strength: str
    counts: list[tuple[Labelled, Counts]] = field(default_factory=list)

    def to_dict(self, seed: int) -> dict[str, Any]:
        """Scores over all documents and by collection."""
        collections = sorted({d.collection for d, _ in self.counts})
        return {
            "kind": self.kind,
            "name": self.name,
            "strength": self.strength,
            "documents": len(self.counts),
            "all": _summary(self.counts, seed),
            "collections": {
                name: _summary([pair for pair in self.counts if pair[0].collection == name], seed)
                for name in collections
            },
        }


def _summary(counts: Sequence[tuple[Labelled, Counts]], seed: int) -> dict[str, Any]:
    groups = [document.group for document, _ in counts]
    return scores.summary(scores.by_site(groups, [part for _, part in counts]), seed)
