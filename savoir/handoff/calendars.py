"""When a queue's people answer: its own week or the firm's, public holidays, and days that are otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import Optional

import holidays as public_holidays
import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.clock import OpeningHours
from savoir.core.errors import invalid, not_found

from .tables import QueueException, QueueSettings

Slots = tuple[tuple[time, time], ...]
LONGEST_NAME = 80


@dataclass(frozen=True)
class Calendar(OpeningHours):
    """Opening hours with days that are otherwise: holidays too, if such a day says so."""

    exceptions: tuple[tuple[date, Slots], ...] = ()

    def slots_on(self, day: date) -> Slots:
        """From when to when people answer on that day."""
        return next((slots for other, slots in self.exceptions if other == day), None) or (
            () if any(other == day for other, _ in self.exceptions) else super().slots_on(day)
        )


def calendar_of(session: Session, queue: Optional[str], firm: OpeningHours) -> OpeningHours:
    """When people of the queue answer; the firm's hours where nothing else is said. A queue's own day goes before one of all queues."""
    own = session.get(QueueSettings, queue) if queue else None
    rows = session.execute(
        sa.select(QueueException).where(sa.or_(QueueException.queue == queue, QueueException.queue.is_(None))).order_by(QueueException.queue.is_(None))
    ).scalars().all()
    if not rows and (own is None or (own.opening_hours is None and own.holidays is None)):
        return firm
    return _calendar(
        str(own.opening_hours) if own is not None and own.opening_hours else "", firm,
        str(own.holidays) if own is not None and own.holidays is not None else firm.country,
        tuple((row.day, day_slots(str(row.hours))) for row in rows),
    )


@lru_cache(maxsize=64)
def _calendar(week: str, firm: OpeningHours, country: str, exceptions: tuple[tuple[date, Slots], ...]) -> Calendar:
    slots = OpeningHours.parse(week, firm.zone.key).slots if week else firm.slots
    return Calendar(slots, firm.zone, country, exceptions)


def day_slots(text: str) -> Slots:
    """`09:00-12:00,14:00-17:00` as slots, sorted; empty is closed. Raises ValueError."""
    if not text.strip():
        return ()
    slots = tuple(sorted(OpeningHours.parse(f"mo {text}", "Europe/Paris").slots[0]))
    if any(end > start for (_, end), (start, _) in pairwise(slots)):
        raise ValueError(f"opening hours: the slots of {text!r} overlap")
    return slots


def check_week(text: str) -> str:
    """A week's opening hours, trimmed; empty for the firm's. Raises a 422 problem that names the bad part."""
    if len(text) > 300:
        raise invalid("bad-hours", "The opening hours are longer than 300 characters.")
    try:
        for slots in OpeningHours.parse(text, "Europe/Paris").slots:
            day_slots(",".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in slots))
    except ValueError as error:
        raise invalid("bad-hours", str(error)) from None
    return text.strip()


def check_country(code: str) -> str:
    """The code of a country whose public holidays are known (`FR`, `BE`), empty for none. Raises a 422 problem."""
    code = code.strip().upper()
    if code and code not in public_holidays.list_supported_countries(include_aliases=False):
        raise invalid("bad-country", f"The public holidays of {code[:20]!r} are not known; expected a code such as FR, BE or CH.")
    return code


def set_exception(session: Session, *, queue: Optional[str], day: date, hours: str, name: str = "") -> QueueException:
    """A day with other hours (`09:00-12:00`, empty for closed), of a queue or of all; in the place of what was said of that day before."""
    try:
        day_slots(hours)
    except ValueError as error:
        raise invalid("bad-hours", str(error)) from None
    if len(hours) > 100:
        raise invalid("bad-hours", "The hours of a day are longer than 100 characters.")
    same = QueueException.queue == queue if queue else QueueException.queue.is_(None)
    row = session.execute(sa.select(QueueException).where(same, QueueException.day == day)).scalar_one_or_none()
    if row is None:
        row = QueueException(queue=queue, day=day)
        session.add(row)
    row.hours, row.name = hours.strip(), name.strip()[:LONGEST_NAME]
    session.flush()
    return row


def drop_exception(session: Session, exception: int) -> QueueException:
    """The day is as every other again; returns what it was. Raises a 404 problem."""
    row = session.get(QueueException, exception)
    if row is None:
        raise not_found("day", exception)
    session.delete(row)
    session.flush()
    return row


def exceptions_of(session: Session, queue: Optional[str], *, since: date) -> list[QueueException]:
    """The days to come that are otherwise, of a queue (none: of all)."""
    same = QueueException.queue == queue if queue else QueueException.queue.is_(None)
    return list(session.execute(sa.select(QueueException).where(same, QueueException.day >= since).order_by(QueueException.day)).scalars())


def coming_holidays(country: str, at: datetime, zone: OpeningHours, count: int = 4) -> list[tuple[date, str]]:
    """The next public holidays of a country with their names, in its own language."""
    if not country:
        return []
    today = at.astimezone(zone.zone).date()
    known = public_holidays.country_holidays(country, years=[today.year, today.year + 1])
    return [(day, str(name)) for day, name in sorted(known.items()) if day >= today][:count]
