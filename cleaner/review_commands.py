"""`cleaner review`: label uncertain paragraphs in the browser."""

import getpass
import os
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cleaner import terminal
from cleaner.errors import SetupError


def review(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="As for `cleaner clean`.", show_default=False),
    ],
    labels: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the labels go; added to.", dir_okay=False)
    ] = Path("labels.jsonl"),
    labeller: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who labels; default your login name.")
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, help="Ask at most so many paragraphs.")
    ] = 200,
    model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="A shipped model's name or a model folder."),
    ] = None,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="0 is any free one.")
    ] = 0,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Print the address, and open no browser.")
    ] = False,
) -> None:
    """Label in the browser the paragraphs of which a label would tell most."""
    from cleaner.review import server

    server.check_installed()
    who = labeller or _login_name()
    raise typer.Exit(_review(paths, labels, who, limit, model, port, no_open=no_open))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise SetupError("who labels? Your login name is unknown: give --labeller NAME") from error


def _review(
    paths: list[str],
    labels: Path,
    labeller: str,
    limit: int,
    model: str | None,
    port: int,
    *,
    no_open: bool,
) -> int:
    from dataclasses import replace

    from cleaner.batch import Settings
    from cleaner.pipeline import Cleaner
    from cleaner.review import server
    from cleaner.review.labels import LabelsFile
    from cleaner.review.questions import asked_before, find_questions
    from cleaner.review.session import Session

    settings = Settings(Cleaner(model))
    with LabelsFile(labels) as file:
        with terminal.progress("reading", "cleaning", quiet=False) as advance:
            found = find_questions(
                paths, replace(settings, progress=advance), file.answers, labeller, limit
            )
        for where, error in found.summary.failures[:5]:
            terminal.say(f"left out, {where}: {error}")
        if found.foreign:
            terminal.say(f"{found.foreign} documents left out: not in the model's language")
        if not found.questions:
            terminal.say(f"nothing left to ask {labeller}")
            return 0
        earlier = asked_before(file.answers, labeller)
        session = Session(found.questions, file, labeller, _path_of(paths, labels), earlier)
        terminal.say(f"{len(found.questions):,} paragraphs to label, {found.left:,} more behind")
        server.serve(session, port, _ready(no_open=no_open))
        terminal.say(f"{session.labelled:,} labels by {labeller} in {labels}")
        terminal.say(f"next: cleaner train CORPUS... --out DIR --labels {labels}")
    return 0


def _ready(*, no_open: bool) -> Callable[[str], None]:
    def ready(address: str) -> None:
        terminal.say(f"open {address}")
        terminal.say("Ctrl-C ends it; every answer is saved at once")
        if not no_open:
            # The server answers as soon as this returns; a browser takes longer to start.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    return ready


def _path_of(paths: list[str], labels: Path) -> Callable[[str], str]:
    """A document's file as seen from the folder of the labels file."""
    from cleaner.batch.inputs import find

    files = {entry.name: entry.path for entry in find(paths, None).files}
    folder = labels.absolute().parent

    def path_of(name: str) -> str:
        path = files[name]
        if not isinstance(path, Path):
            return path.url
        try:
            return Path(os.path.relpath(path, folder)).as_posix()
        except ValueError:  # another drive
            return path.as_posix()

    return path_of
