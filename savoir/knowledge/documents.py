"""HTML, DOCX and PDF files as articles, alike: a title, a language, Markdown, pictures, and what `FILE.yml` says; long ones cut."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from pathlib import Path, PurePosixPath
from typing import Callable, Mapping, Optional
from urllib.parse import unquote, urlsplit

import mammoth

from savoir.core.errors import Problem
from savoir.core.text import words

from . import cutting, html_pages, pdf_manuals, pictures
from .front_matter import Faults, FileFault, beside
from .keeping import LONGEST_ID, LONGEST_TITLE
from .pictures import Picture
from .tables import LANGUAGES
from .terms import language_of

SUFFIXES = (".html", ".htm", ".docx", ".pdf")
UNREADABLE = {".doc": ".docx", ".dot": ".docx", ".odt": ".docx", ".rtf": ".docx", ".pages": ".docx", ".pptx": ".pdf", ".ppt": ".pdf"}
"""Documents that can't be read, and what to save each as."""
_TONGUE = re.compile(r"[._-](fr|en)$")
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


@dataclass
class Document:
    """A document that was read, not yet articles."""

    title: str
    markdown: str
    language: str = ""
    updated: Optional[date] = None
    pictures: dict[str, Picture] = field(default_factory=dict)
    """By the name under which `markdown` shows each."""


@dataclass(frozen=True)
class ArticleFile:
    """An article as its file says it. `first_line` is where the body begins, from 1; `is_part`: of a document that may have
    others; `is_draft`: waits behind what is published."""

    path: Path
    id: str
    language: str
    title: str
    body: str
    updated: date
    products: list[str]
    categories: list[str]
    questions: list[str]
    published: bool
    first_line: int = 1
    valid_from: Optional[date] = None
    valid_until: Optional[date] = None
    source: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    is_part: bool = False
    is_draft: bool = False


