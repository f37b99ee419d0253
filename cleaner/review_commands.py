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
    path_of = _path_of(paths, labels)  # a wrong PATH ends it before the labels file is made
    with LabelsFile(labels) as file:
        with terminal.progress("reading", "cleaning", quiet=False) as advance:
            found = find_questions(
                paths, replace(settings, progress=advance), file.answers, labeller, limit, labels
            )
        code = terminal.name_failures(found.summary)
        if found.foreign:
            terminal.say(f"{found.foreign} documents left out: not in the model's language")
        if not found.questions:
            terminal.say(f"nothing left to ask {labeller}")
            return code
        earlier = asked_before(file.answers, labeller)
        session = Session(found.questions, file, labeller, path_of, earlier)
        terminal.say(f"{len(found.questions):,} paragraphs to label, {found.left:,} more behind")
        server.serve(session, port, _ready(no_open=no_open))
        terminal.say(f"{session.labelled:,} labels by {labeller} in {labels}")
        terminal.say(f"next: cleaner train CORPUS... --out DIR --labels {labels}")
    return code


def _ready(*, no_open: bool) -> Callable[[str], None]:
    def ready(address: str) -> None:
        terminal.say(f"open {address}")
        terminal.say("Ctrl-C ends it; every answer is saved at once")
        if not no_open:
            # The server answers as soon as this returns; a browser takes longer to start.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    return ready


def _path_of(paths: list[str], labels: Path) -> Callable[[str], str]:
    """A document's file as seen from the folder of the labels file.

    Raises:
        SetupError: a PATH that does not exist, or where training would not find the documents.
    """
    from cleaner.batch.inputs import find
    from cleaner.readers.remote import is_remote

    if any(map(is_remote, paths)):
        raise SetupError("review reads this machine's files, as training does; fetch these first")
    found = find(paths, labels).files
    files = {entry.name: entry.path for entry in found if isinstance(entry.path, Path)}
    # Training follows the links in a path before its `..`, so it starts from where they lead.
    folder = labels.parent.resolve()

    def path_of(name: str) -> str:
        path = files[name].parent.resolve() / files[name].name
        try:
            return Path(os.path.relpath(path, folder)).as_posix()
        except ValueError:  # another drive
            return path.as_posix()

    return path_of
