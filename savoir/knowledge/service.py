"""What can be done with the firm's articles: keep them, search them, answer from them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Optional, Sequence
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.clock import now
from savoir.core.database import Database
from savoir.core.settings import settings
from savoir.core.text import fold, words

from . import keeping, revisions
from .answer import MOST_CHOICES, Hit, answer_from, hit_of, is_on_subject, opening_of
from .answer import Answer as Answer
from .encoding import Encoders
from .encoding import encoders as encoders
from .index import Document, KnowledgeIndex
from .passages import pieces_of
from .tables import LANGUAGES, Article, KnowledgeVersion, Passage
from .terms import language_of

LONGEST_QUESTION = 1000
"""Characters of a question that are read."""

_indexes: WeakKeyDictionary[Any, tuple[KnowledgeIndex, list[Any]]] = WeakKeyDictionary()
_indexes_lock = threading.Lock()


def save_article(
    session: Session, *, id: str, language: str, title: str, body: str, updated: date, products: Sequence[str] = (),
    categories: Sequence[str] = (), questions: Sequence[str] = (), published: bool = True, valid_from: Optional[date] = None,
    valid_until: Optional[date] = None, source: str = "", author: str = "import", at: Optional[datetime] = None,
) -> Article:
    """Adds an article or brings it up to date, published or not; vectors of what did not change are kept. Each change is a revision of
    `author`. `source` is the file that it comes from. Raises a problem when a part is missing."""
    content = keeping.checked(id, language, keeping.Content(
        title, body, updated, tuple(products), tuple(categories), tuple(questions), valid_from, valid_until,
    ))
    row: Any = keeping.locked(session, id, language)
    if row is not None and source:
        row.source = source[:200]
    if row is not None and row.published == published and keeping.content_of(row) == content:
        session.flush()
        return row
    if row is None:
        row = keeping.new_article(session, id, language, content)
        row.source = source[:200]
    kind = "imported" if published else "withdrawn" if row.published else "draft"
    keeping.add_revision(session, row, content, kind=kind, author=author, at=at)
    row.published = published
    if published:
        row.live_revision = row.revision
    keeping.put(session, row, content)
    return row


def today() -> date:
    """The firm's present day."""
    return now().astimezone(ZoneInfo(settings().time_zone)).date()


def article(session: Session, *, id: str, language: str, on: Optional[date] = None) -> Optional[Article]:
    """An article that is published and valid `on` a day, today by default; else None."""
    row = session.get(Article, (id, language))
    return row if row is not None and row.published and revisions.is_valid(row, on or today()) else None


def articles(session: Session, *, language: Optional[str] = None, category: Optional[str] = None, on: Optional[date] = None) -> list[Article]:
    """The articles published and valid `on` a day, by title; `category` is one of the taxonomy's (`usage.how_to`) or its first half."""
    query = sa.select(Article).where(_is_live(on)).order_by(Article.id, Article.language)
    if language:
        query = query.where(Article.language == language)
    rows = sorted(session.execute(query).scalars(), key=lambda row: fold(str(row.title)))  # É stands with E
    return [row for row in rows if not category or any(c == category or c.startswith(f"{category}.") for c in row.categories)]


def languages_of(session: Session, id: str, on: Optional[date] = None) -> list[str]:
    """The languages in which an article is published and valid."""
    query = sa.select(Article.language).where(Article.id == id, _is_live(on)).order_by(Article.language.desc())
    return list(session.execute(query).scalars())


def remove(session: Session, *, id: str, language: str) -> bool:
    """Takes an article away, its history stays; False if it was not there."""
    row = session.get(Article, (id, language))
    if row is None:
        return False
    session.execute(sa.delete(Passage).where(Passage.article == id, Passage.language == language))
    session.delete(row)
    keeping.next_version(session)
    session.flush()
    return True


def encode_missing(database: Database, using: Optional[Encoders] = None) -> int:
    """Makes and stores the vectors that are missing, in short transactions; returns how many. Call it after an import."""
    using = using or encoders()
    done = 0
    wanted = sa.case((Passage.kind == "passage", using.long.name), else_=using.short.name)
    missing = sa.or_(Passage.encoder.is_(None), Passage.encoder != wanted)
    while True:
        with database.reading() as session:
            rows = session.execute(sa.select(Passage).where(missing).limit(16)).scalars().all()
            texts = {(r.article, r.language, r.position, r.digest): (r.kind, _encoded(session, r)) for r in rows}
        if not rows:
            return done
        vectors = using.encode(list(texts.values()))
        with database.writing() as session:
            for ((name, language, position, digest), (kind, _)), vector in zip(texts.items(), vectors, strict=True):
                session.execute(
                    sa.update(Passage)
                    .where(Passage.article == name, Passage.language == language, Passage.position == position, Passage.digest == digest)
                    .values(vector=vector.astype(np.float32).tobytes(), encoder=using.of(kind).name)
                    .execution_options(synchronize_session=False)
                )
        done += len(texts)


