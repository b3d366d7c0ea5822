"""What this room holds about a person, and its erasure: of a repair stay its number, device type, dates and price."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, records

from .tables import ENDED, Appointment, Repair


def export_of(session: Session, person: Person) -> Sections:
    """Repairs and the visits agreed for them."""
    repairs = list(session.execute(sa.select(Repair).where(Repair.customer == person.customer)).scalars()) if person.customer else []
    visits = session.execute(sa.select(Appointment).where(Appointment.repair.in_([r.number for r in repairs]))).scalars()
    return {"repairs": records(repairs, "customer"), "appointments": records(visits, "id", "place")}


def stands_against(session: Session, person: Person) -> list[str]:
    """Numbers of the repairs that have not ended: the device must find its way back."""
    query = sa.select(Repair.number).where(Repair.customer == person.customer, Repair.status.not_in(ENDED)).order_by(Repair.number)
    return [str(number) for number in session.execute(query).scalars()] if person.customer else []


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases what the customer wrote, the device's serial number and where visits were."""
    if not person.customer:
        return
    session.flush()
    numbers = list(session.execute(sa.select(Repair.number).where(Repair.customer == person.customer)).scalars())
    for statement in (
        sa.update(Repair).where(Repair.number.in_(numbers)).values(symptom=None, serial_number=None),
        sa.update(Appointment).where(Appointment.repair.in_(numbers)).values(postal_code=None, department=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def keeps_accounts(session: Session, person: Person) -> bool:
    """Whether there are repairs, whose amounts are kept for the accounts."""
    return bool(person.customer) and session.execute(sa.select(Repair.number).where(Repair.customer == person.customer).limit(1)).first() is not None
