"""Rows of agents, of their sessions, and of calls that were promised."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

ROLES = ("agent", "supervisor", "editor", "administrator")
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
