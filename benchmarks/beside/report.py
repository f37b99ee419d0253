"""What was measured → docs/benchmarks.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.beside.extractors import DEFAULT
from benchmarks.beside.pages import OURS, RAW
from benchmarks.beside.picture import draw
from cleaner.training.tables import Table

Figures = Mapping[str, Any]
HEAD = """# Beside other tools

Written by `{command}` from [its figures](benchmarks.json); nothing in it is typed by
hand, and a test holds it to them.{quick}

Measured {date} on {machine}, in {minutes:.0f} minutes.
{versions}.{missing}

- Times are CPU times of one core. Ratios are taken within a round, in which every tool has its turn
  on every page or text; shown are the median of the rounds and, in brackets, the least and the
  most. Absolute times hold for this machine only.
- Quality is that of models fitted without the site at hand: the sites are split in two halves, and
  each is cleaned by a model fitted on the other.
"""
NOTES = {
    "Pages": """{pages} pages of the development part of WCXB with the main text chosen by hand; F1,
precision and recall are of words, the mean over articles. The gain is over trafilatura's default on
the same articles, with a 95 % interval from bootstrap samples of sites. *Promotional left* is the
share of the paragraphs in trafilatura's extraction that readers labelled promotional which are
still there; *forbidden left* counts snippets that the data set says must not be there. trafilatura
was tuned on these pages, and cleaner's choice of extraction was made on them.""",
    "Other kinds of page": "Word F1 by kind of page. cleaner is made for articles.",
    "Time": """CPU time a page, from bytes to text, over {timed} of the pages. Of cleaner's time
{share} is its own part, the rest is extraction.""",
    "Texts": """{documents} labelled documents, already extracted. F1, precision and recall are of
paragraphs; *promotional* is recall on promotional paragraphs; *lost* is the share of the words of
content that is cut. fastText was fitted on single paragraphs of the same documents as our models.
The filters of Gopher and FineWeb keep or drop whole documents, which is what they are for: they cut
nothing out of one.""",
    "Cold start": "One command, from start to end, and the memory it takes at most.",
    "Memory": "At most, for one process that goes through the {timed} pages above.",
    "Growth": "CPU time a paragraph and peak memory, for texts of our own corpus.",
}


def page(figures: Figures) -> str:
    """The page for these figures."""
    about = figures["about"]
    missing = f" Not installed: {', '.join(about['missing'])}." if about["missing"] else ""
    quick = "\n**A quick run: fewer pages, texts and rounds.**" if about["quick"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    parts = [HEAD.format(**{**about, "versions": versions, "missing": missing, "quick": quick})]
    share = next(row["share"] for row in figures["speed"] if row["name"] == OURS)
    facts = {
        "pages": f"{figures['pages'][0]['pages']:,}",
        "documents": f"{figures['texts'][0]['documents']:,}",
        "timed": about["timed"],
        "share": f"{100 * share[0]:.0f} % ({100 * share[1]:.0f}–{100 * share[2]:.0f})",
    }
    for table in tables(figures):
        parts.append(f"\n## {table.title}\n\n{NOTES[table.title].format(**facts)}\n\n")
        if table.title == "Time":
            parts.append("![Word F1 on articles against CPU time](benchmarks.svg)\n\n")
        parts.append(table.markdown())
    return "".join(parts)


def picture(figures: Figures) -> str:
    """The picture for these figures."""
    quality = {row["name"]: row["articles"]["f1"] for row in figures["pages"]}
    points = [
        {"name": row["name"], "ratio": row["ratio"], "f1": quality[row["name"]]}
        for row in figures["speed"]
        if row["name"] != RAW
    ]
    return draw(points, [OURS])


def tables(figures: Figures) -> Iterator[Table]:
    """Everything that was measured."""
    rows = sorted(figures["pages"], key=lambda row: -row["articles"]["f1"])
    yield _pages(rows)
    kinds = list(rows[0]["kinds"])
    yield Table(
        "Other kinds of page",
        ["", "all", *kinds],
        [
            [row["name"], _share(row["all"]), *(_share(row["kinds"][kind]) for kind in kinds)]
            for row in rows
        ],
    )
    yield Table(
        "Time",
        ["", f"× {DEFAULT}", "ms a page"],
        [
            [row["name"], _spread(row["ratio"]), f"{row['milliseconds']:.1f}"]
            for row in figures["speed"]
        ],
    )
    yield _texts(figures["texts"])
    yield Table(
        "Cold start",
        ["", "× trafilatura", "ms", "MB"],
        [
            [r["name"], _spread(r["ratio"]), f"{r['milliseconds']:.0f}", f"{r['memory']:.0f}"]
            for r in figures["starts"]
        ],
    )
    yield Table(
        "Memory", ["", "MB"], [[r["name"], f"{r['memory']:.0f}"] for r in figures["memory"]]
    )
    yield Table(
        "Growth",
        ["", "paragraphs", "µs a paragraph", "MB"],
        [
            [
                "documents of 25" if kind == "documents" else "one document",
                f"{r['paragraphs']:,}",
                f"{r['microseconds']:.0f}",
                f"{r['memory']:.0f}",
            ]
            for kind in ("documents", "one")
            for r in figures["growth"][kind]
        ],
    )


def _pages(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = ["articles", "F1", "gain", "precision", "recall"]
    return Table(
        "Pages",
        [*columns, "promotional left", "forbidden left"],
        [
            [
                row["name"],
                *map(_share, [row["articles"]["f1"]]),
                _gain(row["gain"]) if row["name"] != DEFAULT else "",
                *(_share(row["articles"][figure]) for figure in ("precision", "recall")),
                _share(row["left"]["promotional"][0] / max(1, row["left"]["promotional"][1])),
                f"{row['left']['forbidden'][0]:,}",
            ]
            for row in rows
        ],
    )


def _texts(rows: Sequence[Mapping[str, Any]]) -> Table:
    figures = ("f1", "precision", "recall", "promotional_recall", "words_lost")
    return Table(
        "Texts",
        ["", "F1", "precision", "recall", "promotional", "lost", "MB/s", "× cleaner's time"],
        [
            [
                row["name"],
                *("-" if row[f][0] is None else _share(row[f][0]) for f in figures),
                f"{row['speed'][0]:.2g}",
                _spread(row["ratio"]) if row["name"] != OURS else "1",
            ]
            for row in sorted(rows, key=lambda row: -(row["f1"][0] or 0))
        ],
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f}"


def _gain(values: Sequence[float]) -> str:
    value, low, high = (100 * v for v in values)
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def _spread(values: Sequence[float]) -> str:
    median, least, most = values
    return f"{median:.2f} ({least:.2f}–{most:.2f})"
