"""What can be done with the firm's articles: keep them, search them, answer from them."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.database import Database
from savoir.core.encoder import Encoder, encoder
from savoir.core.errors import invalid
from savoir.core.text import fold, words

from .answer import MOST_CHOICES, Hit, answer_from, hit_of, is_on_subject, opening_of
from .answer import Answer as Answer
from .index import Document, KnowledgeIndex
from .passages import pieces_of
from .tables import LANGUAGES, Article, KnowledgeVersion, Passage
from .terms import language_of

LONGEST_QUESTION = 1000
"""Characters of a question that are read."""

_indexes: WeakKeyDictionary[Any, tuple[KnowledgeIndex, list[int]]] = WeakKeyDictionary()
_indexes_lock = threading.Lock()


def save_article(
    session: Session, *, id: str, language: str, title: str, body: str, updated: date, products: Sequence[str] = (),
    categories: Sequence[str] = (), questions: Sequence[str] = (), published: bool = True,
) -> Article:
    """Adds an article or brings it up to date; vectors of what did not change are kept. Raises a problem when a part is missing."""
    if language not in LANGUAGES:
        raise invalid("unknown-language", f"The language {language[:20]!r} is not spoken here; expected fr or en.")
    if not id or not title.strip() or not body.strip():
        raise invalid("article-incomplete", "An article needs an id, a title and a body; one of them is empty.")
    row = session.get(Article, (id, language))
    values: dict[str, Any] = {
        "title": title.strip(), "body": body.strip(), "products": list(products), "categories": list(categories),
        "questions": list(questions), "updated": updated, "published": published,
    }
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    version = _next_version(session)
    if row is None:
        row = Article(id=id, language=language, version=version, **values)
        session.add(row)
    for name, value in {**values, "version": version}.items():
        setattr(row, name, value)
    session.flush()
    _save_passages(session, row)
    return row


def article(session: Session, *, id: str, language: str) -> Optional[Article]:
    """A published article, or None."""
    row = session.get(Article, (id, language))
    return row if row is not None and row.published else None


def articles(session: Session, *, language: Optional[str] = None, category: Optional[str] = None) -> list[Article]:
    """The published articles by title; `category` is one of the taxonomy's (`usage.how_to`) or its first half (`usage`)."""
    query = sa.select(Article).where(Article.published.is_(True)).order_by(Article.id, Article.language)
    if language:
        query = query.where(Article.language == language)
    rows = sorted(session.execute(query).scalars(), key=lambda row: fold(str(row.title)))  # É stands with E
    return [row for row in rows if not category or any(c == category or c.startswith(f"{category}.") for c in row.categories)]


def languages_of(session: Session, id: str) -> list[str]:
    """The languages in which an article is published."""
    query = sa.select(Article.language).where(Article.id == id, Article.published.is_(True)).order_by(Article.language.desc())
    return list(session.execute(query).scalars())


def remove(session: Session, *, id: str, language: str) -> bool:
    """Takes an article away; False if it was not there."""
    row = session.get(Article, (id, language))
    if row is None:
        return False
    session.execute(sa.delete(Passage).where(Passage.article == id, Passage.language == language))
    session.delete(row)
    _next_version(session)
    session.flush()
    return True


def encode_missing(database: Database, using: Optional[Encoder] = None) -> int:
    """Makes and stores the vectors that are missing, in short transactions; returns how many. Call it after an import."""
    using = using or encoder()
    done = 0
    missing = sa.or_(Passage.encoder.is_(None), Passage.encoder != using.name)
    while True:
        with database.reading() as session:
            rows = session.execute(sa.select(Passage).where(missing).limit(16)).scalars().all()
            texts = {(r.article, r.language, r.position, r.digest): _encoded(session, r) for r in rows}
        if not rows:
            return done
        vectors = using.encode(list(texts.values()), as_passages=True)
        with database.writing() as session:
            for (name, language, position, digest), vector in zip(texts, vectors, strict=True):
                session.execute(
                    sa.update(Passage)
                    .where(Passage.article == name, Passage.language == language, Passage.position == position, Passage.digest == digest)
                    .values(vector=vector.astype(np.float32).tobytes(), encoder=using.name)
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
    session: Session, *, question: str, language: Optional[str] = None, limit: int = 10, product: Optional[str] = None
) -> SearchResult:
    """Searches the published articles. `language`: the asker's (told from the question if None); an article that lacks it comes
    in the other, and so does each in the language that fits best when it can't be told. `product`: a model, by id or name."""
    held = index(session)
    language = language or language_of(question)
    found = held.search(question[:LONGEST_QUESTION], language=language, limit=limit, products=_models(product))
    name = held.encoder.name
    return SearchResult([hit_of(one, name) for one in found], is_on_subject(found, name))


def answer_question(session: Session, *, question: str, language: str, product: Optional[str] = None) -> Answer:
    """An answer from the articles: direct when it is sure, else up to three titles to choose from, or none."""
    held = index(session)
    found = held.search(question[:LONGEST_QUESTION], language=language, limit=MOST_CHOICES, products=_models(product))
    return answer_from(found, language, held.encoder.name)


def article_answer(session: Session, *, article: str, language: str) -> Optional[Answer]:
    """The opening of one article as an answer, in the language if it is published in it, else in the other; None if in neither."""
    for spoken in (language, *LANGUAGES):
        row: Any = session.get(Article, (article, spoken))
        if row is not None and row.published:
            passage = opening_of(row.body, spoken)
            return Answer("direct", Hit(article, spoken, row.title, passage, 1.0, 1.0), passage, (), spoken, 1.0)
    return None


def index(session: Session) -> KnowledgeIndex:
    """The process's index of this database, brought up to date."""
    engine = session.get_bind()
    with _indexes_lock:
        held, known = _indexes.setdefault(engine, (KnowledgeIndex(encoder()), [-1]))
        version = session.execute(sa.select(KnowledgeVersion.version)).scalar() or 0
        if version != known[0]:
            _refresh(session, held)
            known[0] = version
    return held


def _models(product: Optional[str]) -> list[str]:
    """The id of a model as articles name it: `Nova 6` is `nova-6`."""
    return ["-".join(words(product))] if product else []


def _refresh(session: Session, held: KnowledgeIndex) -> None:
    """Puts in what is new or changed in the database, takes out what is gone."""
    present = {
        (row.id, row.language): row.version
        for row in session.execute(sa.select(Article.id, Article.language, Article.version).where(Article.published.is_(True)))
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
            for passage in session.execute(
                sa.select(Passage).where(Passage.article == id, Passage.language == language, Passage.encoder == held.encoder.name)
            ).scalars()
        }
        vectors = None
        if all(piece.digest in stored for piece in pieces):
            vectors = np.stack([np.frombuffer(stored[piece.digest], np.float32) for piece in pieces])
        held.put(Document(id, language, row.title, row.body, tuple(row.products), tuple(pieces), row.version), vectors)


def _save_passages(session: Session, row: Any) -> None:
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


def _encoded(session: Session, passage: Passage) -> str:
    row: Any = session.get(Article, (passage.article, passage.language))
    for piece in pieces_of(row.title, row.body, row.questions) if row else ():
        if piece.digest == passage.digest:
            return piece.encoded
    return str(passage.text)


def _next_version(session: Session) -> int:
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
