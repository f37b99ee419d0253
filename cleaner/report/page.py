"""The page: an output folder → one HTML file that needs nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from cleaner import language
from cleaner.batch.guard import refuse_input
from cleaner.batch.output import OWN_FILES
from cleaner.batch.whole import written
from cleaner.errors import SetupError
from cleaner.report import pieces
from cleaner.report.evidence import Judge, Judged
from cleaner.report.overview import Overview, doubt, source_of, words_cut
from cleaner.report.read import Entry, Run
from cleaner.report.render import environment, everywhere

if TYPE_CHECKING:
    from cleaner.batch.settings import Progress

PAGE = "report.html"
MAX_DOCUMENTS = 10_000
# Judging costs most of the time that a page takes to make.
MAX_EXPLAINED = 500
MAX_SOURCES = 2_000
NOT_CHOSEN = Judged(problem="it is not among the documents that were judged again")
# Characters of all documents together: a browser opens that in a second or two.
MAX_TEXT = 60_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """The page that was written: where, of how many documents, and how many it holds in full."""

    path: Path
    documents: int
    shown: int


def write_report(folder: Path, out: Path | None = None, progress: "Progress | None" = None) -> Made:
    """Write the page for an output folder.

    Args:
        folder: what `cleaner clean` wrote.
        out: the file to write, None for report.html in the folder.
        progress: told how far it is.

    Raises:
        SetupError: `folder` is not an output folder or is damaged, or `out` can't be written.
    """
    out = out or folder / PAGE
    _check(out, folder)
    run = Run.read(folder)
    with _named_if_damaged(folder):
        refuse_input(out, run.outputs())
        overview = Overview.of(run.entries())
        documents = _documents(run, overview, progress)
    html = (
        environment()
        .get_template("page.html.j2")
        .render(
            name=folder.resolve().name,
            run=run,
            overview=overview,
            documents=documents,
            sources=overview.by_size(),
            max_sources=MAX_SOURCES,
        )
    )
    with written(out) as stream:
        stream.write(html.encode())
    return Made(out, overview.documents, len(documents.index))


def _check(out: Path, folder: Path) -> None:
    """See that a page may be written there."""
    if out.is_dir():
        raise SetupError(f"can't write {out}: it is a folder; name a file")
    if out.name in OWN_FILES and out.parent.resolve() == folder.resolve():
        raise SetupError(f"{out} is what the page is made from; name another file")


@dataclass
class Documents:
    """The documents that the page holds.

    Attributes:
        index: what the page's list says of each.
        texts: each in full, as JSON that is safe inside a script element.
        languages: how many are in which.
        look_at: the first to look at, as places in `index`, by why.
        explained: how many were judged again for their reasons.
        chosen: how many were to be.
        problems: why some could not be, and how many.
    """

    index: list[dict[str, Any]] = field(default_factory=list)
    texts: list[Markup] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    look_at: dict[str, list[int]] = field(default_factory=dict)
    explained: int = 0
    chosen: int = 0
    problems: Counter[str] = field(default_factory=Counter)


def _documents(run: Run, overview: Overview, progress: "Progress | None") -> Documents:
    marked, most_cut = overview.marked.numbers(), overview.most_cut.numbers()
    first = [*marked, *most_cut, *overview.least_sure.numbers()]
    shown = sample(range(overview.documents), MAX_DOCUMENTS, first)
    chosen = frozenset(sample(shown, MAX_EXPLAINED, first))
    wanted = frozenset(shown)
    judge, documents, place, room = Judge(run), Documents(chosen=len(chosen)), {}, MAX_TEXT
    for entry in run.entries(wanted.__contains__):
        if entry.number not in wanted:
            continue
        place[entry.number] = len(documents.index)
        judged = judge.judge(entry) if entry.number in chosen else NOT_CHOSEN
        held = len(entry.text) <= room
        room -= len(entry.text) * held
        _add(documents, entry, judged, held=held)
        if progress:
            progress("documents", len(documents.index), len(shown), 0)
    unsure = [at for at, row in enumerate(documents.index) if row["unsure"]]
    documents.look_at = {
        "marked": [place[number] for number in marked],
        "most_cut": [place[number] for number in most_cut],
        "least_sure": sorted(unsure, key=lambda at: -documents.index[at]["unsure"]),
    }
    return documents


def _add(documents: Documents, entry: Entry, judged: Judged, *, held: bool) -> None:
    problem = entry.problem or judged.problem
    if problem and judged is not NOT_CHOSEN:
        documents.problems[problem] += 1
    if not held:
        problem, data = "its text is left out, as the page would be too large", []
    elif judged.verdicts:
        documents.explained += 1
        data = pieces.as_data(entry.text, pieces.judged(entry, judged.verdicts))
    elif entry.text:
        data = pieces.as_data(entry.text, pieces.recorded(entry))
    else:
        data = pieces.spans_as_data(entry)
    scored = [(v.score, v.unit.end - v.unit.start) for v in judged.verdicts]
    unsure = doubt(scored or ((s["score"], len(s["text"])) for s in entry.spans))
    documents.index.append(everywhere(_index_row(entry, unsure, problem)))
    documents.texts.append(htmlsafe_json_dumps(everywhere(data), separators=(",", ":")))
    if entry.text:
        documents.languages[language.detect(entry.text) or "unknown"] += 1


def _index_row(entry: Entry, unsure: float, problem: str) -> dict[str, Any]:
    row = entry.row
    source = row["source"] or {}
    return {
        "name": entry.name,
        "title": row["title"],
        "url": row["url"],
        "source": source_of(row),
        "publisher": source.get("publisher") or "",
        "basis": source.get("basis") or "unknown",
        "status": row["status"],
        "flags": row["flags"],
        "error": row["error"] or "",
        "words": row["counts"].get("words", 0),
        "cut": words_cut(entry),
        "unsure": round(unsure),
        "problem": problem,
        "partial": bool(entry.problem),
    }


def sample(numbers: Sequence[int], size: int, first: Sequence[int]) -> list[int]:
    """At most `size` of the numbers, in order: the first ones, then others evenly spread.

    >>> sample(range(10), 4, [7])
    [0, 3, 6, 7]
    """
    if len(numbers) <= size:
        return list(numbers)
    chosen = set(list(dict.fromkeys(first))[:size])
    rest = [number for number in numbers if number not in chosen]
    spread = size - len(chosen)
    return sorted(chosen.union(rest[step * len(rest) // spread] for step in range(spread)))


@contextmanager
def _named_if_damaged(folder: Path) -> Iterator[None]:
    """Rows that are not what `cleaner clean` writes are trouble with the set-up."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise SetupError(f"the records in {folder} are damaged ({problem}); clean again") from error
