"""What can be done with a conversation. Every change locks its row first, so `seq` and the owner have one order.

All functions work inside the caller's transaction (`Database.writing` or `.reading`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.errors import Problem, invalid, not_found
from savoir.core.security import new_id
from savoir.core.text import clean

from . import personal_data as personal_data
from .attachments import add_attachment as add_attachment
from .attachments import attachment as attachment
from .attachments import describe
from .attachments import photos as photos
from .lists import URGENT as URGENT
from .lists import count_states as count_states
from .lists import customer_waits as customer_waits
from .lists import first_waiting_since as first_waiting_since
from .lists import in_state as in_state
from .lists import last_messages as last_messages
from .lists import position as position
from .lists import waits as waits
from .owning import change_owner as change_owner
from .owning import customer_has_left as customer_has_left
from .owning import customer_is_here as customer_is_here
from .owning import handling_seconds as handling_seconds
from .owning import snooze as snooze
from .owning import wake as wake
from .ratings import RATING_CARD as RATING_CARD
from .ratings import asks_for_rating as asks_for_rating
from .ratings import bar_rating as bar_rating
from .ratings import has_rating_card as has_rating_card
from .ratings import should_offer_rating as should_offer_rating
from .tables import Conversation, Message, Rating, Turn

COMMANDS = {'/switch_language{"language":"fr"}', '/switch_language{"language":"en"}'}
"""Payloads that the chat component itself may send, beside those of buttons that we sent."""
PAGE = 500
"""Messages that are read at once."""


@dataclass(frozen=True)
class Received:
    """The place of a customer's message in the log, and whether it stood there already.

    `message` is the new message where nothing but it is new: None for a duplicate and for one that gave the conversation back to the assistant.
    """

    seq: int
    is_duplicate: bool
    message: Optional[Message] = None


@dataclass(frozen=True)
class Reply:
    """One message to be put into the log: text in our Markdown subset, quick replies, cards."""

    text: str
    buttons: Optional[list[dict[str, str]]] = None
    cards: Optional[list[dict[str, Any]]] = None


def start(
    session: Session, *, channel: str, language: str, at: datetime, page_url: Optional[str] = None, customer: Optional[str] = None
) -> Conversation:
    """A new conversation, owned by the assistant."""
    conversation = Conversation(
        id=new_id(),
        channel=channel,
        language=language,
        state="bot",
        epoch=1,
        last_seq=0,
        customer=customer,
        page_url=(page_url or None) and page_url[:500],  # type: ignore[index]
        created_at=at,
        updated_at=at,
    )
    session.add(conversation)
    session.flush()
    return conversation


def lock(session: Session, conversation: str) -> Conversation:
    """The conversation's row, locked until the transaction ends; asked for again in it, the same row. Raises a 404 problem."""
    held = session.info.setdefault("locked conversations", {})
    if conversation in held:
        return held[conversation]
    row = session.execute(
        sa.select(Conversation).where(Conversation.id == conversation).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise not_found("conversation", conversation)
    held[conversation] = row
    return row


def find(session: Session, conversation: str) -> Conversation:
    """The conversation as it is now. Raises a 404 problem."""
    row = session.get(Conversation, conversation)
    if row is None:
        raise not_found("conversation", conversation)
    return row


def receive(
    session: Session,
    *,
    conversation: str,
    client_id: str,
    at: datetime,
    text: str = "",
    payload: Optional[str] = None,
    attachments: Sequence[str] = (),
    longest: int = 4000,
) -> Received:
    """Stores what the customer sent and, where the assistant owns the conversation, a turn to answer it.

    `text` counts at most `longest` characters; `payload` must be one of a button that we sent; `attachments` are ids
    from `add_attachment`. A resolved conversation is the assistant's again, and so is a waiting one whose customer presses
    a button of the queue's own notice (a ticket or a call-back instead); an abandoned one waits again. What was put off until
    an answer is awake. Raises problems; stores nothing then.
    """
    if not client_id or len(client_id) > 80:
        raise invalid("bad-message-id", "A message needs an `id` of 1 to 80 characters, chosen by its sender.")
    row = lock(session, conversation)
    known = known_seq(session, conversation, client_id)
    if known is not None:
        return Received(known, True)
    text = clean(text)
    if len(text) > longest:
        raise Problem("message-too-long", 422, f"The message has {len(text)} characters; at most {longest} are taken.", limit=longest)
    leaves_queue = False
    if payload is not None:
        text, offered_by = _label_of(session, conversation, payload)
        leaves_queue = row.state == "waiting" and offered_by == "system"
    if not text and not attachments:
        raise invalid("message-empty", "The message is empty; write something, or send a photo.")
    is_reopened = row.state in ("resolved", "abandoned") or leaves_queue
    if is_reopened:
        change_owner(session, row, state="waiting" if row.state == "abandoned" else "bot", at=at)
    if row.snoozed_at is not None:
        wake(session, row, at=at)
    row.reminded_at = row.customer_left_at = None
    message = _append(session, row, author="customer", text=text, at=at, client_id=client_id, payload=payload)
    message.attachments = [describe(session, row.id, a) for a in attachments] or None
    if row.state == "bot":
        session.add(
            Turn(conversation=row.id, seq=message.seq, epoch=row.epoch, state="pending", attempts=0, next_attempt_at=at, created_at=at)
        )
    session.flush()
    return Received(message.seq, False, None if is_reopened else message)


def known_seq(session: Session, conversation: str, client_id: str) -> Optional[int]:
    """The place of the message with that sender's id, if it came before."""
    return session.execute(
        sa.select(Message.seq).where(Message.conversation == conversation, Message.client_id == client_id)
    ).scalar_one_or_none()


def message_by_client_id(session: Session, conversation: str, client_id: str) -> Optional[Message]:
    """The message with that sender's id, if it came before."""
    return session.execute(
        sa.select(Message).where(Message.conversation == conversation, Message.client_id == client_id)
    ).scalar_one_or_none()


def speak(
    session: Session,
    row: Conversation,
    *,
    author: str,
    at: datetime,
    text: str,
    client_id: Optional[str] = None,
    buttons: Optional[list[dict[str, str]]] = None,
    cards: Optional[list[dict[str, Any]]] = None,
    private: bool = False,
    agent: Optional[str] = None,
    agent_name: Optional[str] = None,
) -> Message:
    """Puts a message of ours into the log of a locked conversation; with a `client_id` known already, returns that one."""
    if client_id is not None:
        known = message_by_client_id(session, row.id, client_id)
        if known is not None:
            return known
    message = _append(session, row, author=author, text=text, at=at, client_id=client_id)
    message.buttons, message.cards, message.private = buttons or None, cards or None, private
    message.agent, message.agent_name = agent, agent_name
    if has_rating_card(cards):
        row.rating_offered_at = row.rating_offered_at or at
    session.flush()
    return message


def read(session: Session, conversation: str, *, after: int = 0, private: bool = False, limit: int = PAGE) -> list[Message]:
    """The log from `after` (exclusive), oldest first; private notes only where `private`."""
    query = sa.select(Message).where(Message.conversation == conversation, Message.seq > after).order_by(Message.seq).limit(limit)
    if not private:
        query = query.where(Message.private.is_(False))
    return list(session.execute(query).scalars())


def set_language(session: Session, conversation: str, language: str) -> None:
    """The language that customer and assistant now speak."""
    session.execute(
        sa.update(Conversation).where(Conversation.id == conversation).values(language=language)
        .execution_options(synchronize_session="fetch")
    )


def set_customer(session: Session, conversation: str, customer: str) -> None:
    """The customer has shown who they are."""
    session.execute(
        sa.update(Conversation).where(Conversation.id == conversation).values(customer=customer)
        .execution_options(synchronize_session="fetch")
    )


def rate(
    session: Session, *, conversation: str, score: int, at: datetime, comment: Optional[str] = None, effort: Optional[int] = None,
    recommend: Optional[int] = None,
) -> None:
    """Stores the customer's rating; a later one takes the place of an earlier one."""
    for name, value, lowest, highest in (("score", score, 1, 5), ("effort", effort, 1, 7), ("recommend", recommend, 0, 10)):
        if value is not None and not lowest <= value <= highest:
            raise invalid("bad-rating", f"`{name}` is {value}; expected {lowest} to {highest}.")
    lock(session, conversation)
    row = session.get(Rating, conversation) or Rating(conversation=conversation)
    row.score, row.effort, row.recommend, row.comment, row.at = score, effort, recommend, (comment or "")[:2000] or None, at
    session.add(row)


def _append(
    session: Session, row: Conversation, *, author: str, text: str, at: datetime, client_id: Optional[str], payload: Optional[str] = None
) -> Message:
    row.last_seq += 1
    row.updated_at = at
    message = Message(
        conversation=row.id, seq=row.last_seq, client_id=client_id, author=author, text=text, payload=payload, at=at, private=False
    )
    session.add(message)
    return message


def _label_of(session: Session, conversation: str, payload: str) -> tuple[str, str]:
    """What the pressed button says, and the author who offered it. Raises a problem for a payload that we never offered."""
    if payload in COMMANDS:
        return ("English" if '"en"' in payload else "Français"), "customer"
    offered = session.execute(
        sa.select(Message.buttons, Message.author)
        .where(Message.conversation == conversation, Message.author.in_(("assistant", "system")), Message.buttons.isnot(None))
        .order_by(Message.seq.desc())
        .limit(50)
    )
    for buttons, author in offered:
        for button in buttons or ():
            if button.get("payload") == payload:
                return str(button["title"]), str(author)
    raise invalid("unknown-payload", "This button was not offered in this conversation; write the text instead.")
