"""What is known of an order's charges, and reports of payments that went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import invalid

from .days import FRENCH, Calendar
from .orders import CANCELLABLE, order_by_number
from .tables import PAYMENT_PROBLEMS, Order, PaymentReport

INSTALMENTS = {"three_times": 3, "four_times": 4}
INSTALMENT_DAYS = 30
FOUR_TIMES_FEE_PER_MILLE, HIGHEST_FOUR_TIMES_FEE_CENTS = 15, 2000


@dataclass(frozen=True)
class Instalment:
    """A part of a payment. `state`: taken, due or cancelled."""

    cents: int
    on: date
    state: str


@dataclass(frozen=True)
class Charges:
    """What an order costs and what became of the money, in cents.

    `state`: awaited (nothing paid yet), held (the bank keeps it aside: a bank may show that beside the later charge), charged, released
    (cancelled before it was taken, or a transfer on its way back) or refunded. `fee_cents`: what paying in four times costs. `instalments` is empty for a single payment.
    """

    order_number: str
    products_cents: int
    shipping_cents: int
    fee_cents: int
    total_cents: int
    means: Optional[str]
    state: str
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True)
class PaymentReported:
    """The report is noted; a person checks it.

    `explanation` is what the amount looks like, if anything: instalment, total, hold (the order is not charged yet, only held),
    shipping, or fee_included (a first part of four, with the fee). It explains, it does not close anything.
    """

    id: int
    kind: str
    order_number: Optional[str]
    amount_cents: Optional[int]
    explanation: Optional[str]
    at: datetime


def charges_of(session: Session, *, order_number: str, at: datetime, calendar: Calendar = FRENCH) -> Charges:
    """What is known of an order's charges. Raises a 404 problem."""
    order = order_by_number(session, order_number)
    products = sum(line["quantity"] * line["unit_cents"] for line in order.lines)
    shipping = order.shipping_cents or 0
    total = order.total_cents if order.total_cents is not None else products + shipping
    fee = 0
    if order.payment == "four_times":
        fee = min((total * FOUR_TIMES_FEE_PER_MILLE + 500) // 1000, HIGHEST_FOUR_TIMES_FEE_CENTS)
    return Charges(
        order.number, products, shipping, fee, total + fee, order.payment, _state(order), _instalments(order, total, fee, at, calendar)
    )


def report_payment(
    session: Session, *, kind: str, key: str, at: datetime, order_number: Optional[str] = None, customer: Optional[str] = None,
    amount_cents: Optional[int] = None, note: str = "", calendar: Calendar = FRENCH,
) -> PaymentReported:
    """Notes that a payment went wrong: double_charge, wrong_amount, failed_payment or unknown_charge. The same `key` is the same report.

    Raises a 422 problem for another kind, a 404 one for an order number that does not exist.
    """
    if kind not in PAYMENT_PROBLEMS:
        raise invalid("unknown-kind", f"The kind {kind!r} is unknown; expected one of {', '.join(PAYMENT_PROBLEMS)}.")
    order = order_by_number(session, order_number, to_change=True) if order_number else None
    row = session.execute(sa.select(PaymentReport).where(PaymentReport.key == key)).scalar_one_or_none()
    if row is None:
        row = PaymentReport(
            key=key, kind=kind, order_number=order_number, customer=customer or (order.customer if order is not None else None),
            amount_cents=amount_cents, note=note, at=at,
        )
        session.add(row)
        session.flush()
    explanation = None
    if row.order_number:
        explanation = explanation_of(charges_of(session, order_number=row.order_number, at=row.at, calendar=calendar), row.kind, row.amount_cents)
    return PaymentReported(row.id, row.kind, row.order_number, row.amount_cents, explanation, row.at)


def payment_reports_of(session: Session, customer: str) -> list[PaymentReport]:
    """What a customer has reported of payments, oldest first."""
    return list(session.execute(sa.select(PaymentReport).where(PaymentReport.customer == customer).order_by(PaymentReport.id)).scalars())


def _state(order: Order) -> str:
    if order.status == "pending_payment":
        return "awaited"
    if order.status == "cancelled":
        return "released"
    if order.status == "refunded":
        return "refunded"
    # a card is charged when the parcel leaves; until then the bank only keeps the sum aside
    return "held" if order.status in CANCELLABLE and order.payment != "transfer" else "charged"


def _instalments(order: Order, total: int, fee: int, at: datetime, calendar: Calendar) -> tuple[Instalment, ...]:
    count = INSTALMENTS.get(order.payment or "")
    if not count:
        return ()
    share, rest = divmod(total, count)
    begun, today = calendar.day(order.placed_at), calendar.day(at)
    ended = calendar.day(order.status_at) if order.status in ("cancelled", "refunded") and order.status_at else None
    made = []
    for number in range(count):
        on = begun + timedelta(days=INSTALMENT_DAYS * number)
        state = "taken" if on <= today and order.status != "pending_payment" else "due"
        if (ended is not None and on >= ended) or order.status == "cancelled":
            state = "cancelled"
        made.append(Instalment(share + (rest + fee if number == 0 else 0), on, state))
    return tuple(made)


def explanation_of(charges: Charges, kind: str, amount: Optional[int]) -> Optional[str]:
    """What a charge looks like, if anything: see `PaymentReported.explanation`. `amount` in cents, None where it is not known."""
    if kind == "double_charge" and charges.instalments and (amount is None or amount in {part.cents for part in charges.instalments}):
        return "instalment"
    if kind == "double_charge" and charges.state == "held":
        return "hold"
    if amount is None:
        return None
    if charges.instalments and amount == charges.instalments[0].cents and charges.fee_cents:
        return "fee_included"
    if amount in {part.cents for part in charges.instalments}:
        return "instalment"
    if kind != "double_charge" and amount == charges.total_cents:
        return "total"
    return "shipping" if charges.shipping_cents and amount == charges.shipping_cents else None
