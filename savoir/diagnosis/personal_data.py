"""What this room holds about a person, and its erasure: of an order for a part stay its number, date, article and amount."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, records

from .tables import PartNotice, PartOrder

UNDER_WAY = ("ordered", "prepared", "shipped")


def export_of(session: Session, person: Person) -> Sections:
    """Orders for parts, and the parts of whose return the customer wants to hear."""
    if not person.customer:
        return {"part_orders": [], "part_notices": []}
    orders = session.execute(sa.select(PartOrder).where(PartOrder.customer == person.customer)).scalars()
    notices = session.execute(sa.select(PartNotice).where(PartNotice.customer == person.customer)).scalars()
    return {"part_orders": records(orders, "customer"), "part_notices": records(notices, "id", "customer")}


def stands_against(session: Session, person: Person) -> list[str]:
    """Numbers of the orders for parts that have not arrived."""
    if not person.customer:
        return []
    query = sa.select(PartOrder).where(PartOrder.customer == person.customer, PartOrder.state.in_(UNDER_WAY)).order_by(PartOrder.id)
    return [row.number for row in session.execute(query).scalars()]


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases whom and where parts were sent to, and the wish to be told."""
    if not person.customer:
        return
    session.flush()
    for statement in (
        sa.delete(PartNotice).where(PartNotice.customer == person.customer),
        sa.update(PartOrder).where(PartOrder.customer == person.customer).values(recipient="", street="", postal_code="", city=""),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def keeps_accounts(session: Session, person: Person) -> bool:
    """Whether there are orders for parts, whose amounts are kept for the accounts."""
    if not person.customer:
        return False
    return session.execute(sa.select(PartOrder.id).where(PartOrder.customer == person.customer).limit(1)).first() is not None
