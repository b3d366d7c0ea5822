"""Rows of agents and what they can do, of queues and their calendars, of what agents are told, and of calls that were promised."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

ROLES = ("agent", "supervisor", "editor", "administrator")
PRESENCES = ("available", "busy", "away")
ASSIGNMENTS = ("by_hand", "least_loaded")
CAPACITY = 5
"""Conversations that an agent answers at once, where nothing else is said."""
CALLBACK_STATES = ("booked", "done", "cancelled")


class Agent(Base):
    """A person who answers customers."""

    __tablename__ = "agent"

    id = sa.Column(sa.String(40), primary_key=True)
    email = sa.Column(sa.String(200), nullable=False, unique=True)
    name = sa.Column(sa.String(80), nullable=False)
    password = sa.Column(sa.String(200), nullable=False)
    role = sa.Column(sa.String(20), nullable=False, default="agent")
    language = sa.Column(sa.String(2), nullable=False, default="fr")
    is_active = sa.Column(sa.Boolean, nullable=False, default=True)
    created_at = sa.Column(UtcDateTime, nullable=False)
    queues = sa.Column(sa.JSON)  # the queues whose matters they know; none stands for all
    languages = sa.Column(sa.JSON)  # in which they answer; none stands for all
    capacity = sa.Column(sa.Integer, nullable=False, default=CAPACITY, server_default=str(CAPACITY))


class AgentPresence(Base):
    """Whether an agent answers now: what they chose, and when their desk was last seen. No row: they have never opened it."""

    __tablename__ = "agent_presence"

    agent = sa.Column(sa.String(40), sa.ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    chosen = sa.Column(sa.String(10), nullable=False)
    chosen_at = sa.Column(UtcDateTime, nullable=False)
    seen_at = sa.Column(UtcDateTime, nullable=False)
    left_at = sa.Column(UtcDateTime)  # signed out


class AgentNews(Base):
    """Something that an agent is told: a colleague asks, a conversation was given to them, one that they watch goes on."""

    __tablename__ = "agent_news"

    id = sa.Column(sa.Integer, primary_key=True)
    agent = sa.Column(sa.String(40), sa.ForeignKey("agent.id", ondelete="CASCADE"), nullable=False)
    kind = sa.Column(sa.String(20), nullable=False)
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    seq = sa.Column(sa.Integer, nullable=False)
    by = sa.Column(sa.String(80), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
    read_at = sa.Column(UtcDateTime)

    __table_args__ = (sa.UniqueConstraint("agent", "kind", "conversation", "seq"), sa.Index("ix_agent_news_agent_read_at", "agent", "read_at"))


class Watch(Base):
    """An agent wants to know how a conversation goes on."""

    __tablename__ = "watch"

    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    agent = sa.Column(sa.String(40), sa.ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    seen_seq = sa.Column(sa.Integer, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


class QueueSettings(Base):
    """What an administrator changed about a queue; one without a row is as `routing.QUEUES` says. Empty: as the firm."""

    __tablename__ = "queue_settings"

    queue = sa.Column(sa.String(20), primary_key=True)
    name_fr = sa.Column(sa.String(60))
    name_en = sa.Column(sa.String(60))
    assignment = sa.Column(sa.String(20), nullable=False, default="by_hand")
    notice_minutes = sa.Column(sa.Float)
    opening_hours = sa.Column(sa.String(300))
    holidays = sa.Column(sa.String(10))


class QueueException(Base):
    """A day with other hours than the week's: of one queue, or of all. `hours` empty: closed."""

    __tablename__ = "queue_exception"

    id = sa.Column(sa.Integer, primary_key=True)
    queue = sa.Column(sa.String(20))
    day = sa.Column(sa.Date, nullable=False)
    hours = sa.Column(sa.String(100), nullable=False, default="")
    name = sa.Column(sa.String(80), nullable=False, default="")

    __table_args__ = (sa.UniqueConstraint("queue", "day"),)


class Invitation(Base):
    """A link by which an agent chooses a password. Only the token's digest is kept."""

    __tablename__ = "invitation"

    token = sa.Column(sa.String(64), primary_key=True)
    agent = sa.Column(sa.String(40), sa.ForeignKey("agent.id", ondelete="CASCADE"), nullable=False, index=True)
    created_at = sa.Column(UtcDateTime, nullable=False)
    expires_at = sa.Column(UtcDateTime, nullable=False)


class AgentSession(Base):
    """A signed-in browser. Only the token's digest is kept."""

    __tablename__ = "agent_session"

    token = sa.Column(sa.String(64), primary_key=True)
    agent = sa.Column(sa.String(40), sa.ForeignKey("agent.id", ondelete="CASCADE"), nullable=False, index=True)
    csrf = sa.Column(sa.String(64), nullable=False)
    created_at = sa.Column(UtcDateTime, nullable=False)
    expires_at = sa.Column(UtcDateTime, nullable=False)


class Callback(Base):
    """A telephone call that was promised for a window of time. `place` is its place among the calls of the window; none once cancelled."""

    __tablename__ = "callback"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    state = sa.Column(sa.String(10), nullable=False, index=True)
    starts_at = sa.Column(UtcDateTime, nullable=False)
    ends_at = sa.Column(UtcDateTime, nullable=False)
    place = sa.Column(sa.Integer)
    phone = sa.Column(sa.String(20), nullable=False)
    language = sa.Column(sa.String(2), nullable=False)
    reason = sa.Column(sa.Text, nullable=False, default="")
    conversation = sa.Column(sa.String(40), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True)
    created_at = sa.Column(UtcDateTime, nullable=False)
    done_at = sa.Column(UtcDateTime)
    agent = sa.Column(sa.String(40))

    __table_args__ = (sa.UniqueConstraint("starts_at", "place"),)
