"""What agents put right: category, urgency, product, language, sentiment, and the assistant's answers. Training material, one line each."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Iterator, Optional

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Message
from savoir.core.errors import invalid, not_found
from savoir.core.text import clean
from savoir.tickets.service import CATEGORIES

from .tables import FIELDS, Correction

CORRECTIONS = Counter("savoir_corrections_total", "What agents put right, by field", ["field"])
SENTIMENTS = ("negative", "neutral", "positive")
URGENCIES = ("p1", "p2", "p3", "p4")
LANGUAGES = ("fr", "en")
CHOICES: dict[str, tuple[str, ...]] = {"category": CATEGORIES, "urgency": URGENCIES, "language": LANGUAGES, "sentiment": SENTIMENTS}
"""What a field may be put to; a product is a model's id or a type, an answer is text."""
LONGEST = 4000


def correct(
    session: Session, *, conversation: str, field: str, corrected: str, agent: str, at: datetime, assumed: str = "", seq: int = 0
) -> Optional[Correction]:
    """Keeps the right value of a field; again for the same field, the later one. Put back to what was assumed, none is kept (None).

    An answer is corrected at the `seq` of the assistant's message; the rest stands for the whole conversation. Raises problems: unknown
    field or value, an empty answer, a message that is not the assistant's.
    """
    value = clean(corrected)[:LONGEST]
    if field not in FIELDS:
        raise invalid("unknown-field", f"The field {field[:20]!r} is unknown; expected one of {', '.join(FIELDS)}.")
    if field in CHOICES and value not in CHOICES[field]:
        raise invalid("unknown-value", f"{value[:40]!r} is no {field}; expected one of {', '.join(CHOICES[field])}.")
    if not value:
        raise invalid("correction-empty", "Write what would have been right.")
    conversations.find(session, conversation)
    if field == "answer":
        message = session.execute(sa.select(Message).where(Message.conversation == conversation, Message.seq == seq)).scalar_one_or_none()
        if message is None or message.author != "assistant":
            raise not_found("answer of the assistant", seq)
        assumed = str(message.text)
    else:
        seq = 0
    row = session.execute(
        sa.select(Correction).where(Correction.conversation == conversation, Correction.seq == seq, Correction.field == field)
    ).scalar_one_or_none()
    if row is None:
        row = Correction(conversation=conversation, seq=seq, field=field, assumed=clean(assumed)[:LONGEST])
        CORRECTIONS.labels(field).inc()
    elif field != "answer" and value == row.assumed:
        session.delete(row)
        session.flush()
        if field == "language":
            conversations.set_language(session, conversation, value)
        return None
    elif field == "answer":
        row.assumed = clean(assumed)[:LONGEST]
    row.corrected, row.agent, row.at = value, agent, at
    session.add(row)
    session.flush()
    if field == "language":
        conversations.set_language(session, conversation, value)
    return row


def corrections_of(session: Session, conversation: str) -> list[Correction]:
    """What was put right in a conversation."""
    return list(session.execute(sa.select(Correction).where(Correction.conversation == conversation).order_by(Correction.id)).scalars())


def training_material(session: Session) -> Iterator[dict[str, Any]]:
    """Every correction with what the customer had written, oldest first: `{field, assumed, corrected, language, text, at}`.

    `text` is the customer's message before a wrong answer, else all that they wrote with their own words.
    """
    for row in session.execute(sa.select(Correction).order_by(Correction.id)).scalars():
        conversation = conversations.find(session, str(row.conversation))
        query = sa.select(Message).where(Message.conversation == row.conversation, Message.author == "customer", Message.payload.is_(None))
        if row.seq:
            query = query.where(Message.seq < row.seq).order_by(Message.seq.desc()).limit(1)
        texts = [str(m.text) for m in session.execute(query.order_by(Message.seq)).scalars() if m.text]
        yield {
            "field": row.field, "assumed": row.assumed, "corrected": row.corrected, "language": conversation.language, "text": "\n".join(texts),
            "at": row.at.isoformat(timespec="seconds"),
        }


def as_lines(session: Session) -> Iterator[str]:
    """The training material as JSON lines."""
    for entry in training_material(session):
        yield json.dumps(entry, ensure_ascii=False)
