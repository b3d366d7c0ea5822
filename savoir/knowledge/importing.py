"""Import of articles: Markdown with front matter and pictures beside it, HTML, DOCX and PDF, a site saved with its site map.

All files are checked first; of a folder with a fault nothing is taken.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Callable, Optional
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from savoir.core.clock import now
from savoir.core.importing import Fault

from . import documents, pictures, revisions, service, sitemaps
from .documents import ArticleFile as ArticleFile
from .documents import Reading
from .front_matter import Faults, FileFault, lines_of, read_about
from .keeping import Content

MARKDOWN = (".md", ".markdown")
_LINK = re.compile(r"\]\(article:([^)\s#]*)")


class FaultyFolder(Exception):
    """A folder that can't be imported; `faults` says why, file by file and line by line."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        named = "; ".join(f"{path.name}: {fault}" for path, fault in faults[:3])
        super().__init__(f"{folder}: {len(faults)} fault(s); nothing was imported ({named}{'; …' if len(faults) > 3 else ''})")
        self.folder, self.faults = folder, faults


def import_folder(
    session: Session, path: Path, *, author: str = "import", notes: Optional[list[str]] = None,
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Takes in every article under a folder, or one file; articles known already are brought up to date, others are left alone.

    Articles that came out of an earlier version of the same document, and are no part of it any more, are withdrawn. Returns how many
    articles there were; what was left out is added to `notes`. Raises FaultyFolder naming every bad file and line; call
    `service.encode_missing` after.
    """
    files = read_folder(path, known={str(row.id) for row in revisions.every_article(session)}, notes=notes, progress=progress)
    return save_files(session, files, author=author, notes=notes)


def save_files(session: Session, files: list[ArticleFile], *, author: str = "import", notes: Optional[list[str]] = None) -> int:
    """Takes in what `read_folder` has read, which may take long and needs no transaction."""
    at = now()
    for file in sorted(files, key=lambda file: file.is_draft):
        kept = {name: pictures.keep(session, picture, at) for name, picture in file.pictures.items()}
        if file.is_draft:
            _save_draft(session, file, pictures.with_names(file.body, kept), author, at)
            continue
        service.save_article(
            session, id=file.id, language=file.language, title=file.title, body=pictures.with_names(file.body, kept), updated=file.updated,
            products=file.products, categories=file.categories, questions=file.questions, published=file.published,
            valid_from=file.valid_from, valid_until=file.valid_until, source=file.source, author=author, at=at,
        )
    parts = {(file.source, file.language) for file in files if file.is_part}
    present = {(file.id, file.language) for file in files}
    for row in revisions.every_article(session) if parts else ():
        if row.published and (row.source, row.language) in parts and (row.id, row.language) not in present:
            revisions.withdraw(session, id=str(row.id), language=str(row.language), author=author, at=at)
            if notes is not None:
                notes.append(f"{row.source}: {row.id} is no part of it any more and was withdrawn")
    return len(files)


def _save_draft(session: Session, file: ArticleFile, body: str, author: str, at: datetime) -> None:
    content = Content(
        file.title, body, file.updated, tuple(file.products), tuple(file.categories), tuple(file.questions), file.valid_from, file.valid_until
    )
    row = revisions.article_row(session, id=file.id, language=file.language)
    revisions.save_draft(
        session, id=file.id, language=file.language, content=content, author=author, at=at, based_on=int(row.revision) if row is not None else None
    )


def read_folder(
    path: Path, known: Optional[set[str]] = None, *, notes: Optional[list[str]] = None, progress: Callable[[str], None] = lambda _: None
) -> list[ArticleFile]:
    """The articles of a folder and its folders (or of one file), by path. `known`: ids that `article:` links may point to besides those
    read. Raises FaultyFolder."""
    if not path.exists():
        raise FaultyFolder(path, [(path, FileFault(0, "this is not a folder, nor a file"))])
    if path.name == "sitemap.xml":
        path = path.parent
    reading = Reading(root=path, notes=notes if notes is not None else [], progress=progress)
    files = _site(path, reading) if (path / "sitemap.xml").is_file() else []
    from_site = {file.resolve() for file in reading.ids}
    has_site = bool(from_site) or (path / "sitemap.xml").is_file()
    names = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    readable = [each for each in names if _is_article(each, reading) and not (has_site and each.suffix.lower() in (".html", ".htm"))]
    for each in readable:
        if each.suffix.lower() in (".html", ".htm"):
            reading.ids[each.resolve()] = documents.id_of(each)
    for each in readable:
        if each.suffix.lower() in MARKDOWN:
            file = _markdown(each, reading)
            files += [file] if file else []
        else:
            files += documents.read_document(each, reading)
    if not files and not reading.faults:
        reading.fault(path, "there is no Markdown file (*.md) in it, nor HTML, DOCX, PDF or sitemap.xml" if path.is_dir() else _unknown(path))
    files = sorted(files, key=lambda file: (file.path, not file.is_part))
    _check(files, reading, known or set())
    if reading.faults:
        raise FaultyFolder(path, sorted(reading.faults, key=lambda f: (f[0], f[1].line)))
    return files


def _site(root: Path, reading: Reading) -> list[ArticleFile]:
    pages = sitemaps.pages_of(root / "sitemap.xml", reading)
    return [file for page in pages for file in documents.read_document(page.file, reading, page.updated)]


def _is_article(path: Path, reading: Reading) -> bool:
    """Whether a file is one to read; a document that can't be read is a fault, other files are left alone."""
    suffix = path.suffix.lower()
    if path.name.startswith((".", "~$")) or path.name == "README.md":
        return False
    if suffix in documents.UNREADABLE:
        reading.fault(path, _unknown(path))
    return suffix in (*MARKDOWN, *documents.SUFFIXES)


def _unknown(path: Path) -> str:
    better = documents.UNREADABLE.get(path.suffix.lower())
    expected = "expected Markdown (.md), .html, .docx, .pdf, a folder of them, or a sitemap.xml"
    return f"a {path.suffix} file can't be read; save it as {better}" if better else f"{path.suffix or 'a file without a suffix'} can't be read; {expected}"


def _check(files: list[ArticleFile], reading: Reading, known: set[str]) -> None:
    seen: dict[tuple[str, str, bool], ArticleFile] = {}
    ids = {file.id for file in files} | known
    for file in files:
        other = seen.setdefault((file.id, file.language, file.is_draft), file)
        if other is not file:
            message = f"`id` {file.id!r} in {file.language} is also that of {other.path.name}"
            reading.faults.append((file.path, FileFault(1, message) if file.is_part else Fault(1, message)))
        for number, line in enumerate(file.body.splitlines(), file.first_line):
            for target in _LINK.findall(line):
                if target not in ids:
                    message = f"it links to article:{target}, which does not exist"
                    reading.faults.append((file.path, FileFault(0, message) if file.is_part else Fault(number, message)))


def _markdown(path: Path, reading: Reading) -> Optional[ArticleFile]:
    faults = reading.faults
    before = len(faults)
    lines = lines_of(path, faults)
    if lines is None:
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if lines[0].strip() != "---" or end is None:
        faults.append((path, Fault(1, "there is no front matter; the file must begin with a line `---`, fields, and a line `---`")))
        return None
    about = read_about(path, lines[1:end], faults, first_line=2, needed=("id", "language", "title", "updated"))
    body = "\n".join(lines[end + 1 :])
    if not body.strip():
        faults.append((path, Fault(end + 2, "the article has no text")))
    found: dict[str, pictures.Picture] = {}
    shown = [_with_pictures(line, number, path, reading, found) for number, line in enumerate(lines[end + 1 :], end + 2)]
    if about is None or about.updated is None or len(faults) > before:
        return None
    return ArticleFile(
        path, about.id, about.language, about.title, "\n".join(shown).rstrip(), about.updated, about.products, about.categories, about.questions,
        about.published, end + 2, about.valid_from, about.valid_until, about.source or pictures.relative(reading.base, path), found,
        is_draft=about.draft,
    )


def _with_pictures(line: str, number: int, path: Path, reading: Reading, found: dict[str, pictures.Picture]) -> str:
    """The line with the pictures beside the file taken in; one that is not there is a fault of that line."""

    def taken(match: re.Match[str]) -> str:
        parts = urlsplit(match[2])
        if parts.scheme == "picture":
            return match[0]
        if parts.scheme or parts.netloc:
            reading.faults.append((path, Fault(number, f"the picture {match[2]} lies elsewhere; put it beside the file, for pages show only our own")))
            return match[0]
        file = ((reading.base if parts.path.startswith("/") else path.parent) / unquote(parts.path).lstrip("/")).resolve()
        if not file.is_file() or not file.is_relative_to(reading.base.resolve()):
            reading.faults.append((path, Fault(number, f"the picture {match[2]} is not there")))
            return match[0]
        address = documents.take_picture(file, path, reading, found)
        return f"{match[1]}{address}{match[3]}" if address else match[0]

    return pictures.LINK.sub(taken, line)
