"""An output folder → its documents: row of the manifest, removed spans, and the text that went in.

The folder is enough: what is kept and what was cut make the text again, and the manifest has its
hash. The inputs are not needed, and may be gone.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, repeat
from pathlib import Path, PurePosixPath
from typing import Any

from cleaner.batch.output import FLAGGED, MANIFEST, REMOVED, RUN, below
from cleaner.batch.writer import Restorable
from cleaner.document import Mode, Status
from cleaner.errors import CleanerError, SetupError
from cleaner.writers import writer_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a run.

    Attributes:
        number: its place in the manifest, from 0.
        row: its row of the manifest.
        spans: its rows of removed.jsonl, or of flagged.jsonl: a run keeps what earlier ones made
            of inputs that are gone, in the mode of its time.
        text: what went into the run; "" if it was not asked for or can't be had.
        problem: why the text can't be had.
    """

    number: int
    row: Row
    spans: tuple[Row, ...]
    text: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """Its input, with the number of the record."""
        record = self.row["record"]
        return str(self.row["input"]) + ("" if record is None else f":{record}")


@dataclass(frozen=True)
class Run:
    """An output folder of `cleaner clean` and what its run.json says."""

    folder: Path
    info: Row

    @classmethod
    def read(cls, folder: Path) -> "Run":
        """Read run.json.

        Raises:
            SetupError: `folder` is not an output folder of `cleaner clean`.
        """
        try:
            run = cls(folder, json.loads((folder / RUN).read_text(encoding="utf-8")))
            _ = run.flagged, run.info["settings"]["format"]
        except OSError as error:
            raise SetupError(
                f"{folder} holds no {RUN}: name the folder that `cleaner clean` wrote"
            ) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SetupError(f"{folder / RUN} is damaged ({error}); clean again") from error
        return run

    @cached_property
    def flagged(self) -> bool:
        """Whether the texts were left whole."""
        return bool(self.info["settings"]["mode"] == Mode.FLAG)

    def outputs(self) -> Iterator[Path]:
        """The files that hold the cleaned texts; that of many records as often as it has rows."""
        rows = _rows(self.folder / MANIFEST)
        return (below(self.folder, row["output"]) for row in rows if row["output"])

    def entries(self, wanted: Callable[[int], bool] = lambda _: False) -> Iterator[Entry]:
        """Yield the documents, in the order of the manifest.

        Args:
            wanted: whether the text of a document is needed, by its number.

        Raises:
            SetupError: manifest or spans are damaged.
        """
        removed, flagged = (_Spans(self.folder / name) for name in (REMOVED, FLAGGED))
        number = 0
        for _, group in groupby(_rows(self.folder / MANIFEST), key=lambda row: str(row["input"])):
            output = _Output(self)
            for row in group:
                cut = removed.take(row)
                # Of a file of records every line is passed, wanted or not.
                text, problem = output.text(row, cut, wanted=wanted(number))
                yield Entry(number, row, cut or flagged.take(row), text, problem)
                number += 1


class _Output:
    """The texts in the output of one input file, asked for row by row."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._lines: Iterator[str | None] | None = None

    def text(self, row: Row, cut: Iterable[Row], *, wanted: bool) -> tuple[str, str]:
        """The text that went in, and why it can't be had."""
        kept, problem = self._kept(row, wanted=wanted)
        if not wanted or row["status"] != Status.OK:
            return "", ""
        if kept is None:
            return "", problem or "its output holds no text"
        spans = [(span["start"], span["end"], span["text"]) for span in cut]
        text, problem = Restorable(row, spans).text(kept)
        return ("", problem) if problem else (text, "")

    def _kept(self, row: Row, *, wanted: bool) -> tuple[str | None, str]:
        if not row["output"]:
            return None, ""
        try:
            if self._lines is None:
                writer = writer_of(self._run.info["settings"]["format"], _suffix(row))
                source = below(self._run.folder, row["output"])
                texts = writer.texts(source, row["field"])
                if not writer.lines:
                    return (next(texts) if wanted else None), ""
                self._lines = texts  # one for every record, also for those that failed
            return next(self._lines, None), ""
        except FileNotFoundError:
            problem = "its output is gone"
        except (OSError, ValueError, KeyError, AttributeError, CleanerError) as error:
            problem = f"its output can't be read: {error}"
        self._lines = None if row["record"] is None else repeat(None)
        return None, problem


class _Spans:
    """The spans, which lie in the order of the manifest."""

    def __init__(self, path: Path) -> None:
        rows = _rows(path) if path.exists() else iter(())
        self._groups = groupby(rows, key=lambda row: (row["input"], row["record"]))
        self._next = next(self._groups, None)

    def take(self, row: Row) -> tuple[Row, ...]:
        if self._next is None or self._next[0] != (row["input"], row["record"]):
            return ()
        if not row["output"]:  # it failed: these are those of the output that it did not replace
            return ()
        spans = tuple(self._next[1])
        self._next = next(self._groups, None)
        return spans


def _suffix(row: Row) -> str:
    return PurePosixPath(row["output"] or "").suffix


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} can't be read ({error}); clean again") from error
