"""The picture of the flows: columns from the customer's intent to the last answer, as one HTML page with an SVG a topic."""

from __future__ import annotations

import html
import textwrap
from collections import defaultdict
from dataclasses import dataclass

from savoir.learning.flows import Node, Spoken, Topic

WIDTH, GAP_X, GAP_Y, LINE, PADDING = 350, 70, 14, 16, 10
LETTERS = 47
"""That many letters of the picture's font fit into a box."""
MOST_SAID = 12
STYLE = """
:root{--ink:#1d2433;--soft:#5b6475;--paper:#f6f7f9;--box:#fff;--line:#c3c9d4;--intent:#dcebff;--form:#fdf0d2;--action:#e3f4e6;--response:#efe7fb}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebf2;--soft:#a4adbd;--paper:#12151c;--box:#1b202b;--line:#485063;--intent:#1c3557;--form:#4a3a12;--action:#17402a;
--response:#372457}}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:1900px;padding:0 1.5rem}
h2{margin:2.5rem 0 .5rem}nav a{margin-right:1rem;color:inherit}.key span{display:inline-block;padding:.1rem .6rem;margin-right:.6rem;border-radius:.4rem;border:1px solid var(--line)}
.scroll{overflow-x:auto}svg text{font:12.5px system-ui,sans-serif;fill:var(--ink)}svg .name{font-weight:650}svg .soft{fill:var(--soft)}svg rect{stroke:var(--line)}
svg path{fill:none;stroke:var(--soft);stroke-width:1.3}.intent{fill:var(--intent);background:var(--intent)}.form{fill:var(--form);background:var(--form)}
.action{fill:var(--action);background:var(--action)}.response{fill:var(--response);background:var(--response)}
""".strip()
KEY = {"intent": "what the customer means", "form": "a form: its questions in order", "action": "an action and what it may say", "response": "a text"}


@dataclass
class _Box:
    node: Node
    lines: list[tuple[str, str]]
    column: int
    y: float = 0.0

    @property
    def height(self) -> int:
        return len(self.lines) * LINE + 2 * PADDING

    @property
    def x(self) -> int:
        return self.column * (WIDTH + GAP_X)


def page(topics: list[Topic], language: str) -> str:
    """The whole page, without anything from elsewhere."""
    sections = "\n".join(
        f'<section id="{html.escape(topic.name)}"><h2>{html.escape(topic.name)}</h2><div class="scroll">{picture(topic)}</div></section>' for topic in topics
    )
    links = "".join(f'<a href="#{html.escape(topic.name)}">{html.escape(topic.name)}</a>' for topic in topics)
    key = "".join(f'<span class="{kind}">{text}</span>' for kind, text in KEY.items())
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Conversation flows</title><style>{STYLE}</style></head>\n<body><h1>Conversation flows</h1><nav>{links}</nav>"
        f'<p class="key">{key}</p>\n{sections}\n</body></html>\n'
    )


def picture(topic: Topic) -> str:
    """The SVG of one topic."""
    boxes = _placed(topic)
    height = max(box.y + box.height for box in boxes.values()) + 2
    width = max(box.x for box in boxes.values()) + WIDTH + 2
    parts = [f'<svg width="{width}" height="{height:.0f}" viewBox="-1 -1 {width} {height:.0f}" role="img" aria-label="{html.escape(topic.name)}">']
    for one, other in topic.edges:
        parts.append(_arrow(boxes[one], boxes[other]))
    parts += [_drawn(box) for box in boxes.values()]
    return "".join([*parts, "</svg>"])


def _placed(topic: Topic) -> dict[str, _Box]:
    """Each node in the column after its farthest predecessor, near the middle of those that lead to it."""
    columns = _columns(topic)
    boxes = {key: _Box(node, _lines(node), columns[key]) for key, node in topic.nodes.items()}
    into: dict[str, list[str]] = defaultdict(list)
    for one, other in topic.edges:
        into[other].append(one)
    first = {key: number for number, key in enumerate(boxes)}
    for column in range(max(columns.values()) + 1):
        here = [key for key in boxes if columns[key] == column]
        middle = {key: _middle([boxes[one] for one in into[key] if columns[one] < column]) for key in here}
        free = 0.0
        for key in sorted(here, key=lambda key: (middle[key], first[key])):
            box = boxes[key]
            box.y = max(free, middle[key] - box.height / 2)
            free = box.y + box.height + GAP_Y
    _align_first(boxes, topic)
    return boxes


