"""Import of repairs. A row known already is brought up to date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from savoir.core.importing import Row, RowFault, read_rows
from savoir.customers import service as customers

from .tables import STATES, Repair


def import_repairs(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: number, customer, opened_at, status; the others as in data/demo/README.md. Raises FaultyFile."""

    def make(row: Row) -> Repair:
        customer, opened_at = row.text("customer"), row.time("opened_at")
        if customers.customer_by_id(session, customer) is None:
            raise RowFault(f"`customer` is {customer!r}, who is unknown; import the customers first")
        if opened_at is None:
            raise RowFault("`opened_at` is empty; a time was expected")
        return Repair(
            number=row.text("number"), customer=customer, serial_number=row.optional("serial_number"), product=row.optional("product"),
            opened_at=opened_at, status=row.choice("status", STATES), status_at=row.time("status_at"), symptom=row.optional("symptom"),
            under_warranty=row.text("warranty", "no") == "yes", quote_cents=row.number("quote_cents"),
            quote_status=row.optional("quote_status"), appointment_at=row.time("appointment_at"), technician=row.optional("technician"),
        )

    rows = read_rows(path, make, shift=shift)
    for row in rows:
        session.merge(row)
    session.flush()
    return len(rows)
