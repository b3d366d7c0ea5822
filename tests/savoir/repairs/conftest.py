"""A small firm: two technicians for televisions in the west, one far away, four customers and their devices."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from savoir.core.database import Database
from savoir.customers.tables import Customer, Order, OwnedProduct, Product
from savoir.repairs import importing
from savoir.repairs.tables import Repair, Technician

PRICES = Path(__file__).parents[3] / "data" / "demo" / "repair_prices.csv"


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 9, 0, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def firm(database: Database) -> None:
    with database.writing() as session:
        for id, name, kind in (
            ("horizon-43", "Horizon 43", "television"), ("horizon-32", "Horizon 32", "television"), ("horizon-55", "Horizon 55", "television"),
            ("nova-5", "Nova 5", "smartphone"), ("nova-5-lite", "Nova 5 Lite", "smartphone"), ("nova-6", "Nova 6", "smartphone"),
            ("nova-6-pro", "Nova 6 Pro", "smartphone"), ("tempo-2", "Tempo 2", "smartwatch"), ("galet-max", "Galet Max", "speaker"),
            ("sillage-300", "Sillage 300", "speaker"), ("cap-4k", "Cap 4K", "camera"), ("pixio-poche", "Pixio Poche", "console"),
            ("chargeur-25", "Chargeur 25 W", "accessory"),
        ):
            session.add(Product(id=id, name=name, type=kind, warranty_months=24))
        for id, code, country in (("C-1", "44000", "FR"), ("C-2", "44300", "FR"), ("C-3", "1050", "BE"), ("C-4", "67000", "FR")):
            session.add(Customer(id=id, first_name="x", last_name="y", email=f"{id}@example.org", language="fr", postal_code=code, country=country))
        session.flush()
        for number, customer, delivered in (("CMD-1", "C-1", day(2025, 1, 10)), ("CMD-2", "C-2", day(2024, 1, 10)), ("CMD-3", "C-3", day(2026, 1, 10))):
            lines = [{"product": product, "quantity": 1, "unit_cents": 10000} for product in ("horizon-43", "horizon-55", "nova-5", "nova-6")]
            session.add(Order(
                number=number, customer=customer, placed_at=day(2024, 1, 1), status="delivered", delivered_at=delivered, country="FR", lines=lines
            ))
        for serial, customer, product, order, extension in (
            ("HZ0000000001", "C-1", "horizon-43", "CMD-1", False), ("NV0000000001", "C-1", "nova-6", "CMD-1", False),
            ("HZ0000000002", "C-2", "horizon-55", "CMD-2", False), ("NV0000000002", "C-2", "nova-5", "CMD-2", True),
            ("NV0000000003", "C-2", "nova-5", "CMD-2", False), ("HZ0000000003", "C-3", "horizon-43", "CMD-3", False),
        ):
            session.add(OwnedProduct(
                serial_number=serial, customer=customer, product=product, order_number=order, purchased_at=day(2024, 1, 1), has_extension=extension
            ))
        for id, name, departments, hours, visits in (
            ("anne", "Anne Le Goff", ["44", "56"], "mo-fr 08:00-12:00", 2), ("patrice", "Patrice Morvan", ["44"], "mo-fr 08:00-12:00,14:00-18:00", 4),
            ("nora", "Nora Belaïd", ["67"], "mo-fr 08:00-12:00,14:00-18:00", 4),
        ):
            session.add(Technician(id=id, name=name, skills=["television"], departments=departments, hours=hours, visits_a_day=visits))
        session.flush()
        importing.import_prices(session, PRICES)
        for number, customer, product in (("REP-000160", "C-1", "horizon-43"), ("REP-000150", "C-2", "horizon-55")):
            session.add(Repair(number=number, customer=customer, product=product, opened_at=day(2026, 11, 20), status="received", how="at_home"))
