"""`cleaner sources …`: who published what, and how far a source can be trusted."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from cleaner import terminal

app = typer.Typer(
    help="Tell who published what, and how far a source can be trusted.",
    rich_markup_mode=None,
)


@app.command()
def resolve(
    urls: Annotated[
        list[str],
        typer.Argument(
            metavar="URL...", help="URLs; - reads one a line from stdin.", show_default=False
        ),
    ],
) -> None:
    """Say who published what stands at a URL: one JSON line each, offline."""
    from cleaner.sources.identity import resolve_lines

    for line in resolve_lines(_urls() if urls == ["-"] else urls):
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
