"""What may go back and until when, and returns and exchanges opened and followed.

The law gives 14 days from the last parcel's arrival, the firm 30 from the product's. Its articles make no exception for what was opened,
worn in the ear or sold as an accessory: it all goes back, complete, and the label is free.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional, Sequence, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import invalid, not_found

from .days import FRENCH, Calendar
from .orders import CANCELLABLE, OrderLine, Parcel, order_by_number, order_lines, parcels_of
from .tables import RETURN_STATES, Order, Product, ReturnRequest

WITHDRAWAL_DAYS = 14
DROP_OFF_DAYS = 7
"""A label is to be used within these days."""
SEND_DAYS = 14
"""After a withdrawal the law leaves these days to send the product."""
LABEL_COUNTRIES = ("FR", "BE", "LU", "CH")
COLLECTED_ABOVE_INCHES = 43
DELIVERY_CENTS, FREE_DELIVERY_FROM_CENTS = 490, 4900
"""Standard delivery; what express costs more is not refunded."""


@dataclass(frozen=True)
class Eligible:
    """The line may go back.

    `right`: withdrawal (the law's 14 days) or firm (the firm's own days). `until` is the last day to ask; None while another parcel of the
    order is still awaited, so that no period runs yet. `label`: free, collection (a big television, fetched at home without charge) or
    own_postage (from a country where the labels are not valid). Money in cents; `delivery_cents` comes on top when the whole order goes
    back by right of withdrawal.
    """

    line: OrderLine
    quantity: int
    right: str
    until: Optional[date]
    days_left: Optional[int]
    label: str
    product_cents: int
    delivery_cents: int


@dataclass(frozen=True)
class NotEligible:
    """The line may not go back.

    `reason`: not_delivered (`expected_on`), too_late (`until` is the day on which it ended), already_returned (`number`: the return),
    too_many (`quantity` is what is left), cancelled, lost, or refunded (the whole order is back or paid back).
    `next_step`: cancel, wait, warranty, follow_refund, claim or nothing.
    """

    line: OrderLine
    reason: str
    next_step: str
    until: Optional[date] = None
    expected_on: Optional[date] = None
    number: Optional[str] = None
    quantity: int = 0


@dataclass(frozen=True)
class Wanted:
    """The product that a customer wants in exchange, in stock. `difference_cents` is what it costs more than the one that goes back."""

    product: str
    name: str
    difference_cents: Optional[int]


@dataclass(frozen=True)
class ReturnOpened:
    """The return `RET-000001` is open; its state is `state`.

    For an exchange (`wanted`): parcels are not swapped in the post. This one goes back and is refunded, the other is ordered at once; or
    both are done over the counter of a shop. `drop_off_by`: last day of the label; `send_by`: last day that the law gives, after a withdrawal.
    """

    number: str
    kind: str
    line: OrderLine
    quantity: int
    right: str
    label: str
    drop_off_by: date
    send_by: Optional[date]
    product_cents: int
    delivery_cents: int
    means: Optional[str]
    state: str
    wanted: Optional[Wanted] = None


@dataclass(frozen=True)
class ExchangeRefused:
    """The product may go back, but the wanted one is not to be had. `reason`: unknown_product or out_of_stock; `alternatives`: ids of
    up to three models of the same type in stock, the nearest price first."""

    line: OrderLine
    reason: str
    wanted_product: Optional[str]
    alternatives: tuple[str, ...]


def return_options(
    session: Session, *, order_number: str, at: datetime, return_days: int = 30, calendar: Calendar = FRENCH
) -> tuple[Union[Eligible, NotEligible], ...]:
    """For each line of an order, whether it may go back. Raises a 404 problem for a number that does not exist."""
    order = order_by_number(session, order_number)
    parcels = parcels_of(session, order, at=at, calendar=calendar)
    requests = returns_of(session, order_number)
    lines = order_lines(session, order)
    return tuple(_option(session, order, lines, line, parcels, requests, at, return_days, calendar) for line in lines)


def open_return(
    session: Session, *, order_number: str, line: int, key: str, at: datetime, quantity: int = 1, kind: str = "return",
    reason: Optional[str] = None, wanted_product: Optional[str] = None, return_days: int = 30, calendar: Calendar = FRENCH,
) -> Union[ReturnOpened, NotEligible, ExchangeRefused]:
    """Opens a return or an exchange (`kind`) of `quantity` pieces of the order's line at position `line`; the same `key` is the same one.

    Raises a 404 problem for an order or a line that does not exist, a 422 one for a kind or a quantity that makes no sense.
    """
    if kind not in ("return", "exchange"):
        raise invalid("unknown-kind", f"The kind {kind!r} is unknown; expected return or exchange.")
    if quantity < 1:
        raise invalid("bad-quantity", f"The quantity is {quantity}; expected 1 or more.")
    order = order_by_number(session, order_number, to_change=True)
    known = session.execute(sa.select(ReturnRequest).where(ReturnRequest.key == key)).scalar_one_or_none()
    if known is not None:
        return opened(session, known, calendar=calendar)
    options = return_options(session, order_number=order_number, at=at, return_days=return_days, calendar=calendar)
    if not 0 <= line < len(options):
        raise not_found("line of the order", line)
    option = options[line]
    if isinstance(option, NotEligible):
        return option
    if quantity > option.quantity:
        return NotEligible(option.line, "too_many", "nothing", option.until, quantity=option.quantity)
    if kind == "exchange":
        refused = _refused(session, option.line, wanted_product)
        if refused is not None:
            return refused
    cents = quantity * option.line.unit_cents
    made = ReturnRequest(
        key=key, kind=kind, order_number=order.number, line=line, product=option.line.product, quantity=quantity, reason=reason,
        wanted_product=wanted_product if kind == "exchange" else None, right=option.right, label=option.label, product_cents=cents,
        delivery_cents=option.delivery_cents if quantity == option.quantity else 0, state="requested", requested_at=at, state_at=at,
    )
    session.add(made)
    session.flush()
    return opened(session, made, calendar=calendar)


def opened(session: Session, request: ReturnRequest, *, calendar: Calendar = FRENCH) -> ReturnOpened:
    """A return as it is told."""
    order = order_by_number(session, request.order_number)
    line, day = order_lines(session, order)[request.line], calendar.day(request.requested_at)
    wanted = session.get(Product, request.wanted_product) if request.wanted_product else None
    return ReturnOpened(
        request.number, request.kind, line, request.quantity, request.right, request.label, day + timedelta(days=DROP_OFF_DAYS),
        day + timedelta(days=SEND_DAYS) if request.right == "withdrawal" else None, request.product_cents, request.delivery_cents,
        order.payment, request.state,
        Wanted(wanted.id, wanted.name, wanted.price_cents - line.unit_cents if wanted.price_cents is not None else None) if wanted else None,
    )


def return_by_number(session: Session, number: str) -> Optional[ReturnRequest]:
    """The return `RET-000001`, if there is one."""
    match = re.fullmatch(r"RET-(\d{6,9})", number.strip().upper())
    return session.get(ReturnRequest, int(match[1])) if match else None


def returns_of(session: Session, order_number: str) -> list[ReturnRequest]:
    """An order's returns and exchanges, oldest first."""
    query = sa.select(ReturnRequest).where(ReturnRequest.order_number == order_number).order_by(ReturnRequest.id)
    return list(session.execute(query).scalars())


