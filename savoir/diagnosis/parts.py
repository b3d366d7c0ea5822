"""Spare parts: which fit a device, what they cost with delivery, and ordering one without ever selling more than there are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .tables import PART_KINDS, PartNotice, PartOrder, SparePart

SHIPPING_CENTS = 490
FREE_SHIPPING_FROM_CENTS = 4900
MOST_AT_ONCE = 5
KINDS_OF_SYMPTOM: dict[str, tuple[str, ...]] = {
    "power": ("power_supply", "charger", "battery", "cable"), "screen": ("screen",), "battery": ("battery", "charger", "solar_panel"),
    "charging": ("charger", "cable", "power_supply", "dock", "battery"), "sound": ("ear_tips", "earbud", "ear_pads", "speaker", "cable"),
    "microphone": ("ear_tips",), "camera": ("camera", "cover"), "connectivity": ("antenna", "dock", "cable"), "overheating": ("fan", "power_supply"),
    "buttons": ("button", "remote", "keyboard", "controller", "stylus"), "noise": ("fan", "ear_tips", "ear_pads"), "water": ("cover", "case"),
}
"""Which kinds of part mend a symptom of the taxonomy, the likeliest first; the others need no part."""


@dataclass(frozen=True)
class Parts:
    """`outcome`: `found` (with `parts`, the likeliest first); `none` (nothing of that kind is sold for the model); `unknown_product`;
    `unknown_kind`."""

    outcome: Literal["found", "none", "unknown_product", "unknown_kind"]
    parts: list[SparePart] = field(default_factory=list)


@dataclass(frozen=True)
class PartPrice:
    """What an order of a part comes to, in cents."""

    unit_cents: int
    quantity: int
    shipping_cents: int
    total_cents: int


@dataclass(frozen=True)
class PartOrdering:
    """`outcome`: `ordered` (with `order`); `out_of_stock` (`part.restock_at` says when it is back, None when nobody knows);
    `not_enough` (only `left` of them); `workshop_only` (the workshop fits it: offer a repair); `too_many` (`MOST_AT_ONCE` at most, one at
    least); `no_address` (the customer's is not complete); `unknown_part`; `unknown_customer`."""

    outcome: Literal["ordered", "out_of_stock", "not_enough", "workshop_only", "too_many", "no_address", "unknown_part", "unknown_customer"]
    part: Optional[SparePart] = None
    order: Optional[PartOrder] = None
    price: Optional[PartPrice] = None
    left: int = 0


@dataclass(frozen=True)
class Notice:
    """`outcome`: `noted` (the customer will be on the list of `due_notices`); `in_stock` (it can be ordered now); `unknown_part`;
    `unknown_customer`."""

    outcome: Literal["noted", "in_stock", "unknown_part", "unknown_customer"]
    part: Optional[SparePart] = None


def find_parts(session: Session, *, product: str, kind: Optional[str] = None, symptom: Optional[str] = None) -> Parts:
    """The parts that fit a model (an id of the catalogue), of one kind, or of the kinds that mend a symptom, or all.

    A model that is itself sold as a part (an accessory: `chargeur-65`) finds that part.
    """
    if kind is not None and kind not in PART_KINDS:
        return Parts("unknown_kind")
    if customers.product(session, product) is None:
        return Parts("unknown_product")
    kinds = (kind,) if kind is not None else KINDS_OF_SYMPTOM.get(symptom, ()) if symptom is not None else PART_KINDS
    rows = session.execute(sa.select(SparePart).where(SparePart.kind.in_(kinds))).scalars()
    parts = [part for part in rows if product == part.id or product in part.products]
    # What customers can fit themselves goes before the rest of its kind; of two such, the one there is, then the one made for fewest models.
    parts.sort(key=lambda p: (p.id != product, kinds.index(p.kind), not p.is_self_fit, p.stock == 0, len(p.products), p.price_cents))
    return Parts("found" if parts else "none", parts)


def part_by_id(session: Session, part: str) -> Optional[SparePart]:
    """A part."""
    return session.get(SparePart, part)


def price_part(part: SparePart, quantity: int = 1) -> PartPrice:
    """What that many come to: delivery is free from 49 €, as for orders of the shop."""
    goods = int(part.price_cents) * quantity
    shipping = 0 if goods >= FREE_SHIPPING_FROM_CENTS else SHIPPING_CENTS
    return PartPrice(int(part.price_cents), quantity, shipping, goods + shipping)


def order_part(session: Session, *, customer: str, part: str, key: str, at: datetime, quantity: int = 1) -> PartOrdering:
    """Orders a part to the customer's address on file, after they confirmed; the same `key` again returns that order."""
    made = _by_key(session, key)
    if made is not None:
        return _ordered(session, made)
    wanted, who = session.get(SparePart, part), customers.customer_by_id(session, customer)
    if wanted is None:
        return PartOrdering("unknown_part")
    if who is None:
        return PartOrdering("unknown_customer", wanted)
    price = price_part(wanted, quantity)
    if not wanted.is_self_fit:
        return PartOrdering("workshop_only", wanted, price=price)
    if not 1 <= quantity <= MOST_AT_ONCE:
        return PartOrdering("too_many", wanted, price=price)
    if not (who.street and who.postal_code and who.city):
        return PartOrdering("no_address", wanted, price=price)
    order = PartOrder(
        key=key, part=wanted.id, quantity=quantity, customer=who.id, recipient=f"{who.first_name} {who.last_name}", street=who.street,
        postal_code=who.postal_code, city=who.city, country=who.country, unit_cents=price.unit_cents, shipping_cents=price.shipping_cents,
        total_cents=price.total_cents, state="ordered", ordered_at=at,
    )
    attempt = session.begin_nested()
    # The database compares and takes in one step: two customers can't get the last one.
    taken = session.execute(
        sa.update(SparePart).where(SparePart.id == wanted.id, SparePart.stock >= quantity)
        .values(stock=SparePart.stock - quantity).execution_options(synchronize_session=False)
    )
    if taken.rowcount == 0:
        attempt.rollback()
        session.refresh(wanted)
        return PartOrdering("not_enough" if wanted.stock else "out_of_stock", wanted, price=price, left=wanted.stock)
    try:
        session.add(order)
        session.flush()
        attempt.commit()
    except IntegrityError:  # the same turn, run by another process: theirs stands, and what we took goes back
        attempt.rollback()
        made = _by_key(session, key)
        if made is None:
            raise
        return _ordered(session, made)
    session.refresh(wanted)
    return PartOrdering("ordered", wanted, order, price)


def order_by_number(session: Session, *, customer: str, number: str) -> Optional[PartOrder]:
    """The customer's order `PCE-000001`; None when they have none with that number."""
    match = re.fullmatch(r"PCE-(\d{6,})", number.strip().upper())
    order = session.get(PartOrder, int(match[1])) if match else None
    return order if order is not None and order.customer == customer else None


def part_orders_of(session: Session, customer: str) -> list[PartOrder]:
    """A customer's orders of parts, newest first."""
    return list(session.execute(sa.select(PartOrder).where(PartOrder.customer == customer).order_by(PartOrder.id.desc())).scalars())


def tell_when_back(session: Session, *, customer: str, part: str, at: datetime) -> Notice:
    """Notes that the customer wants to hear when the part is back; once for each part, however often they ask."""
    wanted = session.get(SparePart, part)
    if wanted is None:
        return Notice("unknown_part")
    if customers.customer_by_id(session, customer) is None:
        return Notice("unknown_customer", wanted)
    if wanted.stock > 0:
        return Notice("in_stock", wanted)
    try:
        with session.begin_nested():
            known = session.execute(sa.select(PartNotice).where(PartNotice.part == part, PartNotice.customer == customer)).scalar_one_or_none()
            if known is None:
                session.add(PartNotice(part=part, customer=customer, asked_at=at))
            elif known.told_at is not None:
                known.asked_at, known.told_at = at, None
    except IntegrityError:  # asked for at the same moment in another tab: noted all the same
        pass
    return Notice("noted", wanted)


def due_notices(session: Session) -> list[PartNotice]:
    """Who is to be told that a part is back: it is in stock, and they were not told yet; the longest waiting first."""
    query = sa.select(PartNotice).join(SparePart, SparePart.id == PartNotice.part).where(SparePart.stock > 0, PartNotice.told_at.is_(None))
    return list(session.execute(query.order_by(PartNotice.asked_at)).scalars())


def mark_told(session: Session, notice: PartNotice, *, at: datetime) -> None:
    """Notes that the customer was told."""
    notice.told_at = at
    session.flush()


def _by_key(session: Session, key: str) -> Optional[PartOrder]:
    return session.execute(sa.select(PartOrder).where(PartOrder.key == key)).scalar_one_or_none()


def _ordered(session: Session, order: PartOrder) -> PartOrdering:
    price = PartPrice(order.unit_cents, order.quantity, order.shipping_cents, order.total_cents)
    return PartOrdering("ordered", session.get(SparePart, order.part), order, price)
