"""The lines of a PDF in the order of reading, each with its page, its size and its weight; what repeats at the edge of pages left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFNoOutlines, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from savoir.core.errors import invalid
from savoir.core.text import fold

EDGE = 0.09
"""The part of a page's height, at its top and at its foot, where running titles and page numbers stand."""
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "", "\u00a0": " ", "\u200b": ""})


@dataclass(frozen=True)
class Line:
    """A line of text. `size` in points, to the half; `block` numbers the paragraphs and columns of a page as they stand."""

    text: str
    page: int
    block: int
    size: float
    is_bold: bool
    at_edge: bool


@dataclass(frozen=True)
class Pdf:
    """What is in a PDF. `outline`: the folded titles of its bookmarks with their depth, from 1."""

    lines: list[Line]
    pages: int
    title: str
    modified: str
    language: str
    outline: dict[str, int]


def read_pdf(path: Path, progress: Callable[[int, int], None] = lambda page, pages: None) -> Pdf:
    """Reads a PDF. Raises a problem for a file that is none, is locked, or has pictures of text instead of text."""
    try:
        with path.open("rb") as file:
            document = PDFDocument(PDFParser(file))
            if not document.is_extractable:
                raise invalid("locked-document", "it forbids taking text out of it; save it without that protection")
            info = {name: _text(value) for name, value in (document.info[0] if document.info else {}).items()}
            language, outline = _text(document.catalog.get("Lang")), _outline(document)
            pages = int(resolve1(resolve1(document.catalog["Pages"])["Count"]))
        lines: list[Line] = []
        for number, layout in enumerate(extract_pages(path, laparams=LAParams()), 1):
            lines += _lines(layout, number)
            progress(number, pages)
    except PDFPasswordIncorrect:
        raise invalid("locked-document", "it is locked by a password; save it without") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError) as error:  # as pdfminer's are, too
        raise invalid("bad-document", f"this is not a PDF that can be read: {error or type(error).__name__}") from None
    except Exception as error:
        if type(error).__module__.startswith("pdfminer"):
            raise invalid("bad-document", f"this is not a PDF that can be read: {error or type(error).__name__}") from None
        raise
    shown = "".join(line.text for line in lines)
    if len(shown) < 20 * max(1, pages // 10):
        raise invalid("no-text", f"there is no text on its {pages} pages, only pictures: run it through text recognition (OCR) first")
    if shown.count("(cid:") * 6 > len(shown) * 0.05:
        raise invalid("no-text", "its letters can't be told (the fonts have no table): print it to a PDF anew, or run text recognition (OCR)")
    return Pdf(_without_edges(lines, pages), pages, info.get("Title", "").strip(), info.get("ModDate", "") or info.get("CreationDate", ""), language, outline)


def _lines(layout: Any, page: int) -> list[Line]:
    found: list[Line] = []
    for block, box in enumerate(part for part in layout if isinstance(part, LTTextContainer)):
        for line in box if not isinstance(box, LTTextLine) else [box]:
            letters = [one for one in line if isinstance(one, LTChar) and one.get_text().strip()] if isinstance(line, LTTextLine) else []
            text = re.sub(r"\s+", " ", line.get_text().translate(_LIGATURES)).strip() if letters else ""
            if not text:
                continue
            size = Counter(round(one.size * 2) / 2 for one in letters).most_common(1)[0][0]
            bold = sum(bool(re.search(r"bold|black|heavy|semibold|demi", one.fontname, re.IGNORECASE)) for one in letters)
            middle = ((line.y0 + line.y1) / 2 - layout.y0) / (layout.height or 1)
            found.append(Line(text, page, block, size, bold > 0.8 * len(letters), middle < EDGE or middle > 1 - EDGE))
    return found


def _without_edges(lines: list[Line], pages: int) -> list[Line]:
    """Running titles and page numbers are at the edge, and on several pages but for their numbers."""
    seen: dict[str, set[int]] = {}
    for line in lines:
        if line.at_edge:
            seen.setdefault(re.sub(r"\d+", "#", fold(line.text)), set()).add(line.page)

    def repeats(line: Line) -> bool:
        masked = re.sub(r"\d+", "#", fold(line.text))
        return line.at_edge and (len(seen[masked]) >= min(3, max(2, pages // 2)) or bool(re.fullmatch(r"(?:page |p\. ?)?#(?: ?(?:/|sur|of) ?#)?", masked)))

    return [line for line in lines if not repeats(line)]


def _outline(document: PDFDocument) -> dict[str, int]:
    try:
        return {fold(" ".join(str(title).split())): int(level) for level, title, *_ in document.get_outlines()}
    except PDFNoOutlines:
        return {}
    except Exception:  # a broken outline takes nothing from the text
        return {}


def _text(value: Any) -> str:
    value = resolve1(value)
    if isinstance(value, bytes):
        return decode_text(value)
    return str(value) if isinstance(value, str) else ""


def body_size(lines: list[Line]) -> float:
    """The size that most of the text has."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    found: Optional[tuple[float, int]] = max(sizes.items(), key=lambda one: one[1], default=None)
    return found[0] if found else 0.0
