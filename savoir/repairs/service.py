"""What can be done with repairs: asked for, found and told, their visits agreed, their quotes answered."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from . import personal_data as personal_data
from .appointments import Booking, Cancellation, Move, Visit, book, cancel_appointment, move, visit_of
from .cover import Cover, cover_of, is_big_television, warranty_of
from .prices import Price, price_of
from .progress import Found, State, find_repair, owner_of, state_of
from .quotes import QuoteAnswer, answer_quote, pending_quotes
from .requests import Opening, Plan, open_repair, plan_repair
from .slots import Offers, PartOfDay, Slot, department_of, offer_slots, start_of
from .tables import Repair

__all__ = [
    "Booking", "Cancellation", "Cover", "Found", "Move", "Offers", "Opening", "PartOfDay", "Plan", "Price", "QuoteAnswer", "Repair", "Slot", "State", "Visit",
    "answer_quote", "book", "cancel_appointment", "cover_of", "department_of", "find_repair", "is_big_television", "move", "of_customer",
    "offer_slots", "open_repair", "owner_of", "pending_quotes", "plan_repair", "price_of", "start_of", "state_of", "visit_of",
    "warranty_of",
]


def of_customer(session: Session, customer: str) -> list[Repair]:
    """A customer's repairs, newest first."""
    return list(session.execute(sa.select(Repair).where(Repair.customer == customer).order_by(Repair.opened_at.desc())).scalars())
