"""Extractors as a picture: how long each takes against how good it is. SVG, light and dark."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

_WIDTH, _HEIGHT, _EDGE, _RIGHT = 560, 320, 56, 130
_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_STYLE = """text { font: 12px sans-serif; fill: #333 } .frame { fill: none; stroke: #999 }
.grid { stroke: #ddd } .dot { fill: #7a8794 } .ours { fill: #c2410c } .range { stroke: #7a8794 }
text.ours { font-weight: bold }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 }
.dot { fill: #9aa7b4 } .range { stroke: #9aa7b4 } .ours { fill: #fb923c } }"""


def draw(points: Sequence[Mapping[str, Any]], ours: Sequence[str]) -> str:
    """Draw the points.

    Args:
        points: `name`, `ratio` (median, least, most) and `f1`.
        ours: names that stand out.
    """
    low = math.floor(min(p["f1"] for p in points) * 50) / 50
    high = math.ceil(max(p["f1"] for p in points) * 50) / 50
    steps = round((high - low) / 0.02)
    rows = [low + 0.02 * step for step in range(steps + 1)]

    def x(ratio: float) -> float:
        share = math.log(ratio / _TICKS[0]) / math.log(_TICKS[-1] / _TICKS[0])
        return _EDGE + min(1.0, max(0.0, share)) * _WIDTH

    def y(f1: float) -> float:
        return _EDGE + (high - f1) / (high - low) * _HEIGHT

    parts = [_across(y(value), f"{100 * value:.0f}") for value in rows]
    parts += [_up(x(tick), f"{tick:g}") for tick in _TICKS]
    for point, place in zip(points, _places([y(p["f1"]) for p in points]), strict=True):
        parts.append(_point(point, x, y, place, "ours" if point["name"] in ours else "dot"))
    width, height = _WIDTH + _EDGE + _RIGHT, _HEIGHT + 2 * _EDGE
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<title>Word F1 on articles against CPU time</title>
<style>
{_STYLE}
</style>
<text x="{_EDGE}" y="{_EDGE - 24}">word F1 on articles, %</text>
{"".join(parts)}<rect class="frame" x="{_EDGE}" y="{_EDGE}" width="{_WIDTH}" height="{_HEIGHT}"/>
<text x="{_EDGE + _WIDTH / 2}" y="{height - 12}" text-anchor="middle">
CPU time a page, trafilatura = 1 (log scale)</text>
</svg>
"""


def _across(y: float, label: str) -> str:
    return (
        f'<line class="grid" x1="{_EDGE}" x2="{_EDGE + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>\n'
        f'<text x="{_EDGE - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>\n'
    )


def _up(x: float, label: str) -> str:
    bottom = _EDGE + _HEIGHT
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_EDGE}" y2="{bottom}"/>\n'
        f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>\n'
    )


def _point(point: Mapping[str, Any], x: Any, y: Any, place: float, kind: str) -> str:
    middle, least, most = point["ratio"]
    at, level = x(middle), y(point["f1"])
    return (
        f'<line class="range" x1="{x(least):.1f}" x2="{x(most):.1f}" y1="{level:.1f}" '
        f'y2="{level:.1f}"/>\n<circle class="{kind}" cx="{at:.1f}" cy="{level:.1f}" r="5"/>\n'
        f'<text class="{kind if kind == "ours" else ""}" x="{at + 10:.1f}" y="{place + 4:.1f}">'
        f"{point['name']}</text>\n"
    )


def _places(levels: Sequence[float], apart: float = 14) -> list[float]:
    """Heights of labels, moved down where they would overlap."""
    places, last = [0.0] * len(levels), -math.inf
    for index in sorted(range(len(levels)), key=levels.__getitem__):
        last = places[index] = max(levels[index], last + apart)
    return places
