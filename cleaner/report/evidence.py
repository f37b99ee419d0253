"""What a run does not record of a document: every verdict, and why. It is judged again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cleaner.document import Block, Document, Flag, Verdict
from cleaner.errors import CleanerError
from cleaner.pipeline import Cleaner
from cleaner.report.pieces import bare
from cleaner.report.read import Entry, Run
from cleaner.sites import PROFILE, Memory, load

# A longer document is shown as it is on record.
MAX_CHARACTERS = 300_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What the classifier says of a document.

    Attributes:
        verdicts: one for each unit, with its reasons; none if there is a problem.
        problem: why it can't be said what the run saw.
    """

    verdicts: tuple[Verdict, ...] = ()
    problem: str = ""


class Judge:
    """Judges documents as the run did, or says why it can't."""

    def __init__(self, run: Run) -> None:
        self._settings = run.info["settings"]
        self._folder = run.folder
        self._run_hash = run.info.get("site_memory_sha256")
        self._paths = run.info.get("paths") or {}
        self._memory: Memory | None = None
        self.problem = ""
        try:
            self._cleaner = self._of_the_run()
            self._memory = self._remembered()
        except CleanerError as error:
            self.problem = str(error)

    def judge(self, entry: Entry) -> Judged:
        """Judge a document again. What differs from the record is not shown."""
        if problem := self.problem or self._obstacle(entry):
            return Judged(problem=problem)
        row = entry.row
        site = self._memory.site(row["site"]) if self._memory else None
        foreign = Flag.LANGUAGE in row["flags"]
        classifier = self._cleaner.classifier
        document = Document(
            *(entry.name, entry.text, row["url"]),
            title=row["title"],
            blocks=tuple(map(Block.from_row, row["blocks"])),
            from_html=row["from_html"],
        )
        verdicts = classifier.verdicts(document, site, keep_all=foreign)
        if not _as_on_record(entry, verdicts):
            return Judged(problem="judged again, it comes out otherwise than on record")
        reasons = classifier.reasons(document, verdicts, site)
        explained = zip(verdicts, reasons, strict=True)
        return Judged(tuple(replace(v, reasons=r) for v, r in explained))

    def _obstacle(self, entry: Entry) -> str:
        if entry.problem:
            return entry.problem
        if len(entry.text) > MAX_CHARACTERS:
            return f"it has more than {MAX_CHARACTERS:,} characters"
        if "blocks" not in entry.row:
            return "it was cleaned by an earlier version"
        if self._memory is None and entry.row["site"]:
            return "the site memory of the run is gone or was changed"
        return ""

    def _of_the_run(self) -> Cleaner:
        chosen = self._settings
        cleaner = Cleaner(
            model=self._paths.get("model") or chosen["model"],
            strength=chosen["strength"],
            strip=tuple(chosen["cut"]),
        )
        model = cleaner.classifier.model
        if model.info["weights_sha256"] != chosen["model_sha256"]:
            raise CleanerError(f"the model {model.name} here is another than that of the run")
        return cleaner

    def _remembered(self) -> Memory | None:
        """The site memory of the run, None if it can't be had any more."""
        if self._settings["site_memory"] == "counted":
            path = self._folder / PROFILE
            content = path.read_bytes() if path.is_file() else b""
            if sha256(content).hexdigest() != self._run_hash:
                return None
            return load(path) if content else Memory()
        path = Path(self._paths.get("site_memory") or "")
        memory = load(path) if path.is_file() else Memory()
        return memory if memory.fingerprint == self._settings["site_memory"] else None


def _as_on_record(entry: Entry, verdicts: Sequence[Verdict]) -> bool:
    """Whether the verdicts are those by which the run cut.

    A document that was cut whole for its source has more on record than its verdicts cut.
    """
    judged = {(v.unit.start, v.unit.end): (v.cut_as, v.score) for v in verdicts}
    recorded = {
        bare(entry.text, span["start"], span["end"]): (span["label"], span["score"])
        for span in entry.spans
    }
    return all(judged.get(place) == said for place, said in recorded.items()) and all(
        v.keep or (v.unit.start, v.unit.end) in recorded for v in verdicts
    )
