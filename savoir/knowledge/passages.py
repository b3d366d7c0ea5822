"""Articles cut into pieces that a question is compared with, and pieces cut to what fits in a chat answer."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import Optional

PASSAGE_WORDS = 110
OVERLAP_WORDS = 25
ANSWER_CHARACTERS = 600

PAGE_MARK = re.compile(r"^[ \t]*<!-- page (\d{1,5}) -->[ \t]*$", re.MULTILINE)
"""Stands in an article's Markdown where a page of the document begins that it was taken from."""
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_ARTICLE_LINK = re.compile(r"\]\(article:([a-z0-9-]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)[ \t]*\n?")
_MARKS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"”)*_])|(?<=[.!?…] »))\s+(?=\S)")


@dataclass(frozen=True)
class Piece:
    """A title, a sample question or some lines of an article. `text` is Markdown, `encoded` what the encoder gets."""

    kind: str
    heading: str
    text: str
    encoded: str
    page: Optional[int] = None
    """The page on which most of it stands, where the article was taken from a document with pages."""

    @property
    def digest(self) -> str:
        """Tells whether a vector made earlier is still this piece's."""
        return hashlib.sha256(self.encoded.encode()).hexdigest()[:32]


def pieces_of(title: str, body: str, questions: list[str]) -> list[Piece]:
    """All that a question is compared with: title, sample questions, passages of about 110 words with the title in front."""
    found = [Piece("title", "", title, title)]
    found += [Piece("question", "", question, question) for question in questions]
    page: Optional[int] = None
    for heading, text in _sections(body):
        for part, begins in _passages(text, page):
            before = f"{title}. {heading}." if heading else f"{title}."
            found.append(Piece("passage", heading, part, f"{before} {plain(part)}", begins))
        page = next((int(number) for number in reversed(PAGE_MARK.findall(text))), page)
    return found


def sections(body: str) -> list[tuple[str, str]]:
    """The heading and the Markdown of each section, in order; what stands before the first heading has an empty one."""
    bare = ((heading, without_pages(text)) for heading, text in _sections(body))
    return [(heading, text) for heading, text in bare if text]


def without_pages(markdown: str) -> str:
    """The Markdown without the marks of pages."""
    return re.sub(r"\n{3,}", "\n\n", PAGE_MARK.sub("", markdown)).strip() if "<!-- page" in markdown else markdown


def plain(markdown: str) -> str:
    """The words of Markdown, without its marks; blocks run into one line."""
    lines = (_ITEM.sub("", line.lstrip("> ")).strip() for line in markdown.splitlines())
    return re.sub(r"\s+", " ", _MARKS.sub("", _LINK.sub(r"\1", " ".join(lines)))).strip()


def shortened(markdown: str, most: int = ANSWER_CHARACTERS) -> str:
    """The first blocks, list items or sentences that fit into `most` characters; at least a part of the first sentence."""
    if len(markdown) <= most:
        return markdown.strip()
    kept: list[str] = []
    for line in markdown.splitlines():
        if len("\n".join([*kept, line])) <= most:
            kept.append(line)
            continue
        room = most - len("\n".join(kept)) - 1
        sentences = _SENTENCE_END.split(line)
        fitting = ""
        for sentence in sentences:
            if len(fitting) + len(sentence) + 1 > room:
                break
            fitting = f"{fitting} {sentence}".strip()
        if fitting and not _ITEM.match(line):
            kept.append(fitting)
        break
    text = "\n".join(kept).strip()
    if text.endswith(":"):  # a sentence that announces a list is nothing without it
        text = text.rsplit("\n", 1)[0].strip() if "\n" in text else text
    return text or markdown[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def for_chat(markdown: str, language: str) -> str:
    """Markdown as a chat shows it: links to the help centre, the rows of tables as list items, no pictures."""
    shown: list[str] = []
    columns: list[str] = []
    for line in markdown.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []
        if not cells:
            columns = []
            shown.append(line)
        elif not columns:
            columns = cells
        elif not all(set(cell) <= set(":- ") for cell in cells):
            named = [f"{column}: {cell}" if len(cells) > 2 and column else cell for column, cell in zip(columns[1:], cells[1:], strict=False)]
            shown.append(f"- **{cells[0]}**{' :' if language == 'fr' else ':'} {', '.join(named)}")
    text = _PICTURE.sub("", without_pages("\n".join(shown)))
    return _ARTICLE_LINK.sub(rf"](/help/{language}/\1)", text).strip()


def _sections(body: str) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    is_code = False
    for line in body.strip().splitlines():
        is_code ^= line.lstrip().startswith("```")
        heading = None if is_code else _HEADING.match(line)
        if heading:
            found.append((plain(heading[1]), []))
        else:
            found[-1][1].append(line)
    return [(heading, text) for heading, lines in found if (text := "\n".join(lines).strip())]


def _passages(text: str, page: Optional[int]) -> list[tuple[str, Optional[int]]]:
    """Windows of about 110 words, each beginning 25 words before the end of the one before, with the page that most of each stands on; lines
    are kept whole where they can be. `page` is that on which the text begins."""
    lines: list[tuple[str, Optional[int]]] = []
    for line in text.splitlines():
        mark = PAGE_MARK.match(line)
        if mark:
            page = int(mark[1])
        elif line.strip():
            lines.append((line, page))
    if not lines:
        return []
    bare = without_pages(text)
    if len(bare.split()) <= PASSAGE_WORDS * 1.3:
        return [(bare, _page_of(lines))]
    units: list[tuple[str, Optional[int]]] = []
    for line, begins in lines:
        units += [(part, begins) for part in (_SENTENCE_END.split(line) if len(line.split()) > OVERLAP_WORDS else [line])]
    windows: list[list[tuple[str, Optional[int]]]] = [[]]
    for unit, begins in units:
        if windows[-1] and _count(windows[-1]) + len(unit.split()) > PASSAGE_WORDS:
            overlap: list[tuple[str, Optional[int]]] = []
            for earlier in reversed(windows[-1]):
                if _count(overlap) + len(earlier[0].split()) > OVERLAP_WORDS:
                    break
                overlap.insert(0, earlier)
            windows.append(overlap)
        windows[-1].append((unit, begins))
    return [("\n".join(unit for unit, _ in window), _page_of(window)) for window in windows]


def _page_of(units: list[tuple[str, Optional[int]]]) -> Optional[int]:
    """The page that most of the words stand on."""
    words: Counter[Optional[int]] = Counter()
    for unit, page in units:
        words[page] += len(unit.split())
    return max(words, key=lambda page: words[page])


def _count(units: list[tuple[str, Optional[int]]]) -> int:
    return sum(len(unit.split()) for unit, _ in units)
