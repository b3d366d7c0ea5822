"""The photos of a conversation, once they are checked and encoded anew (photos.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import not_found
from savoir.core.security import new_id

from .tables import Attachment


def add_attachment(session: Session, *, conversation: str, content_type: str, width: int, height: int, content: bytes, at: datetime) -> str:
    """Stores a checked, re-encoded photo; returns its id."""
    row = Attachment(
        id=new_id(), conversation=conversation, content_type=content_type, width=width, height=height, content=content, at=at
    )
    session.add(row)
    session.flush()
    return str(row.id)


def attachment(session: Session, *, conversation: str, attachment_id: str) -> Attachment:
    """A photo of that conversation. Raises a 404 problem."""
    row = session.get(Attachment, attachment_id)
    if row is None or row.conversation != conversation:
        raise not_found("attachment", attachment_id)
    return row


def photos(session: Session, conversation: str) -> list[dict[str, Any]]:
    """The conversation's photos, oldest first: `{"id", "conversation", "width", "height"}`."""
    query = (
        sa.select(Attachment.id, Attachment.width, Attachment.height).where(Attachment.conversation == conversation)
        .order_by(Attachment.at, Attachment.id)
    )
    return [{"id": p.id, "conversation": conversation, "width": p.width, "height": p.height} for p in session.execute(query)]


def describe(session: Session, conversation: str, attachment_id: str) -> dict[str, Any]:
    """A photo as the log names it. Raises a 404 problem."""
    row = attachment(session, conversation=conversation, attachment_id=attachment_id)
    return {"id": row.id, "content_type": row.content_type, "width": row.width, "height": row.height, "bytes": len(row.content)}
