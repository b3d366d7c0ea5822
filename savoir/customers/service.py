"""Who a customer is and what they bought. What is personal is only told after a check; no answer tells whether an order exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Callable, Optional, TypeVar, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.text import fold

from . import personal_data as personal_data
from .addresses import Address as Address
from .addresses import Change as Change
from .addresses import ContactChanged as ContactChanged
from .addresses import ContactFault as ContactFault
from .addresses import ContactFaults as ContactFaults
from .addresses import ContactRefused as ContactRefused
from .addresses import ContactUnchanged as ContactUnchanged
from .addresses import change_address as change_address
from .addresses import change_contact as change_contact
from .addresses import change_delivery_address as change_delivery_address
from .addresses import checked_address as checked_address
from .addresses import checked_email as checked_email
from .addresses import checked_phone as checked_phone
from .addresses import delivery_is_settled as delivery_is_settled
from .days import Calendar as Calendar
from .delivery import ClaimAlreadyOpen as ClaimAlreadyOpen
from .delivery import ClaimOpened as ClaimOpened
from .delivery import ClaimRefused as ClaimRefused
from .delivery import claims_of as claims_of
from .delivery import close_claim as close_claim
from .delivery import open_claim as open_claim
from .invoices import Invoice as Invoice
from .invoices import InvoiceAddress as InvoiceAddress
from .invoices import NoInvoice as NoInvoice
from .invoices import Seller as Seller
from .invoices import invoice_address as invoice_address
from .invoices import invoice_of as invoice_of
from .one_time_codes import CODE_ATTEMPTS as CODE_ATTEMPTS
from .one_time_codes import CodeChecked as CodeChecked
from .one_time_codes import CodeRequested as CodeRequested
from .one_time_codes import TooManyCodes as TooManyCodes
from .one_time_codes import check_code as check_code
from .one_time_codes import is_verified as is_verified
from .one_time_codes import request_code as request_code
from .one_time_codes import send_password_link as send_password_link
from .one_time_codes import shown_in
from .one_time_codes import sign_in as sign_in
from .one_time_codes import verified_customer as verified_customer
from .orders import HOLD_DAYS as HOLD_DAYS
from .orders import CancellationRefused as CancellationRefused
from .orders import Cancelled as Cancelled
from .orders import OrderLine as OrderLine
from .orders import OrderState as OrderState
from .orders import Parcel as Parcel
from .orders import cancel_order as cancel_order
from .orders import has_left as has_left
from .orders import order_lines as order_lines
from .orders import order_state as order_state
from .payments import Charges as Charges
from .payments import Instalment as Instalment
from .payments import PaymentReported as PaymentReported
from .payments import charges_of as charges_of
from .payments import explanation_of as explanation_of
from .payments import payment_reports_of as payment_reports_of
from .payments import report_payment as report_payment
from .refunds import Refund as Refund
from .refunds import refunds_of as refunds_of
from .return_labels import ReturnLabel as ReturnLabel
from .return_labels import return_label as return_label
from .returns import Eligible as Eligible
from .returns import ExchangeRefused as ExchangeRefused
from .returns import NotEligible as NotEligible
from .returns import ReturnOpened as ReturnOpened
from .returns import Wanted as Wanted
from .returns import open_return as open_return
from .returns import return_by_number as return_by_number
from .returns import return_options as return_options
from .returns import returns_of as returns_of
from .returns import set_return_state as set_return_state
from .tables import Customer, IdentityCheck, Order, OwnedProduct, Product
from .typed_address import TypedAddress as TypedAddress
from .typed_address import read_address as read_address
from .warranty import Cover as Cover
from .warranty import DeviceChoice as DeviceChoice
from .warranty import DeviceFound as DeviceFound
from .warranty import NoDevice as NoDevice
from .warranty import Warranty as Warranty
from .warranty import WarrantyUnknown as WarrantyUnknown
from .warranty import covers_from as covers_from
from .warranty import find_device as find_device
from .warranty import warranty_of as warranty_of

T = TypeVar("T")
MOST_FAILURES_ON_AN_ORDER = 10
"""Failed checks on one order number in a day, from whatever conversations, after which it is not checked any more."""


@dataclass(frozen=True)
class Identified:
    """The customer has shown that the order is theirs."""

    order: Order
    customer: Customer


@dataclass(frozen=True)
class NotIdentified:
    """They have not: number and proof do not go together. `attempts_left` is 0 when the checks have stopped."""

    attempts_left: int


def identify(
    session: Session, *, conversation: str, order_number: str, proof: str, key: str, at: datetime, attempts: int = 3
) -> Union[Identified, NotIdentified]:
    """Checks an order number against an e-mail address or a postal code (of the account or of the delivery).

    `key` makes a repeated turn one attempt. After `attempts` failures in a conversation nothing is checked in it any more;
    unknown numbers and wrong proofs are told apart by nothing.
    """
    found, left = _checked(session, conversation, order_number, key, at, attempts, lambda: _matching(session, order_number, proof))
    return found or NotIdentified(left)


def identify_owner(
    session: Session, *, conversation: str, number: str, customer: Optional[str], proof: str, key: str, at: datetime, attempts: int = 3
) -> Union[Customer, NotIdentified]:
    """As `identify`, with the number of something else (a repair) that belongs to `customer`; None where nobody knows that number."""

    def matching() -> Optional[Customer]:
        owner = session.get(Customer, customer) if customer else None
        return owner if owner is not None and _proves(proof, owner, owner.postal_code) else None

    found, left = _checked(session, conversation, number, key, at, attempts, matching)
    if found is None:
        return NotIdentified(left)
    session.get(IdentityCheck, key).customer = found.id  # type: ignore[union-attr]
    session.flush()
    return found


def checks_stopped(session: Session, *, conversation: str, at: datetime, attempts: int = 3) -> bool:
    """Whether this conversation has used up its attempts."""
    return _failures(session, at, conversation=conversation) >= attempts


def identified_in(session: Session, *, conversation: str, order_number: str) -> Optional[Identified]:
    """The order, if this conversation has shown before that it is the customer's, or that another order of theirs is, or whose it is."""
    shown = shown_in(session, conversation) | set(session.execute(
        sa.select(Order.customer)
        .join(IdentityCheck, IdentityCheck.order_number == Order.number)
        .where(IdentityCheck.conversation == conversation, IdentityCheck.succeeded.is_(True))
    ).scalars().all()) | set(session.execute(
        sa.select(IdentityCheck.customer).where(IdentityCheck.conversation == conversation, IdentityCheck.customer.isnot(None))
    ).scalars())
    order = session.get(Order, order_number)
    if order is None or order.customer not in shown:
        return None
    return Identified(order, session.get(Customer, order.customer))  # type: ignore[arg-type]


