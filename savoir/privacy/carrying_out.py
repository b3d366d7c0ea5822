"""Requests about personal data, carried out: in the desk process by the outbox, or at once by a command."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime, timedelta
from typing import Optional
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.core.errors import Problem, not_found
from savoir.core.log import logger
from savoir.core.mail import put_mail
from savoir.core.outbox import Item
from savoir.core.personal_data import Person, records
from savoir.core.security import digest
from savoir.core.settings import Settings
from savoir.customers import service as customers

from . import erasure, trackers
from .export import Copy, gather, zipped
from .tables import PrivacyCopy, PrivacyEvent, PrivacyRequest

log = logger(__name__)
COPY_DAYS = 7
"""How long the link to a copy works."""


def copy_of(session: Session, settings: Settings, person: Person, *, language: str, at: datetime) -> tuple[bytes, dict[str, int]]:
    """The ZIP of everything held about a person, Rasa's memory too, and how much there is of each."""
    copy: Copy = gather(session, person)
    if person.customer:
        asked = session.execute(sa.select(PrivacyRequest).where(PrivacyRequest.customer == person.customer)).scalars()
        copy.sections["requests"] = records(asked, "customer")
    copy.trackers = trackers.export_of(settings.trackers, person.conversations)
    return zipped(copy, language=language, firm=settings.firm, zone=ZoneInfo(settings.time_zone), at=at), copy.counts


def carry_out_export(session: Session, settings: Settings, request: int, *, at: datetime, actor: str = "system") -> Optional[str]:
    """Makes the copy of a confirmed request and mails its link to the customer's address; returns the link, None if it was done before.

    Where it is about a conversation without an account nobody is mailed: tell the link there. It works for `COPY_DAYS`.
    """
    row = _confirmed(session, request, "export")
    if row is None:
        return None
    person = person_of_request(session, row)
    content, counts = copy_of(session, settings, person, language=str(row.language), at=at)
    session.execute(sa.delete(PrivacyCopy).where(PrivacyCopy.expires_at <= at).execution_options(synchronize_session=False))
    token = secrets.token_urlsafe(32)
    session.add(PrivacyCopy(token=digest(token), request=row.id, content=content, expires_at=at + timedelta(days=COPY_DAYS)))
    link = f"{settings.address}/privacy/copies/{token}"
    customer = customers.customer_by_id(session, person.customer) if person.customer else None
    if customer is not None and customer.erased_at is None:
        put_mail(
            session, settings, to=str(customer.email), template="data_export_ready", language=str(row.language), key=f"privacy:{row.id}:ready",
            values={"link": link, "days": COPY_DAYS, "first_name": customer.first_name}, at=at, conversation=row.conversation,
        )
    row.state, row.done_at = "done", at
    session.flush()
    note(session, row, "exported", actor=actor, at=at, counts=counts)
    return link


def carry_out_erasure(session: Session, settings: Settings, request: int, *, at: datetime, actor: str = "system") -> tuple[str, ...]:
    """Erases the person of a confirmed request and mails that it is done; returns the conversations that were erased.

    Erase these from Rasa's memory once more after the commit: a turn may have been under way. Raises a 409 problem when something has come
    under way since it was confirmed.
    """
    row = _confirmed(session, request, "erasure")
    if row is None:
        return ()
    person = person_of_request(session, row)
    numbers = erasure.stands_against(session, person)
    if numbers:
        raise Problem("erasure-must-wait", 409, f"The data can't be erased while this is under way: {', '.join(numbers)}.", numbers=numbers)
    keeps, counts = erasure.keeps_accounts(session, person), gather(session, person).counts
    forgotten = trackers.erase(settings.trackers, person.conversations)
    copies = sa.select(PrivacyRequest.id).where(PrivacyRequest.customer == person.customer) if person.customer else [row.id]
    session.execute(sa.delete(PrivacyCopy).where(PrivacyCopy.request.in_(copies)).execution_options(synchronize_session=False))
    erasure.erase(session, person, at)
    if person.email:
        put_mail(
            session, settings, to=person.email, template="erasure_confirmed", language=str(row.language), values={"keeps_accounts": keeps},
            key=f"privacy:{row.id}:erased", at=at,
        )
    row = session.get(PrivacyRequest, request, populate_existing=True)
    row.state, row.done_at, row.conversation = "done", at, None  # type: ignore[union-attr]
    session.flush()
    note(session, row, "erased", actor=actor, at=at, counts={**counts, **({"tracker_events": forgotten} if forgotten else {})})
    return person.conversations


class PrivacyWork:
    """The outbox's handlers of `privacy_export` and `privacy_erasure`."""

    def __init__(self, context: Context) -> None:
        self.context = context

    async def export(self, item: Item) -> None:
        """Makes the copy and puts the mail with its link."""
        at = self.context.clock()
        await self.context.write(lambda s: carry_out_export(s, self.context.settings, int(item.payload["request"]), at=at))

    async def erase(self, item: Item) -> None:
        """Erases in our database and in Rasa's."""
        at, settings = self.context.clock(), self.context.settings
        erased = await self.context.write(lambda s: carry_out_erasure(s, settings, int(item.payload["request"]), at=at))
        if erased:
            await asyncio.get_running_loop().run_in_executor(self.context.pool, trackers.erase, settings.trackers, erased)


def person_of_request(session: Session, row: PrivacyRequest) -> Person:
    """Whom a request is about."""
    if not row.customer:
        return Person(conversations=(str(row.conversation),) if row.conversation else ())
    customer = customers.customer_by_id(session, str(row.customer))
    email = str(customer.email) if customer is not None and customer.erased_at is None else None
    return Person(str(row.customer), email, conversations.personal_data.of_customer(session, str(row.customer)))


def note(session: Session, row: PrivacyRequest, action: str, *, actor: str, at: datetime, counts: Optional[dict[str, int]] = None) -> None:
    """A line of the audit: received, confirmed, exported, fetched or erased."""
    session.add(
        PrivacyEvent(
            request=row.id, actor=actor, action=action, customer=row.customer, conversation=row.conversation, counts=counts or {}, at=at
        )
    )
    session.flush()
    log.info("privacy.noted", request=row.id, kind=row.kind, action=action, actor=actor)


def _confirmed(session: Session, request: int, kind: str) -> Optional[PrivacyRequest]:
    """The request, locked, if it is to be carried out; None if it is done. Raises a 404 problem, or 409 where nobody confirmed it."""
    row = session.get(PrivacyRequest, request, populate_existing=True, with_for_update=True)
    if row is None or row.kind != kind:
        raise not_found("request", request)
    if row.state == "received":
        raise Problem("not-confirmed", 409, f"The request {row.number} is not confirmed: it is not known yet who asks.")
    return None if row.state == "done" else row
