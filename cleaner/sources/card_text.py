"""A scorecard to read: as a table for the terminal and as Markdown."""

from collections.abc import Iterator

from cleaner.sources.basis import shown
from cleaner.sources.scorecard import Scorecard, SourceCard

_HEADINGS = ("source", "docs", "basis", "what is known", "plugs")
_WIDEST = {"source": 26, "basis": 15, "what is known": 46}
_ROWS = 60  # of the terminal's table; the other formats have all


def as_table(card: Scorecard) -> str:
    """Plain columns; at most sixty sources."""
    rows = [_HEADINGS, *(_cells(one) for one in card.sources[:_ROWS])]
    short = [
        tuple(_cut(cell, _WIDEST.get(name, 12)) for name, cell in zip(_HEADINGS, row, strict=True))
        for row in rows
    ]
    widths = [max(len(row[i]) for row in short) for i in range(len(_HEADINGS))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in short
    ]
    if len(card.sources) > _ROWS:
        lines.append(f"and {len(card.sources) - _ROWS} more sources (--format json has all)")
    return "\n".join([*lines, "", *_summary(card)]) + "\n"


def as_markdown(card: Scorecard) -> str:
    """A report with one row a source and the reasons behind every estimate."""
    lines = ["# Sources", "", *(f"- {_escaped(line)}" for line in _summary(card)), ""]
    lines += [f"| {' | '.join(_HEADINGS)} |", f"|{'---|' * len(_HEADINGS)}"]
    lines += [f"| {' | '.join(map(_escaped, _cells(one)))} |" for one in card.sources]
    for one in card.sources:
        if one.estimate and one.estimate.signals:
            lines += ["", f"## {_escaped(str(one.source))}", "", _escaped(one.line), ""]
            lines += [
                f"- {told.signal.replace('_', ' ')}: {told.value:g}, usually {told.usual:g} "
                f"({told.weight:+.2f})"
                for told in one.estimate.signals
            ]
    return "\n".join(lines) + "\n"


def _cells(one: SourceCard) -> tuple[str, ...]:
    return (
        one.source or "(unknown)",
        str(one.documents),
        one.basis + (", disputed" if one.disputed else ""),
        _known(one),
        f"{one.promotional_share:.1%}",
    )


def _known(one: SourceCard) -> str:
    if one.ratings:
        stale = f"; stale: {', '.join(one.stale)}" if one.stale else ""
        rows = ", ".join(f"{row['table']} {shown(row, str(one.source))}" for row in one.ratings)
        return f"{rows}{stale}"
    estimate = one.estimate
    if estimate is None or estimate.band is None or estimate.p_low is None:
        return "; ".join(estimate.abstained) if estimate else ""
    band = estimate.band.replace("_", " ")
    return (
        f"{band}, {estimate.p_low:.0%} against {estimate.base_rate:.0%}, {estimate.used} documents"
    )


def _summary(card: Scorecard) -> Iterator[str]:
    batch = card.batch
    yield (
        f"{batch['documents']} documents of {batch['sources']} sources; "
        f"{batch['without_source']} without a source"
    )
    for basis, count in batch["coverage"].items():
        yield f"{basis}: {count['documents']} documents, {count['sources']} sources"
    yield f"unrated sources to look closer at: {batch['look_closer']}"
    yield (
        f"as concentrated as {batch['effective_publishers']} publishers of equal size, "
        f"{batch['effective_owners']} owners"
    )
    for what in ("disputed", "stale"):
        if names := batch[what]:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield f"{what} ratings: {', '.join(names[:5])}{more}"
    yield f"promotional text: {batch['promotional_share']:.1%} of the characters"
    yield f"wire copies: {batch['wire_copies']} documents"
    for plug in batch["recurring_plugs"][:5]:
        yield f"plug in {plug['documents']} documents: {_cut(plug['text'], 80)}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _escaped(text: str) -> str:
    """Names and plugs come from scraped pages: nothing in them may become Markdown or HTML."""
    for mark in "\\`*_[]|#":
        text = text.replace(mark, "\\" + mark)
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
