"""Answers to quotes: given once, by the customer whose repair it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.customers import service as customers

from .appointments import visit_of
from .cover import is_big_television
from .prices import QUOTE_FEE_CENTS
from .tables import ENDED, Repair


@dataclass(frozen=True)
class QuoteAnswer:
    """`outcome`: `accepted` or `refused` (just now); `already_accepted` or `already_refused` (earlier, and it stays so);
    `not_yet` (no quote was sent so far); `no_quote` (free under the guarantee, or over); `unknown` (the customer has no such repair).

    Money in cents: `cents` of the quote; `fee_cents`, of the quote itself, is due when it is refused and deducted when it is accepted.
    `needs_visit`: the repair is done at home and no visit is agreed yet.
    """

    outcome: Literal["accepted", "refused", "already_accepted", "already_refused", "not_yet", "no_quote", "unknown"]
    repair: Optional[Repair] = None
    cents: Optional[int] = None
    fee_cents: int = QUOTE_FEE_CENTS
    needs_visit: bool = False


def answer_quote(session: Session, *, customer: str, number: str, accept: bool, key: str, at: datetime) -> QuoteAnswer:
    """Accepts or refuses the pending quote of a repair; accepted, the repair goes on, refused, the device comes back unrepaired."""
    repair = session.get(Repair, number.strip().upper())
    if repair is None or repair.customer != customer:
        return QuoteAnswer("unknown")
    if repair.quote_key != key:
        answered = {"quote_status": "accepted", "status": "repairing"} if accept else {"quote_status": "refused", "status": "refused"}
        # The condition is the database's, so that of two tabs only the first counts.
        session.execute(
            sa.update(Repair).where(Repair.number == repair.number, Repair.quote_status == "pending")
            .values(**answered, status_at=at, quote_answered_at=at, quote_key=key).execution_options(synchronize_session=False)
        )
        session.refresh(repair)
    if repair.quote_status in ("accepted", "refused"):
        product = customers.product(session, str(repair.product))
        at_home = repair.how == "at_home" or (repair.how is None and product is not None and is_big_television(product))
        needs_visit = repair.quote_status == "accepted" and at_home and repair.status not in ENDED and visit_of(repair, at) is None
        is_ours = repair.quote_key == key
        if repair.quote_status == "accepted":
            return QuoteAnswer("accepted" if is_ours else "already_accepted", repair, repair.quote_cents, needs_visit=needs_visit)
        return QuoteAnswer("refused" if is_ours else "already_refused", repair, repair.quote_cents)
    if repair.under_warranty or repair.status in ENDED:
        return QuoteAnswer("no_quote", repair)
    return QuoteAnswer("not_yet", repair)


def pending_quotes(session: Session, *, customer: str) -> list[Repair]:
    """A customer's repairs whose quote awaits an answer, newest first."""
    query = sa.select(Repair).where(Repair.customer == customer, Repair.quote_status == "pending")
    return list(session.execute(query.order_by(Repair.opened_at.desc())).scalars())
