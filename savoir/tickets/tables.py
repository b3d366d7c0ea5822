"""Rows of tickets and of their history."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

STATES = ("new", "open", "pending_customer", "pending_third_party", "solved", "closed")
URGENCIES = ("p1", "p2", "p3", "p4")


class Ticket(Base):
    """A request that somebody works on. `key` is the idempotency key of what opened it; `follows` is the closed ticket that it goes on from.

    `photos`: `[{"id", "conversation", "width", "height"}]`, kept in their conversations.
    """

    __tablename__ = "ticket"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), unique=True)
    state = sa.Column(sa.String(24), nullable=False)
    channel = sa.Column(sa.String(20), nullable=False)
    language = sa.Column(sa.String(2), nullable=False)
    subject = sa.Column(sa.String(200), nullable=False)
    body = sa.Column(sa.Text, nullable=False)
    category = sa.Column(sa.String(40), nullable=False)
    urgency = sa.Column(sa.String(2), nullable=False)
    queue = sa.Column(sa.String(20), nullable=False)
    product_type = sa.Column(sa.String(20))
    product_model = sa.Column(sa.String(60))
    symptom = sa.Column(sa.String(20))
    email = sa.Column(sa.String(200), index=True)
    customer = sa.Column(sa.String(40), index=True)
    conversation = sa.Column(sa.String(40), index=True)
    photos = sa.Column(sa.JSON)
    follows = sa.Column(sa.Integer, index=True)
    created_at = sa.Column(UtcDateTime, nullable=False)
    updated_at = sa.Column(UtcDateTime, nullable=False)

    @property
    def number(self) -> str:
        """`SAV-000042`."""
        return f"SAV-{self.id:06d}"


class TicketEvent(Base):
    """One line of a ticket's history; `actor` is `assistant`, `customer` or an agent's name.

    `kind`: opened; state (`new → open`); note; added and reopened (words and photos of the customer); followed (the number of the ticket after it).
    """

    __tablename__ = "ticket_event"

    id = sa.Column(sa.Integer, primary_key=True)
    ticket = sa.Column(sa.Integer, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True)
    kind = sa.Column(sa.String(20), nullable=False)
    actor = sa.Column(sa.String(40), nullable=False)
    text = sa.Column(sa.Text, nullable=False, default="")
    key = sa.Column(sa.String(160), index=True, unique=True)
    conversation = sa.Column(sa.String(40))
    photos = sa.Column(sa.JSON)
    at = sa.Column(UtcDateTime, nullable=False)
