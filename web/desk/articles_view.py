"""What the articles' pages show: entries of the list, the form's values, what differs between two texts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Mapping, Optional

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.knowledge import revisions
from savoir.knowledge.differences import Row, side_by_side
from savoir.knowledge.keeping import Content, content_of
from savoir.tickets import categories as ticket_categories

from .labels import LABELS
from .language import LANGUAGES, N_

STATES = ("published", "changed", "draft", "withdrawn", "scheduled", "expired")
FIELDS = ("title", "body", "products", "categories", "questions", "valid_from", "valid_until")
"""What a revision says, in the order in which differences are shown; dates of change are no difference."""

LABELS |= {
    "article_part": {
        "title": N_("Title"), "body": N_("Text"), "products": N_("Products"), "categories": N_("Subjects"), "questions": N_("Sample questions"),
        "valid_from": N_("Valid from"), "valid_until": N_("Valid until"),
    },
    "article": {
        "draft": N_("Draft"), "published": N_("Published"), "changed": N_("Published, newer draft"), "withdrawn": N_("Withdrawn"),
        "scheduled": N_("Not valid yet"), "expired": N_("No longer valid"),
    },
    "revision": {
        "draft": N_("Saved as a draft"), "published": N_("Made public"), "withdrawn": N_("Taken offline"), "restored": N_("Restored"), "imported": N_("Imported"),
    },
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty text narrows nothing."""

    q: str
    language: str
    state: str
    missing: str


@dataclass(frozen=True)
class Version:
    """An article in one language, on the list."""

    language: str
    title: str
    state: str
    author: str
    at: Any


@dataclass(frozen=True)
class Entry:
    """An article in all its languages, on the list."""

    id: str
    title: str
    versions: list[Version]
    missing: list[str]


@dataclass(frozen=True)
class Draft:
    """What is in the form: `based_on` is the revision that it began from, None for a new article."""

    id: str
    language: str
    content: Content
    based_on: Optional[int]


def other(language: str) -> str:
    """The other language."""
    return "en" if language == "fr" else "fr"


def state_on(row: Any, day: date) -> str:
    """The state of an article as people see it, its days of validity taken into account."""
    if row.published and row.valid_from and row.valid_from > day:
        return "scheduled"
    if row.published and row.valid_until and row.valid_until < day:
        return "expired"
    return revisions.state_of(row)


def read_entries(session: Session, wanted: Wanted, day: date, language: str) -> list[Entry]:
    """The articles that fit, by title."""
    rows, edited, waiting = revisions.every_article(session), revisions.last_edited(session), revisions.drafts(session)
    by_id: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_id[row.id].append(row)
    asked = fold(wanted.q).split()
    found: list[Entry] = []
    for id, mine in by_id.items():
        spoken = {row.language for row in mine}
        versions = [
            Version(row.language, waiting.get((id, row.language), row.title), state_on(row, day), *_edited(edited.get((id, row.language)))) for row in mine
        ]
        shown = [one for one in versions if wanted.language in ("", one.language) and wanted.state in ("", one.state)]
        if not shown or (wanted.missing and wanted.missing in spoken):
            continue
        if asked:
            text = fold(" ".join(" ".join((id, one.title, row.title, row.body, *row.questions)) for one, row in zip(versions, mine, strict=True)))
            if not all(word in text for word in asked):
                continue
        titles = {one.language: one.title for one in versions}
        found.append(Entry(id, titles.get(language) or versions[0].title, versions, [one for one in LANGUAGES if one not in spoken]))
    return sorted(found, key=lambda entry: (bool(asked) and not all(word in fold(entry.title) for word in asked), fold(entry.title)))


def read_form(session: Session, draft: Draft, day: date, *, has_conflict: bool) -> dict[str, Any]:
    """What stands around the form: the article's state, its translation, and in a conflict what somebody else saved."""
    row = revisions.article_row(session, id=draft.id, language=draft.language) if draft.based_on is not None else None
    translation = revisions.article_row(session, id=draft.id, language=other(draft.language)) if draft.id else None
    names = {product.id: product.name for product in customers.catalogue(session)}
    products = [(id, name) for id, name in sorted(names.items(), key=lambda one: fold(one[1]))]
    products += [(id, id) for id in draft.content.products if id not in names]
    values: dict[str, Any] = {
        "row": row, "state": state_on(row, day) if row is not None else "", "products": products, "theirs": None, "differences": [],
        "translation": revisions.newest(session, translation) if translation is not None else None, "newest": draft.based_on,
        "is_live": bool(row is not None and row.published and revisions.is_valid(row, day)),
    }
    if has_conflict and row is not None:
        theirs = revisions.revision(session, id=draft.id, language=draft.language, number=int(row.revision))
        values |= {"theirs": theirs, "newest": int(row.revision), "differences": differences(content_of(theirs), draft.content)}
    return values


def categories(language: str) -> list[tuple[str, str]]:
    """The taxonomy's categories with their names."""
    return [(code, names[0] if language == "fr" else names[1]) for code, names in ticket_categories.NAMES.items()]


def content_from(form: Mapping[str, Any], day: date) -> tuple[Content, str]:
    """What the form says, and the code of what is wrong with its dates, or an empty text."""
    fields = form if isinstance(form, FormData) else FormData(form)
    days: dict[str, Optional[date]] = {}
    problem = ""
    for name in ("valid_from", "valid_until"):
        try:
            days[name] = date.fromisoformat(text) if (text := str(fields.get(name) or "").strip()) else None
        except ValueError:
            days[name], problem = None, "bad-day"
    questions = [" ".join(line.split()) for line in str(fields.get("questions") or "").splitlines()]
    return Content(
        " ".join(str(fields.get("title") or "").split()), str(fields.get("body") or "").replace("\r\n", "\n").strip(), day,
        _texts(fields, "products"), _texts(fields, "categories"), tuple(dict.fromkeys(line for line in questions if line)),
        days["valid_from"], days["valid_until"],
    ), problem


def with_day(session: Session, id: str, language: str, content: Content, day: date) -> Content:
    """The content with the day on which its words last changed: today, unless they are those that were there."""
    row = revisions.article_row(session, id=id, language=language)
    before = revisions.newest(session, row) if row is not None else None
    is_same = before is not None and (before.title, before.body) == (content.title, content.body)
    return replace(content, updated=before.updated if is_same and before is not None else day)


def differences(old: Content, new: Content) -> list[tuple[str, list[Row]]]:
    """What differs, field by field; fields that are the same are left out."""
    found = ((field, side_by_side(_shown(getattr(old, field)), _shown(getattr(new, field)))) for field in FIELDS)
    return [(name, rows) for name, rows in found if rows]


def number(text: str) -> Optional[int]:
    """A number of a revision; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _shown(value: Any) -> str:
    return "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in form.getlist(name) if isinstance(value, str) and value.strip()))


def _edited(row: Any) -> tuple[str, Any]:
    return (row.author, row.at) if row is not None else ("", None)
