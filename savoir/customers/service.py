"""Who a customer is and what they bought. What is personal is only told after a check; no answer tells whether an order exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.text import fold

from .tables import Customer, IdentityCheck, Order, OwnedProduct, Product

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
    earlier = session.get(IdentityCheck, key)
    failures = _failures(session, at, conversation=conversation) - (1 if earlier is not None and not earlier.succeeded else 0)
    is_stopped = failures >= attempts or _failures(session, at, order_number=order_number) > MOST_FAILURES_ON_AN_ORDER
    found = None if is_stopped else _matching(session, order_number, proof)
    if earlier is None and not is_stopped:
        session.add(
            IdentityCheck(key=key, conversation=conversation, order_number=order_number[:20], succeeded=found is not None, at=at)
        )
        session.flush()
    if found is not None:
        return found
    return NotIdentified(0 if is_stopped else max(0, attempts - failures - 1))


def checks_stopped(session: Session, *, conversation: str, at: datetime, attempts: int = 3) -> bool:
    """Whether this conversation has used up its attempts."""
    return _failures(session, at, conversation=conversation) >= attempts


def identified_in(session: Session, *, conversation: str, order_number: str) -> Optional[Identified]:
    """The order, if this conversation has shown before that it is the customer's, or that another order of theirs is."""
    shown = session.execute(
        sa.select(Order.customer)
        .join(IdentityCheck, IdentityCheck.order_number == Order.number)
        .where(IdentityCheck.conversation == conversation, IdentityCheck.succeeded.is_(True))
    ).scalars().all()
    order = session.get(Order, order_number)
    if order is None or order.customer not in shown:
        return None
    return Identified(order, session.get(Customer, order.customer))  # type: ignore[arg-type]


def customer_by_id(session: Session, customer: str) -> Optional[Customer]:
    """A customer."""
    return session.get(Customer, customer)


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
    if "@" in proof:
        matches = same_address(proof, str(customer.email))
    else:
        matches = _code(proof) in {_code(code) for code in (customer.postal_code, order.postal_code) if code}
    return Identified(order, customer) if matches else None


def _code(postal_code: str) -> str:
    """A postal code as it is compared: letters and digits, without the country's prefix."""
    return re.sub(r"^(fr|f|be|b|ch|lu|l)(?=\d)", "", re.sub(r"[^a-z0-9]", "", fold(postal_code)))


def _failures(session: Session, at: datetime, **where: Any) -> int:
    query = sa.select(sa.func.count()).select_from(IdentityCheck).filter_by(succeeded=False, **where)
    if "order_number" in where:
        query = query.where(IdentityCheck.at > at - timedelta(days=1))
    return int(session.execute(query).scalar_one())
