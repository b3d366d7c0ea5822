"""Rows of what was asked of the articles and what came of it, and of what editors made of that."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

OUTCOMES = ("direct", "choices", "none", "picked")
REVIEWS = ("added", "dismissed", "drafted")


class AskedQuestion(Base):
    """A question, masked of personal data, with its vector and what came of it.

    `outcome`: direct (one answer), choices (titles to choose from), none; picked: an agent answered with the article `chosen`.
    `helped`: what the customer said of it, None while they said nothing. `review`: what an editor made of it, None while nobody did.
    """

    __tablename__ = "asked_question"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    conversation = sa.Column(sa.String(40), index=True)
    language = sa.Column(sa.String(2), nullable=False)
    product = sa.Column(sa.String(60))
    question = sa.Column(sa.Text, nullable=False)
    encoder = sa.Column(sa.String(40), nullable=False)
    vector = sa.Column(sa.LargeBinary, nullable=False)
    outcome = sa.Column(sa.String(10), nullable=False)
    chosen = sa.Column(sa.String(80))
    helped = sa.Column(sa.Boolean)
    agent = sa.Column(sa.String(40))
    asked_at = sa.Column(UtcDateTime, nullable=False)
    review = sa.Column(sa.String(10))
    review_article = sa.Column(sa.String(80))
    reviewed_by = sa.Column(sa.String(60))
    reviewed_at = sa.Column(UtcDateTime)

    __table_args__ = (sa.Index("ix_asked_question_review_asked_at", "review", "asked_at"),)


class OfferedArticle(Base):
    """An article that was shown for a question, or named among others; `place` from 0, best first."""

    __tablename__ = "offered_article"

    question = sa.Column(sa.Integer, sa.ForeignKey("asked_question.id", ondelete="CASCADE"), primary_key=True)
    article = sa.Column(sa.String(80), primary_key=True)
    language = sa.Column(sa.String(2), nullable=False)
    place = sa.Column(sa.Integer, nullable=False)

    __table_args__ = (sa.Index("ix_offered_article_article", "article"),)


class EditorDecision(Base):
    """What an editor decided about a finding that is not a question: an article never found, a pair of articles, a ticket."""

    __tablename__ = "editor_decision"

    kind = sa.Column(sa.String(20), primary_key=True)
    subject = sa.Column(sa.String(180), primary_key=True)
    decision = sa.Column(sa.String(10), nullable=False)
    article = sa.Column(sa.String(80))
    language = sa.Column(sa.String(2))
    agent = sa.Column(sa.String(60), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
