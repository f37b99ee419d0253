"""`python -m cleaner.integrations.ray IN OUT`: exit 0 all done, 1 some failed, 2 wrong use."""

from typing import Annotated

import typer

from cleaner import terminal
from cleaner.document import Mode, Status, Strength
from cleaner.errors import SetupError
from cleaner.integrations import ray
from cleaner.pipeline import Cleaner


def main(
    source: Annotated[str, typer.Argument(metavar="IN", help="File or folder, path or URL.")],
    out: Annotated[str, typer.Argument(metavar="OUT", help="New folder, path or URL.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Actors.", show_default="cores")
    ] = None,
    strength: Strength = Strength.MEDIUM,
    strip: str = "all",
    keep: str = "",
    mode: Mode = Mode.DROP,
    model: str | None = None,
    any_language: bool = False,  # noqa: FBT001, FBT002 - an option of the command line
    ratings: Annotated[list[str] | None, typer.Option(metavar="NAME=FILE")] = None,
    site_memory: Annotated[str | None, typer.Option(metavar="FILE", show_default="counted")] = None,
    require: Annotated[list[str] | None, typer.Option(metavar="WHAT")] = None,
    text_column: Annotated[str | None, typer.Option(metavar="NAME")] = None,
) -> None:
    """Clean on a Ray cluster what `cleaner clean` reads; the options are its own.

    The cluster is the one that RAY_ADDRESS names, else this machine.
    """
    try:
        cleaner = Cleaner(
            *(model, strength, strip, keep, mode, any_language),
            ratings=tuple(ratings or ()),
            site_memory=site_memory,
            require=tuple(require or ()),
        )
        # What can't be read ends the run before it begins.
        _ = cleaner.requirements, cleaner.tables, cleaner.memory
        statuses = ray.clean(source, out, cleaner, workers, text_column)
    except SetupError as error:
        terminal.say(str(error))
        raise typer.Exit(2) from error
    told = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    terminal.say(f"{statuses.total()} documents: {told}; written to {out}")
    raise typer.Exit(int(statuses.total() > statuses[Status.OK]))


if __name__ == "__main__":
    typer.run(main)
