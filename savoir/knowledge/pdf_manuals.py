"""PDF manuals as Markdown: headings by bookmarks, size and weight, paragraphs and lists joined, a mark where each page begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Callable, Optional

from savoir.core.text import fold

from .pdf_lines import Line, Pdf, body_size, read_pdf

LARGER = 1.12
"""How much larger than the text a heading is."""
LONGEST_HEADING = 150
DEEPEST = 4
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+$|…\s*\d+$")
_BULLET = re.compile(r"^(?:[•●▪■◦‣▸►–—∙·]|[-*](?=\s))\s*")
_STEP = re.compile(r"^(\d{1,2})[.)]\s+")
_NUMBERED = re.compile(r"^\d+(?:\.\d+)*\.?\s+")


@dataclass(frozen=True)
class Manual:
    """A manual as Markdown, with `<!-- page N -->` where page N begins."""

    title: str
    markdown: str
    language: str
    updated: Optional[date]
    pages: int


@dataclass
class _Block:
    """A heading (level from 1), a list item (`is_item`) or a paragraph (level 0)."""

    text: str
    page: int
    level: int = 0
    is_item: bool = False


def read_manual(path: Path, progress: Callable[[int, int], None] = lambda page, pages: None) -> Manual:
    """Reads a PDF. Raises a problem that says what is wrong with it."""
    pdf = read_pdf(path, progress)
    lines = [line for line in pdf.lines if not _is_contents(line, pdf)]
    levels = _levels(lines, pdf)
    title, lines = _title(pdf, lines, levels)
    found = re.match(r"D:(\d{4})(\d\d)(\d\d)", pdf.modified)
    try:
        updated = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        updated = None
    return Manual(title, _markdown(_blocks(lines, levels)), pdf.language[:2].lower(), updated, pdf.pages)


def _is_contents(line: Line, pdf: Pdf) -> bool:
    """A line of a table of contents: its page number comes after dots, or after a bookmark's title."""
    return bool(_CONTENTS.search(line.text)) or (bool(re.search(r"\s\d+$", line.text)) and fold(re.sub(r"\s\d+$", "", line.text)) in pdf.outline)


def _levels(lines: list[Line], pdf: Pdf) -> dict[int, int]:
    """The level of each line that is a heading, by its place."""
    text = body_size(lines)
    sizes = sorted({line.size for line in lines if line.size >= text * LARGER and _can_head(line)}, reverse=True)
    bold = sum(len(line.text) for line in lines if line.is_bold)
    bold_heads = bold < 0.25 * sum(len(line.text) for line in lines)
    alone = {(line.page, line.block) for line in lines}
    for line in lines:
        if not line.is_bold:
            alone.discard((line.page, line.block))
    deepest = max(pdf.outline.values(), default=0)
    found: dict[int, int] = {}
    for place, line in enumerate(lines):
        known = pdf.outline.get(fold(line.text)) or pdf.outline.get(fold(_NUMBERED.sub("", line.text)))
        if known:
            found[place] = min(known, DEEPEST)
        elif line.size in sizes and _can_head(line):
            found[place] = min(deepest + 1 if deepest else sizes.index(line.size) + 1, DEEPEST)
        elif bold_heads and line.is_bold and (line.page, line.block) in alone and _can_head(line) and not line.text.endswith((".", ":", ";", ",")):
            found[place] = min((deepest or len(sizes)) + 1, DEEPEST)
    return found


def _can_head(line: Line) -> bool:
    return len(line.text) <= LONGEST_HEADING and bool(re.search(r"[^\W\d_]{2}", line.text)) and not _BULLET.match(line.text)


def _title(pdf: Pdf, lines: list[Line], levels: dict[int, int]) -> tuple[str, list[Line]]:
    """The manual's title: as it says of itself, else the largest words of its first page. What stands large on the first page is no heading
    where nothing else has that size."""
    first = [place for place, line in enumerate(lines) if line.page == 1 and place in levels]
    largest = max((lines[place].size for place in first), default=0.0)
    cover = [place for place in first if lines[place].size == largest and fold(lines[place].text) not in pdf.outline]
    others = [line for place, line in enumerate(lines) if place in levels and place not in cover and line.size >= largest]
    said = pdf.title if pdf.title and not re.search(r"^untitled|\.(?:docx?|indd|odt|fm|pdf)$|^microsoft word", pdf.title, re.IGNORECASE) else ""
    if not cover or (others and not said):
        return said, lines
    if not others:
        shown = " ".join(lines[place].text for place in cover)
        sizes = sorted({lines[place].size for place in levels if place not in cover}, reverse=True)
        kept: list[Line] = []
        moved: dict[int, int] = {}
        for place, line in enumerate(lines):
            if place in cover:
                continue
            if place in levels:
                by_size = sizes.index(line.size) + 1 if not pdf.outline else levels[place]
                moved[len(kept)] = min(by_size, levels[place])
            kept.append(line)
        levels.clear()
        levels.update(moved)
        return said or shown, kept
    return said, lines


def _blocks(lines: list[Line], levels: dict[int, int]) -> list[_Block]:
    found: list[_Block] = []
    before: Optional[Line] = None
    for place, line in enumerate(lines):
        level = levels.get(place, 0)
        last = found[-1] if found else None
        goes_on = last is not None and before is not None and before.page == line.page and before.block == line.block
        bullet, step = _BULLET.match(line.text), _STEP.match(line.text)
        if level:
            if goes_on and last is not None and last.level == level and before is not None and before.size == line.size and len(last.text) < LONGEST_HEADING:
                last.text = _joined(last.text, line.text)
            else:
                found.append(_Block(line.text, line.page, level))
        elif bullet or step:
            text = f"- {line.text[bullet.end():]}" if bullet else f"{step[1]}. {line.text[step.end():]}" if step else line.text
            found.append(_Block(text, line.page, is_item=True))
        elif last is not None and not last.level and (
            goes_on or (last.page == line.page and _breaks_off(last.text) and line.text[:1].islower())
        ):
            last.text = _joined(last.text, line.text)
        else:
            found.append(_Block(line.text, line.page))
        before = line
    return found


def _breaks_off(text: str) -> bool:
    return not text.rstrip().endswith((".", "!", "?", ":", ";", "»", "…"))


def _joined(before: str, after: str) -> str:
    """Two lines of one paragraph; a word cut at the end of a line is whole again."""
    if re.search(r"[^\W\d_]-$", before) and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}"


def _markdown(blocks: list[_Block]) -> str:
    lines: list[str] = []
    page = 0
    was_item = False
    for block in blocks:
        if block.page != page:
            page = block.page
            lines += ["", f"<!-- page {page} -->", ""]
            was_item = False
        text = re.sub(r"^([#>|])", r"\\\1", block.text)
        if not (block.is_item and was_item):
            lines.append("")
        lines.append(f"{'#' * (block.level + 1)} {text}" if block.level else text)
        was_item = block.is_item
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