def customer_by_id(session: Session, customer: str) -> Optional[Customer]:
    """A customer."""
    return session.get(Customer, customer)


def customer_by_email(session: Session, email: str) -> Optional[Customer]:
    """The customer who has an address, whatever the capitals."""
    return session.execute(sa.select(Customer).where(sa.func.lower(Customer.email) == email.strip().lower())).scalars().first()


def orders_of(session: Session, customer: str) -> list[Order]:
    """A customer's orders, newest first."""
    return list(session.execute(sa.select(Order).where(Order.customer == customer).order_by(Order.placed_at.desc())).scalars())


def products_of(session: Session, customer: str) -> list[tuple[OwnedProduct, Product]]:
    """The devices that a customer owns, newest first."""
    rows = session.execute(
        sa.select(OwnedProduct, Product).join(Product, Product.id == OwnedProduct.product)
        .where(OwnedProduct.customer == customer).order_by(OwnedProduct.purchased_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def product(session: Session, product_id: str) -> Optional[Product]:
    """A model of the catalogue."""
    return session.get(Product, product_id)


def catalogue(session: Session) -> list[Product]:
    """All models, by name."""
    return list(session.execute(sa.select(Product).order_by(Product.name)).scalars())


def names_of(session: Session, order: Order) -> list[str]:
    """What an order holds, for people: `Nova 6`, `2 × Galet Mini`."""
    named = []
    for line in order.lines:
        known = session.get(Product, line["product"])
        name = known.name if known else line["product"]
        named.append(f"{line['quantity']} × {name}" if line["quantity"] > 1 else str(name))
    return named


def same_address(one: str, other: str) -> bool:
    """Whether two e-mail addresses are one, whatever the capitals."""
    return one.strip().lower() == other.strip().lower()


def _matching(session: Session, order_number: str, proof: str) -> Optional[Identified]:
    order = session.get(Order, order_number)
    if order is None:
        return None
    customer = session.get(Customer, order.customer)
    if customer is None:
        return None
    return Identified(order, customer) if _proves(proof, customer, customer.postal_code, order.postal_code) else None


def _proves(proof: str, customer: Customer, *postal_codes: Any) -> bool:
    if "@" in proof:
        return same_address(proof, str(customer.email))
    return _code(proof) in {_code(code) for code in postal_codes if code}


def _checked(
    session: Session, conversation: str, number: str, key: str, at: datetime, attempts: int, matching: Callable[[], Optional[T]]
) -> tuple[Optional[T], int]:
    """What `matching` finds, if it is still looked for at all, and the attempts that are left; the attempt is noted once for a key."""
    earlier = session.get(IdentityCheck, key)
    failures = _failures(session, at, conversation=conversation) - (1 if earlier is not None and not earlier.succeeded else 0)
    is_stopped = failures >= attempts or _failures(session, at, order_number=number[:20]) > MOST_FAILURES_ON_AN_ORDER
    found = None if is_stopped else matching()
    if earlier is None and not is_stopped:
        session.add(IdentityCheck(key=key, conversation=conversation, order_number=number[:20], succeeded=found is not None, at=at))
        session.flush()
    return found, 0 if is_stopped else max(0, attempts - failures - 1)


def _code(postal_code: str) -> str:
    """A postal code as it is compared: letters and digits, without the country's prefix."""
    return re.sub(r"^(fr|f|be|b|ch|lu|l)(?=\d)", "", re.sub(r"[^a-z0-9]", "", fold(postal_code)))


def _failures(session: Session, at: datetime, **where: Any) -> int:
    query = sa.select(sa.func.count()).select_from(IdentityCheck).filter_by(succeeded=False, **where)
    if "order_number" in where:
        query = query.where(IdentityCheck.at > at - timedelta(days=1))
    return int(session.execute(query).scalar_one())
