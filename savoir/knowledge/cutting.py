"""Long documents cut into articles: along their headings, as coarse as the length of an article allows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from savoir.core.text import words

from .passages import PAGE_MARK, plain, without_pages

MOST_WORDS = 1200
"""Words of an article; what has more is cut at its headings, if it has any."""
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")


@dataclass(frozen=True)
class Part:
    """A part of a document: the headings that lead to it, and its Markdown without them."""

    headings: tuple[str, ...]
    body: str


def cut(markdown: str) -> list[Part]:
    """The parts of a document in order; only one when it is short or has no headings. Marks of pages are kept, and each part says on
    which page it begins."""
    found: list[Part] = []
    _cut(markdown.strip().splitlines(), (), 0, found)
    return found


def _cut(lines: list[str], headings: tuple[str, ...], page: int, found: list[Part]) -> None:
    levels = [len(match[1]) for line in lines if (match := _HEADING.match(line))]
    if not levels or len(" ".join(lines).split()) <= MOST_WORDS:
        _add(lines, headings, page, found)
        return
    level = min(levels)
    part: list[str] = []
    trail, begins = headings, page
    for line in lines:
        mark, match = PAGE_MARK.match(line), _HEADING.match(line)
        if mark:
            page = int(mark[1])
        if match and len(match[1]) == level:
            _add(part, trail, begins, found) if trail is headings else _cut(part, trail, begins, found)
            part, trail, begins = [], (*headings, plain(match[2])), page
        else:
            part.append(line)
    _cut(part, trail, begins, found)


def _add(lines: list[str], headings: tuple[str, ...], page: int, found: list[Part]) -> None:
    body = "\n".join(lines).strip()
    if not words(without_pages(re.sub(r"^#{1,6}\s.*$", "", body, flags=re.MULTILINE))):
        return  # a heading and nothing under it
    if page and not PAGE_MARK.match(body.split("\n", 1)[0]):
        body = f"<!-- page {page} -->\n\n{body}"
    found.append(Part(headings, re.sub(r"(?:\n\s*<!-- page \d+ -->\s*)+\Z", "", body)))
