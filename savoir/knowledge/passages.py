"""Articles cut into pieces that a question is compared with, and pieces cut to what fits in a chat answer."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

PASSAGE_WORDS = 110
OVERLAP_WORDS = 25
ANSWER_CHARACTERS = 600

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_ARTICLE_LINK = re.compile(r"\]\(article:([a-z0-9-]+)\)")
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

    @property
    def digest(self) -> str:
        """Tells whether a vector made earlier is still this piece's."""
        return hashlib.sha256(self.encoded.encode()).hexdigest()[:32]


def pieces_of(title: str, body: str, questions: list[str]) -> list[Piece]:
    """All that a question is compared with: title, sample questions, passages of about 110 words with the title in front."""
    found = [Piece("title", "", title, title)]
    found += [Piece("question", "", question, question) for question in questions]
    for heading, text in sections(body):
        for part in _passages(text):
            before = f"{title}. {heading}." if heading else f"{title}."
            found.append(Piece("passage", heading, part, f"{before} {plain(part)}"))
    return found


def sections(body: str) -> list[tuple[str, str]]:
    """The heading and the Markdown of each section, in order; what stands before the first heading has an empty one."""
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
    """Markdown as a chat shows it: links to the help centre, the rows of tables as list items."""
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
    return _ARTICLE_LINK.sub(rf"](/help/{language}/\1)", "\n".join(shown)).strip()


def _passages(text: str) -> list[str]:
    """Windows of about 110 words, each beginning 25 words before the end of the one before; lines are kept whole where they can be."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(text.split()) <= PASSAGE_WORDS * 1.3:
        return [text]
    units: list[str] = []
    for line in lines:
        units += _SENTENCE_END.split(line) if len(line.split()) > OVERLAP_WORDS else [line]
    windows: list[list[str]] = [[]]
    for unit in units:
        if windows[-1] and _count(windows[-1]) + len(unit.split()) > PASSAGE_WORDS:
            overlap: list[str] = []
            for earlier in reversed(windows[-1]):
                if _count(overlap) + len(earlier.split()) > OVERLAP_WORDS:
                    break
                overlap.insert(0, earlier)
            windows.append(overlap)
        windows[-1].append(unit)
    return ["\n".join(window) for window in windows]


def _count(units: list[str]) -> int:
    return sum(len(unit.split()) for unit in units)
