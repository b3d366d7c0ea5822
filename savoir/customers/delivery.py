"""Claims about a delivery, and what the firm does for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional, Sequence, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import invalid

from .days import FRENCH, Calendar
from .orders import CANCELLABLE, Parcel, order_by_number, parcels_of
from .tables import CLAIM_KINDS, DeliveryClaim, Order, Product

ANSWER_WORKING_DAYS = 1
DAMAGE_WORKING_DAYS = 3
"""A damage is best told within these; later the legal guarantee goes on protecting the customer."""
NOT_RECEIVED_DAYS = 7
"""A parcel `delivered` that never came is to be told within these, so that the carrier can still be asked."""
STILL_WORKING_DAYS = 3
"""A parcel that has not moved for these is looked for."""


@dataclass(frozen=True)
class ClaimOpened:
    """The claim is noted; `kind` is what it was noted as (what has not been delivered yet is `late`, not `not_received`).

    `remedy`: replacement, refund (the product is sold out), enquiry (with the carrier), watch (it becomes an enquiry on `enquiry_on` if the
    parcel has not moved), warehouse (it is late and has not left: somebody asks there), or resend_or_refund (the carrier has declared it lost; the customer chooses). `answer_on`: the day by which
    somebody answers. `photos_wanted`: of the box, its inside and the damage. `is_in_time`: told within the firm's days.
    """

    kind: str
    remedy: str
    answer_on: Optional[date]
    enquiry_on: Optional[date]
    photos_wanted: bool
    is_in_time: bool
    opened_at: datetime


@dataclass(frozen=True)
class ClaimAlreadyOpen:
    """There is one of this kind for the order already, and it is being worked on."""

    kind: str
    remedy: str
    answer_on: Optional[date]
    opened_at: datetime


@dataclass(frozen=True)
class ClaimRefused:
    """There is nothing to claim yet, or any more. `reason`: not_shipped, not_due (`expected_on` is not past), arrived (it was delivered,
    on `since`, so it cannot be late), cancelled, returned or refunded."""

    kind: str
    reason: str
    expected_on: Optional[date] = None
    since: Optional[date] = None


def open_claim(
    session: Session, *, order_number: str, kind: str, key: str, at: datetime, note: str = "", products: Sequence[str] = (),
    parcel: Optional[int] = None, calendar: Calendar = FRENCH,
) -> Union[ClaimOpened, ClaimAlreadyOpen, ClaimRefused]:
    """Notes a claim: damaged, missing_item, wrong_item, not_received, late or empty. The same `key` again is the same claim.

    `products`: ids of those concerned, if the customer said which; `parcel`: the number of the one concerned, of several. Raises a 422 problem for another kind, a 404 one for an unknown order.
    """
    if kind not in CLAIM_KINDS:
        raise invalid("unknown-kind", f"The kind {kind!r} is unknown; expected one of {', '.join(CLAIM_KINDS)}.")
    order = order_by_number(session, order_number, to_change=True)
    known = session.execute(sa.select(DeliveryClaim).where(DeliveryClaim.key == key)).scalar_one_or_none()
    if known is not None:
        return _opened(session, known, order, calendar)
    parcels = tuple(p for p in parcels_of(session, order, at=at, calendar=calendar) if parcel in (None, p.number))
    kind, refused = _judged(order, parcels, kind, calendar.day(at), calendar)
    if refused is not None:
        return refused
    standing = next((claim for claim in claims_of(session, order_number) if claim.kind == kind and claim.closed_at is None), None)
    if standing is not None:
        return ClaimAlreadyOpen(kind, standing.remedy, standing.answer_on, standing.opened_at)
    remedy = _remedy(session, parcels, kind, products, at, calendar)
    made = DeliveryClaim(
        key=key, order_number=order.number, kind=kind, products=list(products), note=note, remedy=remedy,
        is_in_time=_is_in_time(parcels, kind, at, calendar), opened_at=at,
        answer_on=None if remedy == "watch" else calendar.working_days_after(calendar.day(at), ANSWER_WORKING_DAYS),
    )
    session.add(made)
    session.flush()
    return _opened(session, made, order, calendar)


def claims_of(session: Session, order_number: str) -> list[DeliveryClaim]:
    """An order's claims, oldest first."""
    query = sa.select(DeliveryClaim).where(DeliveryClaim.order_number == order_number).order_by(DeliveryClaim.id)
    return list(session.execute(query).scalars())


