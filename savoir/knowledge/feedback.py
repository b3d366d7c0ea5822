"""What was asked of the articles and what came of it: kept for editors, who see what is missing and teach the search with one click."""

from __future__ import annotations

from datetime import datetime
from typing import Iterable, Optional, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.encoder import encoder
from savoir.core.masking import masked
from savoir.core.text import clean
from savoir.customers import service as customers

from . import personal_data as personal_data
from .answer import Answer, Hit
from .feedback_tables import AskedQuestion, OfferedArticle

LONGEST_QUESTION = 1000
"""Characters of a question that are kept."""


def asked(
    session: Session, *, key: str, question: str, language: str, answer: Answer, at: datetime, conversation: Optional[str] = None,
    product: Optional[str] = None, customer: Optional[str] = None,
) -> Optional[AskedQuestion]:
    """Keeps a question with what the articles gave for it; the same `key` again changes nothing. None for a question without words.

    `customer`: whose name and address are taken out of it, beside what anybody's would be.
    """
    offered = [answer.article] if answer.article else list(answer.choices)
    return _keep(
        session, key=key, question=question, language=language, outcome=answer.kind, offered=offered, at=at, conversation=conversation,
        product=product, customer=customer,
    )


def chosen(session: Session, *, conversation: str, article: str) -> Optional[AskedQuestion]:
    """The customer took one of the titles offered for their last question. None when it was not among them."""
    row = last_asked(session, conversation)
    if row is None or article not in [offer.article for offer in offers(session, [int(row.id)]).get(int(row.id), ())]:
        return None
    row.chosen = article
    session.flush()
    return row


def answered(session: Session, *, conversation: str, helped: bool) -> Optional[AskedQuestion]:
    """The customer said whether the answer to their last question helped. None when there is no question."""
    row = last_asked(session, conversation)
    if row is not None:
        row.helped = helped
        session.flush()
    return row


def picked(
    session: Session, *, key: str, question: str, language: str, article: str, agent: str, at: datetime, article_language: Optional[str] = None,
    conversation: Optional[str] = None, product: Optional[str] = None, customer: Optional[str] = None,
) -> Optional[AskedQuestion]:
    """An agent answered a customer's question with an article. The question that the assistant had kept in that conversation, if it is the same
    one, gets the article; else it is kept anew. The same `key` again changes nothing. None for a question without words."""
    words = _words(session, question, customer)
    if conversation and words:
        same = sa.select(AskedQuestion).where(
            AskedQuestion.conversation == conversation, AskedQuestion.question == words, AskedQuestion.review.is_(None), AskedQuestion.outcome != "picked"
        )
        row: Optional[AskedQuestion] = session.execute(same.order_by(AskedQuestion.id.desc()).limit(1)).scalar_one_or_none()
        if row is not None:
            row.chosen, row.agent, row.helped = article, agent, None
            session.flush()
            return row
    hit = Hit(article, article_language or language, "", "", 0.0, 0.0)
    row = _keep(
        session, key=key, question=question, language=language, outcome="picked", offered=[hit], at=at, conversation=conversation, product=product,
        customer=customer,
    )
    if row is not None and row.chosen is None:
        row.chosen, row.agent = article, agent
        session.flush()
    return row


def last_asked(session: Session, conversation: str) -> Optional[AskedQuestion]:
    """The newest question that the assistant answered in a conversation."""
    query = sa.select(AskedQuestion).where(AskedQuestion.conversation == conversation, AskedQuestion.outcome != "picked")
    found: Optional[AskedQuestion] = session.execute(query.order_by(AskedQuestion.id.desc()).limit(1)).scalar_one_or_none()
    return found


def offers(session: Session, questions: Iterable[int]) -> dict[int, list[OfferedArticle]]:
    """The articles offered for each question, best first."""
    query = sa.select(OfferedArticle).where(OfferedArticle.question.in_(list(questions))).order_by(OfferedArticle.question, OfferedArticle.place)
    found: dict[int, list[OfferedArticle]] = {}
    for offer in session.execute(query).scalars():
        found.setdefault(int(offer.question), []).append(offer)
    return found


def _keep(
    session: Session, *, key: str, question: str, language: str, outcome: str, offered: Sequence[Hit], at: datetime, conversation: Optional[str],
    product: Optional[str], customer: Optional[str],
) -> Optional[AskedQuestion]:
    known: Optional[AskedQuestion] = session.execute(sa.select(AskedQuestion).where(AskedQuestion.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    words = _words(session, question, customer)
    if not words:
        return None
    using = encoder()
    row = AskedQuestion(
        key=key, conversation=conversation, language=language, product=product, question=words, outcome=outcome, asked_at=at, encoder=using.name,
        vector=using.encode([words])[0].astype(np.float32).tobytes(),
    )
    session.add(row)
    session.flush()
    session.add_all(
        OfferedArticle(question=row.id, article=hit.article, language=hit.language, place=place) for place, hit in enumerate(offered)
    )
    session.flush()
    return row


def _words(session: Session, question: str, customer: Optional[str]) -> str:
    """The question as it may be kept: on one line, masked."""
    person = customers.customer_by_id(session, customer) if customer else None
    known = [str(getattr(person, name) or "") for name in ("first_name", "last_name", "street", "email", "phone")] if person else []
    return masked(" ".join(clean(question).split()), known)[:LONGEST_QUESTION]
