"""What people see: progress, the closing table, explanations. Talk goes to stderr."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.document import CleanResult, Flag, Label, Reason, Status, UnitKind

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from cleaner.batch.settings import Progress
    from cleaner.batch.summary import Summary

# Of the sixteen that every terminal has, so that they are legible on its background.
_COLOURS = {
    Label.CONTENT: "default",
    Label.SUBSCRIBE: "red",
    Label.DONATE: "magenta",
    Label.PRODUCT: "bright_magenta",
    Label.SOCIAL: "yellow",
    Label.RELATED: "bright_red",
    Label.BYLINE: "blue",
    Label.LEGAL: "cyan",
    Label.REFERENCES: "bright_cyan",
    Label.NAVIGATION: "bright_blue",
    Label.COMMENTS: "green",
}
_WIDTH = 80
_NARROWEST = 20
_INDENT = 4
_NAMED = 20
MEANING = {
    Flag.EMPTY: "there was no text to begin with",
    Flag.EMPTIED: "nothing was left; `cleaner explain` shows why",
    Flag.OVER_CAP: "more was cut than a document usually loses; `cleaner explain` shows why",
    Flag.LANGUAGE: "not in English, so kept whole; --any-language judges it, too",
    Flag.FILTERED: "cut whole: its source is not what --require asks for",
}


def say(message: str) -> None:
    """Print one line of talk."""
    print(f"cleaner: {_visible(message)}", file=sys.stderr)


def name_failures(summary: "Summary", more: str = "") -> int:
    """Name what failed; the exit code says whether anything did.

    Args:
        summary: counts and failures of a run.
        more: where failures are told of that are too many to be named.
    """
    for where, error in summary.failures[:_NAMED]:
        say(f"{where}: {error}")
    if summary.failed > _NAMED:
        say(f"… and {summary.failed - _NAMED} more" + (f"; {more}" if more else ""))
    return int(summary.failed > 0)


def show(text: str, write: Callable[[str], None] = print) -> None:
    """Print lines of data, with what a terminal would obey spelled out."""
    for line in text.splitlines():
        write(_visible(line))


@contextmanager
def progress(*stages: str, quiet: bool) -> "Iterator[Progress | None]":
    """A progress bar for each stage, with rate and time left, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    rate = TextColumn("{task.fields[rate]}")
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), rate, TimeLeft())
    started: dict[str, float] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {s: bar.add_task(s, total=None, rate="") for s in stages}

        def advance(stage: str, done: int, total: int, failed: int) -> None:
            seconds = time.monotonic() - started.setdefault(stage, time.monotonic())
            rate = f"{done / seconds:,.0f} a second" if seconds >= 1 else ""
            trouble = f", {failed:,} failed" if failed else ""
            bar.update(tasks[stage], completed=done, total=total, rate=rate + trouble)

        yield advance


