"""A calibration as one page of HTML: precision against coverage, the point chosen, and a table of other points."""

from __future__ import annotations

from html import escape
from typing import Optional, Sequence

from .calibration import Calibration, Point

WIDTH, HEIGHT, MARGIN = 640, 360, 48
LOWEST = 0.5
"""The precision at the foot of the picture."""
LISTED = (0.8, 0.85, 0.9, 0.95, 0.97, 0.99)

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
svg { width: 100%; height: auto } svg text { font-size: 13px; fill: currentColor }
.axis { stroke: currentColor; opacity: .35 } .curve { fill: none; stroke: #1769c2; stroke-width: 2.5 }
.wanted { stroke: #b3261e; stroke-dasharray: 6 4 } .chosen { fill: #1769c2 } .before { fill: none; stroke: currentColor; stroke-width: 2 }
table { border-collapse: collapse } td, th { padding: .25rem 1rem .25rem 0; text-align: right } caption { text-align: left; padding-bottom: .5rem }
"""


def page(done: Calibration, *, wanted: float, source: str) -> str:
    """The page; `source` says what was asked, `wanted` is the precision that was asked for."""
    rows = "".join(
        f"<tr><td>{least:.0%}</td><td>{_shown(point.coverage if point else None)}</td><td>{f'{point.confidence:.2f}' if point else '–'}</td></tr>"
        for least in LISTED for point in [_best(done.curve, least)]
    )
    chosen = f"{done.coverage:.1%} of the questions answered directly, {done.precision:.1%} of the answers right"
    before = f"{done.before.coverage:.1%} answered, {done.before.precision:.1%} right"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Calibration of answers</title>
<style>{_STYLE}</style></head><body>
<h1>Calibration of answers</h1>
<p>{done.samples} questions: {escape(source)}. {escape(done.chosen.origin.capitalize())}.</p>
<p><strong>From a confidence of {done.chosen.sure:.2f} on: {chosen}.</strong> {done.refused:.1%} are refused, the rest get titles to choose from.
Before, from {done.before.confidence:.2f} on: {before}.</p>
{_picture(done, wanted)}
<table><caption>What other aims would buy</caption><tr><th>right, at least</th><th>answered</th><th>from a confidence of</th></tr>{rows}</table>
</body></html>
"""


def _picture(done: Calibration, wanted: float) -> str:
    points = " ".join(f"{_x(point.coverage):.1f},{_y(point.precision):.1f}" for point in done.curve)
    grid = "".join(
        f'<line class="axis" x1="{MARGIN}" x2="{WIDTH - 12}" y1="{_y(share):.1f}" y2="{_y(share):.1f}"/>'
        f'<text x="{MARGIN - 8}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    )
    feet = "".join(
        f'<text x="{_x(share):.1f}" y="{HEIGHT - MARGIN + 20}" text-anchor="{anchor}">{share:.0%}</text>'
        for share, anchor in ((0, "middle"), (0.2, "middle"), (0.4, "middle"), (0.6, "middle"), (0.8, "middle"), (1, "end"))
    )
    label = f"Precision against coverage; chosen: {done.coverage:.0%} answered, {done.precision:.0%} right"
    return f"""<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{grid}{feet}
<line class="wanted" x1="{MARGIN}" x2="{WIDTH - 12}" y1="{_y(wanted):.1f}" y2="{_y(wanted):.1f}"/>
<polyline class="curve" points="{points}"/>
<circle class="before" cx="{_x(done.before.coverage):.1f}" cy="{_y(done.before.precision):.1f}" r="6"><title>before</title></circle>
<circle class="chosen" cx="{_x(done.coverage):.1f}" cy="{_y(done.precision):.1f}" r="6"><title>chosen</title></circle>
<text x="{WIDTH - 12}" y="{HEIGHT - 8}" text-anchor="end">questions answered directly →</text>
<text x="{MARGIN}" y="16">answers that are right ↑ (dashed: what was asked for; ring: before)</text></svg>"""


def _x(share: float) -> float:
    return MARGIN + share * (WIDTH - MARGIN - 12)


def _y(share: float) -> float:
    return 28 + (1 - max(share, LOWEST)) / (1 - LOWEST) * (HEIGHT - MARGIN - 28)


def _best(curve: Sequence[Point], least: float) -> Optional[Point]:
    return max((point for point in curve if point.precision >= least), key=lambda point: point.coverage, default=None)


def _shown(share: Optional[float]) -> str:
    return "–" if share is None else f"{share:.1%}"
