"""Opening tickets and following them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.errors import invalid, not_found
from savoir.customers import service as customers

from . import personal_data as personal_data
from .categories import CATEGORIES as CATEGORIES
from .categories import CATEGORY_OF_INTENT as CATEGORY_OF_INTENT
from .categories import CATEGORY_OF_SYMPTOM as CATEGORY_OF_SYMPTOM
from .categories import QUEUE_OF as QUEUE_OF
from .categories import category_name as category_name
from .categories import category_of as category_of
from .categories import queue_of as queue_of
from .categories import urgency_of as urgency_of
from .matter import body_of as body_of
from .matter import subject_of as subject_of
from .promise import promise as promise
from .tables import STATES, Ticket, TicketEvent

OPEN = ("new", "open", "pending_customer", "pending_third_party")
RECENT = timedelta(days=30)
"""A ticket in which nothing happened for longer is not added to unasked."""


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


@dataclass(frozen=True)
class Filed:
    """Where a request went. `how`: opened, added, reopened (added to a solved one), followed_up (a new one after a closed one), known.

    `known` is a request of which an open ticket holds every word already. `number_may_be_told` is false where the ticket was found
    by an e-mail address alone, which anybody can type. `earlier` is the closed ticket before a follow-up.
    """

    ticket: Ticket
    how: str
    number_may_be_told: bool = True
    earlier: Optional[Ticket] = None


def open_ticket(
    session: Session, new: NewTicket, *, key: str, at: datetime, actor: str = "assistant", follows: Optional[Ticket] = None
) -> Ticket:
    """Opens a ticket, with the photos of its conversation; with a `key` that opened one already, returns that one."""
    known = session.execute(sa.select(Ticket).where(Ticket.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    ticket = Ticket(
        key=key, state="new", channel=new.channel, language=new.language, subject=new.subject[:200], body=new.body, category=new.category,
        urgency=new.urgency, queue=queue_of(new.category), product_type=new.product_type, product_model=new.product_model,
        symptom=new.symptom, email=new.email and new.email.lower(), customer=new.customer, conversation=new.conversation,
        photos=conversations.photos(session, new.conversation) if new.conversation else None, follows=follows.id if follows else None,
        created_at=at, updated_at=at,
    )
    session.add(ticket)
    session.flush()
    session.add(TicketEvent(ticket=ticket.id, kind="opened", actor=actor, text="", at=at))
    if new.conversation and new.category in ("fraud.report", "privacy.erasure"):
        conversations.bar_rating(session, new.conversation)
    session.flush()
    return ticket


def open_or_add(session: Session, new: NewTicket, *, key: str, at: datetime, actor: str = "assistant") -> Filed:
    """Opens a ticket, or adds to the open one that is about the same (`duplicate_of`); with a known `key`, what it did then."""
    done = _filed_before(session, key)
    if done is not None:
        return done
    twin = duplicate_of(session, new, at=at)
    if twin is None:
        return Filed(open_ticket(session, new, key=key, at=at, actor=actor), "opened")
    may_tell = bool((new.conversation and twin.conversation == new.conversation) or (new.customer and twin.customer == new.customer))
    twin.urgency = min(twin.urgency, new.urgency)
    if may_tell:
        for name in ("product_type", "product_model", "symptom", "email", "customer"):
            setattr(twin, name, getattr(twin, name) or getattr(new, name))
    kept = {line for part in (twin.body, *(e.text for e in history(session, twin))) for line in part.splitlines()}
    fresh = "\n".join(line for line in new.body.splitlines() if line not in kept)
    if not fresh and not _new_photos(session, twin, new.conversation):
        return Filed(twin, "known", may_tell)
    added = add_to_ticket(session, twin, text=fresh, key=key, at=at, conversation=new.conversation)
    return Filed(added.ticket, added.how, may_tell)


def duplicate_of(session: Session, new: NewTicket, *, at: datetime) -> Optional[Ticket]:
    """The open ticket of the same customer, conversation or e-mail address that is about the same matter, the newest if there are more.

    The same: one product and one queue, or one category (none of the `other`s, unless in one conversation) without two different
    products; and something happened in the ticket within the last thirty days.
    """
    owners = [
        column == value for column, value in (
            (Ticket.customer, new.customer), (Ticket.conversation, new.conversation), (Ticket.email, new.email and new.email.lower())
        ) if value
    ]
    if not owners:
        return None
    query = (
        sa.select(Ticket).where(sa.or_(*owners), Ticket.state.in_(OPEN), Ticket.updated_at >= at - RECENT).order_by(Ticket.id.desc())
    )
    return next((ticket for ticket in session.execute(query).scalars() if _same_matter(ticket, new)), None)


def add_to_ticket(
    session: Session, ticket: Ticket, *, text: str, key: str, at: datetime, conversation: Optional[str] = None, actor: str = "customer"
) -> Filed:
    """Adds the customer's words and the photos of the conversation that the ticket has not yet; with a known `key`, what it did then.

    A solved ticket, and one that awaits the customer, is open again. A closed one stays closed: a new ticket names it and goes on.
    """
    done = _filed_before(session, key)
    if done is not None:
        return done
    if ticket.state == "closed":
        return _follow_up(session, ticket, text=text, key=key, at=at, conversation=conversation)
    photos = _new_photos(session, ticket, conversation)
    how = "reopened" if ticket.state == "solved" else "added"
    if ticket.state in ("solved", "pending_customer"):
        set_state(session, ticket, state="open", actor=actor, at=at)
    session.add(
        TicketEvent(ticket=ticket.id, kind=how, actor=actor, text=text, key=key, conversation=conversation, photos=photos or None, at=at)
    )
    ticket.photos, ticket.updated_at = [*(ticket.photos or ()), *photos], at
    session.flush()
    return Filed(ticket, how)


def close_by_customer(session: Session, ticket: Ticket, *, at: datetime) -> bool:
    """The customer says that it is settled: the ticket is closed. False when it was closed already."""
    if ticket.state == "closed":
        return False
    set_state(session, ticket, state="closed", actor="customer", at=at)
    session.flush()
    return True


def photos_of(session: Session, ticket: Ticket) -> list[dict[str, Any]]:
    """The photos of a ticket that still are there: those it was given, and those sent later in the conversation that opened it."""
    kept = list(ticket.photos or ())
    sources = dict.fromkeys([*(p["conversation"] for p in kept), *([str(ticket.conversation)] if ticket.conversation else [])])
    there = {photo["id"]: photo for source in sources for photo in conversations.photos(session, source)}
    wanted = dict.fromkeys([*(p["id"] for p in kept), *(i for i, p in there.items() if p["conversation"] == ticket.conversation)])
    return [there[i] for i in wanted if i in there]


def earlier(session: Session, ticket: Ticket) -> Optional[Ticket]:
    """The closed ticket that one goes on from."""
    return session.get(Ticket, ticket.follows) if ticket.follows else None


def followed_by(session: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets that go on from a closed one."""
    return list(session.execute(sa.select(Ticket).where(Ticket.follows == ticket.id).order_by(Ticket.id)).scalars())


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


