"""What this room holds about a person, and its erasure. What accounting needs stays, without name and address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, record, records

from .tables import (
    Cancellation,
    ContactChange,
    Customer,
    DeliveryClaim,
    IdentityCheck,
    OneTimeCode,
    Order,
    OwnedProduct,
    PaymentReport,
    ReturnRequest,
    Shipment,
    SignedIdentity,
)

UNDER_WAY = ("pending_payment", "paid", "preparing", "shipped", "out_for_delivery", "delayed")
"""States of orders that can't be brought to their end without the customer's address."""


def export_of(session: Session, person: Person) -> Sections:
    """Account, orders with all that belongs to them, devices, changes of address, and checks of who one is."""
    account = session.get(Customer, person.customer) if person.customer else None
    numbers = _order_numbers(session, person)

    def of_customer(table: Any) -> Any:
        return session.execute(sa.select(table).where(table.customer == person.customer)).scalars() if person.customer else ()

    def of_orders(table: Any) -> Any:
        return session.execute(sa.select(table).where(table.order_number.in_(numbers))).scalars()

    checks = session.execute(
        sa.select(IdentityCheck).where(sa.or_(IdentityCheck.order_number.in_(numbers), IdentityCheck.conversation.in_(person.conversations)))
    ).scalars()
    return {
        "account": [record(account)] if account is not None else [],
        "orders": records(of_customer(Order), "customer"),
        "parcels": records(of_orders(Shipment)),
        "cancellations": records(of_orders(Cancellation)),
        "returns": records(of_orders(ReturnRequest), "id"),
        "delivery_claims": records(of_orders(DeliveryClaim), "id"),
        "payment_reports": records(of_customer(PaymentReport), "id", "customer"),
        "devices": records(of_customer(OwnedProduct), "customer"),
        "contact_changes": records(of_customer(ContactChange), "id", "customer"),
        "identity_checks": records(checks),
        "codes": records(_codes(session, person), "id", "customer"),
        "signed_identities": records(of_customer(SignedIdentity), "customer"),
    }


def stands_against(session: Session, person: Person) -> list[str]:
    """Numbers of the orders that are under way: their addresses are needed until they have arrived."""
    query = sa.select(Order.number).where(Order.customer == person.customer, Order.status.in_(UNDER_WAY)).order_by(Order.number)
    return [str(number) for number in session.execute(query).scalars()] if person.customer else []


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases the account's details, devices, checks and all that the customer wrote; orders keep numbers, dates, articles and amounts."""
    numbers = _order_numbers(session, person)

    def delete(table: Any, condition: Any) -> None:
        session.execute(sa.delete(table).where(condition).execution_options(synchronize_session=False))

    def clear(table: Any, condition: Any, **values: Any) -> None:
        session.execute(sa.update(table).where(condition).values(**values).execution_options(synchronize_session=False))

    session.flush()
    for table in (IdentityCheck, OneTimeCode, SignedIdentity):
        delete(table, table.conversation.in_(person.conversations))
    delete(IdentityCheck, IdentityCheck.order_number.in_(numbers))
    if person.customer:
        for table in (IdentityCheck, OneTimeCode, SignedIdentity, OwnedProduct, ContactChange):
            delete(table, table.customer == person.customer)
        clear(
            Order, Order.customer == person.customer, recipient=None, street=None, postal_code=None, city=None, tracking_number=None,
        )
        clear(Shipment, Shipment.order_number.in_(numbers), tracking_number=None)
        clear(Cancellation, Cancellation.order_number.in_(numbers), reason=None)
        clear(ReturnRequest, ReturnRequest.order_number.in_(numbers), reason=None)
        clear(DeliveryClaim, DeliveryClaim.order_number.in_(numbers), note="")
        clear(PaymentReport, PaymentReport.customer == person.customer, note="")
        clear(
            Customer, Customer.id == person.customer, first_name="", last_name="", email=f"{person.customer}@erased.invalid", phone=None,
            street=None, postal_code=None, city=None, erased_at=at,
        )
    session.expire_all()


def keeps_accounts(session: Session, person: Person) -> bool:
    """Whether there are orders, whose amounts are kept for the accounts."""
    return bool(_order_numbers(session, person))


def _order_numbers(session: Session, person: Person) -> list[str]:
    if not person.customer:
        return []
    return list(session.execute(sa.select(Order.number).where(Order.customer == person.customer)).scalars())


def _codes(session: Session, person: Person) -> Any:
    mine = OneTimeCode.conversation.in_(person.conversations)
    if person.customer:
        mine = sa.or_(mine, OneTimeCode.customer == person.customer)
    return session.execute(sa.select(OneTimeCode).where(mine)).scalars()
