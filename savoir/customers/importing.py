"""Imports of the catalogue, of customers, their orders and the devices they own. A row known already is brought up to date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from savoir.core.importing import Fault, FaultyFile, Row, RowFault, read_rows

from .orders import keep_cancelled
from .tables import ORDER_STATES, PARCEL_STATES, Customer, Order, OwnedProduct, Product, Shipment

PRODUCT_TYPES = (
    "smartphone", "tablet", "laptop", "television", "headphones", "speaker", "router", "smartwatch", "camera", "console", "accessory",
)


def import_products(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: id, name, type; optional released, price_cents, warranty_months, stock, aliases (`a|b`), summary_fr, summary_en."""

    def make(row: Row) -> Product:
        return Product(
            id=row.text("id"), name=row.text("name"), type=row.choice("type", PRODUCT_TYPES), released=row.day("released"),
            price_cents=row.number("price_cents"), warranty_months=row.number("warranty_months"), stock=row.number("stock"),
            aliases=[a.strip() for a in row.text("aliases", "").split("|") if a.strip()], summary_fr=row.optional("summary_fr"),
            summary_en=row.optional("summary_en"),
        )

    return _merge(session, path, read_rows(path, make), "id")


def import_customers(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: id, first_name, last_name, email, language; optional phone, street, postal_code, city, country, created_at."""

    def make(row: Row) -> Customer:
        email = row.text("email").lower()
        if "@" not in email:
            raise RowFault(f"`email` is {email!r}; expected an address with @")
        return Customer(
            id=row.text("id"), first_name=row.text("first_name"), last_name=row.text("last_name"), email=email, phone=row.optional("phone"),
            language=row.choice("language", ("fr", "en")), street=row.optional("street"), postal_code=row.optional("postal_code"),
            city=row.optional("city"), country=row.optional("country"), created_at=row.time("created_at"),
        )

    rows = read_rows(path, make, shift=shift)
    _refuse_doubles(path, rows, "email")
    owners = {email: id for id, email in session.query(Customer.id, Customer.email)}
    for number, row in enumerate(rows, 2):
        if owners.get(row.email, row.id) != row.id:
            raise FaultyFile(path, [Fault(number, f"`email` {row.email!r} is customer {owners[row.email]}'s already")])
    erased = erased_customers(session)
    return _merge(session, path, [row for row in rows if row.id not in erased], "id")


def import_orders(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: number, customer, placed_at, status, lines (`product:quantity:cents|…`); the others as in data/demo/README.md.

    An order that its customer cancelled here stays cancelled, unless the file says that it has left.
    """
    known = {id for (id,) in session.query(Customer.id)}

    def make(row: Row) -> Order:
        customer = row.text("customer")
        if customer not in known:
            raise RowFault(f"`customer` is {customer!r}, who is unknown; import the customers first")
        placed_at = row.time("placed_at")
        if placed_at is None:
            raise RowFault("`placed_at` is empty; a time was expected")
        return Order(
            number=row.text("number"), customer=customer, placed_at=placed_at, status=row.choice("status", ORDER_STATES),
            status_at=row.time("status_at"), carrier=row.optional("carrier"), tracking_number=row.optional("tracking_number"),
            shipped_at=row.time("shipped_at"), expected_at=row.time("expected_at"), delivered_at=row.time("delivered_at"),
            recipient=row.optional("recipient"), street=row.optional("street"), postal_code=row.optional("postal_code"),
            city=row.optional("city"), country=row.optional("country"), shipping_cents=row.number("shipping_cents"),
            total_cents=row.number("total_cents"), payment=row.optional("payment"), lines=_order_lines(row.text("lines")),
        )

    erased, rows = erased_customers(session), read_rows(path, make, shift=shift)
    for row in rows:
        if row.customer in erased:
            row.recipient = row.street = row.postal_code = row.city = row.tracking_number = None
    count = _merge(session, path, rows, "number")
    keep_cancelled(session)
    return count


def import_shipments(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: order, parcel, status, lines (`product:quantity|…`); optional carrier, tracking_number and times. For orders of several parcels."""
    erased = erased_customers(session)
    ordered = {order.number: order for order in session.query(Order)}

    def make(row: Row) -> Shipment:
        number, parcel, lines = row.text("order"), row.number("parcel"), _parcel_lines(row.text("lines"))
        order = ordered.get(number)
        if order is None:
            raise RowFault(f"`order` is {number!r}, which is unknown; import the orders first")
        if parcel is None or parcel < 1:
            raise RowFault(f"`parcel` is {parcel}; expected 1 or more")
        for line in lines:
            if line["product"] not in {each["product"] for each in order.lines}:
                raise RowFault(f"`lines` holds {line['product']!r}, which is not in the order {number}")
        return Shipment(
            order_number=number, parcel=parcel, carrier=row.optional("carrier"),
            tracking_number=None if order.customer in erased else row.optional("tracking_number"), lines=lines,
            status=row.choice("status", PARCEL_STATES), status_at=row.time("status_at"), shipped_at=row.time("shipped_at"),
            expected_at=row.time("expected_at"), delivered_at=row.time("delivered_at"),
        )

    return _merge(session, path, read_rows(path, make, shift=shift), "name")


def import_owned_products(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: serial_number, customer, product; optional order_number, purchased_at, extension (yes or no)."""
    customers = {id for (id,) in session.query(Customer.id)}
    products = {id for (id,) in session.query(Product.id)}

    def make(row: Row) -> OwnedProduct:
        for name, known in (("customer", customers), ("product", products)):
            if row.text(name) not in known:
                raise RowFault(f"`{name}` is {row.text(name)!r}, which is unknown; import the {name}s first")
        return OwnedProduct(
            serial_number=row.text("serial_number"), customer=row.text("customer"), product=row.text("product"),
            order_number=row.optional("order_number"), purchased_at=row.time("purchased_at"),
            has_extension=row.text("extension", "no") == "yes",
        )

    erased = erased_customers(session)
    return _merge(session, path, [row for row in read_rows(path, make, shift=shift) if row.customer not in erased], "serial_number")


def erased_customers(session: Session) -> set[str]:
    """Customers whose data were erased: a file that still has them does not bring them back."""
    return {id for (id,) in session.query(Customer.id).filter(Customer.erased_at.isnot(None))}


def _order_lines(text: str) -> list[dict[str, Any]]:
    lines = []
    for part in text.split("|"):
        try:
            product, quantity, cents = part.split(":")
            lines.append({"product": product.strip(), "quantity": int(quantity), "unit_cents": int(cents)})
        except ValueError:
            raise RowFault(f"`lines` holds {part!r}; expected product:quantity:price in cents") from None
    return lines


def _parcel_lines(text: str) -> list[dict[str, Any]]:
    lines = []
    for part in text.split("|"):
        product, _, quantity = part.partition(":")
        if not quantity.strip().isdigit():
            raise RowFault(f"`lines` holds {part!r}; expected product:quantity")
        lines.append({"product": product.strip(), "quantity": int(quantity)})
    return lines


def _refuse_doubles(path: Path, rows: list[Any], key: str) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if getattr(row, key) in seen:
            raise FaultyFile(path, [Fault(number, f"`{key}` {getattr(row, key)!r} stands in the file twice")])
        seen.add(getattr(row, key))


def _merge(session: Session, path: Path, rows: list[Any], key: str) -> int:
    _refuse_doubles(path, rows, key)
    for row in rows:
        session.merge(row)
    session.flush()
    return len(rows)