def _filed_before(session: Session, key: str) -> Optional[Filed]:
    """What the key did before."""
    ticket = session.execute(sa.select(Ticket).where(Ticket.key == key)).scalar_one_or_none()
    if ticket is not None:
        return Filed(ticket, "followed_up" if ticket.follows else "opened", earlier=earlier(session, ticket))
    event = session.execute(sa.select(TicketEvent).where(TicketEvent.key == key)).scalar_one_or_none()
    return Filed(session.get(Ticket, event.ticket), str(event.kind)) if event is not None else None


def _follow_up(session: Session, old: Ticket, *, text: str, key: str, at: datetime, conversation: Optional[str]) -> Filed:
    name = f"Suite de {old.number}" if old.language == "fr" else f"Follow-up of {old.number}"
    subject = re.sub(r"^(Suite de|Follow-up of) SAV-\d+ ?: ", "", str(old.subject))
    new = NewTicket(
        channel=old.channel, language=old.language, subject=f"{name} : {subject}" if old.language == "fr" else f"{name}: {subject}",
        body=text, category=old.category, urgency=old.urgency, product_type=old.product_type, product_model=old.product_model,
        symptom=old.symptom, email=old.email, customer=old.customer, conversation=conversation,
    )
    ticket = open_ticket(session, new, key=key, at=at, follows=old)
    session.add(TicketEvent(ticket=old.id, kind="followed", actor="customer", text=ticket.number, at=at))
    session.flush()
    return Filed(ticket, "followed_up", earlier=old)


def _new_photos(session: Session, ticket: Ticket, conversation: Optional[str]) -> list[dict[str, Any]]:
    known = {photo["id"] for photo in ticket.photos or ()}
    return [photo for photo in conversations.photos(session, conversation) if photo["id"] not in known] if conversation else []


def _same_matter(ticket: Ticket, new: NewTicket) -> bool:
    if ticket.product_model and new.product_model:
        return bool(ticket.product_model == new.product_model and ticket.queue == queue_of(new.category))
    if ticket.product_type and new.product_type and ticket.product_type != new.product_type:
        return False
    is_vague = new.category.endswith(".other") and ticket.conversation != new.conversation
    return bool(ticket.category == new.category and not is_vague)
