"""What the knowledge lacks, as its customers' questions tell it, and the editor's one click that mends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Iterable, Optional, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.encoder import Vectors, encoder
from savoir.core.errors import invalid, not_found
from savoir.core.text import fold

from . import keeping, revisions, service
from .answer import Hit
from .feedback import offers
from .feedback_tables import AskedQuestion
from .gaps_clusters import clusters
from .tables import LANGUAGES, Article

MOST_QUESTIONS = 1000
"""The newest open questions are looked at: clustering takes the square of their number."""
SHOWN = 40
"""Gaps, or articles with candidates, that are shown at once."""
LONGEST_SAMPLE = 200
"""Characters of a sample question: what is longer tells a story, and matches nothing but itself."""
_OPEN = AskedQuestion.review.is_(None)
_UNANSWERED = sa.or_(
    AskedQuestion.helped.is_(False),
    sa.and_(AskedQuestion.outcome.in_(("none", "choices")), AskedQuestion.chosen.is_(None), AskedQuestion.helped.is_not(True)),
)
_CONFIRMED = sa.and_(
    sa.or_(AskedQuestion.helped.is_(None), AskedQuestion.helped.is_(True)),
    sa.or_(AskedQuestion.chosen.is_not(None), sa.and_(AskedQuestion.outcome == "direct", AskedQuestion.helped.is_(True))),
)


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same and were not answered: the one in their middle first. `nearest`: the articles that search finds for it."""

    questions: tuple[AskedQuestion, ...]
    nearest: tuple[Hit, ...]


@dataclass(frozen=True)
class Candidates:
    """Questions that an article answered, by the customer's word, their choice or an agent's pick, and that it does not have as samples yet."""

    article: Article
    questions: tuple[AskedQuestion, ...]


def gaps(session: Session, *, limit: int = SHOWN) -> list[Gap]:
    """The largest groups of questions without an answer, at most `limit`."""
    rows = list(session.execute(_newest(_UNANSWERED)).scalars())
    found = clusters(vectors_of(rows), encoder().name)[:limit]
    return [Gap(tuple(rows[place] for place in group), tuple(_nearest(session, rows[group[0]]))) for group in found]


def candidates(session: Session, *, limit: int = SHOWN) -> list[Candidates]:
    """Questions that wait to become samples, by article; the article with most first."""
    rows = list(session.execute(_newest(_CONFIRMED)).scalars())
    offered = offers(session, [int(row.id) for row in rows if not row.chosen])
    by_article: dict[tuple[str, str], list[AskedQuestion]] = {}
    for row in rows:
        article = row.chosen or next((offer.article for offer in offered.get(int(row.id), ())), None)
        target = target_of(session, str(article), str(row.language)) if article else None
        if target is not None and not _has(target, str(row.question)):
            by_article.setdefault((str(target.id), str(target.language)), []).append(row)
    ordered = sorted(by_article.items(), key=lambda item: -len(item[1]))[:limit]
    return [Candidates(session.get(Article, key), tuple(_once(questions))) for key, questions in ordered]


def counts(session: Session) -> dict[str, int]:
    """How many questions are open: without an answer (`gaps`), and answered but not among the samples (`candidates`)."""
    unanswered = session.execute(sa.select(sa.func.count()).select_from(AskedQuestion).where(_OPEN, _UNANSWERED)).scalar_one()
    return {"gaps": int(unanswered), "candidates": sum(len(each.questions) for each in candidates(session, limit=MOST_QUESTIONS))}


def target_of(session: Session, article: str, language: str) -> Optional[Article]:
    """The version of an article that learns a question asked in a language: in that language, else in the other; None if there is none."""
    for spoken in (language, *LANGUAGES):
        row: Optional[Article] = session.get(Article, (article, spoken))
        if row is not None and row.published:
            return row
    return None


def add_to_article(session: Session, *, questions: Sequence[int], article: str, agent: str, at: datetime) -> Article:
    """Makes questions samples of an article, each of the version in its language; search knows them from its next question on.

    Returns the last version changed. Raises a problem: no such article or question, or the article has as many samples as it may.
    """
    rows = open_rows(session, questions)
    changed: dict[tuple[str, str], list[AskedQuestion]] = {}
    for row in rows:
        target = target_of(session, article, str(row.language))
        if target is None:
            raise not_found("published article", article)
        changed.setdefault((str(target.id), str(target.language)), []).append(row)
    last: Any = None
    for (id, language), asked in changed.items():
        last = _teach(session, id, language, [sample_of(str(row.question)) for row in asked], agent, at)
    for row in rows:
        _review(row, "added", agent, at, article)
    session.flush()
    return last  # type: ignore[no-any-return]


