"""Rows of repairs, of what they cost, of technicians and their visits."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

STATES = ("received", "diagnosing", "waiting_quote", "waiting_part", "repairing", "repaired", "shipped_back", "closed", "refused")
ENDED = ("closed", "refused")
WAYS = ("at_home", "drop_off", "sent_in")


class Repair(Base):
    """A device in repair. Money in cents. `symptom` is in the customer's words, `symptom_kind` is the taxonomy's name for it.

    `appointment_at` and `technician` say the next visit (or the last one made), wherever it was agreed. `key` is the idempotency key
    of the turn that opened it, `quote_key` of the one that answered the quote.
    """

    __tablename__ = "repair"

    number = sa.Column(sa.String(20), primary_key=True)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    serial_number = sa.Column(sa.String(20))
    product = sa.Column(sa.String(60))
    opened_at = sa.Column(UtcDateTime, nullable=False)
    status = sa.Column(sa.String(20), nullable=False)
    status_at = sa.Column(UtcDateTime)
    symptom = sa.Column(sa.String(200))
    symptom_kind = sa.Column(sa.String(20))
    under_warranty = sa.Column(sa.Boolean)
    how = sa.Column(sa.String(12))
    quote_cents = sa.Column(sa.Integer)
    quote_status = sa.Column(sa.String(20))
    quote_answered_at = sa.Column(UtcDateTime)
    quote_key = sa.Column(sa.String(160))
    appointment_at = sa.Column(UtcDateTime)
    technician = sa.Column(sa.String(80))
    key = sa.Column(sa.String(160), unique=True)


class RepairPrice(Base):
    """What a repair costs: the most precise row holds (model and symptom, type and symptom, model, type). Money in cents.

    Without `price_cents` the price is known by a quote only; `is_fixed` tells a fixed price from an estimate.
    """

    __tablename__ = "repair_price"

    id = sa.Column(sa.String(120), primary_key=True)
    product_type = sa.Column(sa.String(20), nullable=False, index=True)
    product = sa.Column(sa.String(60))
    symptom = sa.Column(sa.String(20))
    price_cents = sa.Column(sa.Integer)
    is_fixed = sa.Column(sa.Boolean, nullable=False, default=False)
    has_bonus = sa.Column(sa.Boolean, nullable=False, default=False)
    bonus_cents = sa.Column(sa.Integer)


class Technician(Base):
    """Somebody who repairs at customers' homes: which product types, in which departments, when, and how many visits a day at most."""

    __tablename__ = "technician"

    id = sa.Column(sa.String(40), primary_key=True)
    name = sa.Column(sa.String(80), nullable=False, unique=True)
    skills = sa.Column(sa.JSON, nullable=False)
    departments = sa.Column(sa.JSON, nullable=False)
    hours = sa.Column(sa.String(120), nullable=False)
    visits_a_day = sa.Column(sa.Integer, nullable=False)


class Appointment(Base):
    """A visit agreed with a customer. `place` is which of the technician's visits of that day it takes.

    `key` is the idempotency key of the turn that made it, `ended_key` of the one that cancelled it.
    """

    __tablename__ = "appointment"

    id = sa.Column(sa.Integer, primary_key=True)
    key = sa.Column(sa.String(160), nullable=False, unique=True)
    repair = sa.Column(sa.String(20), sa.ForeignKey("repair.number", ondelete="CASCADE"), nullable=False, index=True)
    technician = sa.Column(sa.String(40), sa.ForeignKey("technician.id"))
    postal_code = sa.Column(sa.String(12))
    department = sa.Column(sa.String(3))
    day = sa.Column(sa.Date, nullable=False)
    place = sa.Column(sa.Integer)
    starts_at = sa.Column(UtcDateTime, nullable=False)
    ends_at = sa.Column(UtcDateTime, nullable=False)
    state = sa.Column(sa.String(12), nullable=False)
    created_at = sa.Column(UtcDateTime, nullable=False)
    ended_at = sa.Column(UtcDateTime)
    ended_key = sa.Column(sa.String(160), unique=True)


def _once_while_booked(name: str, *columns: str) -> sa.Index:
    # Two conversations may want the same visit at the same moment: the database lets only one have it.
    is_booked = sa.text("state = 'booked'")
    return sa.Index(name, *(getattr(Appointment, c) for c in columns), unique=True, sqlite_where=is_booked, postgresql_where=is_booked)


_once_while_booked("uq_appointment_booked_window", "technician", "starts_at")
_once_while_booked("uq_appointment_booked_place", "technician", "day", "place")
_once_while_booked("uq_appointment_booked_repair", "repair")
