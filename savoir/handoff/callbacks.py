"""Call-backs: half-hour windows while people are there, so many calls in each, one call a conversation."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Iterator, Optional

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.clock import OpeningHours
from savoir.core.errors import Problem, invalid, not_found
from savoir.core.text import clean

from .notice import clock_words, day_words
from .tables import Agent, Callback

WINDOW = timedelta(minutes=30)
NOTICE = timedelta(minutes=10)
"""No window is offered that begins sooner."""
LONGEST_REASON = 1000
FOR_FICTION = re.compile(r"\+33(?:19900|26191|35301|46571|53649|63998)\d{4}")
"""French numbers that nobody has, kept for invented people (ARCEP): those of the demo firm and its customers."""
DEAR = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)


@dataclass(frozen=True)
class Window:
    """Half an hour in which somebody can be called, in the firm's zone."""

    starts_at: datetime
    ends_at: datetime

    def words(self, hours: OpeningHours, language: str) -> str:
        """`mercredi 25 novembre, entre 9 h et 9 h 30`; `Wednesday 25 November, between 09:00 and 09:30`."""
        day = day_words(self.starts_at, hours, language)
        start, end = (clock_words(moment, hours, language) for moment in (self.starts_at, self.ends_at))
        return f"{day}, entre {start} et {end}" if language == "fr" else f"{day[3:]}, between {start} and {end}"


def offer_callbacks(
    session: Session, *, at: datetime, hours: OpeningHours, limit: int = 3, per_window: int = 3, after: Optional[datetime] = None
) -> list[Window]:
    """The next `limit` windows in which one of `per_window` calls is still free; after `after` (a window's begin) where given."""
    from_then = max(at + NOTICE, after + WINDOW) if after else at + NOTICE
    offered: list[Window] = []
    candidates = _windows(hours, from_then)
    while len(offered) < limit:
        some = list(islice(candidates, 20))
        if not some:
            break
        taken = _taken(session, some)
        offered += [window for window in some if taken[window.starts_at] < per_window]
    return offered[:limit]


def book_callback(
    session: Session, *, key: str, conversation: str, starts_at: datetime, phone: str, reason: str, at: datetime, hours: OpeningHours,
    per_window: int = 3, region: str = "FR",
) -> Callback:
    """Promises a call in the window that begins at `starts_at`; with a `key` that booked one already, returns that one.

    A conversation has one call to come: an earlier one is cancelled. Raises problems: a number that is none or a dear one
    (`bad-phone`), a moment that is no window to come (`bad-window`), a window that has filled up meanwhile (`window-full`).
    """
    known = session.execute(sa.select(Callback).where(Callback.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    number = phone_number(phone, region)
    window = _window_at(hours, starts_at)
    if window is None or starts_at <= at:
        raise invalid("bad-window", f"No call can be promised for {starts_at.isoformat()}; choose one of the windows that are offered.")
    row = conversations.lock(session, conversation)
    for earlier in session.execute(
        sa.select(Callback).where(Callback.conversation == conversation, Callback.state == "booked")
    ).scalars():
        earlier.state, earlier.place = "cancelled", None
    session.flush()
    values = {
        "key": key, "state": "booked", "starts_at": window.starts_at, "ends_at": window.ends_at, "phone": number, "language": str(row.language),
        "reason": clean(reason)[:LONGEST_REASON], "conversation": conversation, "created_at": at,
    }
    for place in range(per_window):  # the constraint decides between two who want the last place at once
        try:
            with session.begin_nested():
                callback = Callback(place=place, **values)
                session.add(callback)
                session.flush()
            return callback
        except sa.exc.IntegrityError:
            continue
    raise Problem("window-full", 409, "This window has filled up; choose another one.")


def callback_of(session: Session, conversation: str) -> Optional[Callback]:
    """The call that a conversation was promised and that is still to come."""
    query = sa.select(Callback).where(Callback.conversation == conversation, Callback.state == "booked").order_by(Callback.id.desc())
    return session.execute(query).scalars().first()


def cancel_callback(session: Session, *, conversation: str) -> bool:
    """Takes back the call that a conversation was promised; whether there was one."""
    callback = callback_of(session, conversation)
    if callback is None:
        return False
    callback.state, callback.place = "cancelled", None
    session.flush()
    return True


def callbacks_to_make(session: Session, *, limit: int = 200) -> list[Callback]:
    """All calls that were promised and not made, the next first."""
    query = sa.select(Callback).where(Callback.state == "booked").order_by(Callback.starts_at, Callback.id).limit(limit)
    return list(session.execute(query).scalars())


def callbacks_made(session: Session, *, limit: int = 100) -> list[Callback]:
    """Calls that were made, the newest first."""
    query = sa.select(Callback).where(Callback.state == "done").order_by(Callback.done_at.desc()).limit(limit)
    return list(session.execute(query).scalars())


def finish_callback(session: Session, *, callback: int, agent: Agent, at: datetime) -> Callback:
    """The call was made; twice is once. Raises a 404 problem for one that there is not (any more)."""
    row = session.get(Callback, callback)
    if row is None or row.state == "cancelled":
        raise not_found("call-back", callback)
    if row.state == "booked":
        row.state, row.done_at, row.agent = "done", at, str(agent.id)
        session.flush()
    return row


def phone_number(text: str, region: str = "FR") -> str:
    """The number as `+33612345678`; without a country code it is one of the region. Raises a 422 problem, for dear numbers too."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    for_fiction = number is not None and FOR_FICTION.fullmatch(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if number is None or not (for_fiction or phonenumbers.is_valid_number(number)):
        raise invalid("bad-phone", f"{text[:40]!r} is not a telephone number; expected e.g. 06 12 34 56 78 or +44 7911 123456.")
    if phonenumbers.number_type(number) in DEAR:
        raise invalid("bad-phone", f"{text[:40]!r} is a number at an extra charge, which is not called back; give an ordinary one.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_words(number: str, region: str = "FR") -> str:
    """A stored number as people of the region write it: `06 12 34 56 78`, `+44 7911 123456`."""
    parsed = phonenumbers.parse(number, region)
    is_home = phonenumbers.region_code_for_number(parsed) == region
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, kind))


def _windows(hours: OpeningHours, at: datetime) -> Iterator[Window]:
    """Whole windows that begin at `at` or later, on the hour and half past, on the firm's clock."""
    for start, end in hours.openings(at):
        local = start.astimezone(hours.zone)
        past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
        begin = start + (WINDOW - past if past else timedelta())
        while begin + WINDOW <= end:
            yield Window(begin.astimezone(hours.zone), (begin + WINDOW).astimezone(hours.zone))
            begin += WINDOW


def _window_at(hours: OpeningHours, starts_at: datetime) -> Optional[Window]:
    window = next(_windows(hours, starts_at), None)
    return window if window and window.starts_at == starts_at else None


def _taken(session: Session, windows: list[Window]) -> "Counter[datetime]":
    """How many calls stand in each window, by its begin."""
    query = sa.select(Callback.starts_at).where(
        Callback.place.isnot(None), Callback.starts_at.in_([window.starts_at.astimezone(timezone.utc) for window in windows])
    )
    return Counter(session.execute(query).scalars())
