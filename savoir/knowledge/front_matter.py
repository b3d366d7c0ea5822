"""What an article's file says about it: the fields before its Markdown, or in a `FILE.yml` beside a document; read, checked, written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional

import yaml

from savoir.core.importing import Fault

from .keeping import LONGEST_ID, LONGEST_TITLE, MOST_QUESTIONS
from .revisions import ID
from .tables import LANGUAGES

FIELDS = ("id", "language", "title", "products", "categories", "updated", "questions", "published", "valid_from", "valid_until", "source", "draft")


class FileFault(Fault):
    """A fault of a whole file, or of a page of it, not of a line."""

    def __str__(self) -> str:
        return self.message


Faults = list[tuple[Path, Fault]]


class _FrontMatter(yaml.SafeLoader):
    """YAML in which a date that does not exist is a text, so that the fault can name its field."""


def _day_or_text(loader: yaml.SafeLoader, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


_FrontMatter.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


@dataclass(frozen=True)
class About:
    """The fields of a file. An empty text, an empty list or None where it does not say."""

    id: str
    language: str
    title: str
    updated: Optional[date]
    products: list[str]
    categories: list[str]
    questions: list[str]
    published: bool
    valid_from: Optional[date]
    valid_until: Optional[date]
    source: str
    draft: bool = False


def read_about(path: Path, lines: list[str], faults: Faults, *, first_line: int = 1, needed: tuple[str, ...] = ()) -> Optional[About]:
    """The fields in `lines`, the first of which is `first_line` of the file. None where something is wrong, which is added to `faults`;
    `needed` are those that must be there."""
    before = len(faults)

    def fault(line: int, message: str) -> None:
        faults.append((path, Fault(line, message)))

    try:
        fields = yaml.load("\n".join(lines), _FrontMatter) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it can't be read"
        fault((mark.line if mark else 0) + first_line, f"the front matter is not YAML: {reason}; put a title with a colon in quotes")
        return None
    if not isinstance(fields, dict):
        fault(first_line, "the front matter is not made of `name: value` lines")
        return None

    def line_of(name: str) -> int:
        return next((n for n, line in enumerate(lines, first_line) if line.startswith(f"{name}:")), 1)

    def text(name: str) -> str:
        value = fields.get(name)
        if value is None and name not in needed:
            return ""
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

    def day(name: str) -> Optional[date]:
        value = fields.get(name)
        if (value is not None or name in needed) and type(value) is not date:
            fault(line_of(name), f"`{name}` is {value!r}; expected a date such as 2026-05-03")
            return None
        return value

    for name in fields:
        if name not in FIELDS:
            fault(line_of(str(name)), f"`{name}` is not a field; expected {', '.join(FIELDS)}")
    id, language, title, source = text("id"), text("language"), text("title"), text("source")
    if id and (not ID.fullmatch(id) or len(id) > LONGEST_ID):
        fault(line_of("id"), f"`id` is {id!r}; expected small letters, digits and hyphens, at most {LONGEST_ID}")
    if language and language not in LANGUAGES:
        fault(line_of("language"), f"`language` is {language!r}; expected fr or en")
    if len(title) > LONGEST_TITLE:
        fault(line_of("title"), f"`title` has {len(title)} characters; at most {LONGEST_TITLE} are taken")
    published, draft = fields.get("published", True), fields.get("draft", False)
    for name, value in (("published", published), ("draft", draft)):
        if not isinstance(value, bool):
            fault(line_of(name), f"`{name}` is {value!r}; expected true or false")
    products, categories, questions = texts("products"), texts("categories"), texts("questions")
    if len(questions) > MOST_QUESTIONS:
        fault(line_of("questions"), f"there are {len(questions)} `questions`; at most {MOST_QUESTIONS} are taken")
    updated, valid_from, valid_until = day("updated"), day("valid_from"), day("valid_until")
    if valid_from and valid_until and valid_until < valid_from:
        fault(line_of("valid_until"), f"`valid_until` is {valid_until}; it must not lie before `valid_from`, {valid_from}")
    if len(faults) > before:
        return None
    return About(id, language, title, updated, products, categories, questions, bool(published), valid_from, valid_until, source, bool(draft))


def beside(path: Path, faults: Faults) -> Optional[About]:
    """What `FILE.yml` says about the document FILE beside it; nothing said where there is none, None where it is wrong."""
    sidecar = path.with_name(f"{path.name}.yml")
    lines = lines_of(sidecar, faults) if sidecar.exists() else []
    return None if lines is None else read_about(sidecar, lines, faults)


def lines_of(path: Path, faults: Faults) -> Optional[list[str]]:
    """The lines of a text file; None where it is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        faults.append((path, Fault(content[: error.start].count(b"\n") + 1, "this is not UTF-8; save the file as UTF-8")))
        return None


def written(about: About) -> str:
    """The fields as YAML, those that say nothing left out; what `read_about` reads."""
    lines = [f"id: {about.id}", f"language: {about.language}", f"title: {_scalar(about.title)}"]
    for name, values in (("products", about.products), ("categories", about.categories)):
        lines.append(f"{name}: [{', '.join(_scalar(value, in_list=True) for value in values)}]")
    lines.append(f"updated: {about.updated}")
    if about.questions:
        lines += ["questions:", *(f"  - {_scalar(question)}" for question in about.questions)]
    lines += [f"{name}: {day}" for name, day in (("valid_from", about.valid_from), ("valid_until", about.valid_until)) if day]
    if about.source:
        lines.append(f"source: {_scalar(about.source)}")
    if not about.published:
        lines.append("published: false")
    if about.draft:
        lines.append("draft: true")
    return "\n".join(lines)


def _scalar(text: str, in_list: bool = False) -> str:
    """A text on one line of YAML, in quotes only where it needs them."""
    try:
        is_plain = yaml.load(f"[{text}]" if in_list else f"x: {text}", _FrontMatter) == ([text] if in_list else {"x": text})  # noqa: S506
    except yaml.YAMLError:
        is_plain = False
    if is_plain and re.fullmatch(r"[^\n\r\x00-\x1f]+", text):
        return text
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10**6).strip()
