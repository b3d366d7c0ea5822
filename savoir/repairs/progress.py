"""Where a repair stands: found by its number or because it is the only one, and told with what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .appointments import Visit, visit_of
from .cover import is_big_television
from .prices import QUOTE_FEE_CENTS, price_of
from .tables import ENDED, Repair
from .working_days import local_day, working_days_after

USUAL_WORKING_DAYS = {"received": 10, "diagnosing": 8, "waiting_part": 8, "repairing": 4, "repaired": 3, "shipped_back": 3, "refused": 5}
"""Working days from a state until the customer has the device back, as the workshop usually needs."""
NextStep = Literal[
    "send_device", "bring_device", "book_visit", "expect_visit", "wait", "answer_quote", "expect_return", "collect", "expect_parcel", "nothing"
]


@dataclass(frozen=True)
class Found:
    """`outcome`: `found` (with `repair`); `several` open ones (`repairs`, newest first: ask which); `none_open` (the last one that ended is
    `repair`); `none` (the customer never had one); `unknown` (they have none with that number)."""

    outcome: Literal["found", "several", "none_open", "none", "unknown"]
    repair: Optional[Repair] = None
    repairs: list[Repair] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A repair as it is told. Money in cents.

    `expected_on`: the day by which the customer should have the device back; None when nobody can say (a quote or a visit comes first,
    or it is over) and when that day is past (`is_late`). `quote_pending`: an answer is awaited. `bonus_cents` is indicative.
    `next_step` is what comes next: `send_device`, `bring_device` and `book_visit`, `answer_quote`, `collect` are the customer's.
    """

    number: str
    product: str
    product_name: str
    status: str
    since: datetime
    under_warranty: Optional[bool]
    how: Optional[str]
    symptom: Optional[str]
    technician: Optional[str]
    expected_on: Optional[date]
    is_late: bool
    quote_cents: Optional[int]
    quote_status: Optional[str]
    quote_fee_cents: int
    has_bonus: bool
    bonus_cents: Optional[int]
    visit: Optional[Visit]
    next_step: NextStep

    @property
    def quote_pending(self) -> bool:
        """Whether the customer's answer to a quote is awaited."""
        return self.quote_status == "pending"


def find_repair(session: Session, *, customer: str, number: Optional[str] = None) -> Found:
    """The customer's repair with that number, or else their only open one."""
    if number:
        repair = session.get(Repair, number.strip().upper())
        return Found("found", repair) if repair is not None and repair.customer == customer else Found("unknown")
    theirs = list(session.execute(sa.select(Repair).where(Repair.customer == customer).order_by(Repair.opened_at.desc())).scalars())
    running = [repair for repair in theirs if repair.status not in ENDED]
    if len(running) == 1:
        return Found("found", running[0])
    if running:
        return Found("several", repairs=running)
    if not theirs:
        return Found("none")
    return Found("none_open", max(theirs, key=lambda repair: repair.status_at or repair.opened_at))


def owner_of(session: Session, number: str) -> Optional[str]:
    """The id of the customer whose repair has that number; None where there is none."""
    repair = session.get(Repair, number.strip().upper())
    return str(repair.customer) if repair is not None else None


def state_of(session: Session, *, repair: Repair, at: datetime) -> State:
    """Everything that can be said of a repair at that moment."""
    product = customers.product(session, str(repair.product))
    since = repair.status_at or repair.opened_at
    visit = visit_of(repair, at)
    how = repair.how or ("at_home" if product is not None and is_big_television(product) else None)
    price = price_of(session, product=product, symptom=repair.symptom_kind) if product is not None and repair.quote_cents else None
    step = _next_step(repair, how, visit)
    usual = USUAL_WORKING_DAYS.get(str(repair.status))
    expected = working_days_after(since, usual) if usual and step not in ("send_device", "bring_device", "book_visit", "expect_visit") else None
    is_late = expected is not None and expected < local_day(at)
    if repair.status == "refused" and is_late:  # the unrepaired device is back long since
        step = "nothing"
    return State(
        number=repair.number, product=str(repair.product), product_name=product.name if product is not None else str(repair.product),
        status=repair.status, since=since, under_warranty=repair.under_warranty, how=how, symptom=repair.symptom, technician=repair.technician,
        expected_on=None if is_late else expected, is_late=is_late and repair.status != "refused", quote_cents=repair.quote_cents,
        quote_status=repair.quote_status, quote_fee_cents=QUOTE_FEE_CENTS, has_bonus=price.has_bonus if price else False,
        bonus_cents=price.bonus_cents if price else None, visit=visit, next_step=step,
    )


def _next_step(repair: Repair, how: Optional[str], visit: Optional[Visit]) -> NextStep:
    if repair.status == "closed":
        return "nothing"
    if repair.quote_status == "pending":
        return "answer_quote"
    if visit is not None:
        return "expect_visit"
    if repair.status == "shipped_back":
        return "expect_parcel"
    if repair.status == "repaired" and how == "drop_off":
        return "collect"
    if repair.status in ("repaired", "refused"):
        return "expect_return" if how != "at_home" else "wait"
    if repair.status == "received":
        if how == "at_home":
            return "book_visit"
        if how in ("sent_in", "drop_off") and repair.status_at == repair.opened_at:  # nothing has arrived yet
            return "send_device" if how == "sent_in" else "bring_device"
    return "wait"
