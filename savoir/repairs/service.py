"""What is known of a customer's repairs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .tables import Repair


def of_customer(session: Session, customer: str) -> list[Repair]:
    """A customer's repairs, newest first."""
    return list(session.execute(sa.select(Repair).where(Repair.customer == customer).order_by(Repair.opened_at.desc())).scalars())