def close_claim(session: Session, claim: DeliveryClaim, *, at: datetime) -> None:
    """Ends a claim; another of its kind may be opened then."""
    claim.closed_at = claim.closed_at or at
    session.flush()


def _judged(order: Order, parcels: tuple[Parcel, ...], kind: str, today: date, calendar: Calendar) -> tuple[str, Optional[ClaimRefused]]:
    """What the claim is to be noted as, or why it is not."""
    expected = calendar.day(order.expected_at) if order.expected_at else None
    if order.status in ("cancelled", "returned", "refunded"):
        return kind, ClaimRefused(kind, str(order.status), since=calendar.day(order.status_at) if order.status_at else None)
    absent = [parcel for parcel in parcels if parcel.kind != "delivered"]
    if kind in ("late", "not_received"):
        if not parcels and order.status in CANCELLABLE:
            return "late", None if expected and today > expected else ClaimRefused(kind, "not_shipped", expected)
        if not absent:
            days = [calendar.day(p.delivered_at) for p in parcels if p.delivered_at]
            return kind, ClaimRefused(kind, "arrived", since=max(days, default=None)) if kind == "late" else None
        if any(parcel.kind in ("late", "lost") for parcel in absent):
            return "late", None
        return kind, ClaimRefused(kind, "not_due", max((p.expected_on for p in absent if p.expected_on), default=expected))
    # tracking lags behind: what is on its way may well have been handed over this minute
    if all(parcel.kind == "in_preparation" for parcel in parcels):
        return kind, ClaimRefused(kind, "not_shipped", expected)
    return kind, None


def _remedy(
    session: Session, parcels: tuple[Parcel, ...], kind: str, products: Sequence[str], at: datetime, calendar: Calendar
) -> str:
    if kind == "late":
        if any(parcel.kind == "lost" for parcel in parcels):
            return "resend_or_refund"
        if not parcels:
            return "warehouse"
        return "enquiry" if calendar.day(at) >= _enquiry_on(parcels, calendar) else "watch"
    if kind == "not_received":
        return "enquiry"
    sent = [line.product for each in parcels for line in each.lines if each.kind != "in_preparation"]
    for product in products or sent:
        known = session.get(Product, product)
        if known is not None and known.stock == 0:
            return "refund"
    return "replacement"


def _enquiry_on(parcels: tuple[Parcel, ...], calendar: Calendar) -> date:
    """The day from which a late parcel is looked for: when it has not moved for three working days."""
    moved = [parcel.status_at or parcel.shipped_at for parcel in parcels if parcel.kind == "late"]
    days = [calendar.day(at) for at in moved if at is not None]
    return calendar.working_days_after(max(days), STILL_WORKING_DAYS) if days else date.min


def _is_in_time(parcels: tuple[Parcel, ...], kind: str, at: datetime, calendar: Calendar) -> bool:
    days = [calendar.day(parcel.delivered_at) for parcel in parcels if parcel.delivered_at]
    if not days or kind == "late":
        return True
    last = max(days)
    end = last + timedelta(days=NOT_RECEIVED_DAYS) if kind == "not_received" else calendar.working_days_after(last, DAMAGE_WORKING_DAYS)
    return calendar.day(at) <= end


def _opened(session: Session, claim: DeliveryClaim, order: Order, calendar: Calendar) -> ClaimOpened:
    enquiry = None
    if claim.remedy == "watch":
        enquiry = _enquiry_on(parcels_of(session, order, at=claim.opened_at, calendar=calendar), calendar)
    return ClaimOpened(
        claim.kind, claim.remedy, claim.answer_on, enquiry, claim.kind not in ("late", "not_received"), claim.is_in_time, claim.opened_at
    )
