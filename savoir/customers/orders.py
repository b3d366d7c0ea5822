"""Where an order is, parcel by parcel, and cancelling it while it has not left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Iterable, Optional, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import not_found

from .days import FRENCH, Calendar
from .tables import Cancellation, Order, Product, Shipment

CANCELLABLE = ("pending_payment", "paid", "preparing")
HOLD_DAYS = 7
"""Within these days a bank lifts the hold of a payment that was never taken."""
TRANSFER_DAYS = 14
"""Within these days a bank transfer is sent back: the legal delay of refunds."""

_NEXT_STEP = {
    "shipped": "return_on_arrival", "delivered": "return", "cancelled": "nothing", "lost": "claim", "returned": "follow_refund",
    "refunded": "nothing",
}


@dataclass(frozen=True)
class OrderLine:
    """A line of an order: `position` counts from 0, money in cents."""

    position: int
    product: str
    name: str
    quantity: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """What the whole line cost."""
        return self.quantity * self.unit_cents


@dataclass(frozen=True)
class Parcel:
    """A parcel. `kind`: in_preparation, on_time, out_for_delivery, late, lost or delivered; `days_late` counts calendar days."""

    number: int
    kind: str
    carrier: Optional[str]
    tracking_number: Optional[str]
    lines: tuple[OrderLine, ...]
    status: str
    status_at: Optional[datetime]
    shipped_at: Optional[datetime]
    expected_on: Optional[date]
    delivered_at: Optional[datetime]
    days_late: int


@dataclass(frozen=True)
class OrderState:
    """Where an order is, for a speaker.

    `kind`: awaiting_payment, in_preparation, on_time, out_for_delivery, late, lost, delivered, several_parcels (each has its own kind),
    cancelled, returned or refunded. `delivered_on` is the day of the last parcel, once all have arrived. `days_late` may be 0 when the
    carrier says late before the day has passed.
    """

    number: str
    kind: str
    since: Optional[datetime]
    expected_on: Optional[date]
    delivered_on: Optional[date]
    days_late: int
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True)
class Cancelled:
    """The order is cancelled. `how` the money comes back: nothing_paid, hold_released or transfer_back, on `by` at the latest.

    `means` is that of the order (card, paypal, transfer, three_times); `refund_cents` is 0 when nothing had been paid.
    """

    order_number: str
    refund_cents: int
    means: Optional[str]
    how: str
    by: Optional[date]


@dataclass(frozen=True)
class CancellationRefused:
    """It is too late. `reason`: shipped, delivered, cancelled (already), lost, returned or refunded, `since` when;
    `next_step`: return_on_arrival, return, claim, follow_refund or nothing."""

    order_number: str
    reason: str
    since: Optional[datetime]
    next_step: str


def order_lines(session: Session, order: Order) -> tuple[OrderLine, ...]:
    """An order's lines with the names of the catalogue."""
    return tuple(
        OrderLine(position, line["product"], name_of(session, line["product"]), line["quantity"], line.get("unit_cents", 0))
        for position, line in enumerate(order.lines)
    )


def parcels_of(session: Session, order: Order, *, at: datetime, calendar: Calendar = FRENCH) -> tuple[Parcel, ...]:
    """An order's parcels; the one of its own columns if it was not split, none before it is in preparation."""
    lines = order_lines(session, order)
    rows = session.execute(sa.select(Shipment).where(Shipment.order_number == order.number).order_by(Shipment.parcel)).scalars().all()
    if rows:
        return tuple(_parcel(row.parcel, row, tuple(_held(row.lines, lines)), at, calendar) for row in rows)
    if order.status in ("pending_payment", "paid", "preparing", "cancelled"):
        return ()
    return (_parcel(1, order, lines, at, calendar),)


def order_state(session: Session, *, order_number: str, at: datetime, calendar: Calendar = FRENCH) -> OrderState:
    """Where an order is at a moment. Raises a 404 problem for a number that does not exist."""
    order = order_by_number(session, order_number)
    parcels = parcels_of(session, order, at=at, calendar=calendar)
    expected = calendar.day(order.expected_at) if order.expected_at else None
    overdue = max(0, (calendar.day(at) - expected).days) if expected else 0
    arrivals = [parcel.delivered_at for parcel in parcels if parcel.delivered_at]
    delivered_on = calendar.day(max(arrivals)) if arrivals and len(arrivals) == len(parcels) else None
    settled = {"pending_payment": "awaiting_payment", "cancelled": "cancelled", "returned": "returned", "refunded": "refunded"}
    if order.status in settled:
        return OrderState(order.number, settled[order.status], order.status_at, expected, delivered_on, 0, parcels)
    if not parcels:
        return OrderState(order.number, "late" if overdue else "in_preparation", order.status_at, expected, None, overdue, ())
    kinds = {parcel.kind for parcel in parcels}
    kind = "several_parcels" if len(parcels) > 1 and kinds not in ({"delivered"}, {"lost"}) else parcels[-1].kind
    awaited = [parcel for parcel in parcels if parcel.kind not in ("delivered", "lost")]
    days = [parcel.expected_on for parcel in awaited if parcel.expected_on]
    return OrderState(
        order.number, kind, parcels[-1].status_at if len(parcels) == 1 else order.status_at, max(days) if days else expected,
        delivered_on, max((parcel.days_late for parcel in awaited), default=0), parcels,
    )