def dismiss(session: Session, *, questions: Sequence[int], agent: str, at: datetime) -> None:
    """Nothing is to be made of these questions."""
    for row in open_rows(session, questions):
        _review(row, "dismissed", agent, at, None)
    session.flush()


def reopen(session: Session, *, questions: Sequence[int]) -> None:
    """Dismissed questions are open again."""
    for row in session.execute(sa.select(AskedQuestion).where(AskedQuestion.id.in_(list(questions)), AskedQuestion.review == "dismissed")).scalars():
        row.review = row.reviewed_by = row.reviewed_at = None
    session.flush()


def drafted(session: Session, *, questions: Sequence[int], article: str, agent: str, at: datetime) -> None:
    """A draft was made of these questions."""
    for row in open_rows(session, questions):
        _review(row, "drafted", agent, at, article)
    session.flush()


def open_rows(session: Session, questions: Sequence[int]) -> list[AskedQuestion]:
    """The questions that nobody has dealt with yet, locked. Raises a 404 problem when none is left of them."""
    query = sa.select(AskedQuestion).where(AskedQuestion.id.in_(list(questions)), _OPEN).order_by(AskedQuestion.id).with_for_update()
    rows = list(session.execute(query).scalars())
    if not rows:
        raise not_found("open question", ", ".join(map(str, questions)))
    return rows


def vectors_of(rows: Sequence[AskedQuestion]) -> Vectors:
    """The vectors of questions; those that another encoder made are made anew."""
    using = encoder()
    found = [np.frombuffer(row.vector, np.float32) if row.encoder == using.name else using.encode([str(row.question)])[0] for row in rows]
    return np.stack(found) if found else np.empty((0, using.dimension), np.float32)


def sample_of(question: str) -> str:
    """A question as a sample: its beginning, cut at a word."""
    return question if len(question) <= LONGEST_SAMPLE else question[:LONGEST_SAMPLE].rsplit(" ", 1)[0]


def _newest(which: Any) -> Any:
    return sa.select(AskedQuestion).where(_OPEN, which).order_by(AskedQuestion.id.desc()).limit(MOST_QUESTIONS)


def _nearest(session: Session, row: AskedQuestion) -> list[Hit]:
    return service.search(session, question=str(row.question), language=str(row.language), limit=3, product=row.product).hits


def _teach(session: Session, id: str, language: str, samples: list[str], agent: str, at: datetime) -> Article:
    """Adds samples to what customers read, and to the draft that waits behind it."""
    row: Any = keeping.locked(session, id, language)
    waiting = revisions.newest(session, row) if revisions.state_of(row) == "changed" else None
    content = _with(keeping.content_of(row), samples)
    if content.questions == keeping.content_of(row).questions:
        return row  # type: ignore[no-any-return]
    changed = revisions.publish(session, id=id, language=language, content=content, author=agent, at=at, based_on=row.revision)
    if waiting is not None:
        changed = revisions.save_draft(
            session, id=id, language=language, content=_with(waiting, samples), author=agent, at=at, based_on=int(changed.revision)
        )
    return changed


def _with(content: keeping.Content, samples: Iterable[str]) -> keeping.Content:
    known = {fold(question) for question in content.questions}
    added = [sample for sample in dict.fromkeys(samples) if fold(sample) not in known]
    if len(content.questions) + len(added) > keeping.MOST_QUESTIONS:
        raise invalid("samples-full", f"The article has {len(content.questions)} sample questions; at most {keeping.MOST_QUESTIONS} are taken.")
    return replace(content, questions=(*content.questions, *added))


def _has(article: Article, question: str) -> bool:
    return fold(sample_of(question)) in {fold(str(article.title)), *(fold(known) for known in article.questions)}


def _once(rows: Sequence[AskedQuestion]) -> list[AskedQuestion]:
    """Each wording once, its newest row."""
    return list({fold(str(row.question)): row for row in reversed(rows)}.values())[::-1]


def _review(row: Any, review: str, agent: str, at: datetime, article: Optional[str]) -> None:
    row.review, row.review_article, row.reviewed_by, row.reviewed_at = review, article, agent, at
