"""How articles change: drafts, publishing, withdrawing, history, going back. Nothing that was saved is ever lost."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import Problem, invalid, not_found

from . import keeping
from .keeping import Content, content_of
from .tables import Article, ArticleRevision

STATES = ("draft", "published", "changed", "withdrawn")
"""`changed`: published, and a newer draft waits."""
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def state_of(row: Any) -> str:
    """Which of STATES an article is in."""
    if row.published:
        return "published" if row.revision == row.live_revision else "changed"
    return "draft" if row.live_revision is None else "withdrawn"


def save_draft(
    session: Session, *, id: str, language: str, content: Content, author: str, at: datetime, based_on: Optional[int] = None,
) -> Article:
    """Keeps a text that customers do not read yet. `based_on` is the revision that its author began from, None for a new article.

    Raises a problem: a part is missing, the id is taken (`article-exists`), somebody else saved meanwhile (`article-changed`).
    """
    row = _begun(session, id, language, content, based_on)
    content = keeping.checked(id, language, content)
    if row.revision and newest(session, row) == content:
        return row
    keeping.add_revision(session, row, content, kind="draft", author=author, at=at)
    if not row.published:
        keeping.put(session, row, content)
    return row


def publish(
    session: Session, *, id: str, language: str, content: Content, author: str, at: datetime, based_on: Optional[int] = None,
) -> Article:
    """Makes a text what customers read, at once. Raises the problems of save_draft."""
    row = _begun(session, id, language, content, based_on)
    content = keeping.checked(id, language, content)
    if row.published and row.revision == row.live_revision and content_of(row) == content:
        return row
    keeping.add_revision(session, row, content, kind="published", author=author, at=at)
    row.published, row.live_revision = True, row.revision
    keeping.put(session, row, content)
    return row


def withdraw(session: Session, *, id: str, language: str, author: str, at: datetime, based_on: Optional[int] = None) -> Article:
    """Takes an article from customers' eyes; its text stays. A draft that waited is what it says from now on."""
    row = _known(session, id, language, based_on)
    if not row.published:
        return row
    content = newest(session, row)
    keeping.add_revision(session, row, content, kind="withdrawn", author=author, at=at)
    row.published = False
    keeping.put(session, row, content)
    return row


def restore(
    session: Session, *, id: str, language: str, number: int, author: str, at: datetime, based_on: Optional[int] = None
) -> Article:
    """Makes an earlier revision the newest draft; it is published like any other."""
    row = _known(session, id, language, based_on)
    content = content_of(revision(session, id=id, language=language, number=number))
    keeping.add_revision(session, row, content, kind="restored", author=author, at=at, restored_from=number)
    if not row.published:
        keeping.put(session, row, content)
    return row


def article_row(session: Session, *, id: str, language: str) -> Optional[Article]:
    """An article whatever its state, or None."""
    return session.get(Article, (id, language))


def every_article(session: Session) -> list[Article]:
    """All articles whatever their state, by id and language."""
    return list(session.execute(sa.select(Article).order_by(Article.id, Article.language.desc())).scalars())


def newest(session: Session, row: Any) -> Content:
    """What an author goes on with: the newest revision."""
    found = session.execute(_revisions(row.id, row.language).where(ArticleRevision.number == row.revision)).scalar_one_or_none()
    return content_of(found if found is not None else row)


def drafts(session: Session) -> dict[tuple[str, str], str]:
    """The title of each draft that waits behind a published article, by id and language."""
    joined = sa.and_(
        ArticleRevision.article == Article.id, ArticleRevision.language == Article.language, ArticleRevision.number == Article.revision
    )
    query = sa.select(Article.id, Article.language, ArticleRevision.title).join(ArticleRevision, joined).where(Article.published.is_(True))
    found = session.execute(query.where(Article.revision != Article.live_revision))
    return {(row.id, row.language): row.title for row in found}


def history(session: Session, *, id: str, language: str) -> list[ArticleRevision]:
    """An article's revisions, the newest first."""
    return list(session.execute(_revisions(id, language).order_by(ArticleRevision.number.desc())).scalars())


def revision(session: Session, *, id: str, language: str, number: int) -> ArticleRevision:
    """One revision. Raises 404."""
    found = session.execute(_revisions(id, language).where(ArticleRevision.number == number)).scalar_one_or_none()
    if found is None:
        raise not_found("revision", f"{id}/{language}/{number}")
    return found


def last_edited(session: Session) -> dict[tuple[str, str], Any]:
    """Author and time of the newest revision of each article, by id and language."""
    joined = sa.and_(
        ArticleRevision.article == Article.id, ArticleRevision.language == Article.language, ArticleRevision.number == Article.revision
    )
    query = sa.select(Article.id, Article.language, ArticleRevision.author, ArticleRevision.at).join(ArticleRevision, joined)
    return {(row.id, row.language): row for row in session.execute(query)}


def is_valid(row: Any, on: date) -> bool:
    """Whether a text is valid on a day."""
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or on <= row.valid_until)


def _begun(session: Session, id: str, language: str, content: Content, based_on: Optional[int]) -> Any:
    if based_on is not None:
        return _known(session, id, language, based_on)
    if not ID.fullmatch(id):
        raise invalid("bad-article-id", f"The id {id[:80]!r} is none; expected small letters, digits and hyphens.")
    content = keeping.checked(id, language, content)
    if keeping.locked(session, id, language) is not None:
        raise Problem("article-exists", 409, f"There is an article {id} in {language} already.")
    return keeping.new_article(session, id, language, content)


def _known(session: Session, id: str, language: str, based_on: Optional[int]) -> Any:
    row: Any = keeping.locked(session, id, language)
    if row is None:
        raise not_found("article", id)
    if based_on is not None and row.revision != based_on:
        raise Problem("article-changed", 409, f"The article {id} was saved by somebody else meanwhile.", revision=row.revision)
    return row


def _revisions(id: str, language: str) -> Any:
    return sa.select(ArticleRevision).where(ArticleRevision.article == id, ArticleRevision.language == language)
