"""A labeller at work: what is asked next, and what becomes of the answer."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from cleaner.document import PROMOTIONAL, Label
from cleaner.errors import CleanerError
from cleaner.review.labels import Act, Answer, LabelsFile
from cleaner.review.questions import Question

# What a page may show around a paragraph: a document can have 200,000, and one can be a book.
_AROUND, _CHARS, _OWN_CHARS = 40, 1500, 20_000

# One key a label: its first letter, or the first one in it that no other label has.
KEYS = {
    Label.CONTENT: ("c", "the article; when in doubt"),
    Label.SUBSCRIBE: ("s", "join, sign up, log in"),
    Label.DONATE: ("d", "asks for money, signatures"),
    Label.PRODUCT: ("p", "sells goods, courses, events"),
    Label.SOCIAL: ("o", "follow, share, write in"),
    Label.RELATED: ("r", "points at other pieces"),
    Label.BYLINE: ("b", "who, when, how long, credits"),
    Label.LEGAL: ("l", "copyright, terms, disclaimers"),
    Label.REFERENCES: ("f", "sources, “first appeared on”"),
    Label.NAVIGATION: ("n", "menus, tags, button texts"),
    Label.COMMENTS: ("m", "what readers wrote under it"),
}


class StaleError(CleanerError):
    """An answer to another question than the one that is open, as from a second tab."""


@dataclass(frozen=True)
class _Last:
    """An answer and the question it is to, None for one of an earlier session."""

    answer: Answer
    question: Question | None


class Session:
    """The questions of a session, and the labels file that takes the answers.

    Safe to call from several threads. An answer is on the disk before the next question is given.

    Args:
        questions: in the order in which they are asked.
        file: open, to be added to.
        labeller: who answers.
        path_of: a document's file as seen from the labels file, by its name in the run.
        earlier: the labeller's standing answers in the file.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        file: LabelsFile,
        labeller: str,
        path_of: Callable[[str], str],
        earlier: Sequence[Answer],
    ) -> None:
        self._open = deque(questions)
        self._total = len(questions)
        self._file, self._labeller, self._path_of = file, labeller, path_of
        self._done = [_Last(answer, None) for answer in earlier]
        self._given = {a.hash: a.label for a in earlier}
        self._lock = Lock()

    @property
    def labelled(self) -> int:
        """The labeller's labels in the file."""
        return sum(last.answer.label is not None for last in self._done)

    def state(self) -> dict[str, Any]:
        """What the page shows: JSON types only."""
        with self._lock:
            return {
                "question": self._shown(self._open[0]) if self._open else None,
                "answered": self._total - len(self._open),
                "total": self._total,
                "labelled": self.labelled,
                "last": self._shown_last(),
            }

    def answer(self, digest: str, label: Label | None, note: str) -> None:
        """Take the answer to the open question; None skips it.

        Raises:
            StaleError: another question is open.
            OSError: it can't be written; the question stays open.
        """
        with self._lock:
            if not self._open or self._open[0].hash != digest:
                raise StaleError("this paragraph was answered already, perhaps in another tab")
            question = self._open[0]
            answer = Answer(
                hash=digest,
                label=label,
                labeller=self._labeller,
                time=_now(),
                document=question.page.id,
                path=self._path_of(question.page.name),
                record=question.page.record,
                note=note,
                act=Act.LABEL if label else Act.SKIP,
            )
            self._file.append(answer)
            self._open.popleft()
            self._done.append(_Last(answer, question))
            self._given[digest] = label

    def undo(self) -> None:
        """Take the last answer back and ask again; one of an earlier session is asked next time.

        Raises:
            OSError: it can't be written; the answer stands.
        """
        with self._lock:
            if not self._done:
                return
            last = self._done[-1]
            undone = replace(last.answer, label=None, act=Act.UNDO, time=_now(), note="")
            self._file.append(undone)
            self._done.pop()
            self._given.pop(last.answer.hash, None)
            if last.question:
                self._open.appendleft(last.question)

    def _shown(self, question: Question) -> dict[str, Any]:
        page, index = question.page, question.index
        first, end = max(0, index - _AROUND), index + 1 + _AROUND
        text = page.paragraphs[index]
        return {
            "hash": question.hash,
            "title": page.title,
            "document": page.id,
            "url": page.url,
            "places": question.places,
            "place": [index + 1, len(page.paragraphs)],
            "earlier": first,
            "before": [
                self._context(page.hashes[i], page.paragraphs[i]) for i in range(first, index)
            ],
            "text": _clipped(text, _OWN_CHARS),
            "after": [
                self._context(digest, text)
                for digest, text in zip(
                    page.hashes[index + 1 : end], page.paragraphs[index + 1 : end], strict=True
                )
            ],
            "later": max(0, len(page.paragraphs) - end),
        }

    def _context(self, digest: str, text: str) -> dict[str, Any]:
        return {"text": _clipped(text, _CHARS), "label": self._given.get(digest)}

    def _shown_last(self) -> dict[str, Any] | None:
        if not self._done:
            return None
        answer, question = self._done[-1].answer, self._done[-1].question
        model = {"label": question.label, "score": question.score} if question else None
        return {"label": answer.label, "model": model, "again": question is not None}


def choices() -> list[dict[str, str]]:
    """The labels with their keys, for the page."""
    return [
        {
            "label": label,
            "key": key,
            "meaning": meaning,
            "group": "promotional"
            if label in PROMOTIONAL
            else "article"
            if label is Label.CONTENT
            else "furniture",
        }
        for label, (key, meaning) in KEYS.items()
    ]


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} […]"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