def cancel_order(
    session: Session, *, order_number: str, key: str, at: datetime, reason: Optional[str] = None, calendar: Calendar = FRENCH
) -> Union[Cancelled, CancellationRefused]:
    """Cancels an order that has not left yet (waiting for its payment, paid, in preparation). The same `key` again says the same.

    Raises a 404 problem for a number that does not exist.
    """
    order = order_by_number(session, order_number, to_change=True)
    known = session.get(Cancellation, order.number)
    if known is not None and known.key == key:
        return _cancelled(known, calendar)
    why_not = _why_not(session, order)
    if why_not is not None:
        return CancellationRefused(order.number, why_not, order.status_at, _NEXT_STEP[why_not])
    cents = 0 if order.status == "pending_payment" else order.total_cents or 0
    made = Cancellation(order_number=order.number, key=key, refund_cents=cents, means=order.payment, reason=reason, at=at)
    session.add(made)
    order.status, order.status_at, order.expected_at = "cancelled", at, None
    session.flush()
    return _cancelled(made, calendar)


def has_left(session: Session, order: Order) -> bool:
    """Whether the order, or a parcel of it, is out of the warehouse or settled in another way."""
    return _why_not(session, order) is not None


def keep_cancelled(session: Session) -> None:
    """After an import: an order that a customer cancelled stays so, unless the firm's file says that it left all the same."""
    query = sa.select(Order, Cancellation).join(Cancellation, Cancellation.order_number == Order.number)
    for order, cancellation in session.execute(query.where(Order.status.in_(CANCELLABLE))):
        order.status, order.status_at, order.expected_at = "cancelled", cancellation.at, None
    session.flush()


def order_by_number(session: Session, order_number: str, *, to_change: bool = False) -> Order:
    """An order, locked until the transaction's end when it is `to_change`. Raises a 404 problem."""
    order = session.get(Order, order_number, with_for_update=True if to_change else None)
    if order is None:
        raise not_found("order", order_number)
    return order


def name_of(session: Session, product: str) -> str:
    """A model's name, or its id when the catalogue does not know it any more."""
    known = session.get(Product, product)
    return str(known.name) if known else product


def _why_not(session: Session, order: Order) -> Optional[str]:
    if order.status in ("out_for_delivery", "delayed"):
        return "shipped"
    if order.status not in CANCELLABLE:
        return str(order.status)
    left = sa.select(Shipment.parcel).where(Shipment.order_number == order.number, Shipment.status != "preparing")
    return "shipped" if session.execute(left).first() else None


def _cancelled(row: Cancellation, calendar: Calendar) -> Cancelled:
    if not row.refund_cents:
        return Cancelled(row.order_number, 0, row.means, "nothing_paid", None)
    how, days = ("transfer_back", TRANSFER_DAYS) if row.means == "transfer" else ("hold_released", HOLD_DAYS)
    return Cancelled(row.order_number, row.refund_cents, row.means, how, calendar.day(row.at) + timedelta(days=days))


def _held(held: list[dict[str, Any]], lines: Iterable[OrderLine]) -> Iterable[OrderLine]:
    of = {line.product: line for line in lines}
    for part in held:
        line = of.get(part["product"])
        if line is not None:
            yield OrderLine(line.position, line.product, line.name, part["quantity"], line.unit_cents)


def _parcel(number: int, row: Any, lines: tuple[OrderLine, ...], at: datetime, calendar: Calendar) -> Parcel:
    """`row` is a Shipment, or an Order with one parcel."""
    expected = calendar.day(row.expected_at) if row.expected_at else None
    is_under_way = row.status not in ("delivered", "lost", "returned", "refunded")
    overdue = max(0, (calendar.day(at) - expected).days) if expected and is_under_way else 0
    if not is_under_way:
        # a refunded order that never arrived was lost
        kind = "lost" if row.status == "lost" or (row.status == "refunded" and row.delivered_at is None) else "delivered"
    elif overdue or row.status == "delayed":
        kind = "late"
    else:
        kind = {"preparing": "in_preparation", "out_for_delivery": "out_for_delivery"}.get(row.status, "on_time")
    return Parcel(
        number, kind, row.carrier, row.tracking_number, lines, row.status, row.status_at, row.shipped_at, expected, row.delivered_at, overdue
    )
