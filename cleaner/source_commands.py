"""`cleaner sources …`: who published what, and how far a source can be trusted."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner import terminal
from cleaner.document import Mode, Strength

if TYPE_CHECKING:
    from cleaner.sources.scorecard import Scorecard

app = typer.Typer(
    help="Tell who published what, and how far a source can be trusted.",
    rich_markup_mode=None,
)

RatingTables = Annotated[
    list[str] | None,
    typer.Option(
        "--ratings", metavar="NAME=FILE", help="A rating table you have; may be repeated."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


class CardFormat(StrEnum):
    """How a scorecard is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    MANIFEST = "manifest"


@app.command()
def card(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="As for `cleaner clean`.", show_default=False),
    ],
    ratings: RatingTables = None,
    form: Annotated[
        CardFormat,
        typer.Option("--format", help="manifest: JSON lines, one a source, for choosing a corpus."),
    ] = CardFormat.TABLE,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write here, not to stdout."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="Processes; default one a core."),
    ] = None,
    urls: Annotated[
        Path | None,
        typer.Option(
            "--urls",
            metavar="CSV",
            help="Where text files were published: path,url.",
            dir_okay=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Tell of every source what is known: rated, else estimated, else unknown."""
    from datetime import date

    from cleaner import commands
    from cleaner.sources.estimate import load
    from cleaner.sources.scorecard import scorecard

    settings = commands.settings(
        *(workers, Strength.MEDIUM, "all", "", Mode.DROP, None, urls, False), ratings=ratings
    )
    estimator = load()
    with commands.output(out, paths, settings) as write:
        seen, code = commands.observe_all(paths, settings, quiet=quiet)
        made = scorecard(seen, estimator, today=date.today())
        terminal.show(_written(made, form), write)
    raise typer.Exit(code)


def _written(made: "Scorecard", form: CardFormat) -> str:
    import json

    from cleaner.sources.card_text import as_markdown, as_table
    from cleaner.sources.exports import manifest

    match form:
        case CardFormat.JSON:
            return json.dumps(made.to_dict(), indent=1) + "\n"
        case CardFormat.MANIFEST:
            return "".join(json.dumps(row) + "\n" for row in manifest(made))
        case CardFormat.MARKDOWN:
            return as_markdown(made)
        case CardFormat.TABLE:
            return as_table(made)


@app.command()
def resolve(
    urls: Annotated[
        list[str],
        typer.Argument(
            metavar="URL...", help="URLs; - reads one a line from stdin.", show_default=False
        ),
    ],
    ratings: RatingTables = None,
) -> None:
    """Say who published what stands at a URL: one JSON line each, offline."""
    from cleaner.sources.assess import resolve_lines
    from cleaner.sources.ratings import Ratings

    tables = Ratings.load(ratings) if ratings else None
    for line in resolve_lines(_urls() if urls == ["-"] else urls, tables):
        print(line, flush=urls == ["-"])


@app.command()
def tables(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A rating table, as for --ratings.", show_default=False
        ),
    ],
) -> None:
    """Show what a rating table holds: accepted and refused rows, and what disagrees."""
    from cleaner.sources.tables_report import tables_report

    terminal.show(tables_report(file))


def _urls() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n")
