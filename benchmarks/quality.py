"""Measure the classifier and write docs/evaluation.md, its figures and its picture.

    python -m benchmarks.quality CORPUS...               measure everything
    python -m benchmarks.quality CORPUS... --only PART   one of folds, left-out, curve, rules;
                                                         the others stay as they were measured
    python -m benchmarks.quality --page                  write the page again from the figures

CORPUS is corpus/own and what scripts/corpus.sh rebuilt. Everything takes about ten fits.
"""

import argparse
import json
import sys
from pathlib import Path

from cleaner.document import Strength
from cleaner.training import corpus, evaluate, picture, report

DOCS = Path(__file__).parents[1] / "docs"
FIGURES, PAGE, PICTURE = (
    DOCS / name for name in ("evaluation.json", "evaluation.md", "reliability.svg")
)
PARTS = {"folds": "folds", "left-out": "left out", "curve": "curve", "rules": "rules"}
FOLDS, SEED = 2, 0
LEFT_OUT = ("own", "news-pages")

HEAD = """# How well it cuts

This page is written by `python -m benchmarks.quality`; none of its figures is typed by hand but for
the annotators' agreement, and a test holds it to [the others](evaluation.json).
Documents: {documents:,} of {sites:,} sites, {paragraphs:,} paragraphs:
{collections}.
What they are and how they were labelled: [the corpus](../corpus/README.md).

## What the figures mean

- **Unseen sites.** Every model measured here was fitted without the documents it is measured on and
  without any other document of their sites; so was every part of it that teaches another part.
  Editions of one brand are one site. These are not the shipped model's own scores, but those of
  models fitted in the same way: in two folds each on half of the sites, where the shipped model has
  all.
- **The real flow.** A document goes through `Cleaner` with a model read from disk; what counts is
  the text that is gone. A paragraph of boilerplate is found when at least half of its characters
  are. F1, precision and recall are of paragraphs, boilerplate against content.
- **Content words lost** is the share of all words of content that are cut, also out of paragraphs
  that stay. A plug inside a content paragraph is no content; where such a plug is known to be, but
  not which characters it is, the paragraph is left out of this figure.
- **Promo**: recall on subscribe, donate, product, social and related. **Label**: the right label,
  of the boilerplate that is cut. **Plug spans**: characters cut against plugs marked by a reader,
  within the content paragraphs that hold one. Half of those characters are The Hill's lists of
  links within sentences, which a pattern finds that was made from that site.
- **Intervals** are of 95 %, from 1,000 bootstrap samples of sites.
- Two annotators who never saw each other's labels agree at F1 0.983; above that, labels tell
  nothing.

"""
NOT_YET = "The classifier has not been measured on these documents yet.\n\n"
NOTES = {
    "By label": "How much of each label is cut at all, and F1 of cutting it under its own name.",
    "Calibration": "![Share of boilerplate by score](reliability.svg)",
    "Beside rules": "The same documents through rules that are in use on single lines: a list of "
    "promotional\nwords, the line rules of C4, and rules like those of RefinedWeb.",
    "Learning curve": "The same folds, fitted on a part of their training sites.",
    "Pages": "The documents whose html is at hand: judged as text, and with what the page says of\n"
    "each paragraph besides (links, menus, classes, what stands in one element with it,"
    "\nwhether it names the site).",
    "Trained without": "How it does on a kind of page that it knows nothing of.",
}


def measure(documents, part):
    """The runs of one part."""
    whole = evaluate.folds(documents, FOLDS, SEED)
    jobs = {
        "folds": lambda: whole,
        "left-out": lambda: [
            evaluate.leave_out(documents, name)
            for name in LEFT_OUT
            if any(d.collection == name for d in documents)
        ],
        "curve": lambda: evaluate.learning_curve(documents, whole, SEED),
    }
    if part == "rules":
        return list(evaluate.run_rules(documents))
    strengths = [Strength.MEDIUM, Strength.LOW, Strength.HIGH]

    def done(job):
        print(f"{job.kind}: {job.name}", file=sys.stderr)

    return evaluate.run_jobs(documents, jobs[part](), strengths, seed=SEED, done=done)


def merged(old, new):
    """The new figures, and those of the old that are of the same documents and not replaced."""
    if not old or old["corpus"]["sha256"] != new["corpus"]["sha256"]:
        return new
    kinds = {run["kind"] for run in new["runs"]}
    kept = [run for run in old["runs"] if run["kind"] not in kinds]
    order = ["folds", "pages", *list(PARTS.values())[1:]]
    runs = sorted(kept + new["runs"], key=lambda run: order.index(run["kind"]))
    return {**new, "runs": runs}


def page(figures):
    """The page for these figures."""
    held = figures["corpus"]
    names = ", ".join(f"{name} {count:,}" for name, count in held["collections"].items())
    parts = [HEAD.format(**{**held, "collections": names})]
    if not any(run["kind"] in {"folds", "left out"} for run in figures["runs"]):
        parts.append(NOT_YET)
    for table in report.tables(figures):
        note = next((text for title, text in NOTES.items() if table.title.startswith(title)), "")
        parts.append(f"## {table.title}\n\n{note}\n\n" if note else f"## {table.title}\n\n")
        parts.append(table.markdown() + "\n")
    return "".join(parts).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--page", action="store_true")
    chosen = parser.parse_args()
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else None
    if not chosen.page:
        documents = corpus.load(chosen.corpus)
        for part in [chosen.only] if chosen.only else PARTS:
            found = report.make(documents, measure(documents, part), SEED)
            figures = merged(figures, found)
            # After each part: hours of fits are not lost to the last of them.
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(figures), encoding="utf-8")
    if any(run["kind"] == "folds" for run in figures["runs"]):
        usual = report.main_run(figures)["all"]
        drawn = picture.reliability(usual["calibration"], usual["figures"]["ece"][0])
        PICTURE.write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
