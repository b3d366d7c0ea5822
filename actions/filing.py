"""Tickets about orders: what the assistant can't settle by itself, or could not get done, goes to people with all that was said."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Optional, TypeVar

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, Turn, context
from savoir.conversations import service as conversations
from savoir.customers import service as customers
from savoir.tickets import service as tickets

T = TypeVar("T")
PATIENCE_SECONDS = 4.0
"""So long something may take before it is left to people; an action as a whole has eight seconds."""


async def done_in_time(turn: Turn, work: Callable[[Session], T]) -> Optional[T]:
    """What a room did, or None when it failed or did not answer in time: the request must then be filed."""
    try:
        return await asyncio.wait_for(turn.write(work), PATIENCE_SECONDS)
    except Exception as error:
        turn.log.error("request.not_done", error=f"{type(error).__name__}: {error}"[:300])
        return None


def new_ticket(
    turn: Turn, session: Session, *, category: str, matter: str = "", order: Optional[str] = None, product: Optional[str] = None, facts: str = ""
) -> tickets.NewTicket:
    """A ticket about an order: its number leads the subject, `facts` lead what was said. Known customers are reached at their own address."""
    customer = conversations.find(session, turn.conversation).customer
    known = customers.customer_by_id(session, str(customer)) if customer else None
    model = customers.product(session, product) if product else None
    subject = tickets.subject_of(matter=matter, category=category, language=turn.language, product=str(model.name) if model else None)
    body = tickets.body_of(session, turn.conversation)
    return tickets.NewTicket(
        channel=turn.metadata.get("channel") or "web", language=turn.language, subject=f"{order} – {subject}" if order else subject,
        body="\n".join(part for part in (facts, body) if part), category=category, urgency=tickets.urgency_of(category),
        product_type=str(model.type) if model else None, product_model=product, email=str(known.email) if known else None,
        customer=str(customer) if customer else None, conversation=turn.conversation,
    )


def of_order(session: Session, turn: Turn, *, category: str, order: str) -> Optional[Any]:
    """The open ticket of that category about an order: of its customer, or of this conversation."""
    customer = conversations.find(session, turn.conversation).customer
    found = [*tickets.of_conversation(session, turn.conversation), *(tickets.of_customer(session, str(customer)) if customer else [])]
    return next((t for t in found if t.category == category and t.state in tickets.OPEN and str(t.subject).startswith(order)), None)


def filed(
    turn: Turn, session: Session, *, category: str, order: str, matter: str = "", product: Optional[str] = None, facts: str = ""
) -> tickets.Filed:
    """Opens the ticket, or adds to the open one about the same order."""
    at, new = context().clock(), new_ticket(turn, session, category=category, order=order, matter=matter, product=product, facts=facts)
    standing = of_order(session, turn, category=category, order=order)
    if standing is None:
        return tickets.Filed(tickets.open_ticket(session, new, key=turn.key, at=at), "opened")
    return tickets.add_to_ticket(session, standing, text=new.body, key=turn.key, at=at, conversation=turn.conversation)


async def file_instead(turn: Turn, *, category: str, order: str, product: Optional[str] = None, facts: str = "") -> Events:
    """What could not be done goes to people as a ticket, and the customer hears its number and by when they answer: `queued`."""
    ticket = (await turn.write(lambda s: filed(turn, s, category=category, order=order, product=product, facts=facts))).ticket
    turn.say("utter_request_queued", ticket=ticket.number, by=answer_by(turn, ticket))
    return [SlotSet("ticket_number", ticket.number), SlotSet("action_status", "queued")]


def answer_by(turn: Turn, ticket: Any) -> str:
    """The day by which a person answers a ticket, in words."""
    return turn.day(tickets.promise(str(ticket.urgency), context().clock(), context().hours))
