"""Export of articles to the files that `import knowledge` reads: Markdown with front matter, pictures beside it. Nothing is lost on the way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Optional

from sqlalchemy.orm import Session

from savoir.core.errors import Problem

from . import pictures, revisions
from .front_matter import About, written
from .importing import MARKDOWN
from .keeping import Content


@dataclass(frozen=True)
class Exported:
    """How much was written."""

    articles: int
    pictures: int


def export_folder(session: Session, folder: Path) -> Exported:
    """Writes every article, published or not, to the file it came from (`fr/id.md` where it came from none), and the pictures they show.

    A draft that waits behind a published article has a file of its own under `drafts/`. Raises a problem when the folder has files in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem("folder-not-empty", 422, f"{folder} is not an empty folder; name one that is empty or not there yet.")
    rows = revisions.every_article(session)
    waiting = [(row, revisions.newest(session, row)) for row in rows if revisions.state_of(row) == "changed"]
    every: list[Any] = [*rows, *(draft for _, draft in waiting)]
    shown = {name for said in every for name in pictures.shown_in(str(said.body))}
    kept = [name for name in pictures.names(session) if name in shown]
    taken = set(kept)
    for row in rows:
        path = _path(row, taken)
        taken.add(path)
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article_text(row, path, kept), encoding="utf-8", newline="\n")
    for row, draft in waiting:
        path = f"drafts/{row.language}/{row.id}.md"
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article_text(row, path, kept, draft), encoding="utf-8", newline="\n")
    for name in kept:
        picture: Any = pictures.find(session, name)
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture.content)
    folder.mkdir(parents=True, exist_ok=True)
    return Exported(len(rows), len(kept))


def article_text(row: Any, path: str, kept: list[str], draft: Optional[Content] = None) -> str:
    """An article, or the draft that waits behind it, as its file; `path` is where the file lies, from which the pictures of `kept` are
    named."""
    said: Any = draft or row
    source = "" if row.source == path or row.source.lower().endswith(MARKDOWN) else row.source
    about = About(
        row.id, row.language, said.title, said.updated, list(said.products), list(said.categories), list(said.questions),
        row.published or draft is not None, said.valid_from, said.valid_until, source, draft=draft is not None,
    )

    def beside(found: Any) -> str:
        name = found[2].removeprefix(pictures.SCHEME)
        if not found[2].startswith(pictures.SCHEME) or name not in kept:
            return str(found[0])
        return f"{found[1]}{PurePosixPath(os.path.relpath(name, PurePosixPath(path).parent))}{found[3]}"

    return f"---\n{written(about)}\n---\n{pictures.LINK.sub(beside, said.body)}\n"


def _path(row: Any, taken: set[str]) -> str:
    """Where an article's file goes: where it came from, if that was Markdown and is inside the folder."""
    source = PurePosixPath(row.source)
    if row.source.lower().endswith(MARKDOWN) and not source.is_absolute() and ".." not in source.parts and row.source not in taken:
        return str(source)
    path, number = f"{row.language}/{row.id}.md", 2
    while path in taken:
        path, number = f"{row.language}/{row.id}-{number}.md", number + 1
    return path
