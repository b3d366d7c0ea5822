"""Rows of the desk: what the assistant knew at the hand-over, canned replies, and what became of suggested ones."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

SOURCES = ("article", "before", "canned")
OUTCOMES = ("accepted", "edited", "refused")


class HandoverFacts(Base):
    """What the assistant knew when it last handed a conversation over: `known` as package.py's KNOWN, by name."""

    __tablename__ = "handover_facts"

    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    known = sa.Column(sa.JSON, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


class CannedReply(Base):
    """A reply that agents put in by `/` and its shortcut, in both languages, with variables such as `{client}`."""

    __tablename__ = "canned_reply"

    id = sa.Column(sa.String(40), primary_key=True)
    shortcut = sa.Column(sa.String(40), nullable=False, unique=True)
    title_fr = sa.Column(sa.String(120), nullable=False)
    title_en = sa.Column(sa.String(120), nullable=False)
    text_fr = sa.Column(sa.Text, nullable=False)
    text_en = sa.Column(sa.Text, nullable=False)
    used = sa.Column(sa.Integer, nullable=False, default=0)
    updated_by = sa.Column(sa.String(80))
    updated_at = sa.Column(UtcDateTime, nullable=False)


class ReplySuggestion(Base):
    """What an agent did with a reply that was suggested for the message at `seq`; `reference` is the article, canned reply or conversation."""

    __tablename__ = "reply_suggestion"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False)
    seq = sa.Column(sa.Integer, nullable=False)
    source = sa.Column(sa.String(10), nullable=False)
    reference = sa.Column(sa.String(120), nullable=False)
    outcome = sa.Column(sa.String(10), nullable=False)
    agent = sa.Column(sa.String(40), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)

    __table_args__ = (sa.UniqueConstraint("conversation", "seq", "source", "reference"),)
