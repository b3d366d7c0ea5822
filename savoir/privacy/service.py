"""What can be done about a person's data: a request is received, confirmed once it is known who asks, and carried out; all of it is noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Optional

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core import outbox
from savoir.core.errors import Problem, invalid, not_found
from savoir.core.personal_data import Person
from savoir.core.security import digest
from savoir.customers import service as customers

from .carrying_out import COPY_DAYS as COPY_DAYS
from .carrying_out import PrivacyWork as PrivacyWork
from .carrying_out import carry_out_erasure as carry_out_erasure
from .carrying_out import carry_out_export as carry_out_export
from .carrying_out import copy_of as copy_of
from .carrying_out import note, person_of_request
from .erasure import keeps_accounts as keeps_accounts
from .erasure import stands_against as stands_against
from .tables import KINDS, PrivacyCopy, PrivacyEvent, PrivacyRequest

ERASURE_WAIT = timedelta(minutes=15)
"""Between confirmation and erasure: the customer reads the answer in a conversation that is erased too."""


def person_of(session: Session, *, customer: Optional[str] = None, email: Optional[str] = None, conversation: Optional[str] = None) -> Optional[Person]:
    """Who is meant: a customer by id or address, else whoever wrote in one conversation. None where nobody is known."""
    known = customers.customer_by_id(session, customer) if customer else customers.customer_by_email(session, email) if email else None
    if known is not None:
        return Person(str(known.id), str(known.email), conversations.personal_data.of_customer(session, str(known.id)))
    return Person(conversations=(conversation,)) if conversation and not customer and not email else None


def receive(
    session: Session, *, kind: str, language: str, key: str, at: datetime, customer: Optional[str] = None, conversation: Optional[str] = None,
    actor: str = "customer",
) -> PrivacyRequest:
    """Registers a request, `export` or `erasure`, due within a month; the same `key` again is the same request.

    `customer` is whom it is about; without one it is about what was written in `conversation`. `actor`: customer, command or an agent's id.
    Raises a 422 problem for an unknown kind, or when it is about nobody.
    """
    if kind not in KINDS or not (customer or conversation):
        raise invalid("bad-privacy-request", f"A request is one of {', '.join(KINDS)}, about a customer or a conversation.")
    known = session.execute(sa.select(PrivacyRequest).where(PrivacyRequest.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    row = PrivacyRequest(
        key=key, kind=kind, state="received", customer=customer, conversation=conversation, language=language, received_at=at,
        due_at=at + relativedelta(months=1),
    )
    session.add(row)
    session.flush()
    note(session, row, "received", actor=actor, at=at)
    return row


def confirm(session: Session, request: int, *, at: datetime, actor: str = "customer") -> PrivacyRequest:
    """Notes that it is known who asks (a right code, a signed identity, an agent), and has the request carried out by the outbox.

    Again: nothing. An export is mailed as a link as soon as it is made; an erasure comes after `ERASURE_WAIT`. Raises a 404 problem; and 409
    `erasure-must-wait` with `numbers` of what is under way, which leaves the request as it was.
    """
    row = session.get(PrivacyRequest, request, populate_existing=True, with_for_update=True)
    if row is None:
        raise not_found("request", request)
    if row.state != "received":
        return row
    if row.kind == "erasure":
        numbers = stands_against(session, person_of_request(session, row))
        if numbers:
            raise Problem(
                "erasure-must-wait", 409, f"The data can't be erased while this is under way: {', '.join(numbers)}. Ask again afterwards.",
                numbers=numbers,
            )
    row.state, row.confirmed_at = "confirmed", at
    session.flush()
    note(session, row, "confirmed", actor=actor, at=at)
    outbox.put(
        session, kind=f"privacy_{row.kind}", key=f"privacy:{row.id}", payload={"request": row.id}, at=at,
        not_before=at + ERASURE_WAIT if row.kind == "erasure" else None,
    )
    return row


def close(session: Session, request: int, *, action: str, counts: dict[str, int], actor: str, at: datetime) -> None:
    """Notes that a request was carried out by hand. Raises a 404 problem."""
    row = session.get(PrivacyRequest, request)
    if row is None:
        raise not_found("request", request)
    row.state, row.done_at = "done", at
    session.flush()
    note(session, row, action, actor=actor, at=at, counts=counts)


def language_of(session: Session, person: Person) -> str:
    """The language in which a customer is written to: `fr` or `en`."""
    known = customers.customer_by_id(session, person.customer) if person.customer else None
    return "en" if known is not None and known.language == "en" else "fr"


def open_requests(session: Session) -> list[PrivacyRequest]:
    """Requests that are not done, those due first at the top."""
    query = sa.select(PrivacyRequest).where(PrivacyRequest.state != "done").order_by(PrivacyRequest.due_at, PrivacyRequest.id)
    return list(session.execute(query).scalars())


def requests_of(session: Session, *, customer: Optional[str] = None, conversation: Optional[str] = None) -> list[PrivacyRequest]:
    """A customer's requests, or those made in a conversation, newest first."""
    about: Any = PrivacyRequest.customer == customer if customer else PrivacyRequest.conversation == conversation
    return list(session.execute(sa.select(PrivacyRequest).where(about).order_by(PrivacyRequest.id.desc())).scalars())


def history(session: Session, *, customer: str) -> list[PrivacyEvent]:
    """Who did what about a customer's data, oldest first."""
    return list(session.execute(sa.select(PrivacyEvent).where(PrivacyEvent.customer == customer).order_by(PrivacyEvent.id)).scalars())


def fetch_copy(session: Session, *, token: str, at: datetime) -> bytes:
    """The ZIP behind a link, noted as fetched. Raises a 404 problem for an unknown link and for one that has run out."""
    copy = session.get(PrivacyCopy, digest(token))
    if copy is None or copy.expires_at <= at:
        raise Problem("not-found", 404, "This link is not valid, or not any more; ask for a new copy in the chat.")
    row = session.get(PrivacyRequest, copy.request)
    if row is not None:
        note(session, row, "fetched", actor="customer", at=at)
    return bytes(copy.content)
