"""Tables as data: printed on a terminal in at most 80 columns, or written as markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, column names, and rows of text; the first column names what a row is about."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """The table for a docs page, without its title."""
        marks = ["---", *["--:"] * (len(self.columns) - 1)]
        lines = [self.columns, marks, *self.rows]
        return "".join(f"| {' | '.join(_escaped(cell) for cell in line)} |\n" for line in lines)


def show(tables: Iterable[Table]) -> None:
    """Print tables to stdout."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH)
    for table in tables:
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
        grid.title = Text(table.title, style="bold")
        for index, column in enumerate(table.columns):
            grid.add_column(Text(column), justify="right" if index else "left", no_wrap=not index)
        for row in table.rows:
            grid.add_row(*map(Text, row))
        console.print(grid)


def share(part: float, whole: float) -> str:
    """A percentage, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def excerpt(text: str, length: int | None = None) -> str:
    """Scraped text for a terminal: one line, its beginning, nothing that a terminal would obey."""
    line = " ".join(text.split())
    if length is not None and len(line) > length:
        line = f"{line[:length].rstrip()}…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")
