"""What this room holds about a person, and its erasure: conversations whole, with photos and ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, record, records

from .tables import Attachment, Conversation, Message, Rating


def of_customer(session: Session, customer: str) -> tuple[str, ...]:
    """The conversations in which the customer has shown who they are, oldest first."""
    query = sa.select(Conversation.id).where(Conversation.customer == customer).order_by(Conversation.created_at)
    return tuple(session.execute(query).scalars())


def export_of(session: Session, person: Person) -> Sections:
    """Conversations with every message, agents' private notes too, and the rating. Photos come by `photos_of`."""
    told = []
    for row in session.execute(sa.select(Conversation).where(Conversation.id.in_(person.conversations)).order_by(Conversation.created_at)).scalars():
        messages = session.execute(sa.select(Message).where(Message.conversation == row.id).order_by(Message.seq)).scalars()
        rating = session.get(Rating, row.id)
        told.append(
            {
                **record(row, "epoch", "last_seq", "agent", "customer"),
                "messages": records(messages, "id", "conversation", "client_id", "agent", "buttons"),
                **({"rating": record(rating, "conversation")} if rating is not None else {}),
            }
        )
    return {"conversations": told}


def photos_of(session: Session, person: Person) -> Iterator[tuple[str, bytes]]:
    """The id and the content (JPEG) of each photo of their conversations."""
    for id in session.execute(sa.select(Attachment.id).where(Attachment.conversation.in_(person.conversations))).scalars().all():
        row = session.get(Attachment, id)
        if row is not None:
            yield str(row.id), bytes(row.content)
            session.expunge(row)


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases the conversations, and with them messages, turns, photos and ratings."""
    session.flush()
    session.execute(
        sa.delete(Conversation).where(Conversation.id.in_(person.conversations)).execution_options(synchronize_session=False)
    )
    session.info.pop("locked conversations", None)
    session.expire_all()
