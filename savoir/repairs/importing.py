"""Imports of repairs, of their prices and of technicians. A row known already is brought up to date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.clock import OpeningHours
from savoir.core.importing import Fault, FaultyFile, Row, RowFault, read_rows
from savoir.customers import service as customers

from .slots import WINDOWS
from .tables import STATES, Repair, RepairPrice, Technician


def import_repairs(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: number, customer, opened_at, status; the others as in data/demo/README.md. Raises FaultyFile."""

    def make(row: Row) -> Repair:
        customer, opened_at = row.text("customer"), row.time("opened_at")
        owner = customers.customer_by_id(session, customer)
        if owner is None:
            raise RowFault(f"`customer` is {customer!r}, who is unknown; import the customers first")
        if opened_at is None:
            raise RowFault("`opened_at` is empty; a time was expected")
        is_erased = owner.erased_at is not None  # nothing personal comes back
        return Repair(
            number=row.text("number"), customer=customer, serial_number=None if is_erased else row.optional("serial_number"), product=row.optional("product"),
            opened_at=opened_at, status=row.choice("status", STATES), status_at=row.time("status_at"), symptom=None if is_erased else row.optional("symptom"),
            under_warranty=row.text("warranty", "no") == "yes", quote_cents=row.number("quote_cents"),
            quote_status=row.optional("quote_status"), appointment_at=row.time("appointment_at"), technician=row.optional("technician"),
        )

    return _merge(session, read_rows(path, make, shift=shift))


def import_prices(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: product_type; optional product, symptom, price_cents, is_fixed (yes or no), bonus (yes or no), bonus_cents."""

    def make(row: Row) -> RepairPrice:
        product_type, product, symptom = row.text("product_type"), row.optional("product"), row.optional("symptom")
        if product is not None:
            known = customers.product(session, product)
            if known is None or known.type != product_type:
                raise RowFault(f"`product` is {product!r}, which is no {product_type} of the catalogue; import the products first")
        return RepairPrice(
            id="/".join((product_type, product or "*", symptom or "*")), product_type=product_type, product=product, symptom=symptom,
            price_cents=row.number("price_cents"), is_fixed=row.text("is_fixed", "no") == "yes", has_bonus=row.text("bonus", "no") == "yes",
            bonus_cents=row.number("bonus_cents"),
        )

    return _merge(session, read_rows(path, make))


def import_technicians(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: id, name, skills (product types, `a|b`), departments (`44|49|2A`), hours (`mo-fr 08:00-12:00,14:00-18:00`); visits_a_day."""

    def make(row: Row) -> Technician:
        hours = row.text("hours")
        try:
            OpeningHours.parse(hours, "Europe/Paris")
        except ValueError as error:
            raise RowFault(f"`hours`: {error}") from None
        return Technician(
            id=row.text("id"), name=row.text("name"), skills=_several(row, "skills"), departments=_several(row, "departments"), hours=hours,
            visits_a_day=row.number("visits_a_day") or len(WINDOWS),
        )

    rows = read_rows(path, make)
    owners = {name: id for id, name in session.execute(sa.select(Technician.id, Technician.name))}
    for number, row in enumerate(rows, 2):
        if owners.setdefault(row.name, row.id) != row.id:
            raise FaultyFile(path, [Fault(number, f"`name` {row.name!r} is technician {owners[row.name]}'s already; expected another name")])
    return _merge(session, rows)


def _several(row: Row, name: str) -> list[str]:
    return [part.strip() for part in row.text(name).split("|") if part.strip()]


def _merge(session: Session, rows: list[Any]) -> int:
    for row in rows:
        session.merge(row)
    session.flush()
    return len(rows)
