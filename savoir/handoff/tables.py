"""Rows of agents and of their sessions."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

ROLES = ("agent", "supervisor", "editor", "administrator")


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
