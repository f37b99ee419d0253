"""Paths → what recurs on their sites, as candidate training data that a person has to confirm."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.batch.inputs import find
from cleaner.batch.passes import Passes
from cleaner.batch.settings import Settings
from cleaner.batch.summary import Summary
from cleaner.batch.work import Outcome
from cleaner.document import Label
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.sites import fold


@dataclass
class _Found:
    """A template where it stands: as it was first written, and what was said of it each time."""

    text: str
    scores: list[float] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)


def mine(paths: Sequence[str], settings: Settings, summary: Summary) -> Iterator[dict[str, Any]]:
    """Find the templates of a folder.

    Args:
        paths: files, folders, globs.
        settings: how to read and judge them.
        summary: takes the counts.

    Returns:
        Records `site`, `pages` that hold the text, `of` pages of the site, `text` as it is first
        written, `label` most often given, `score` (mean where it stands), `confirmed`: false; the
        surest first.

    Raises:
        SetupError: nothing to read, or a site memory was given instead of counting.
    """
    if not settings.counting:
        raise SetupError("templates are counted; leave --site-memory away")
    inputs = find(paths, None)
    _ = settings.deciding  # a missing model is a set-up error, before anything is read
    with (
        tempfile.TemporaryDirectory(prefix="cleaner-") as folder,
        Passes(inputs, settings, Path(folder), "") as passes,
    ):
        spooled = passes.read(item for entry in inputs.files for item in passes.items(entry))
        passes.remember(spooled)
        found: dict[tuple[str, str], _Found] = {}
        for document in passes.clean(spooled, _Templates(passes.cleaner)):
            summary.add(document.row)
            for folded, text, label, score in json.loads(document.body or "[]"):
                known = found.setdefault((document.row["site"], folded), _Found(text))
                known.scores.append(score)
                known.labels[label] += 1
        yield from sorted(
            (_record(passes.cleaner, *key, known) for key, known in found.items()),
            key=lambda r: (-r["score"], -r["pages"], r["site"], r["text"]),
        )


@dataclass(frozen=True)
class _Templates:
    """The units of a document that recur on its site: folded, as written, label, score."""

    cleaner: Cleaner

    def __call__(self, outcome: Outcome) -> str | None:
        site = self.cleaner.memory.site(outcome.site)
        if site is None or outcome.result is None:
            return None
        text = outcome.result.document.text
        units = [
            (text[v.unit.start : v.unit.end], v.label, v.score) for v in outcome.result.verdicts
        ]
        folded = ((fold(unit[0]), *unit) for unit in units)
        return dump([unit for unit in folded if unit[0] in site.counts])


def _record(cleaner: Cleaner, name: str, folded: str, found: _Found) -> dict[str, Any]:
    site = cleaner.memory.sites[name]
    order = list(Label)
    return {
        "site": name,
        "pages": site.counts[folded],
        "of": site.pages,
        "text": found.text,
        "label": min(found.labels, key=lambda k: (-found.labels[k], order.index(Label(k)))),
        "score": round(sum(found.scores) / len(found.scores), 4),
        "confirmed": False,
    }
