"""Import of a folder of articles: Markdown with front matter. All files are checked first; of a folder with a fault nothing is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional

import yaml
from sqlalchemy.orm import Session

from savoir.core.importing import Fault

from . import service
from .tables import LANGUAGES

FIELDS = ("id", "language", "title", "products", "categories", "updated", "questions", "published")
LONGEST_TITLE = 200
MOST_QUESTIONS = 50
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"\]\(article:([^)\s#]*)")


class FaultyFolder(Exception):
    """A folder that can't be imported; `faults` says why, file by file and line by line."""

    def __init__(self, folder: Path, faults: list[tuple[Path, Fault]]) -> None:
        named = "; ".join(f"{path.name}: {fault}" for path, fault in faults[:3])
        super().__init__(f"{folder}: {len(faults)} fault(s); nothing was imported ({named}{'; …' if len(faults) > 3 else ''})")
        self.folder, self.faults = folder, faults


class _FrontMatter(yaml.SafeLoader):
    """YAML in which a date that does not exist is a text, so that the fault can name its field."""


def _day_or_text(loader: yaml.SafeLoader, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


_FrontMatter.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


@dataclass(frozen=True)
class ArticleFile:
    """An article as its file says it. `first_line` is where the body begins, from 1."""

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
    first_line: int


def import_folder(session: Session, path: Path) -> int:
    """Takes in every `*.md` under a folder; articles known already are brought up to date, others are left alone.

    Returns how many files there were. Raises FaultyFolder naming every bad file and line; call `service.encode_missing` after.
    """
    files = read_folder(path, known={str(row.id) for row in service.articles(session)})
    for file in files:
        service.save_article(
            session, id=file.id, language=file.language, title=file.title, body=file.body, updated=file.updated, products=file.products,
            categories=file.categories, questions=file.questions, published=file.published,
        )
    return len(files)


def read_folder(path: Path, known: Optional[set[str]] = None) -> list[ArticleFile]:
    """The articles of a folder and its folders, by path. `known`: ids that `article:` links may point to besides those read."""
    faults: list[tuple[Path, Fault]] = []
    if not path.is_dir():
        raise FaultyFolder(path, [(path, Fault(0, "this is not a folder"))])
    files = [file for each in sorted(path.rglob("*.md")) if each.name != "README.md" and (file := _read(each, faults))]
    if not files and not faults:
        faults.append((path, Fault(0, "there is no Markdown file (*.md) in it")))
    seen: dict[tuple[str, str], Path] = {}
    ids = {file.id for file in files} | (known or set())
    for file in files:
        other = seen.setdefault((file.id, file.language), file.path)
        if other != file.path:
            faults.append((file.path, Fault(1, f"`id` {file.id!r} in {file.language} is also that of {other.name}")))
        for number, line in enumerate(file.body.splitlines(), file.first_line):
            for target in _LINK.findall(line):
                if target not in ids:
                    faults.append((file.path, Fault(number, f"it links to article:{target}, which does not exist")))
    if faults:
        raise FaultyFolder(path, sorted(faults, key=lambda f: (f[0], f[1].line)))
    return files


def _read(path: Path, faults: list[tuple[Path, Fault]]) -> Optional[ArticleFile]:
    def fault(line: int, message: str) -> None:
        faults.append((path, Fault(line, message)))

    before = len(faults)
    content = path.read_bytes()
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        fault(content[: error.start].count(b"\n") + 1, "this is not UTF-8; save the file as UTF-8")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if lines[0].strip() != "---" or end is None:
        fault(1, "there is no front matter; the file must begin with a line `---`, fields, and a line `---`")
        return None
    try:
        fields = yaml.load("\n".join(lines[1:end]), _FrontMatter) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it can't be read"
        fault((mark.line if mark else 0) + 2, f"the front matter is not YAML: {reason}; put a title with a colon in quotes")
        return None
    if not isinstance(fields, dict):
        fault(2, "the front matter is not made of `name: value` lines")
        return None

    def line_of(name: str) -> int:
        return next((n for n, line in enumerate(lines[1:end], 2) if line.startswith(f"{name}:")), 1)

    def text(name: str) -> str:
        value = fields.get(name)
        if not isinstance(value, str) or not value.strip():
            fault(line_of(name), f"`{name}` is {value!r}; a text was expected")
            return ""
        return value.strip()

    def texts(name: str) -> list[str]:
        value: Any = fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            fault(line_of(name), f"`{name}` is {value!r}; a list of texts was expected")
            return []
        return [v.strip() for v in value]

    for name in fields:
        if name not in FIELDS:
            fault(line_of(str(name)), f"`{name}` is not a field; expected {', '.join(FIELDS)}")
    id, language, title = text("id"), text("language"), text("title")
    if id and not _ID.fullmatch(id):
        fault(line_of("id"), f"`id` is {id!r}; expected small letters, digits and hyphens")
    if language and language not in LANGUAGES:
        fault(line_of("language"), f"`language` is {language!r}; expected fr or en")
    if len(title) > LONGEST_TITLE:
        fault(line_of("title"), f"`title` has {len(title)} characters; at most {LONGEST_TITLE} are taken")
    updated = fields.get("updated")
    if type(updated) is not date:
        fault(line_of("updated"), f"`updated` is {updated!r}; expected a date such as 2026-05-03")
    published = fields.get("published", True)
    if not isinstance(published, bool):
        fault(line_of("published"), f"`published` is {published!r}; expected true or false")
    products, categories, questions = texts("products"), texts("categories"), texts("questions")
    if len(questions) > MOST_QUESTIONS:
        fault(line_of("questions"), f"there are {len(questions)} `questions`; at most {MOST_QUESTIONS} are taken")
    body = "\n".join(lines[end + 1 :])
    if not body.strip():
        fault(end + 2, "the article has no text")
    if len(faults) > before:
        return None
    assert isinstance(updated, date)
    return ArticleFile(path, id, language, title, body.rstrip(), updated, products, categories, questions, published, end + 2)
