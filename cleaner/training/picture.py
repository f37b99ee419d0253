"""The calibration of a run as a picture: SVG written by hand, light and dark."""

from collections.abc import Sequence

_SIZE, _EDGE, _BARS = 320, 48, 60


def reliability(bins: Sequence[Sequence[float]], error: float | None) -> str:
    """Draw score against share that is boilerplate, and below it how many units have each score.

    Args:
        bins: (units, mean score, share not content) each.
        error: the expected calibration error, a share.
    """
    most = max((units for units, _, _ in bins), default=1)
    dots = "".join(_dot(score, share, units / most) for units, score, share in bins)
    bars = "".join(_bar(score, units / most) for units, score, _ in bins)
    line = " ".join(f"{_x(score):.1f},{_y(share):.1f}" for _, score, share in bins)
    width, height = _SIZE + 2 * _EDGE, _SIZE + 2 * _EDGE + _BARS
    said = "" if error is None else f" (expected calibration error {100 * error:.2f} %)"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>Share of units that are boilerplate, by score{said}</title>
<style>
text {{ font: 12px sans-serif; fill: #333 }} .frame {{ fill: none; stroke: #999 }}
.even {{ stroke: #999; stroke-dasharray: 4 4 }} .seen {{ fill: none; stroke: #1667a8 }}
.dot {{ fill: #1667a8 }} .bar {{ fill: #b9cfe2 }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #ddd }} .bar {{ fill: #3a556b }}
.seen {{ stroke: #6db3ec }} .dot {{ fill: #6db3ec }} }}
</style>
<rect class="frame" x="{_EDGE}" y="{_EDGE}" width="{_SIZE}" height="{_SIZE}"/>
<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>
<polyline class="seen" points="{line}"/>
{dots}{bars}{_ticks()}
<text x="{_EDGE}" y="{_EDGE - 28}">boilerplate among the units of a score{said}</text>
<text x="{_EDGE}" y="{_EDGE - 12}">bars: how many units have the score (root scale)</text>
<text x="{_x(0.5)}" y="{height - 6}" text-anchor="middle">score</text>
</svg>
"""


def _x(score: float) -> float:
    return _EDGE + score * _SIZE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIZE


def _dot(score: float, share: float, part: float) -> str:
    radius = 2 + 5 * part**0.5
    return f'<circle class="dot" cx="{_x(score):.1f}" cy="{_y(share):.1f}" r="{radius:.1f}"/>\n'


def _bar(score: float, part: float) -> str:
    tall = part**0.5 * (_BARS - 10)
    top = _y(0) + _BARS + 20 - tall
    left = _x(score) - 6
    return f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="12" height="{tall:.1f}"/>\n'


def _ticks() -> str:
    marks = [0.0, 0.5, 1.0]
    across = "".join(
        f'<text x="{_x(m)}" y="{_y(0) + 16}" text-anchor="middle">{m:g}</text>' for m in marks
    )
    up = "".join(
        f'<text x="{_EDGE - 6}" y="{_y(m) + 4}" text-anchor="end">{m:g}</text>' for m in marks
    )
    return across + up
