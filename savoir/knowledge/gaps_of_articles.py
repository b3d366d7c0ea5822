"""What ails the articles themselves: never found, found but not helpful, near-duplicates, out of date, missing in a language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Optional

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.encoder import Vectors, encoder
from savoir.core.errors import not_found

from . import keeping, revisions
from .feedback_tables import AskedQuestion, EditorDecision, OfferedArticle
from .gaps import MOST_QUESTIONS, SHOWN, vectors_of
from .tables import LANGUAGES, Article, ArticleRevision, Passage

PERIOD = timedelta(days=90)
"""How far back what customers asked is looked at."""
OLD = timedelta(days=365)
"""An article that nobody has looked at for longer is out of date until somebody says that it still is right."""
SOON = timedelta(days=30)
"""An article whose last day is nearer is shown."""
ALIKE = 0.87
"""Cosine of two articles in one language from which on they are taken for near-duplicates: of the demo firm's none reaches 0.83 with another, and
nineteen in twenty reach 0.87 with themselves when a quarter of their lines is gone."""
BEHIND = 5
"""Questions that are shown behind a finding."""
_CLOSE = 0.5
"""Cosine of an open question with a piece of an article from which on it may be about it: right half of the time, for an editor to judge."""
KINDS = ("unfound", "duplicate", "outdated", "untranslated", "ticket")


@dataclass(frozen=True)
class Finding:
    """An article with what ails it. `number`: how many questions are behind it, `questions` some of them; `helped` and `shown` count answers.

    `other`: the article's near-duplicate, with `cosine`; `missing`: the language it lacks; `last_day`: the day from which on it is not valid.
    """

    article: Article
    questions: tuple[AskedQuestion, ...] = ()
    number: int = 0
    shown: int = 0
    helped: int = 0
    other: Optional[Article] = None
    cosine: float = 0.0
    missing: str = ""
    last_day: Optional[date] = None

    @property
    def subject(self) -> str:
        """What an editor's decision is kept under."""
        if self.other is not None:
            return f"{self.article.id}+{self.other.id}/{self.article.language}"
        return f"{self.article.id}/{self.missing or self.article.language}"


def questions_since(session: Session, since: datetime) -> int:
    """How many questions were asked; without any, that an article was never found says nothing."""
    return int(session.execute(sa.select(sa.func.count()).select_from(AskedQuestion).where(AskedQuestion.asked_at >= since)).scalar_one())


def never_found(session: Session, *, at: datetime, limit: int = SHOWN) -> list[Finding]:
    """Published articles that no question found in the last ninety days, with the open questions closest to them."""
    since = at - PERIOD
    if not questions_since(session, since):
        return []
    offered = sa.select(OfferedArticle.article).join(AskedQuestion).where(AskedQuestion.asked_at >= since)
    chosen = sa.select(AskedQuestion.chosen).where(AskedQuestion.asked_at >= since, AskedQuestion.chosen.is_not(None))
    found = {*session.execute(offered).scalars(), *session.execute(chosen).scalars()}
    newly = _first_published_since(session, since)
    done = decided(session, "unfound")
    rows = [
        row for row in _published(session)
        if row.id not in found and f"{row.id}/{row.language}" not in done and (row.id, row.language) not in newly
    ][:limit]
    asked = list(session.execute(sa.select(AskedQuestion).where(AskedQuestion.review.is_(None)).order_by(AskedQuestion.id.desc()).limit(MOST_QUESTIONS)).scalars())
    if not rows or not asked:
        return [Finding(row) for row in rows]
    return [Finding(row, _closest(session, row, asked, vectors_of(asked))) for row in rows]


def not_helpful(session: Session, *, at: datetime, limit: int = SHOWN) -> list[Finding]:
    """Articles that customers read and said no to, those with most open refusals first."""
    told = _shown_questions(session, at - PERIOD)
    rows = {str(row.id): row for row in _published(session)}
    found = []
    for id, asked in told.items():
        refused = [question for question in asked if question.helped is False and question.review is None]
        if refused and id in rows:
            helped = sum(question.helped is True for question in asked)
            found.append(Finding(rows[id], tuple(refused[:BEHIND]), len(refused), len(asked), helped))
    return sorted(found, key=lambda finding: (-finding.number, finding.helped))[:limit]


def near_duplicates(session: Session, *, limit: int = SHOWN) -> list[Finding]:
    """Pairs of published articles in one language that say nearly the same, the nearest first."""
    found = []
    done = decided(session, "duplicate")
    for language in LANGUAGES:
        rows = [row for row in _published(session) if row.language == language]
        if len(rows) < 2:
            continue
        vectors = _article_vectors(session, rows)
        for start in range(0, len(rows), 500):  # the whole square of many articles would not fit into memory
            cosines = vectors[start : start + 500] @ vectors.T
            for first, second in np.argwhere(cosines >= ALIKE):
                if second > first + start:
                    finding = Finding(rows[first + start], other=rows[second], cosine=float(cosines[first, second]))
                    found.append(finding)
    return sorted((f for f in found if f.subject not in done), key=lambda f: -f.cosine)[:limit]


def out_of_date(session: Session, *, at: datetime, on: date, limit: int = SHOWN) -> list[Finding]:
    """Published articles whose last day is past or near, or that nobody has looked at for a year; the most asked first."""
    told = _shown_questions(session, at - PERIOD)
    done = decided(session, "outdated")
    found = []
    for row in session.execute(sa.select(Article).where(Article.published.is_(True)).order_by(Article.id, Article.language)).scalars():
        last: Optional[date] = row.valid_until
        if not ((last is not None and last - on <= SOON) or on - row.updated > OLD):
            continue
        asked = [question for question in told.get(str(row.id), ()) if question.language == row.language]
        finding = Finding(row, tuple(asked[:BEHIND]), len(asked), last_day=last if last is not None and last - on <= SOON else None)
        if finding.subject not in done:
            found.append(finding)
    return sorted(found, key=lambda f: (f.last_day is None, -f.number, f.article.updated))[:limit]