@dataclass
class Reading:
    """One import: where it begins, what went wrong, what is worth knowing, and the id of each page that others link to, by its file
    and by its address on the site."""

    root: Path
    faults: Faults = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ids: dict[Path, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    progress: Callable[[str], None] = lambda _: None

    @property
    def base(self) -> Path:
        """The folder that is imported, or in which the file lies that is."""
        return self.root if self.root.is_dir() else self.root.parent

    def fault(self, path: Path, message: str) -> None:
        """What is wrong with a file."""
        self.faults.append((path, FileFault(0, message)))

    def note(self, path: Path, message: str) -> None:
        """What was left out of a file."""
        self.notes.append(f"{pictures.relative(self.base, path)}: {message}")


def read_document(path: Path, reading: Reading, updated: Optional[date] = None) -> list[ArticleFile]:
    """The articles of a document; none where something is wrong with it. `updated` is what a site map says."""
    before = len(reading.faults)
    about = beside(path, reading.faults)
    document = _READERS[path.suffix.lower()](path, reading)
    if about is None or document is None or len(reading.faults) > before:
        return []
    told = [part for part in path.relative_to(reading.base).parts[:-1] if part in LANGUAGES]
    stem = _TONGUE.search(path.stem.lower())
    language = about.language or document.language or (stem[1] if stem else "") or (told[-1] if told else "") or language_of(document.markdown)
    if language not in LANGUAGES:
        reading.fault(path, f"its language can't be told; write `language: fr` or `language: en` in {path.name}.yml beside it")
        return []
    title = (about.title or document.title or path.stem.replace("-", " ").replace("_", " ")).strip()[:LONGEST_TITLE]
    if not words(document.markdown):
        reading.fault(path, "there is no text in it")
        return []
    whole = ArticleFile(
        path, reading.ids.get(path.resolve()) or about.id or id_of(path), language, title, document.markdown,
        about.updated or updated or document.updated or _changed(path), about.products, about.categories, about.questions, about.published,
        valid_from=about.valid_from, valid_until=about.valid_until, source=pictures.relative(reading.base, path),
        pictures=document.pictures, is_part=True,
    )
    return [whole] if path.suffix.lower() in (".html", ".htm") else _parts(whole, reading)


def id_of(path: Path) -> str:
    """The id of a file by its name: `Nova 6 (notice).fr.pdf` is `nova-6-notice`; that of an index page is its folder's."""
    stem = _TONGUE.sub("", path.stem.lower()) if path.stem.lower() not in ("index", "default") else path.parent.name
    return slug(stem) or "article"


def plain_address(address: str) -> str:
    """An address without scheme, query, fragment and what servers add: the same for the same page."""
    parts = urlsplit(address)
    path = re.sub(r"/?(?:index|default)?(?:\.html?)?/?$", "", unquote(parts.path))
    return f"{parts.netloc.lower()}{path}" if parts.netloc else ""


def slug(text: str, most: int = LONGEST_ID) -> str:
    """A text as an id."""
    return "-".join(words(text))[:most].strip("-")


def _parts(whole: ArticleFile, reading: Reading) -> list[ArticleFile]:
    parts = cutting.cut(whole.body)
    if len(parts) < 2:
        return [whole]
    if whole.questions:
        reading.fault(whole.path, f"it becomes {len(parts)} articles, so `questions` can't be said of it; leave them out of {whole.path.name}.yml")
    found: list[ArticleFile] = []
    taken: set[str] = set()
    for part in parts:
        name = part.headings[-1] if part.headings else ""
        id = base = f"{whole.id[:40].strip('-')}-{slug(name, 36)}".strip("-") if name else whole.id
        number = 2
        while id in taken:
            id, number = f"{base}-{number}", number + 1
        taken.add(id)
        title = (f"{name} – {whole.title}" if name else whole.title)[:LONGEST_TITLE]
        mine = {shown: whole.pictures[shown] for shown in pictures.shown_in(part.body) if shown in whole.pictures}
        found.append(replace(whole, id=id, title=title, body=part.body, pictures=mine))
    return found


def _html(path: Path, reading: Reading) -> Optional[Document]:
    kept: dict[str, Picture] = {}

    def link(address: str) -> Optional[str]:
        parts = urlsplit(address)
        if (known := reading.addresses.get(plain_address(address))) is not None:
            return f"article:{known}"
        if parts.scheme in ("http", "https", "mailto", "tel"):
            return address
        if parts.scheme or (not parts.path and parts.fragment):
            return None
        file = _local(path, parts.path, reading.base)
        named = (file, file.with_name(f"{file.name}.html"), file.with_name(f"{file.name}.htm"), file / "index.html", file / "index.htm")
        id = next((reading.ids[one] for one in named if one in reading.ids), None)
        return f"article:{id}" if id else None

    def picture(address: str) -> Optional[str]:
        if not address or address.startswith("data:"):
            return None
        file = _local(path, urlsplit(address).path, reading.base)
        if not file.is_file() or not file.is_relative_to(reading.base.resolve()):
            reading.note(path, f"the picture {address[:120]} was left out: it is not on disk")
            return None
        return take_picture(file, path, reading, kept)

    page = html_pages.read_page(html_pages.parsed(path.read_bytes()), link=link, picture=picture)
    return Document(page.title, page.markdown, page.language, page.updated, kept)


def take_picture(file: Path, shown_by: Path, reading: Reading, kept: dict[str, Picture]) -> Optional[str]:
    """A picture's address in an article, once it is in `kept`; None where it can't be taken, which is a fault."""
    try:
        found = pictures.looked_at(pictures.relative(reading.base, file), file.read_bytes())
    except Problem as problem:
        reading.fault(shown_by, problem.detail)
        return None
    kept[found.name] = found
    return pictures.SCHEME + found.name


def _docx(path: Path, reading: Reading) -> Optional[Document]:
    kept: dict[str, Picture] = {}

    def image(found: mammoth.images.Image) -> dict[str, str]:
        with found.open() as file:
            content = file.read()
        try:
            taken = pictures.looked_at(f"{id_of(path)}/{len(kept) + 1}", content)
        except Problem as problem:
            reading.note(path, f"a picture was left out: {problem.detail}")
            return {"src": ""}
        kept[taken.name] = taken
        return {"src": pictures.SCHEME + taken.name}

    try:
        with path.open("rb") as file:
            html = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=mammoth.images.img_element(image)).value
        updated = _docx_day(path)
    except Exception as error:  # what zip and XML readers raise on a broken file
        reading.fault(path, f"this is not a DOCX that can be read: {error}")
        return None
    page = html_pages.read_page(
        html_pages.parsed(html.encode()), link=lambda a: a if urlsplit(a).scheme in ("http", "https", "mailto", "tel") else None, picture=lambda a: a or None
    )
    return Document(page.title, page.markdown, "", updated, kept)


def _docx_day(path: Path) -> Optional[date]:
    with zipfile.ZipFile(path) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return None
        found = re.search(rb"<dcterms:modified[^>]*>([^<]+)<", archive.read("docProps/core.xml"))
    return html_pages.day_in(found[1].decode("ascii", "replace")) if found else None


def _pdf(path: Path, reading: Reading) -> Optional[Document]:
    try:
        manual = pdf_manuals.read_manual(path, lambda page, pages: reading.progress(f"{path.name}: page {page} of {pages}"))
    except Problem as problem:
        reading.fault(path, problem.detail)
        return None
    return Document(manual.title, manual.markdown, manual.language, manual.updated)


def _local(page: Path, address: str, base: Path) -> Path:
    """The file that an address in a page means."""
    path = PurePosixPath(unquote(address))
    return ((base if path.is_absolute() else page.parent) / str(path).lstrip("/")).resolve()


def _changed(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).date()


_READERS: dict[str, Callable[[Path, Reading], Optional[Document]]] = {".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf}
