"""The customer's rating: offered once, never after an erasure or a fraud, kept once given."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .tables import Conversation, Message, Rating

RATING_CARD = {"kind": "rating"}
"""The card by which a message asks for a rating."""


def should_offer_rating(session: Session, conversation: str) -> bool:
    """Whether the customer may be asked now how it went: they have spoken, were not asked yet, and nothing forbids it."""
    row = session.get(Conversation, conversation)
    if row is None or row.rating_offered_at is not None or not _may_be_rated(session, row):
        return False
    spoke = sa.select(Message.id).where(Message.conversation == conversation, Message.author == "customer").limit(1)
    return session.execute(spoke).first() is not None


def bar_rating(session: Session, conversation: str) -> None:
    """Never ask in this conversation: it was about a fraud, or about erasing the customer's data."""
    session.execute(
        sa.update(Conversation).where(Conversation.id == conversation).values(is_rating_barred=True)
        .execution_options(synchronize_session="fetch")
    )


def asks_for_rating(session: Session, row: Conversation) -> bool:
    """Whether an offer stands that the customer has not taken up."""
    return row.rating_offered_at is not None and _may_be_rated(session, row)


def has_rating_card(cards: Optional[Sequence[dict[str, Any]]]) -> bool:
    """Whether one of the cards asks for a rating."""
    return any(isinstance(card, dict) and card.get("kind") == RATING_CARD["kind"] for card in cards or ())


def _may_be_rated(session: Session, row: Conversation) -> bool:
    return not row.is_rating_barred and row.reason != "fraud" and session.get(Rating, row.id) is None