def untranslated(session: Session, *, at: datetime, limit: int = SHOWN) -> list[Finding]:
    """Published articles that one language lacks, those that were shown to its askers most first."""
    told = _shown_questions(session, at - PERIOD)
    present = set(session.execute(sa.select(Article.id, Article.language)).all())
    done = decided(session, "untranslated")
    found = []
    for row in _published(session):
        missing = next(language for language in LANGUAGES if language != row.language)
        if (row.id, missing) in present:
            continue
        asked = [question for question in told.get(str(row.id), ()) if question.language == missing]
        finding = Finding(row, tuple(asked[:BEHIND]), len(asked), missing=missing)
        if finding.subject not in done:
            found.append(finding)
    return sorted(found, key=lambda f: (-f.number, f.article.id))[:limit]


def decide(
    session: Session, *, kind: str, subject: str, decision: str, agent: str, at: datetime, article: Optional[str] = None, language: Optional[str] = None
) -> None:
    """Keeps an editor's decision about a finding: `dismissed`, or `drafted` with the article that was begun."""
    row: Any = session.get(EditorDecision, (kind, subject[:180]))
    if row is None:
        row = EditorDecision(kind=kind, subject=subject[:180])
        session.add(row)
    row.decision, row.article, row.language, row.agent, row.at = decision, article, language, agent, at
    session.flush()


def decided(session: Session, kind: str) -> set[str]:
    """Subjects of the findings of a kind that editors have dealt with."""
    return {str(subject) for subject in session.execute(sa.select(EditorDecision.subject).where(EditorDecision.kind == kind)).scalars()}


def still_right(session: Session, *, article: str, language: str, agent: str, at: datetime, on: date) -> None:
    """An editor has read the article and found it right: it is of today. Raises a 404 problem."""
    row: Any = keeping.locked(session, article, language)
    if row is None or not row.published:
        raise not_found("published article", article)
    waiting = revisions.newest(session, row) if revisions.state_of(row) == "changed" else None
    content = replace(keeping.content_of(row), updated=on)
    changed = revisions.publish(session, id=article, language=language, content=content, author=agent, at=at, based_on=row.revision)
    if waiting is not None:
        revisions.save_draft(session, id=article, language=language, content=waiting, author=agent, at=at, based_on=int(changed.revision))


def _published(session: Session) -> list[Any]:
    return list(session.execute(sa.select(Article).where(Article.published.is_(True)).order_by(Article.id, Article.language)).scalars())


def _first_published_since(session: Session, since: datetime) -> set[tuple[str, str]]:
    """Articles that have not had the time to be found."""
    table = ArticleRevision
    query = sa.select(table.article, table.language).where(table.kind.in_(("published", "imported"))).group_by(table.article, table.language)
    query = query.having(sa.func.min(table.at) >= since)
    newly = {(str(row.article), str(row.language)) for row in session.execute(query)}
    everything = session.execute(sa.select(sa.func.count()).select_from(Article).where(Article.published.is_(True))).scalar_one()
    return newly if len(newly) < int(everything) else set()  # a knowledge base that is itself new is told all the same


def _shown_questions(session: Session, since: datetime) -> dict[str, list[Any]]:
    """The questions for which each article was read: the answer that was given, or the title that was chosen. The newest first."""
    query = (
        sa.select(AskedQuestion, OfferedArticle.article)
        .outerjoin(OfferedArticle, sa.and_(OfferedArticle.question == AskedQuestion.id, OfferedArticle.place == 0))
        .where(AskedQuestion.asked_at >= since, sa.or_(AskedQuestion.chosen.is_not(None), AskedQuestion.outcome == "direct"))
        .order_by(AskedQuestion.id.desc())
    )
    told: dict[str, list[Any]] = {}
    for question, first in session.execute(query):
        article = question.chosen or first
        if article:
            told.setdefault(str(article), []).append(question)
    return told


def _closest(session: Session, row: Any, asked: list[AskedQuestion], vectors: Vectors) -> tuple[AskedQuestion, ...]:
    """The open questions that are closest to a piece of an article."""
    query = sa.select(Passage.vector).where(
        Passage.article == row.id, Passage.language == row.language, Passage.encoder == encoder().name, Passage.vector.is_not(None)
    )
    pieces = [np.frombuffer(vector, np.float32) for vector in session.execute(query).scalars()]
    if not pieces:
        return ()
    closeness = (vectors @ np.stack(pieces).T).max(axis=1)
    return tuple(asked[place] for place in np.argsort(-closeness, kind="stable")[:3] if closeness[place] >= _CLOSE)


def _article_vectors(session: Session, rows: list[Any]) -> Vectors:
    """A unit vector for each article: the mean of its title's and passages'. Zeros while they are not encoded."""
    using = encoder()
    places = {(row.id, row.language): place for place, row in enumerate(rows)}
    sums, numbers = np.zeros((len(rows), using.dimension), np.float32), Counter[int]()
    query = sa.select(Passage.article, Passage.language, Passage.vector).where(Passage.encoder == using.name, Passage.kind != "question")
    for article, language, vector in session.execute(query):
        place = places.get((article, language))
        if place is not None and vector:
            sums[place] += np.frombuffer(vector, np.float32)
            numbers[place] += 1
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return sums / np.where(lengths > 0, lengths, 1)