@dataclass(frozen=True)
class SearchResult:
    """The articles that fit a question, best first, and whether it is about something that the articles are about at all."""

    hits: list[Hit]
    is_answerable: bool


def prepare(database: Database) -> None:
    """Makes a process ready to answer its first question at once: vectors, index and encoder. Call it at start, off the event loop."""
    encode_missing(database)
    with database.reading() as session:
        search(session, question="?", language="fr", limit=1)


def search(
    session: Session, *, question: str, language: Optional[str] = None, limit: int = 10, product: Optional[str] = None,
    on: Optional[date] = None,
) -> SearchResult:
    """Searches the published articles. `language`: the asker's (told from the question if None); an article that lacks it comes
    in the other, and so does each in the language that fits best when it can't be told. `product`: a model, by id or name."""
    held = index(session, on)
    language = language or language_of(question)
    found = held.search(question[:LONGEST_QUESTION], language=language, limit=limit, products=_models(product))
    name = held.encoder.name
    return SearchResult([hit_of(one, name) for one in found], is_on_subject(found, name))


def answer_question(
    session: Session, *, question: str, language: str, product: Optional[str] = None, on: Optional[date] = None
) -> Answer:
    """An answer from the articles: direct when it is sure, else up to three titles to choose from, or none."""
    held = index(session, on)
    found = held.search(question[:LONGEST_QUESTION], language=language, limit=MOST_CHOICES, products=_models(product))
    return answer_from(found, language, held.encoder.name)


def article_answer(session: Session, *, article: str, language: str, on: Optional[date] = None) -> Optional[Answer]:
    """The opening of one article as an answer, in the language if it is published in it, else in the other; None if in neither."""
    for spoken in (language, *LANGUAGES):
        row: Any = session.get(Article, (article, spoken))
        if row is not None and row.published and revisions.is_valid(row, on or today()):
            passage = opening_of(row.body, spoken)
            return Answer("direct", Hit(article, spoken, row.title, passage, 1.0, 1.0), passage, (), spoken, 1.0)
    return None


def index(session: Session, on: Optional[date] = None) -> KnowledgeIndex:
    """The process's index of this database, brought up to date: with what is published and valid `on` a day, today by default."""
    engine = session.get_bind()
    with _indexes_lock:
        held, known = _indexes.setdefault(engine, (KnowledgeIndex(encoders()), [-1]))
        state = session.execute(sa.select(KnowledgeVersion.version)).scalar() or 0, on or today()
        if state != known[0]:
            _refresh(session, held, state[1])
            known[0] = state
    return held


def _models(product: Optional[str]) -> list[str]:
    """The id of a model as articles name it: `Nova 6` is `nova-6`."""
    return ["-".join(words(product))] if product else []


def _is_live(on: Optional[date]) -> Any:
    """The condition that an article is published and valid on a day."""
    day = on or today()
    return sa.and_(
        Article.published.is_(True), sa.or_(Article.valid_from.is_(None), Article.valid_from <= day),
        sa.or_(Article.valid_until.is_(None), Article.valid_until >= day),
    )


def _refresh(session: Session, held: KnowledgeIndex, day: date) -> None:
    """Puts in what is new, changed or valid from now on, takes out what is gone or past."""
    present = {
        (row.id, row.language): row.version
        for row in session.execute(sa.select(Article.id, Article.language, Article.version).where(_is_live(day)))
    }
    known = held.versions()
    for key in known.keys() - present.keys():
        held.drop(key)
    changed = [key for key, version in present.items() if known.get(key) != version]
    for id, language in changed:
        row: Any = session.get(Article, (id, language))
        if row is None:
            continue
        pieces = pieces_of(row.title, row.body, row.questions)
        stored = {
            passage.digest: passage.vector
            for passage in session.execute(sa.select(Passage).where(Passage.article == id, Passage.language == language)).scalars()
            if passage.encoder == held.encoder.of(passage.kind).name
        }
        vectors = None
        if all(piece.digest in stored for piece in pieces):
            vectors = [np.frombuffer(stored[piece.digest], np.float32) for piece in pieces]
        held.put(Document(id, language, row.title, row.body, tuple(row.products), tuple(pieces), row.version), vectors)


def _encoded(session: Session, passage: Passage) -> str:
    row: Any = session.get(Article, (passage.article, passage.language))
    for piece in pieces_of(row.title, row.body, row.questions) if row else ():
        if piece.digest == passage.digest:
            return piece.encoded
    return str(passage.text)
