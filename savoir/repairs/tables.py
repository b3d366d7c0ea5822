"""Rows of repairs."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

STATES = ("received", "diagnosing", "waiting_quote", "waiting_part", "repairing", "repaired", "shipped_back", "closed", "refused")


class Repair(Base):
    """A device in repair. Money in cents."""

    __tablename__ = "repair"

    number = sa.Column(sa.String(20), primary_key=True)
    customer = sa.Column(sa.String(40), sa.ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, index=True)
    serial_number = sa.Column(sa.String(20))
    product = sa.Column(sa.String(60))
    opened_at = sa.Column(UtcDateTime, nullable=False)
    status = sa.Column(sa.String(20), nullable=False)
    status_at = sa.Column(UtcDateTime)
    symptom = sa.Column(sa.String(200))
    under_warranty = sa.Column(sa.Boolean)
    quote_cents = sa.Column(sa.Integer)
    quote_status = sa.Column(sa.String(20))
    appointment_at = sa.Column(UtcDateTime)
    technician = sa.Column(sa.String(80))
