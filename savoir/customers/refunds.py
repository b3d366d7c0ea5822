"""Where a customer's money is: what is to come back for an order, why, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional

from sqlalchemy.orm import Session

from .days import FRENCH, Calendar
from .orders import HOLD_DAYS, TRANSFER_DAYS, order_by_number, parcels_of
from .returns import DROP_OFF_DAYS, WITHDRAWAL_DAYS, counts, returns_of, standard_delivery_cents
from .tables import Cancellation, Order, ReturnRequest

REFUND_DAYS = 14
"""A refund is sent within these days after the return came."""
USUAL_WORKING_DAYS = 5
BANK_WORKING_DAYS = 3
"""A bank may take these to show it."""


@dataclass(frozen=True)
class Refund:
    """One sum on its way back.

    `kind`: announced (the return is asked for, nothing has come yet; the label is good until `at_latest`), being_checked (come on
    `since`, the refund is sent `usually_by`, `at_latest`), sent (on `since`; the bank shows it `at_latest`), lost (the carrier lost it;
    refunded or sent again `at_latest`), hold_released (cancelled before it left: nothing was taken, the bank lifts the hold `at_latest`)
    or transfer_back (cancelled, the transfer goes back `at_latest`). `days_overdue` counts the days past `at_latest`, 0 if none.
    `cents` is None where the sum is not known; `number` is the return's.
    """

    kind: str
    number: Optional[str]
    cents: Optional[int]
    means: Optional[str]
    since: date
    usually_by: Optional[date]
    at_latest: date
    days_overdue: int


def refunds_of(session: Session, *, order_number: str, at: datetime, calendar: Calendar = FRENCH) -> tuple[Refund, ...]:
    """What comes back for an order, oldest first; empty when nothing was sent back, cancelled or lost. Raises a 404 problem."""
    order = order_by_number(session, order_number)
    since, today = calendar.day(order.status_at or order.placed_at), calendar.day(at)

    def refund(kind: str, cents: Optional[int], began: date, latest: date, usually: Optional[date] = None, number: Optional[str] = None) -> Refund:
        return Refund(kind, number, cents, order.payment, began, usually, latest, max(0, (today - latest).days))

    def checked(began: date, cents: int, number: Optional[str] = None) -> Refund:
        usual = calendar.working_days_after(began, USUAL_WORKING_DAYS)
        return refund("being_checked", cents, began, began + timedelta(days=REFUND_DAYS), usual, number)

    def sent(began: date, cents: int, number: Optional[str] = None) -> Refund:
        return refund("sent", cents, began, calendar.working_days_after(began, BANK_WORKING_DAYS), number=number)

    if order.status == "cancelled":
        cancellation = session.get(Cancellation, order.number)
        if cancellation is not None and not cancellation.refund_cents:
            return ()
        cents = cancellation.refund_cents if cancellation is not None else None
        if order.payment == "transfer":
            return (refund("transfer_back", cents, since, since + timedelta(days=TRANSFER_DAYS)),)
        return (refund("hold_released", cents, since, since + timedelta(days=HOLD_DAYS)),)

    found = []
    for request in filter(counts, returns_of(session, order_number)):
        cents = request.product_cents + request.delivery_cents
        received, refunded = _moments(order, request)
        if refunded is not None:
            found.append(sent(calendar.day(refunded), cents, request.number))
        elif received is not None:
            found.append(checked(calendar.day(received), cents, request.number))
        else:
            asked = calendar.day(request.requested_at)
            found.append(refund("announced", cents, asked, asked + timedelta(days=DROP_OFF_DAYS), number=request.number))
    lost = _lost_cents(session, order, at, calendar)
    if lost and order.status != "refunded":
        found.append(refund("lost", lost, since, since + timedelta(days=REFUND_DAYS)))
    elif not found and order.status == "returned":
        found.append(checked(since, _whole_cents(order, calendar)))
    elif not found and order.status == "refunded":
        found.append(sent(since, order.total_cents or 0 if order.delivered_at is None else _whole_cents(order, calendar)))
    return tuple(found)


def _moments(order: Order, request: ReturnRequest) -> tuple[Optional[datetime], Optional[datetime]]:
    """When a return came and when its money left: what its own row says, else what the order's status says."""
    refunded = request.refunded_at or (order.status_at if order.status == "refunded" else None)
    received = request.received_at or (order.status_at if order.status == "returned" else None)
    return received, refunded


def _lost_cents(session: Session, order: Order, at: datetime, calendar: Calendar) -> int:
    parcels = parcels_of(session, order, at=at, calendar=calendar)
    lost = [parcel for parcel in parcels if parcel.kind == "lost"]
    if lost and len(lost) == len(parcels):
        return order.total_cents or 0
    return sum(line.cents for parcel in lost for line in parcel.lines)


def _whole_cents(order: Order, calendar: Calendar) -> int:
    """The products' price; with standard delivery, when the order was back so soon that it must have been a withdrawal."""
    products = sum(line["quantity"] * line["unit_cents"] for line in order.lines)
    if order.delivered_at is None or order.status_at is None:
        return int(products)
    is_soon = calendar.day(order.status_at) <= calendar.day(order.delivered_at) + timedelta(days=WITHDRAWAL_DAYS)
    return int(products) + (standard_delivery_cents(order) if is_soon else 0)
