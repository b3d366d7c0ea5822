"""A small shop: two customers, a few products, and orders that a test places as it needs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, TypeVar

from savoir.core.database import Database
from savoir.customers.tables import Customer, Order, OwnedProduct, Product, Shipment
from tests.conftest import Clock

T = TypeVar("T")
PRODUCTS = (
    ("nova-6", "Nova 6", "smartphone", 54900, 24, 340), ("nova-5", "Nova 5", "smartphone", 44900, 24, 182),
    ("nova-6-pro", "Nova 6 Pro", "smartphone", 84900, 24, 128), ("kivo-3", "Kivo 3", "smartphone", 15900, 24, 0),
    ("coque-nova-6", "Coque Nova 6", "accessory", 2490, 12, 300), ("horizon-65-oled", "Horizon 65 OLED", "television", 149900, 36, 19),
    ("horizon-43", "Horizon 43", "television", 39900, 24, 88), ("galet-mini", "Galet Mini", "speaker", 5900, 24, 166),
)
PHONE_AND_CASE = (("nova-6", 1, 54900), ("coque-nova-6", 1, 2490))


class Shop:
    """What tests of orders stand in. Days are counted back from the clock's."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        with database.writing() as session:
            for id, email in (("C-1", "camille@example.org"), ("C-2", "james@example.com")):
                session.add(Customer(
                    id=id, first_name="Camille", last_name="Lœuillet", email=email, language="fr", street="3 rue du Port", postal_code="44000",
                    city="Nantes", country="FR", phone="+33639981234",
                ))
            for id, name, type, cents, months, stock in PRODUCTS:
                session.add(Product(id=id, name=name, type=type, price_cents=cents, warranty_months=months, stock=stock, aliases=[]))

    def ago(self, days: float) -> datetime:
        """So many days before now."""
        return self.clock() - timedelta(days=days)

    def order(self, status: str, *, lines: tuple[tuple[str, int, int], ...] = PHONE_AND_CASE, number: str = "CMD-100001", **columns: Any) -> str:
        """Places an order, delivered two days ago if `delivered`; its number."""
        times: dict[str, Any] = {"placed_at": self.ago(6), "status_at": self.ago(1), "expected_at": self.clock() + timedelta(days=2)}
        if status not in ("pending_payment", "paid", "preparing", "cancelled"):
            times |= {"shipped_at": self.ago(4), "carrier": "Colivia", "tracking_number": "CV704233186FR"}
        if status in ("delivered", "returned", "refunded"):
            times["delivered_at"] = self.ago(2)
        columns = times | {"shipping_cents": 0, "payment": "card", "country": "FR", "street": "3 rue du Port", "postal_code": "44000"} | columns
        columns |= {"city": "Nantes", "recipient": "Camille Lœuillet"}
        columns.setdefault("total_cents", sum(quantity * cents for _, quantity, cents in lines) + columns["shipping_cents"])
        with self.database.writing() as session:
            session.add(Order(
                number=number, customer="C-1", status=status,
                lines=[{"product": product, "quantity": quantity, "unit_cents": cents} for product, quantity, cents in lines], **columns,
            ))
        return number

    def parcel(self, order: str, parcel: int, status: str, *held: tuple[str, int], **columns: Any) -> None:
        """One parcel of an order."""
        columns = {"status_at": self.ago(1), "expected_at": self.clock() + timedelta(days=2)} | columns
        with self.database.writing() as session:
            session.add(Shipment(
                order_number=order, parcel=parcel, status=status, lines=[{"product": p, "quantity": q} for p, q in held], **columns,
            ))

    def device(self, serial: str = "NV2421408316", product: str = "nova-6", **columns: Any) -> str:
        """A device that the first customer owns; its serial number."""
        with self.database.writing() as session:
            session.add(OwnedProduct(serial_number=serial, product=product, **({"customer": "C-1", "has_extension": False} | columns)))
        return serial

    def do(self, work: Callable[..., T], **arguments: Any) -> T:
        """A function of the room in a transaction of its own, at the clock's time."""
        with self.database.writing() as session:
            return work(session, **({"at": self.clock()} | arguments))

    def see(self, table: type, id: Any) -> Any:
        """A row as it is kept."""
        with self.database.reading() as session:
            return session.get(table, id)
