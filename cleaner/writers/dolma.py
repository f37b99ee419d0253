"""Dolma attributes: the spans that would be cut, beside documents that stay as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from cleaner.batch.rows import given_id
from cleaner.batch.work import Outcome
from cleaner.batch.writer import JsonlWriter, Restorable, Row
from cleaner.document import Mode
from cleaner.errors import SetupError
from cleaner.readers.jsonl import dump


@dataclass(frozen=True)
class DolmaWriter(JsonlWriter):
    """A line a document: `{"id", "attributes": {"cleaner__LABEL": [[start, end, score], …]}}`."""

    def body(self, outcome: Outcome, mode: Mode) -> str | None:  # noqa: ARG002 - nothing is dropped
        """The spans of the units that are not kept, in characters of the text."""
        if outcome.result is None and outcome.record is None:
            return None
        spans: dict[str, list[list[float]]] = {}
        for verdict in outcome.result.verdicts if outcome.result else ():
            if not verdict.keep:
                span = [verdict.unit.start, verdict.unit.end, verdict.score]
                spans.setdefault(f"cleaner__{verdict.cut_as}", []).append(span)
        return dump({"id": given_id(outcome), "attributes": dict(sorted(spans.items()))})

    def texts(self, source: Path, field: str) -> Iterator[str | None]:  # noqa: ARG002 - as above
        """There are none."""
        return repeat(None)

    def restore(
        self,
        source: Path,
        target: Path,  # noqa: ARG002 - as above
        documents: Iterator[Restorable],  # noqa: ARG002 - as above
    ) -> Iterator[tuple[Row, str]]:
        """There is nothing to restore from.

        Raises:
            SetupError: always.
        """
        raise SetupError(f"{source.parent} holds dolma attributes, no texts; the inputs have them")
