"""Visits of a technician: booked, moved and cancelled, each at most once for a key, none of them twice at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .cover import is_big_television
from .slots import WINDOW, Diary, Offers, department_of, offer_slots
from .tables import ENDED, Appointment, Repair, Technician
from .working_days import PARIS, local_day

CHANGES_END = time(17)
"""On the day before a visit, until when it can be moved or cancelled."""


@dataclass(frozen=True)
class Visit:
    """A visit, in Paris time. `changeable_until`: the last moment at which it can be moved or cancelled."""

    starts_at: datetime
    ends_at: datetime
    technician: Optional[str]
    changeable_until: datetime


@dataclass(frozen=True)
class Booking:
    """`outcome`: `booked` (with `visit`); `already_booked` (this repair has another `visit` ahead: move it); `taken` (somebody was
    quicker, or the window can't be had: `offers` has others); `not_at_home` (this device is repaired in the workshop);
    `ended` (the repair is closed); `unknown` (the customer has no such repair)."""

    outcome: Literal["booked", "already_booked", "taken", "not_at_home", "ended", "unknown"]
    visit: Optional[Visit] = None
    offers: Optional[Offers] = None


@dataclass(frozen=True)
class Move:
    """`outcome`: `moved` (`visit` is the new one, `before` the old); `same` (it is at that time already); `taken` (with `offers`; the old
    `visit` stands); `too_late` (the `visit` stands; `visit.changeable_until` is past); `no_appointment`; `unknown`."""

    outcome: Literal["moved", "same", "taken", "too_late", "no_appointment", "unknown"]
    visit: Optional[Visit] = None
    before: Optional[Visit] = None
    offers: Optional[Offers] = None


@dataclass(frozen=True)
class Cancellation:
    """`outcome`: `cancelled` (`visit` is the one that was); `too_late` (the `visit` stands); `no_appointment`; `unknown`."""

    outcome: Literal["cancelled", "too_late", "no_appointment", "unknown"]
    visit: Optional[Visit] = None


def book(
    session: Session, *, customer: str, number: str, starts_at: datetime, key: str, at: datetime, postal_code: Optional[str] = None
) -> Booking:
    """Books the window that begins at `starts_at` for a repair at home. The place is the customer's unless `postal_code` says another."""
    repair = _repair(session, customer, number)
    if repair is None:
        return Booking("unknown")
    made = _by_key(session, key)
    if made is not None:
        return Booking("booked", _seen(session, made))
    product = customers.product(session, str(repair.product))
    if product is None or repair.how not in (None, "at_home") or not is_big_television(product):
        return Booking("not_at_home")
    if repair.status in ENDED:
        return Booking("ended")
    ahead = visit_of(repair, at)
    if ahead is not None:
        return Booking("already_booked", ahead)
    where = postal_code or _postal_code(session, customer)
    _close_past(session, repair, at)
    row = _insert(session, repair, where, str(product.type), starts_at, key, at)
    if row is not None:
        return Booking("booked", _seen(session, row))
    return Booking("taken", offers=_others(session, where, str(product.type), starts_at, at))


def move(
    session: Session, *, customer: str, number: str, starts_at: datetime, key: str, at: datetime, postal_code: Optional[str] = None
) -> Move:
    """Moves the coming visit of a repair to the window that begins at `starts_at`, until 17:00 of the day before it."""
    repair = _repair(session, customer, number)
    if repair is None:
        return Move("unknown")
    made = _by_key(session, key)
    if made is not None:
        return Move("moved", _seen(session, made))
    before = visit_of(repair, at)
    if before is None:
        return Move("no_appointment")
    if at > before.changeable_until:
        return Move("too_late", before)
    if before.starts_at == starts_at:
        return Move("same", before)
    old = _booked(session, repair)
    where = postal_code or (old.postal_code if old is not None else None) or _postal_code(session, customer)
    product = customers.product(session, str(repair.product))
    product_type = str(product.type) if product is not None else "television"
    attempt = session.begin_nested()
    _end(session, repair, before, "moved", f"{key}:before", at)
    row = _insert(session, repair, where, product_type, starts_at, key, at)
    if row is None:
        attempt.rollback()
        session.refresh(repair)
        return Move("taken", before, offers=_others(session, where, product_type, starts_at, at))
    attempt.commit()
    return Move("moved", _seen(session, row), before)


def cancel_appointment(session: Session, *, customer: str, number: str, key: str, at: datetime) -> Cancellation:
    """Cancels the coming visit of a repair, until 17:00 of the day before it; the repair itself stays open."""
    repair = _repair(session, customer, number)
    if repair is None:
        return Cancellation("unknown")
    done = session.execute(sa.select(Appointment).where(Appointment.ended_key == key)).scalar_one_or_none()
    if done is not None:
        return Cancellation("cancelled", _seen(session, done))
    visit = visit_of(repair, at)
    if visit is None:
        return Cancellation("no_appointment")
    if at > visit.changeable_until:
        return Cancellation("too_late", visit)
    _end(session, repair, visit, "cancelled", key, at)
    repair.appointment_at, repair.technician = None, None
    session.flush()
    return Cancellation("cancelled", visit)


def visit_of(repair: Repair, at: datetime) -> Optional[Visit]:
    """The coming visit of a repair that is not ended; None when there is none ahead."""
    if repair.appointment_at is None or repair.appointment_at <= at or repair.status in ENDED:
        return None
    return _visit(repair.appointment_at, repair.technician)


def _visit(starts_at: datetime, technician: Optional[str]) -> Visit:
    start = starts_at.astimezone(PARIS)
    until = datetime.combine(start.date() - timedelta(days=1), CHANGES_END, PARIS)
    return Visit(start, start + WINDOW, technician, until)


def _seen(session: Session, row: Appointment) -> Visit:
    technician = session.get(Technician, row.technician) if row.technician else None
    return _visit(row.starts_at, technician.name if technician else None)


def _repair(session: Session, customer: str, number: str) -> Optional[Repair]:
    # Locked, so that what is decided about one repair is decided by one turn after the other.
    query = sa.select(Repair).where(Repair.number == number.strip().upper()).with_for_update().execution_options(populate_existing=True)
    repair = session.execute(query).scalar_one_or_none()
    return repair if repair is not None and repair.customer == customer else None


def _by_key(session: Session, key: str) -> Optional[Appointment]:
    return session.execute(sa.select(Appointment).where(Appointment.key == key)).scalar_one_or_none()


def _booked(session: Session, repair: Repair) -> Optional[Appointment]:
    query = sa.select(Appointment).where(Appointment.repair == repair.number, Appointment.state == "booked")
    return session.execute(query).scalar_one_or_none()


def _postal_code(session: Session, customer: str) -> str:
    known = customers.customer_by_id(session, customer)
    return str(known.postal_code or "") if known is not None and (known.country or "FR") == "FR" else ""


def _close_past(session: Session, repair: Repair, at: datetime) -> None:
    row = _booked(session, repair)
    if row is not None:
        row.state, row.ended_at = "done" if row.starts_at <= at else "moved", at
        session.flush()


def _end(session: Session, repair: Repair, visit: Visit, state: str, key: str, at: datetime) -> None:
    row = _booked(session, repair)
    if row is None:  # agreed elsewhere, and known from the firm's files: kept for the history
        row = Appointment(
            key=f"{key}:known", repair=repair.number, day=local_day(visit.starts_at), starts_at=visit.starts_at, ends_at=visit.ends_at, created_at=at
        )
        session.add(row)
    row.state, row.ended_at, row.ended_key = state, at, key
    session.flush()


def _insert(
    session: Session, repair: Repair, postal_code: str, product_type: str, starts_at: datetime, key: str, at: datetime
) -> Optional[Appointment]:
    """The visit, with whoever is free; None when nobody is (any more)."""
    department = department_of(postal_code)
    if department is None:
        return None
    for place in Diary(session, department, product_type, at, besides=repair.number).places(starts_at):
        row = Appointment(
            key=key, repair=repair.number, technician=place.technician.id, postal_code=postal_code, department=department,
            day=local_day(starts_at), place=place.number,
            starts_at=starts_at, ends_at=starts_at + WINDOW, state="booked", created_at=at,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            continue
        repair.appointment_at, repair.technician = starts_at, place.technician.name
        session.flush()
        return row
    return None


def _others(session: Session, postal_code: str, product_type: str, starts_at: datetime, at: datetime) -> Offers:
    return offer_slots(session, postal_code=postal_code, product_type=product_type, at=at, from_day=local_day(starts_at))
