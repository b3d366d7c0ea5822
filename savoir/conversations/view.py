"""A conversation as its customer's programs get it: messages and state, as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from savoir.core.context import Context

from . import service
from .tables import Conversation, Message


def message_json(message: Message) -> dict[str, Any]:
    """A message as customers' programs get it."""
    shown: dict[str, Any] = {
        "seq": message.seq, "author": message.author, "text": message.text, "at": message.at.isoformat(timespec="milliseconds")
    }
    if message.author == "customer":
        shown["id"] = message.client_id
    if message.agent_name:
        shown["name"] = message.agent_name
    for name in ("buttons", "cards", "attachments"):
        if getattr(message, name):
            shown[name] = getattr(message, name)
    return shown


def state_json(the: Context, session: Session, row: Conversation) -> dict[str, Any]:
    """Who has the conversation, whether it may be rated and, while it waits, the place in the queue and when people answer."""
    shown: dict[str, Any] = {"state": row.state, "language": row.language}
    if service.asks_for_rating(session, row):
        shown["rating"] = True
    if row.state == "waiting" and the.waiting_facts is not None:
        shown |= the.waiting_facts(session, row, the.clock())
    elif row.state == "waiting":
        at = the.clock()
        shown |= {"position": service.position(session, row), "open": the.hours.is_open(at)}
        opening = None if shown["open"] else the.hours.next_opening(at)
        if opening:
            shown["opens_at"] = opening.isoformat()
    return shown
