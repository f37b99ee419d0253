"""The model card: what a model was trained on, how good it is, and what it is not for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.document import Label, Strength
from cleaner.model import Model, Of
from cleaner.training import report as reports
from cleaner.training.corpus import Labelled
from cleaner.training.tables import Table, share

CREDITS = {
    "own": "our own corpus, written and labelled by hand (Apache-2.0)",
    "wcxb-dev": "WCXB, Web Content eXtraction Benchmark, dev split (CC-BY-4.0)",
    "wcxb-pages": "WCXB's dev split again: whole pages, as `cleaner` extracts them (CC-BY-4.0)",
    "allsides": "Article-Bias-Prediction, Baly et al. 2020",
    "fakenewscorpus-sample": "FakeNewsCorpus, sample",
    "horne2017": "Horne and Adali 2017",
    "news-pages": "test pages of trafilatura, newspaper4k and CleanPortalEval",
}

ENCODER = "all-MiniLM-L6-v2 (Apache-2.0; Reimers and Gurevych 2019, Wang et al. 2020)"

_INTRO = """# {name}

Tells article text from boilerplate, paragraph by paragraph, and names ten kinds of it; see
docs/labels.md. A network that reads the paragraphs in order, and trees on wording, shape, place
and neighbours; sentences of paragraphs that stay are judged by the same network and trees of their
own. Of html, trees of their own weigh what the page says of each paragraph with what its text
says. `model.json` and `weights.npz` are data only. English.
"""

_WRONG = """## What it gets wrong

{weakest}
Everywhere: reader comments that read like the article, appeals for donations in prose, teasers that
are bare headlines, products pitched in the voice of the article, legal text broken into lines; and
content that looks like furniture: lists of short lines, in-article headings, contact data that the
story is about. A plug and a report about such a plug may differ only in who is speaking.
"""

_NOT_FOR = """## What it is not for

- Other languages than English: such documents are kept whole unless `--any-language` is given.
- Telling advertising from journalism: a page that is an advert keeps its body, by the labels' rule.
- Judging a publisher. That a page carries many plugs says nothing of whether its text is true.
- Removing personal data, or anything that the law demands to be removed or kept.
- Deciding alone where a lost sentence does harm: take `--strength low`, or read `removed.jsonl`.
"""


def card(model: Model, documents: Sequence[Labelled], report: dict[str, Any] | None) -> str:
    """Write the card of a model trained on documents, with what an evaluation found."""
    return "\n".join(
        [
            _INTRO.format(name=model.name),
            *_thresholds(model),
            *_data(model, documents),
            *_scores(report),
            _WRONG.format(weakest=_weakest(report)),
            _NOT_FOR,
        ]
    )


def _thresholds(model: Model) -> Iterator[str]:
    rows = []
    kinds = [of for of in Of if of in model.info["thresholds"]]
    for strength in Strength:
        pairs = [model.info["thresholds"][of][strength.value] for of in kinds]
        rows.append([strength, *(f"{pair['short']:g} - {pair['long']:g}" for pair in pairs)])
    yield "A unit is cut from this calibrated probability on; a long one has more to lose.\n"
    columns = ["strength", *(f"{of}, short - long" for of in kinds)]
    yield Table("", columns, rows).markdown()


def _data(model: Model, documents: Sequence[Labelled]) -> Iterator[str]:
    held: dict[str, list[Labelled]] = defaultdict(list)
    for d in documents:
        held[d.collection].append(d)
    rows = []
    for name, part in sorted(held.items()):
        labels = [label for d in part for label in d.labels]
        cut = sum(label is not Label.CONTENT for label in labels)
        sites = len({d.group for d in part})
        credit = CREDITS.get(name, "not ours: ask whoever trained this model")
        counts = [f"{len(part):,}", f"{sites:,}", f"{len(labels):,}", share(cut, len(labels))]
        rows.append([name, *counts, credit])
    columns = ["collection", "documents", "sites", "paragraphs", "not content", "from"]
    yield "## What it was trained on\n"
    yield Table("", columns, rows).markdown()
    yield (
        "The pages belong to their publishers; the labels are ours. Texts of the public\n"
        "collections are not part of this project: corpus/README.md says how to rebuild them, and\n"
        "how the labels were made and checked.\n"
    )
    if asked := sum(any(row) for d in documents for _, row in d.embeddings):
        yield (
            "The vectors of its n-grams began as a linear copy of a pretrained sentence encoder,\n"
            f"{ENCODER}, which was asked about {asked:,} of the\n"
            "paragraphs (scripts/embed.py); using the model needs no encoder.\n"
        )
    versions = ", ".join(f"{name} {version}" for name, version in model.info["libraries"].items())
    memory = model.info["site_memory"]
    recurring = f"site memory `{memory}`,\n" if memory else "no site memory,\n"
    yield (
        f"The same weights come from `cleaner train` with these documents (SHA-256\n"
        f"`{model.info['corpus']['sha256']}`), {recurring}"
        f"seed {model.info['seed']} and {versions}; corpus/README.md has the commands.\n"
    )


def _scores(report: dict[str, Any] | None) -> Iterator[str]:
    yield "## Scores\n"
    if report is None:
        yield "Not measured.\n"
        return
    yield (
        "Measured on documents of sites that the models measured had not seen: not this model,\n"
        "but models fitted the same way on a part of the sites. Per cent, with 95 % bootstrap\n"
        "intervals over sites.\n"
    )
    for table in reports.tables(report):
        if not table.title.startswith(("Calibration", "Learning")):
            yield f"### {table.title}\n"
            yield table.markdown()


def _weakest(report: dict[str, Any] | None) -> str:
    """The three labels that are missed most, by the run at default strength."""
    for run in report["runs"] if report else []:
        if run["kind"] == "folds" and run["strength"] == Strength.MEDIUM:
            figures = run["all"]["figures"]
            recalls = {
                label: figures[f"{label}.recall"][0]
                for label in Label
                if label is not Label.CONTENT
            }
            known = {label: recall for label, recall in recalls.items() if recall is not None}
            worst = sorted(known, key=lambda label: known[label])[:3]
            named = ", ".join(f"`{label}` ({100 * known[label]:.0f} % found)" for label in worst)
            return f"Missed most at the default strength: {named}.\n"
    return ""
