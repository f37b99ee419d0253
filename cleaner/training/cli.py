"""The commands on labelled data. Each parses, calls the library, and prints."""

from pathlib import Path
from typing import Annotated

import typer

from cleaner.document import Strength
from cleaner.errors import SetupError

_FOLDS = 5

corpus = typer.Typer(
    name="corpus",
    help="Build, check and describe labelled documents; mine candidates for them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Corpus = Annotated[
    list[Path],
    typer.Argument(
        metavar="CORPUS...",
        help="Labelled documents: .jsonl or .jsonl.gz, or folders of them.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Fixes all that is drawn.")]


@corpus.command()
def build(
    labels: Annotated[
        list[Path], typer.Argument(metavar="LABELS...", help="Labels-only files, or folders.")
    ],
    source: Annotated[
        list[str],
        typer.Option(
            metavar="COLLECTION=PATH",
            help="Texts of a collection: .jsonl(.gz) with id and text, or a folder of html. "
            "May be repeated; the first that has a document gives its text.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help=".jsonl or .jsonl.gz")],
) -> None:
    """Join labels without text with the texts you have."""
    from cleaner.training import commands

    raise typer.Exit(commands.build(labels, source, out))


@corpus.command()
def check(
    paths: Corpus,
    wordings: Annotated[
        int, typer.Option(help="In how many wordings each label must be shown.", min=0)
    ] = 40,
) -> None:
    """Look for faults: spans, labels, near-duplicates, articles that stand on two sites."""
    from cleaner.training import commands

    raise typer.Exit(commands.check(paths, wordings))


@corpus.command()
def describe(paths: Corpus) -> None:
    """Show what is there by label, collection, kind and site."""
    from cleaner.training import commands

    raise typer.Exit(commands.describe(paths))


@corpus.command()
def mine(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Articles, as for clean.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here, not to stdout.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes; default one a core.")
    ] = None,
) -> None:
    """Collect what recurs on each site: candidates for training, for you to confirm."""
    from cleaner.training import commands

    raise typer.Exit(commands.mine(paths, out, workers))


@corpus.command()
def agree(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Labels that `cleaner review` wrote.")
    ],
) -> None:
    """Tell how far several labellers agree, and list the paragraphs on which they don't."""
    from cleaner.training import commands

    raise typer.Exit(commands.agree(files))


def train(
    paths: Corpus,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The model's folder.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name and version; default the folder's.")
    ] = None,
    seed: Seed = 0,
    labels: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Labels that `cleaner review` wrote, or that overrule the corpus; repeatable.",
        ),
    ] = None,
    scores: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What evaluate --json wrote, for the card.")
    ] = None,
    site_memory: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Profile of the documents' sites: what recurring weighs."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="The model in use, which --labels and --compare compare the new one with."
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Show which verdicts would flip there; repeatable."),
    ] = None,
) -> None:
    """Fit a model; the same documents and seed give the same bytes.

    With labels from a review, scores with and without them follow: four more fits on half of all.
    """
    from cleaner.pipeline import Cleaner
    from cleaner.training import commands

    raise typer.Exit(
        commands.train(
            *(paths, out, name or out.resolve().name, seed, labels or [], scores, site_memory),
            *(Cleaner(model), compare or []),
        )
    )


def evaluate(
    paths: Annotated[
        list[Path], typer.Option("--corpus", metavar="PATH", help="Labelled documents; repeatable.")
    ],
    model: Annotated[
        str | None,
        typer.Option(help="Measure this model instead of fitting; flattered where it was trained."),
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Every site is held out once; default 5.")
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLLECTION", help="Train on all others and measure this one; repeatable."
        ),
    ] = None,
    strength: Annotated[list[Strength] | None, typer.Option(help="Repeatable.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Measure rule baselines, too.")] = False,
    curve: Annotated[
        bool, typer.Option("--curve", help="Also fit on 10, 25 and 50 % of the sites.")
    ] = False,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Fits at a time.")] = 2,
    seed: Seed = 0,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="All figures.")] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Calibration.")] = None,
) -> None:
    """Score on sites that were not trained on: cross-validated, unless told otherwise."""
    from cleaner.training import commands

    if sum(map(bool, (model, leave_out, folds or curve))) > 1:
        raise SetupError("choose one of --model, --leave-out, and folds (--folds, --curve)")
    plan = commands.Plan(
        model=model,
        folds=0 if leave_out or model else folds or _FOLDS,
        leave_out=leave_out or [],
        strengths=strength or [Strength.MEDIUM],
        rules=rules,
        curve=curve,
        workers=workers,
        seed=seed,
    )
    raise typer.Exit(commands.evaluate(paths, plan, json, picture))