def set_return_state(session: Session, request: ReturnRequest, *, state: str, at: datetime) -> None:
    """Moves a return on: the label sent, the product received, the money sent, closed. Raises a 422 problem for an unknown state."""
    if state not in RETURN_STATES:
        raise invalid("unknown-state", f"The state {state!r} is unknown; expected one of {', '.join(RETURN_STATES)}.")
    if state in ("received", "refunded"):
        request.received_at = request.received_at or at
    if state == "refunded":
        request.refunded_at = request.refunded_at or at
    request.state, request.state_at = state, at
    session.flush()


def standard_delivery_cents(order: Order) -> int:
    """What of an order's delivery is given back with the whole order."""
    products = sum(line["quantity"] * line["unit_cents"] for line in order.lines)
    return min(order.shipping_cents or 0, 0 if products >= FREE_DELIVERY_FROM_CENTS else DELIVERY_CENTS)


def _option(
    session: Session, order: Order, lines: Sequence[OrderLine], line: OrderLine, parcels: tuple[Parcel, ...],
    requests: Sequence[ReturnRequest], at: datetime, return_days: int, calendar: Calendar,
) -> Union[Eligible, NotEligible]:
    expected = calendar.day(order.expected_at) if order.expected_at else None
    if order.status in ("cancelled", "returned", "refunded"):
        reason = "cancelled" if order.status == "cancelled" else "refunded"
        return NotEligible(line, reason, "nothing" if reason == "cancelled" else "follow_refund")
    if order.status in CANCELLABLE and not parcels:
        return NotEligible(line, "not_delivered", "cancel", expected_on=expected)
    holding = [parcel for parcel in parcels if any(held.position == line.position for held in parcel.lines)] or list(parcels)
    arrived = [parcel for parcel in holding if parcel.kind == "delivered"]
    if not arrived:
        if all(parcel.kind == "lost" for parcel in holding):
            return NotEligible(line, "lost", "claim")
        return NotEligible(line, "not_delivered", "wait", expected_on=max((p.expected_on for p in holding if p.expected_on), default=expected))
    kept = [request for request in requests if request.line == line.position and counts(request)]
    here = min(line.quantity, sum(held.quantity for parcel in arrived for held in parcel.lines if held.position == line.position))
    left = (here or line.quantity) - sum(request.quantity for request in kept)
    if left <= 0:
        return NotEligible(line, "already_returned", "follow_refund", number=kept[-1].number if kept else None)
    today = calendar.day(at)
    withdrawal, until = _periods(order, parcels, arrived, return_days, calendar)
    if until is not None and today > until:
        return NotEligible(line, "too_late", "warranty", until)
    is_withdrawal = withdrawal is None or today <= withdrawal
    return Eligible(
        line, left, "withdrawal" if is_withdrawal else "firm", until, (until - today).days if until else None, _label(session, order, line),
        left * line.unit_cents, _delivery_cents(order, lines, line, left, requests) if is_withdrawal else 0,
    )


