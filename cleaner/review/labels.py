"""The labels file: what people said of paragraphs, without the paragraphs' texts.

JSON lines, one an answer, only ever added to:

    {"hash": paragraph_hash(text), "label": one of the eleven, "labeller", "time",
     "document": its id, "path": its file as seen from the labels file's folder,
     "record": number in a file of records, else null, "note"}

`label` is null where `act` says "skip" (shown, not answered) or "undo" (the labeller's answer on
this paragraph is taken back). A line needs only `hash`, `label` and `document`: a file written by
hand that overrules a corpus has no more.
"""

import errno
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from cleaner.batch.lock import lock
from cleaner.document import Label
from cleaner.errors import CorpusError, SetupError

# Every line that we write begins like this, so a torn one is told from a file that is not ours.
_BEGIN = b'{"hash": "'


class Act(StrEnum):
    """What a labeller did."""

    LABEL = "label"
    SKIP = "skip"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a labeller did with a paragraph.

    Attributes:
        hash: of the paragraph.
        label: what it is, None unless `act` is `label`.
        labeller: who said so, "" if unknown.
        time: when, in UTC, as 2025-01-31T12:00:00Z.
        document: id of the document in which it was shown.
        path: that document's file, as seen from the folder of the labels file; "" if it has none.
        record: number of the record in the file, None for a file that is one document.
        note: what the labeller wrote.
        act: see `Act`.
    """

    hash: str
    label: Label | None
    labeller: str = ""
    time: str = ""
    document: str = ""
    path: str = ""
    record: int | None = None
    note: str = ""
    act: Act = Act.LABEL

    @property
    def place(self) -> tuple[str, int | None, str, str]:
        """The paragraph in its document."""
        return self.path, self.record, self.document, self.hash

    def line(self) -> bytes:
        """The answer as it is written."""
        record = asdict(self)
        if self.act is Act.LABEL:
            del record["act"]
        return json.dumps(record).encode() + b"\n"


def read(path: Path) -> list[Answer]:
    """Read a labels file, in order; a torn last line, as a kill may leave one, is ignored.

    Raises:
        CorpusError: it can't be read, or a line is no answer; the message names it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: can't be read ({error.strerror or error})") from error
    return _parse(data, path)[0]


def standing(answers: Iterable[Answer]) -> list[Answer]:
    """The answers that stand: each labeller's last word on each paragraph in its document."""
    found: dict[tuple[Any, ...], Answer] = {}
    for answer in answers:
        key = (answer.labeller, *answer.place)
        found.pop(key, None)  # the last word takes the last place, too: undo goes by the order
        if answer.act is not Act.UNDO:
            found[key] = answer
    return list(found.values())


class LabelsFile:
    """A labels file to add to, by one process at a time.

    Attributes:
        path: where it lies.
        answers: what it held when it was opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: list[Answer] = []
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("a+b", buffering=0)
        except OSError as error:
            raise SetupError(f"can't write {self.path}: {error.strerror or error}") from error
        try:
            lock(self._file)
        except OSError as error:
            self._file.close()
            raise SetupError(
                f"{self.path} is in use by another review; end it, or name another --labels file"
            ) from error
        try:
            self._mend(self._file)
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._file is not None
        self._file.close()

    def append(self, answer: Answer) -> None:
        """Write an answer; it is on the disk when this returns.

        Raises:
            OSError: it can't be written, and nothing of it was.
        """
        assert self._file is not None
        size = self._file.seek(0, os.SEEK_END)
        try:
            _write(self._file, answer.line())
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(size)
            raise

    def _mend(self, file: BinaryIO) -> None:
        """Read what is there, and end the last line or drop it if it is torn."""
        file.seek(0)
        data = file.read()
        self.answers, whole = _parse(data, self.path)
        if whole < len(data):
            file.truncate(whole)
        elif data and not data.endswith(b"\n"):
            file.write(b"\n")


def _write(file: BinaryIO, line: bytes) -> None:
    """Write a line whole: an unbuffered file may take a part of it where a disk runs full."""
    if file.write(line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _parse(data: bytes, path: Path) -> tuple[list[Answer], int]:
    """The answers, and how many bytes hold them."""
    answers = []
    *lines, rest = data.split(b"\n")
    for number, line in enumerate([*lines, rest] if rest else lines, 1):
        try:
            answers.append(_answer(json.loads(line)))
        except (
            *(KeyError, ValueError, TypeError, AttributeError),
            *(RecursionError, OverflowError),
        ) as error:
            ours = line.startswith(_BEGIN) or _BEGIN.startswith(line)
            if number > len(lines) and ours and isinstance(error, json.JSONDecodeError):
                return answers, len(data) - len(rest)
            raise CorpusError(f"{path}:{number}: not a label of a paragraph ({error!r})") from error
    return answers, len(data)


def _answer(record: dict[str, Any]) -> Answer:
    act = Act(record.get("act", Act.LABEL))
    number = record.get("record")
    if "\0" in str(record.get("path")):
        raise ValueError("a path with a NUL")
    return Answer(
        hash=str(record["hash"]),
        label=Label(record["label"]) if act is Act.LABEL else None,
        record=None if number is None else int(number),
        act=act,
        document=str(record["document"]),
        **{key: str(record.get(key) or "") for key in ("labeller", "time", "path", "note")},
    )
