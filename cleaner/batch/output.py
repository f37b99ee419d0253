"""The output folder: mirrored paths, atomic writes, manifest, removed spans, run.json."""

import json
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self, TextIO

from cleaner.batch import rows
from cleaner.batch.inputs import SPOOL, Input
from cleaner.batch.work import Outcome
from cleaner.document import Mode
from cleaner.errors import SetupError
from cleaner.pipeline import Cleaner
from cleaner.readers.jsonl import dump
from cleaner.readers.load import RECORD_FORMATS

# What file systems allow is 255 bytes; a number has to fit, too.
_LONGEST_NAME = 250
_BYTES = ("utf-8", "surrogatepass")
MANIFEST, REMOVED, FLAGGED, RUN = "manifest.jsonl", "removed.jsonl", "flagged.jsonl", "run.json"


class OutputFolder:
    """Writes a run into a folder. Every file appears whole or not at all."""

    def __init__(self, folder: Path, cleaner: Cleaner) -> None:
        self.folder = folder
        self.spool = folder.absolute() / SPOOL  # workers may have started in another directory
        self.mode = Mode(cleaner.mode)
        self._started = time.time()

    def __enter__(self) -> Self:
        try:
            shutil.rmtree(self.spool, ignore_errors=True)
            self.spool.mkdir(parents=True)
            self._manifest = self._open_part(MANIFEST)
            self._spans = self._open_part(REMOVED if self.mode is Mode.DROP else FLAGGED)
        except OSError as error:
            raise SetupError(f"can't write to {self.folder}: {error.strerror or error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._manifest.close()
        self._spans.close()
        shutil.rmtree(self.spool, ignore_errors=True)

    def write(self, output: str, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Write the documents of one input file to `output`, and pass them on."""
        part = self.spool / "output.part"
        written = False
        with part.open("w", encoding="utf-8", newline="", errors="surrogatepass") as stream:
            for outcome in outcomes:
                if outcome.record is not None:
                    stream.write(dump(rows.clean_record(outcome, self.mode)) + "\n")
                    written = True
                elif outcome.result:
                    stream.write(outcome.result.text)
                    written = True
                self._log(outcome, output)
                yield outcome
        if written:
            target = self.folder / PurePosixPath(output)
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)

    def finish(self, about: dict[str, Any]) -> None:
        """Put manifest, spans and run.json in their places."""
        for stream, name in (
            (self._manifest, MANIFEST),
            (self._spans, REMOVED if self.mode is Mode.DROP else FLAGGED),
        ):
            stream.close()
            (self.spool / name).replace(self.folder / name)
        about["started"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started))
        about["seconds"] = round(time.time() - self._started, 1)
        part = self.spool / RUN
        part.write_text(json.dumps(about, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        part.replace(self.folder / RUN)

    def _log(self, outcome: Outcome, output: str) -> None:
        self._manifest.write(dump(rows.manifest_row(outcome, output)) + "\n")
        if outcome.result:
            for span in rows.span_rows(outcome.result, self.mode):
                row = {"input": outcome.name, "record": outcome.record, **span}
                self._spans.write(dump(row) + "\n")

    def _open_part(self, name: str) -> TextIO:
        return (self.spool / name).open("w", encoding="utf-8", newline="")


def output_names(inputs: Iterable[Input]) -> dict[str, str]:
    """The output of each input file: names that end as the output does are kept, others append.

    Where two would share a name, also on a file system that ignores case, the later one that does
    not keep its name gets a number. A name that appending makes too long for a file system is cut.
    """
    wanted = {
        entry.name: ".jsonl" if entry.format in RECORD_FORMATS else ".txt" for entry in inputs
    }
    keepers = [name for name, suffix in wanted.items() if name.lower().endswith(suffix)]
    others = [name for name in wanted if name not in set(keepers)]
    taken = {name.lower() for name in (MANIFEST, REMOVED, FLAGGED, RUN)}
    outputs = {}
    for name in (*keepers, *others):
        suffix = wanted[name]
        output = name if name.lower().endswith(suffix) else name + suffix
        stem, number = output[: -len(suffix)], 1
        while output != name and len(PurePosixPath(output).name.encode(*_BYTES)) > _LONGEST_NAME:
            stem = stem[:-1]
            output = stem + suffix
        while output.lower() in taken:
            number += 1
            output = f"{stem}.{number}{suffix}"
        taken.add(output.lower())
        outputs[name] = output
    return outputs
