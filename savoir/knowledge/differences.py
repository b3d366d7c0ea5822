"""What differs between two texts, side by side: line by line, and within a changed line word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Optional

AROUND = 2
"""Unchanged lines that are shown before and after a change."""
Words = list[tuple[str, bool]]
"""Pieces of a line, each with whether it is changed."""


@dataclass(frozen=True)
class Side:
    """A line of one text: its number from 1 and its words."""

    number: int
    words: Words


@dataclass(frozen=True)
class Row:
    """Two lines that stand beside each other; with `gap`, the number of unchanged lines that are left out here."""

    kind: Literal["same", "changed", "added", "removed", "gap"]
    old: Optional[Side] = None
    new: Optional[Side] = None
    gap: int = 0


def side_by_side(old: str, new: str) -> list[Row]:
    """The lines of both texts beside each other; empty when the texts are the same."""
    if old == new:
        return []
    before, after = old.splitlines(), new.splitlines()
    rows: list[Row] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            rows += [Row("same", Side(i + n + 1, [(before[i + n], False)]), Side(k + n + 1, [(before[i + n], False)])) for n in range(j - i)]
            continue
        for n in range(max(j - i, m - k)):
            mine = before[i + n] if i + n < j else None
            theirs = after[k + n] if k + n < m else None
            if mine is not None and theirs is not None:
                left, right = _words(mine, theirs)
                rows.append(Row("changed", Side(i + n + 1, left), Side(k + n + 1, right)))
            elif mine is not None:
                rows.append(Row("removed", Side(i + n + 1, [(mine, True)])))
            elif theirs is not None:
                rows.append(Row("added", None, Side(k + n + 1, [(theirs, True)])))
    return _with_gaps(rows)


def _words(old: str, new: str) -> tuple[Words, Words]:
    before, after = re.findall(r"\w+|\s+|[^\w\s]", old), re.findall(r"\w+|\s+|[^\w\s]", new)
    left: Words = []
    right: Words = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i < j:
            left.append(("".join(before[i:j]), kind != "equal"))
        if k < m:
            right.append(("".join(after[k:m]), kind != "equal"))
    return left, right


def _with_gaps(rows: list[Row]) -> list[Row]:
    near = {n for place, row in enumerate(rows) if row.kind != "same" for n in range(place - AROUND, place + AROUND + 1)}
    shown: list[Row] = []
    hidden = 0
    for place, row in enumerate(rows):
        if place in near:
            if hidden:
                shown.append(Row("gap", gap=hidden))
            hidden = 0
            shown.append(row)
        else:
            hidden += 1
    return [*shown, Row("gap", gap=hidden)] if hidden else shown
