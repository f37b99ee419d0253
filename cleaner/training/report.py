"""Measured runs → a report as plain data, and the report as tables."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner import __version__
from cleaner.training import corpus
from cleaner.training.corpus import Labelled
from cleaner.training.runs import Run
from cleaner.training.scores import FIGURES
from cleaner.training.tables import Table

Report = dict[str, Any]
_MAIN = ("folds", "model")  # the kinds of run that the tables by label and collection are of


def make(documents: Sequence[Labelled], runs: Sequence[Run], seed: int) -> Report:
    """Everything an evaluation found: JSON types only, the same for the same data and seed."""
    return {
        "version": __version__,
        "seed": seed,
        "corpus": {
            "sha256": corpus.fingerprint(documents),
            "documents": len(documents),
            "sites": len({d.group for d in documents}),
            "paragraphs": sum(len(d.paragraphs) for d in documents),
            "collections": dict(sorted(Counter(d.collection for d in documents).items())),
        },
        "runs": [run.to_dict(seed) for run in runs],
    }


def tables(report: Report) -> Iterator[Table]:
    """The report, most wanted first."""
    main = [run for run in report["runs"] if run["kind"] in _MAIN]
    if main:
        usual = _usual(main)
        yield _strengths(main)
        yield _collections(usual)
        yield _labels(usual)
        yield _calibration(usual)
    if pages := [run for run in report["runs"] if run["kind"] == "pages"]:
        yield _pages(pages)
    if left_out := [run for run in report["runs"] if run["kind"] == "left out"]:
        yield _left_out(left_out)
    beside = _usual(main or left_out) if main or left_out else None
    if rules := [run for run in report["runs"] if run["kind"] == "rules"]:
        yield _rules(rules, beside)
    if curve := [run for run in report["runs"] if run["kind"] == "curve"]:
        at = curve[0]["strength"]
        yield _curve(curve, next((run for run in main if run["strength"] == at), None))


def main_run(report: Report) -> dict[str, Any]:
    """The run that a picture or a line about the whole is of."""
    return _usual([r for r in report["runs"] if r["kind"] in _MAIN] or report["runs"])


def _usual(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The run at the default strength, else the first."""
    return next((run for run in runs if run["strength"] == "medium"), runs[0])


def _strengths(runs: Sequence[dict[str, Any]]) -> Table:
    rows = [
        [title, *(_interval(run["all"]["figures"][name], name) for run in runs)]
        for name, title in FIGURES.items()
    ]
    first = runs[0]
    what = f"{first['name']}: {first['documents']:,} documents of {first['all']['sites']:,} sites"
    return Table(f"{what}, in % (95 % interval)", ["", *(r["strength"] for r in runs)], rows)


def _collections(run: dict[str, Any]) -> Table:
    rows = [_row(name, part) for name, part in run["collections"].items()]
    return Table(f"By collection, {run['strength']}", _headings("collection"), rows)


def _pages(runs: Sequence[dict[str, Any]]) -> Table:
    rows = [_row(run["name"], run["all"]) for run in runs]
    return Table(f"Pages, {runs[0]['strength']}", _headings("what is read"), rows)


def _left_out(runs: Sequence[dict[str, Any]]) -> Table:
    several = len({run["strength"] for run in runs}) > 1
    rows = [
        _row(f"{run['name']}, {run['strength']}" if several else run["name"], run["all"])
        for run in runs
    ]
    return Table("Trained without the collection and its sites", _headings("left out"), rows)


def _labels(run: dict[str, Any]) -> Table:
    figures = run["all"]["figures"]
    rows = [
        [
            label,
            f"{paragraphs:,}",
            _interval(figures[f"{label}.recall"]),
            _interval(figures[f"{label}.f1"]),
        ]
        for label, paragraphs in run["all"]["by_label"].items()
        if label != "content"
    ]
    columns = ["label", "paragraphs", "cut at all", "F1 with this label"]
    return Table(f"By label, {run['strength']}", columns, rows)


def _calibration(run: dict[str, Any]) -> Table:
    rows = [
        [f"{score:.3f}", f"{units:,}", f"{share:.3f}"]
        for units, score, share in run["all"]["calibration"]
    ]
    return Table("Calibration", ["mean score", "units", "share not content"], rows)


def _rules(rules: Sequence[dict[str, Any]], model: dict[str, Any] | None) -> Table:
    rows = [
        [
            "cleaner" if run is model else run["name"],
            *(_interval(run["all"]["figures"][key], key) for key in ("f1", "words_lost")),
            *(_value(run["all"]["figures"][key]) for key in ("precision", "recall")),
        ]
        for run in ([model] if model else []) + list(rules)
    ]
    return Table("Beside rules", ["", "F1", "words lost", "precision", "recall"], rows)


def _curve(curve: Sequence[dict[str, Any]], whole: dict[str, Any] | None) -> Table:
    rows = [_row(run["name"], run["all"])[0:1] + _row("", run["all"])[2:] for run in curve]
    if whole:
        rows.append(["100% of sites", *_row("", whole["all"])[2:]])
    headings = _headings("trained on")
    return Table("Learning curve", [headings[0], *headings[2:]], rows)


def _headings(first: str) -> list[str]:
    return [first, "sites", "F1", "words lost", "promo", "label"]


def _row(name: str, summary: dict[str, Any]) -> list[str]:
    figures = summary["figures"]
    return [
        name,
        f"{summary['sites']:,}",
        _interval(figures["f1"]),
        _interval(figures["words_lost"], "words_lost"),
        _value(figures["promotional_recall"]),
        _value(figures["label_accuracy"]),
    ]


def _interval(figure: Sequence[float | None], name: str = "") -> str:
    """Value and interval in per cent; what is lost is small and shown to more places."""
    value, low, high = figure
    if value is None:
        return "-"
    places = 2 if name in {"words_lost", "chars_lost", "ece"} else 1
    shown = f"{100 * value:.{places}f}"
    if low is None or high is None or low == high:
        return shown
    return f"{shown} ({100 * low:.{places}f}–{100 * high:.{places}f})"


def _value(figure: Sequence[float | None]) -> str:
    return "-" if figure[0] is None else f"{100 * figure[0]:.1f}"