def _align_first(boxes: dict[str, _Box], topic: Topic) -> None:
    """The first column once more, each beside what it leads to."""
    leads = {key: [boxes[other] for one, other in topic.edges if one == key] for key, box in boxes.items() if box.column == 0}
    free = 0.0
    for key in sorted(leads, key=lambda key: _middle(leads[key])):
        box = boxes[key]
        box.y = max(free, min(target.y + min(target.height / 2, 40) for target in leads[key]) - box.height / 2 if leads[key] else 0)
        free = box.y + box.height + GAP_Y


def _columns(topic: Topic) -> dict[str, int]:
    columns = dict.fromkeys(topic.nodes, 0)
    for _ in topic.nodes:  # a circle stops after as many rounds as there are nodes
        changed = False
        for one, other in topic.edges:
            if columns[other] < columns[one] + 1 <= len(KEY) + 1:
                columns[other], changed = columns[one] + 1, True
        if not changed:
            break
    return columns


def _middle(boxes: list[_Box]) -> float:
    return sum(box.y + box.height / 2 for box in boxes) / len(boxes) if boxes else 0.0


def _lines(node: Node) -> list[tuple[str, str]]:
    lines = [("name", node.name)]
    for number, spoken in enumerate(node.says[:MOST_SAID], 1):
        head = f"{number}. {spoken.name}" if node.kind == "form" else spoken.name if node.kind == "action" else ""
        lines += [("", head)] if head else []
        lines += _said(spoken)
    if len(node.says) > MOST_SAID:
        lines.append(("soft", f"… and {len(node.says) - MOST_SAID} more"))
    if node.sends:
        lines += [("soft", line) for line in textwrap.wrap("buttons → " + ", ".join(node.sends), LETTERS)]
    return lines


def _said(spoken: Spoken) -> list[tuple[str, str]]:
    words = textwrap.shorten(" ".join(spoken.text.replace("**", "").split()), 2 * LETTERS, placeholder=" …")
    lines = [("soft", line) for line in textwrap.wrap(f"“{words}”", LETTERS)] if words else []
    for title, intent in spoken.buttons:
        lines += [("soft", line) for line in textwrap.wrap(f"[{title}] → {intent}", LETTERS)]
    return lines


def _drawn(box: _Box) -> str:
    parts = [f'<rect class="{box.node.kind}" x="{box.x}" y="{box.y:.0f}" width="{WIDTH}" height="{box.height}" rx="7"/>']
    for number, (style, text) in enumerate(box.lines):
        y = box.y + PADDING + (number + 0.75) * LINE
        parts.append(f'<text class="{style}" x="{box.x + PADDING}" y="{y:.0f}">{html.escape(text)}</text>')
    return "".join(parts)


def _arrow(one: _Box, other: _Box) -> str:
    x, y = one.x + WIDTH, one.y + min(one.height / 2, 40)
    to_x, to_y = other.x, other.y + min(other.height / 2, 40)
    if to_x <= x:  # back: around below
        x, to_x = one.x + WIDTH // 2, other.x + WIDTH // 2
        y, to_y = one.y + one.height, other.y + other.height
        low = max(y, to_y) + GAP_Y
        return f'<path d="M{x} {y:.0f} C{x} {low:.0f} {to_x} {low:.0f} {to_x} {to_y:.0f}"/>'
    bend = GAP_X / 2
    curve = f"M{x:.0f} {y:.0f} C{x + bend:.0f} {y:.0f} {to_x - bend:.0f} {to_y:.0f} {to_x - 6:.0f} {to_y:.0f}"
    return f'<path d="{curve}"/><path d="M{to_x - 7:.0f} {to_y - 4:.0f} l6 4 l-6 4"/>'
