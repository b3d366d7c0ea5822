"""Solved tickets as drafts of articles need them: what the customer told, what agents wrote, whom to leave out."""

from __future__ import annotations

from typing import Iterator, Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.customers import service as customers
from savoir.knowledge import drafts, gaps_of_articles
from savoir.knowledge.drafts import Said, SolvedCase
from savoir.tickets import service as tickets
from savoir.tickets.tables import Ticket

from .lists import agent_names

LOOKED_AT = 200
"""The tickets solved last that are looked at."""


def solved_cases(session: Session, *, limit: int) -> list[tuple[SolvedCase, list[str]]]:
    """The cases solved last of which something can be told to others, each with what helped; without those that an editor has dealt with."""
    found: list[tuple[SolvedCase, list[str]]] = []
    for case in _cases(session):
        helped = drafts.what_helped(case)
        if helped:
            found.append((case, helped))
        if len(found) == limit:
            break
    return found


def solved_case(session: Session, number: str) -> SolvedCase:
    """One case. Raises a 404 problem."""
    return _case(session, tickets.by_number(session, number), list(agent_names(session).values()))


def _cases(session: Session) -> Iterator[SolvedCase]:
    done = gaps_of_articles.decided(session, "ticket")
    names = list(agent_names(session).values())
    rows = sorted(tickets.in_states(session, ("solved", "closed"), limit=2000), key=lambda ticket: ticket.updated_at, reverse=True)
    for ticket in [row for row in rows if row.number not in done and row.body][:LOOKED_AT]:
        yield _case(session, ticket, names)


def _case(session: Session, ticket: Ticket, agents: list[str]) -> SolvedCase:
    said = []
    if ticket.conversation:
        for message in conversations.read(session, str(ticket.conversation), private=True):
            if message.author == "agent" and message.text:
                said.append(Said(str(message.text), bool(message.private)))
    said += [Said(str(event.text), is_note=True) for event in tickets.history(session, ticket) if event.kind == "note" and event.text]
    person = customers.customer_by_id(session, str(ticket.customer)) if ticket.customer else None
    known = [part for name in agents for part in (name, *name.split())]
    if person is not None:
        known += [str(value) for value in (person.first_name, person.last_name, person.street, person.city) if value]
    product: Optional[str] = str(ticket.product_model) if ticket.product_model else None
    sold = customers.product(session, product) if product else None
    return SolvedCase(
        number=str(ticket.number), language=str(ticket.language), subject=str(ticket.subject), problem=str(ticket.body), said=tuple(said),
        category=str(ticket.category), product=product, product_name=str(sold.name) if sold is not None else product, known=tuple(known),
    )
