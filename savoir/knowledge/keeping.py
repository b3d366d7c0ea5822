"""Articles in the database: what an article says, its rows, its passages, its revisions, the version that all processes follow."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.clock import now
from savoir.core.errors import invalid

from .passages import pieces_of
from .tables import LANGUAGES, Article, ArticleRevision, KnowledgeVersion, Passage

LONGEST_ID = 80
LONGEST_TITLE = 200
LONGEST_BODY = 200_000
"""Characters of Markdown."""
MOST_QUESTIONS = 50


@dataclass(frozen=True)
class Content:
    """All that an article says. `body` is Markdown; both days of validity are included, None is no bound."""

    title: str
    body: str
    updated: date
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    valid_from: Optional[date] = None
    valid_until: Optional[date] = None

    def values(self) -> dict[str, Any]:
        """As the columns of a row."""
        return {f.name: list(value) if isinstance(value := getattr(self, f.name), tuple) else value for f in fields(self)}


def content_of(row: Any) -> Content:
    """What a row of articles or of revisions says."""
    values: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(Content)}
    for name in ("products", "categories", "questions"):
        values[name] = tuple(values[name])
    return Content(**values)


def checked(id: str, language: str, content: Content) -> Content:
    """The content without outer blanks. Raises a problem when a part is missing, too long or contradicts another."""
    if language not in LANGUAGES:
        raise invalid("unknown-language", f"The language {language[:20]!r} is not spoken here; expected fr or en.")
    title, body = content.title.strip(), content.body.strip()
    if not id or not title or not body:
        raise invalid("article-incomplete", "An article needs an id, a title and a body; one of them is empty.")
    if len(id) > LONGEST_ID or len(title) > LONGEST_TITLE or len(body) > LONGEST_BODY or len(content.questions) > MOST_QUESTIONS:
        raise invalid(
            "article-too-long", f"An article takes {LONGEST_ID} characters of id, {LONGEST_TITLE} of title, {LONGEST_BODY:,} of text and "
            f"{MOST_QUESTIONS} sample questions; one of them has more.",
        )
    if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
        raise invalid("validity-contradicts", f"The last valid day {content.valid_until} lies before the first, {content.valid_from}.")
    return replace(content, title=title, body=body)


def locked(session: Session, id: str, language: str) -> Optional[Article]:
    """The article, kept from others' changes until the transaction ends; None if there is none."""
    query = sa.select(Article).where(Article.id == id, Article.language == language).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def new_article(session: Session, id: str, language: str, content: Content) -> Article:
    """An article that nobody reads yet."""
    row = Article(id=id, language=language, published=False, version=0, revision=last_number(session, id, language), source="", **content.values())
    session.add(row)
    session.flush()
    return row


def last_number(session: Session, id: str, language: str) -> int:
    """The number of an article's newest revision; 0 if it never had one."""
    query = sa.select(sa.func.max(ArticleRevision.number)).where(ArticleRevision.article == id, ArticleRevision.language == language)
    return int(session.execute(query).scalar() or 0)


def add_revision(
    session: Session, row: Any, content: Content, *, kind: str, author: str, at: Optional[datetime] = None, restored_from: Optional[int] = None
) -> ArticleRevision:
    """The article's next revision."""
    row.revision += 1
    made = ArticleRevision(
        article=row.id, language=row.language, number=row.revision, kind=kind, author=author[:80], at=at or now(), restored_from=restored_from,
        **content.values(),
    )
    session.add(made)
    session.flush()
    return made


def put(session: Session, row: Any, content: Content) -> None:
    """Makes it what the row says, cut into passages anew, and tells all processes."""
    for name, value in {**content.values(), "version": next_version(session)}.items():
        setattr(row, name, value)
    session.flush()
    mine = sa.select(Passage).where(Passage.article == row.id, Passage.language == row.language)
    before = {}
    for passage in session.execute(mine).scalars():
        before[passage.digest] = (passage.encoder, passage.vector)
        session.delete(passage)
    session.flush()
    for position, piece in enumerate(pieces_of(row.title, row.body, row.questions)):
        name, vector = before.get(piece.digest, (None, None))
        session.add(
            Passage(
                article=row.id, language=row.language, position=position, kind=piece.kind, heading=piece.heading[:200], text=piece.text,
                digest=piece.digest, encoder=name, vector=vector,
            )
        )
    session.flush()


def next_version(session: Session) -> int:
    """Grows the version, by a step of chance: a change that was rolled back, or a database that was emptied, must not be taken
    for what a process holds already."""
    step = secrets.randbelow(1000) + 1
    grown = sa.update(KnowledgeVersion).values(version=KnowledgeVersion.version + step).execution_options(synchronize_session=False)
    changed: Any = session.execute(grown)
    if changed.rowcount == 0:
        session.add(KnowledgeVersion(id=1, version=step))
        session.flush()
        return step
    return int(session.execute(sa.select(KnowledgeVersion.version)).scalar_one())
