"""What this room holds about a person, and its erasure: of a ticket stay its number, category, urgency and dates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, record, records

from .tables import Ticket, TicketEvent


def export_of(session: Session, person: Person) -> Sections:
    """Tickets with their history: the customer's, those left with their address, and those of their conversations."""
    told = []
    for ticket in session.execute(sa.select(Ticket).where(_theirs(person)).order_by(Ticket.id)).scalars():
        history = session.execute(sa.select(TicketEvent).where(TicketEvent.ticket == ticket.id).order_by(TicketEvent.id)).scalars()
        told.append({"number": ticket.number, **record(ticket, "id", "customer"), "history": records(history, "id", "ticket")})
    return {"tickets": told, "ticket_additions": records(session.execute(_added_elsewhere(person)).scalars(), "id", "ticket")}


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases all words of the tickets, and whose they were; closes those that are open."""
    session.flush()
    for ticket in session.execute(sa.select(Ticket).where(_theirs(person)).with_for_update()).scalars():
        if ticket.state != "closed":
            session.add(TicketEvent(ticket=ticket.id, kind="state", actor="system", text=f"{ticket.state} → closed", at=at))
        ticket.state, ticket.updated_at = "closed", at
        ticket.subject = ticket.body = ""
        ticket.email = ticket.customer = ticket.conversation = ticket.key = ticket.photos = None
        for event in session.execute(sa.select(TicketEvent).where(TicketEvent.ticket == ticket.id)).scalars():
            _empty(event)
    for event in session.execute(_added_elsewhere(person)).scalars():
        _empty(event)
    session.flush()


def _empty(event: TicketEvent) -> None:
    event.text = event.text if event.kind in ("state", "followed") else ""
    event.key = event.conversation = event.photos = None


def _added_elsewhere(person: Person) -> Any:
    """What was added from their conversations to tickets of others: found by an address alone, which anybody can type."""
    others = sa.select(TicketEvent).join(Ticket, Ticket.id == TicketEvent.ticket)
    return others.where(TicketEvent.conversation.in_(person.conversations), sa.not_(sa.func.coalesce(_theirs(person), False)))


def _theirs(person: Person) -> Any:
    theirs = [Ticket.conversation.in_(person.conversations)]
    if person.customer:
        theirs.append(Ticket.customer == person.customer)
    if person.email:
        theirs.append(sa.and_(Ticket.email == person.email.strip().lower(), sa.or_(Ticket.customer.is_(None), Ticket.customer == person.customer)))
    return sa.or_(*theirs)
