"""Opening tickets and following them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.errors import invalid, not_found
from savoir.customers import service as customers

from .tables import STATES, Ticket, TicketEvent

QUEUE_OF = {
    "hardware": "technical", "software": "technical", "usage": "technical", "order": "orders", "billing": "orders", "repair": "repairs",
    "feedback": "care", "account": "care", "general": "care", "safety": "trust", "fraud": "trust", "privacy": "trust",
}
CATEGORY_OF_SYMPTOM = {
    "power": "hardware.power", "screen": "hardware.screen", "battery": "hardware.battery", "charging": "hardware.battery",
    "sound": "hardware.audio", "microphone": "hardware.audio", "camera": "hardware.camera", "connectivity": "hardware.connectivity",
    "overheating": "hardware.overheating", "performance": "software.performance", "software": "software.application",
    "storage": "software.performance", "buttons": "hardware.other", "noise": "hardware.other", "water": "hardware.physical_damage",
}


@dataclass(frozen=True)
class NewTicket:
    """What a ticket is opened with."""

    channel: str
    language: str
    subject: str
    body: str
    category: str = "general.other"
    urgency: str = "p3"
    product_type: Optional[str] = None
    product_model: Optional[str] = None
    symptom: Optional[str] = None
    email: Optional[str] = None
    customer: Optional[str] = None
    conversation: Optional[str] = None


def open_ticket(session: Session, new: NewTicket, *, key: str, at: datetime, actor: str = "assistant") -> Ticket:
    """Opens a ticket; with a `key` that opened one already, returns that one."""
    known = session.execute(sa.select(Ticket).where(Ticket.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    ticket = Ticket(
        key=key, state="new", channel=new.channel, language=new.language, subject=new.subject[:200], body=new.body, category=new.category,
        urgency=new.urgency, queue=QUEUE_OF.get(new.category.split(".")[0], "triage"), product_type=new.product_type,
        product_model=new.product_model, symptom=new.symptom, email=new.email and new.email.lower(), customer=new.customer,
        conversation=new.conversation, created_at=at, updated_at=at,
    )
    session.add(ticket)
    session.flush()
    session.add(TicketEvent(ticket=ticket.id, kind="opened", actor=actor, text="", at=at))
    session.flush()
    return ticket


def by_number(session: Session, number: str) -> Ticket:
    """The ticket `SAV-000042`. Raises a 404 problem."""
    match = re.fullmatch(r"SAV-(\d{6,})", number.strip().upper())
    ticket = session.get(Ticket, int(match[1])) if match else None
    if ticket is None:
        raise not_found("ticket", number)
    return ticket


def visible_ticket(session: Session, *, number: str, conversation: str, email: Optional[str] = None) -> Optional[Ticket]:
    """The ticket, if it was opened in this conversation, is of the customer identified in it, or `email` is the one it was left with."""
    try:
        ticket = by_number(session, number)
    except Exception:
        return None
    if ticket.conversation == conversation:
        return ticket
    if email and ticket.email and customers.same_address(email, str(ticket.email)):
        return ticket
    owner = conversations.find(session, conversation).customer
    return ticket if owner and owner == ticket.customer else None


def in_states(session: Session, states: Sequence[str], *, limit: int = 200) -> list[Ticket]:
    """Tickets in one of the states: the most urgent first, then the oldest."""
    query = sa.select(Ticket).where(Ticket.state.in_(states)).order_by(Ticket.urgency, Ticket.id).limit(limit)
    return list(session.execute(query).scalars())


def of_conversation(session: Session, conversation: str) -> list[Ticket]:
    """Tickets opened in a conversation, newest first."""
    return list(session.execute(sa.select(Ticket).where(Ticket.conversation == conversation).order_by(Ticket.id.desc())).scalars())


def of_customer(session: Session, customer: str) -> list[Ticket]:
    """A customer's tickets, newest first."""
    return list(session.execute(sa.select(Ticket).where(Ticket.customer == customer).order_by(Ticket.id.desc())).scalars())


def set_state(session: Session, ticket: Ticket, *, state: str, actor: str, at: datetime) -> None:
    """Changes a ticket's state and notes who did it."""
    if state not in STATES:
        raise invalid("unknown-state", f"The state {state!r} is unknown; expected one of {', '.join(STATES)}.")
    session.add(TicketEvent(ticket=ticket.id, kind="state", actor=actor, text=f"{ticket.state} → {state}", at=at))
    ticket.state, ticket.updated_at = state, at


def add_note(session: Session, ticket: Ticket, *, text: str, actor: str, at: datetime) -> None:
    """Adds a line to a ticket's history."""
    session.add(TicketEvent(ticket=ticket.id, kind="note", actor=actor, text=text, at=at))
    ticket.updated_at = at


def history(session: Session, ticket: Ticket) -> list[TicketEvent]:
    """A ticket's history, oldest first."""
    return list(session.execute(sa.select(TicketEvent).where(TicketEvent.ticket == ticket.id).order_by(TicketEvent.id)).scalars())