def print_summary(summary: "Summary", out: Path) -> None:
    """The table at the end of a run, at most 80 columns."""
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    console.width = max(min(console.width, _WIDTH), _NARROWEST)
    cut = sum(summary.words_cut.values())
    table = Table(box=None, pad_edge=False)
    for heading, justify in (("words", "left"), ("", "right"), ("share", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type] # literals, all three
    table.add_row("kept", f"{summary.words - cut:,}", _share(summary.words - cut, summary.words))
    for label, words in summary.words_cut.most_common():
        colour = _COLOURS[Label(label)]
        table.add_row(f"cut [{colour}]{label}[/]", f"{words:,}", _share(words, summary.words))
    flags = ", ".join(f"{count} {flag}" for flag, count in sorted(summary.flags.items()))
    skipped = ", ".join(f"{count} {suffix}" for suffix, count in summary.skipped.most_common(4))
    console.print(
        f"[bold]{summary.documents:,} document{'s' * (summary.documents != 1)}[/], "
        f"{summary.statuses[Status.OK]:,} cleaned"
        + (f"; {summary.unchanged:,} unchanged since the last run" if summary.unchanged else "")
    )
    console.print(table)
    if flags:
        console.print(f"look at: {flags} (manifest.jsonl)")
    if skipped:
        console.print(f"not read: {_visible(skipped)}", markup=False)
    if summary.failed:
        console.print(f"[red]{summary.failed:,} failed[/] (manifest.jsonl)")
    console.print(f"written to {_visible(str(out))}", markup=False)


def print_cuts(summary: "Summary") -> None:
    """What would be cut, by label and then by site, as lines of text on stdout."""
    lines = [f"{summary.documents:,} documents, {summary.words:,} words"]
    lines += [f"{words:>12,}  {label}" for label, words in summary.words_cut.most_common()]
    sites = sorted(summary.sites.items(), key=lambda item: (-item[1].total(), item[0]))
    lines += ["by site:"] if sites else []
    for site, cut in sites:
        labels = ", ".join(f"{label} {words:,}" for label, words in cut.most_common())
        lines.append(f"{cut.total():>12,}  {site or '(none)'}: {labels or 'nothing'}")
    show("\n".join(lines))


def print_explanation(result: CleanResult, reasons: Sequence[Sequence[Reason]]) -> None:
    """A document with every verdict and its evidence; what was cut is struck through."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.width = max(console.width, _NARROWEST)  # COLUMNS=0 would print nothing
    for line in _about(result):
        _wrapped(console, Text(_visible(line)))
    for verdict, evidence in zip(result.verdicts, reasons, strict=True):
        label = verdict.label if verdict.keep else verdict.cut_as
        colour = _COLOURS[label]
        style = "default" if verdict.keep else f"strike {colour}"
        action = "keep" if verdict.keep else "CUT"
        console.print()
        _wrapped(console, Text(f"{action} {label} {verdict.score:.4f}", style=f"bold {colour}"))
        text = result.document.text[verdict.unit.start : verdict.unit.end]
        _wrapped(console, Text(_visible(text), style=style))
        because = [f"{_visible(reason.evidence)} {reason.weight:+.2f}" for reason in evidence]
        if verdict.unit.kind is not UnitKind.PARAGRAPH:
            because.insert(0, "of the whole paragraph")
        for line in _filled(because, console.width - _INDENT):
            console.print(Text(" " * _INDENT + line, style="dim"), soft_wrap=True)


def _about(result: CleanResult) -> Iterator[str]:
    """What is known of a document: title, source, size, and what to look at."""
    from cleaner.sources.basis import basis_line

    document = result.document
    yield document.title or document.path or document.id
    yield basis_line(result.source) if result.source["source"] else "source not known"
    if document.url:
        yield document.url
    cut: Counter[str] = Counter()
    for verdict in result.verdicts:
        if not verdict.keep:
            words = document.text[verdict.unit.start : verdict.unit.end].split()
            cut[verdict.cut_as] += len(words)
    total = len(document.text.split())
    labels = ", ".join(f"{label} {words:,}" for label, words in cut.most_common())
    what = f"{cut.total():,} cut ({_share(cut.total(), total)}): {labels}" if cut else "none cut"
    yield f"{total:,} words, {what}"
    yield from (f"{flag}: {MEANING[flag]}" for flag in result.flags)


def _wrapped(console: "Console", text: "Text") -> None:
    """Print at the terminal's width, no line with blanks at its end."""
    for line in text.wrap(console, console.width):
        line.rstrip()
        console.print(line, soft_wrap=True)


def _filled(items: Sequence[str], width: int) -> Iterator[str]:
    """Join items to lines of at most `width` columns; one is never broken."""
    line = ""
    for item in items:
        longer = f"{line} · {item}" if line else item
        if line and len(longer) > width:
            yield line
            longer = item
        line = longer
    yield line


def _visible(text: str) -> str:
    """Scraped text and names with what a terminal would obey, or could not print, spelled out."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
