"""The command line. Each command parses, calls one function of the library, and prints."""

import contextlib
import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cleaner import __version__, source_commands, terminal
from cleaner.document import Mode, OutputFormat, Strength
from cleaner.errors import CleanerError, SetupError
from cleaner.review_commands import review
from cleaner.training.cli import corpus, evaluate, train

FAILED, WRONG_USE = 1, 2
_OBJECTS_A_COLLECTION = 50_000

app = typer.Typer(
    name="cleaner",
    help="Removes promotional boilerplate from scraped articles, keeps what it took out, says why.",
    epilog="Exit codes: 0 all done, 1 some documents failed, 2 wrong use or set-up.",
    pretty_exceptions_enable=False,
    # Plain help is the same in a terminal, a pipe and docs/cli.md, and needs no import of rich.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.add_typer(source_commands.app, name="sources")

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, folders, globs or URLs: .txt .md .html .json .jsonl .csv .tsv .parquet .warc "
        ".wet, each also .gz or .zst; - reads JSON lines from stdin.",
        show_default=False,
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; default one a core.")
]
StrengthOption = Annotated[Strength, typer.Option("--strength", help="How readily to cut.")]
Strip = Annotated[
    str, typer.Option("--strip", metavar="LABELS", help="Labels to cut, or promotional, or all.")
]
Keep = Annotated[str, typer.Option("--keep", metavar="LABELS", help="Labels not to cut after all.")]
ModeOption = Annotated[
    Mode, typer.Option("--mode", help="drop: cut; flag: leave the text whole, record verdicts.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="MODEL", help="A shipped model's name or a model folder."),
]
Urls = Annotated[
    Path | None,
    typer.Option(
        "--urls", metavar="CSV", help="Where text files were published: path,url.", dir_okay=False
    ),
]
AnyLanguage = Annotated[
    bool, typer.Option("--any-language", help="Judge documents that are not in English, too.")
]
RatingTables = Annotated[
    list[str] | None,
    typer.Option(
        "--ratings", metavar="NAME=FILE", help="A rating table you have; may be repeated."
    ),
]
SiteMemory = Annotated[
    Path | None,
    typer.Option(
        "--site-memory",
        metavar="FILE",
        help="What recurs on which site, as an earlier run left it, instead of counting.",
        dir_okay=False,
    ),
]
TextColumn = Annotated[
    str | None,
    typer.Option(
        "--text-column", metavar="NAME", help="Field or column that holds the text, if not `text`."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"cleaner {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_version
        ),
    ] = False,
) -> None:
    pass


@app.command()
def clean(
    paths: Paths,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for the cleaned texts."),
    ] = None,
    form: Annotated[
        OutputFormat | None,
        typer.Option("--format", help="Of the outputs; default text, and records as records."),
    ] = None,
    workers: Workers = None,
    strength: StrengthOption = Strength.MEDIUM,
    strip: Strip = "all",
    keep: Keep = "",
    mode: ModeOption = Mode.DROP,
    model: ModelOption = None,
    urls: Urls = None,
    any_language: AnyLanguage = False,
    ratings: RatingTables = None,
    site_memory: SiteMemory = None,
    text_column: TextColumn = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be cut, and write nothing.")
    ] = False,
    redo: Annotated[
        bool, typer.Option("--redo", help="Do again what an earlier run into DIR has done.")
    ] = False,
    require: Annotated[
        list[str] | None,
        typer.Option(
            "--require",
            metavar="WHAT",
            help="Cut documents whole unless their source is known, rated, undisputed, or "
            "TABLE>=NUMBER; may be repeated.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Cut the boilerplate out of articles and keep a record of it.

    One file without --out prints its cleaned text; - turns JSON lines into JSON lines.
    """
    from cleaner import commands

    settings = commands.settings(
        *(workers, strength, strip, keep, mode, model, urls, any_language, ratings),
        *(site_memory, text_column, form, redo),
        require=require,
    )
    if dry_run:
        raise typer.Exit(commands.dry_run(paths, out, settings, quiet=quiet))
    raise typer.Exit(commands.clean(paths, out, settings, quiet=quiet))


@app.command()
def label(
    paths: Paths,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here, not to stdout.")
    ] = None,
    workers: Workers = None,
    strength: StrengthOption = Strength.MEDIUM,
    strip: Strip = "all",
    keep: Keep = "",
    mode: ModeOption = Mode.DROP,
    model: ModelOption = None,
    urls: Urls = None,
    any_language: AnyLanguage = False,
    ratings: RatingTables = None,
    site_memory: SiteMemory = None,
    text_column: TextColumn = None,
    quiet: Quiet = False,
) -> None:
    """Judge every paragraph: one JSON line a document, nothing is cut."""
    from cleaner import commands

    settings = commands.settings(
        *(workers, strength, strip, keep, mode, model, urls, any_language, ratings),
        *(site_memory, text_column),
    )
    raise typer.Exit(commands.label(paths, out, settings, quiet=quiet))


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One document.", dir_okay=False)],
    strength: StrengthOption = Strength.MEDIUM,
    strip: Strip = "all",
    keep: Keep = "",
    model: ModelOption = None,
    any_language: AnyLanguage = False,
    site_memory: SiteMemory = None,
) -> None:
    """Show every verdict on one document and its reasons."""
    from cleaner import commands

    settings = commands.settings(
        *(1, strength, strip, keep, Mode.DROP, model, None, any_language), site_memory=site_memory
    )
    raise typer.Exit(commands.explain(file, settings.cleaner))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `clean` wrote.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR2", help="Folder for the texts.")],
) -> None:
    """Give the text back that went into an output folder."""
    from cleaner import commands

    raise typer.Exit(commands.restore(folder, out))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `clean` wrote.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The page; default DIR/report.html."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write one HTML page that shows what a run cut, and why."""
    from cleaner import commands

    raise typer.Exit(commands.report(folder, out, show=show, quiet=quiet))


app.command()(review)
app.command()(train)
app.command()(evaluate)
app.add_typer(corpus, name="corpus")


def main() -> NoReturn:
    """Run the command line: exit 0 all done, 1 some documents failed, 2 wrong use or set-up."""
    # What a start imports and loads is no garbage: looking for some in it every 700 objects, and
    # once more at the end, takes a fifth of the time of cleaning one file.
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    _open_closed()
    # Data is UTF-8 wherever it goes: a pipe on Windows or an old locale has no “ and no ….
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        # Typer would print usage and a box around an error; ours are one line.
        code = app(sys.argv[1:] or ["--help"], prog_name="cleaner", standalone_mode=False)
    except typer.TyperException as error:
        context: typer.Context | None = getattr(error, "ctx", None)
        command = context.command_path if context else "cleaner"
        _fatal(f"{error.format_message().rstrip('.')}; see `{command} --help`", error.exit_code)
    except SetupError as error:
        _fatal(str(error), WRONG_USE)
    except CleanerError as error:
        _fatal(str(error), FAILED)
    except OSError as error:
        _fatal(f"{error.filename or 'output'}: {error.strerror or error}", WRONG_USE)
    gc.freeze()
    raise SystemExit(code or 0)


def _open_closed() -> None:
    """Daemons start programs with closed streams, which Python has as None."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _fatal(message: str, code: int) -> NoReturn:
    with contextlib.suppress(OSError):  # a full or broken stderr: the code tells
        terminal.say(message)
    raise SystemExit(code)