def counts(request: ReturnRequest) -> bool:
    """Whether a return stands: one that was closed without the product having come has lapsed."""
    return request.state != "closed" or request.received_at is not None


def _periods(
    order: Order, parcels: tuple[Parcel, ...], arrived: list[Parcel], return_days: int, calendar: Calendar
) -> tuple[Optional[date], Optional[date]]:
    """The last day of the withdrawal and the last day of all; None while they do not run."""
    if any(parcel.kind not in ("delivered", "lost") for parcel in parcels):
        return None, None
    days = [calendar.day(at) for at in (p.delivered_at or p.status_at or order.placed_at for p in parcels if p.kind == "delivered")]
    own = [calendar.day(p.delivered_at or p.status_at or order.placed_at) for p in arrived]
    withdrawal = calendar.working_day_from(max(days) + timedelta(days=WITHDRAWAL_DAYS))
    return withdrawal, max(withdrawal, max(own) + timedelta(days=return_days))


def _delivery_cents(order: Order, lines: Sequence[OrderLine], line: OrderLine, left: int, requests: Sequence[ReturnRequest]) -> int:
    """Standard delivery, if with this line the last of the order goes back by right of withdrawal."""
    back = {request.line: 0 for request in requests} | {line.position: left}
    for request in requests:
        if counts(request) and request.right == "withdrawal":
            back[request.line] += request.quantity
    return standard_delivery_cents(order) if all(back.get(each.position, 0) >= each.quantity for each in lines) else 0


def _label(session: Session, order: Order, line: OrderLine) -> str:
    product = session.get(Product, line.product)
    if product is not None and product.type == "television":
        inches = re.search(r"\b(\d{2,3})\b", str(product.name))
        if inches and int(inches[1]) > COLLECTED_ABOVE_INCHES:
            return "collection"
    return "free" if (order.country or "FR") in LABEL_COUNTRIES else "own_postage"


def _refused(session: Session, line: OrderLine, wanted_product: Optional[str]) -> Optional[ExchangeRefused]:
    wanted = session.get(Product, wanted_product) if wanted_product else None
    if wanted is not None and (wanted.stock is None or wanted.stock > 0):
        return None
    like = wanted or session.get(Product, line.product)
    if like is None:
        return ExchangeRefused(line, "unknown_product", wanted_product, ())
    query = sa.select(Product).where(Product.type == like.type, Product.stock > 0, Product.id != like.id)
    near = sorted(session.execute(query).scalars(), key=lambda each: (abs((each.price_cents or 0) - (like.price_cents or 0)), each.id))
    return ExchangeRefused(line, "unknown_product" if wanted is None else "out_of_stock", wanted_product, tuple(p.id for p in near[:3]))
