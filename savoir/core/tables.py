"""Rows that no room owns: what is to be sent, and who changed what."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

OUTBOX_STATES = ("pending", "sending", "sent", "dead")


class OutboxItem(Base):
    """Something that must reach another system, written with what caused it. Once sent (or too late) its content is dropped."""

    __tablename__ = "outbox_item"

    id = sa.Column(sa.Integer, primary_key=True)
    kind = sa.Column(sa.String(30), nullable=False)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    payload = sa.Column(sa.JSON, nullable=False)
    conversation = sa.Column(sa.String(40), index=True)
    state = sa.Column(sa.String(10), nullable=False)
    attempts = sa.Column(sa.Integer, nullable=False)
    claimed_by = sa.Column(sa.String(60))
    claimed_until = sa.Column(UtcDateTime)
    next_attempt_at = sa.Column(UtcDateTime, nullable=False)
    until = sa.Column(UtcDateTime)
    created_at = sa.Column(UtcDateTime, nullable=False)
    done_at = sa.Column(UtcDateTime)
    error = sa.Column(sa.String(200))

    __table_args__ = (sa.Index("ix_outbox_item_state_next_attempt_at", "state", "next_attempt_at"),)


class AuditEvent(Base):
    """A change that somebody made in the administration: who, when, what, before and after. Never changed, never erased."""

    __tablename__ = "audit_event"

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(UtcDateTime, nullable=False, index=True)
    actor = sa.Column(sa.String(40), index=True)
    actor_name = sa.Column(sa.String(80), nullable=False)
    action = sa.Column(sa.String(40), nullable=False)
    kind = sa.Column(sa.String(30), nullable=False)
    subject = sa.Column(sa.String(60), nullable=False)
    before = sa.Column(sa.JSON)
    after = sa.Column(sa.JSON)

    __table_args__ = (sa.Index("ix_audit_event_kind_subject", "kind", "subject"),)
