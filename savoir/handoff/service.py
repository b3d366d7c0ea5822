"""What people do with a conversation: get it, take it, answer, note, hand it back, resolve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.core.clock import OpeningHours
from savoir.core.errors import Problem, invalid
from savoir.core.text import clean

from . import personal_data as personal_data
from .callbacks import Window as Window
from .callbacks import book_callback as book_callback
from .callbacks import callback_of as callback_of
from .callbacks import cancel_callback as cancel_callback
from .callbacks import offer_callbacks as offer_callbacks
from .callbacks import phone_number as phone_number
from .callbacks import phone_words as phone_words
from .notice import notice
from .tables import Agent

REASONS = ("asked", "stuck", "assistant_down", "complaint", "anger", "safety", "fraud", "identity", "returned", "other")

QUEUE_OF = {"safety": "trust", "fraud": "trust"}


@dataclass(frozen=True)
class Queue:
    """Where conversations wait for people, and when those are there."""

    hours: OpeningHours

    def hand_over(self, session: Session, row: Conversation, effect: dict[str, Any], at: datetime) -> None:
        """Puts a locked conversation into the queue and tells the customer what happens now. Twice is once.

        `effect`: `{"reason": one of REASONS, "offers"?: false}`; with `offers` false no ticket or call-back is offered instead of waiting.
        In the form that `conversations.turns.Effect` asks for.
        """
        if row.state in ("waiting", "agent"):
            return
        reason = effect.get("reason")
        conversations.change_owner(
            session, row, state="waiting", at=at, queue=QUEUE_OF.get(str(reason), "care"), reason=reason if reason in REASONS else "other"
        )
        if reason == "fraud":
            conversations.bar_rating(session, row.id)
        said = notice(session, row, self.hours, at, with_offers=effect.get("offers") is not False)
        conversations.speak(session, row, author="system", at=at, text=said.text, buttons=said.buttons)


def take(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """The agent has the conversation now. Raises a 409 problem when another agent has it."""
    row = conversations.lock(session, conversation)
    if row.state == "agent":
        if row.agent == agent.id:
            return row
        raise Problem("already-taken", 409, "Another agent has taken this conversation.")
    conversations.change_owner(session, row, state="agent", agent=str(agent.id), at=at)
    french = row.language == "fr"
    conversations.speak(
        session, row, author="system", at=at,
        text=f"{agent.name} a rejoint la conversation." if french else f"{agent.name} has joined the conversation.",
    )
    return row


def reply(session: Session, *, conversation: str, agent: Agent, client_id: str, text: str, at: datetime) -> Message:
    """Sends the agent's words to the customer; the same `client_id` again sends nothing. Raises problems."""
    row = _owned(session, conversation, agent)
    return conversations.speak(
        session, row, author="agent", at=at, text=_words(text), client_id=_client_id(client_id), agent=str(agent.id), agent_name=str(agent.name)
    )


def note(session: Session, *, conversation: str, agent: Agent, client_id: str, text: str, at: datetime) -> Message:
    """Keeps a note that only agents see."""
    row = conversations.lock(session, conversation)
    return conversations.speak(
        session, row, author="agent", private=True, at=at, text=_words(text), client_id=_client_id(client_id), agent=str(agent.id),
        agent_name=str(agent.name),
    )


def hand_back(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """The assistant has the conversation again."""
    row = _owned(session, conversation, agent)
    conversations.change_owner(session, row, state="bot", at=at)
    conversations.speak(
        session, row, author="system", at=at,
        text="L'assistant reprend la conversation. Écrivez-lui ; un conseiller reste à portée de bouton." if row.language == "fr"
        else "The assistant is back with you. Just write; an adviser is one button away.",
    )
    return row


def resolve(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """Ends the conversation; a new message of the customer opens it again."""
    row = conversations.lock(session, conversation)
    if row.state == "resolved":
        return row
    if row.state == "agent" and row.agent != agent.id:
        raise Problem("not-yours", 409, "Another agent has this conversation.")
    conversations.change_owner(session, row, state="resolved", at=at)
    conversations.speak(
        session, row, author="system", at=at,
        text="La conversation est close. Un nouveau message la rouvre." if row.language == "fr"
        else "The conversation is closed. A new message opens it again.",
    )
    return row


def _owned(session: Session, conversation: str, agent: Agent) -> Conversation:
    row = conversations.lock(session, conversation)
    if row.state != "agent" or row.agent != agent.id:
        raise Problem("not-yours", 409, "Take the conversation first: it is not yours now.")
    return row


def _words(text: str) -> str:
    words = clean(text)
    if not words:
        raise invalid("message-empty", "There is nothing to send: the text is empty.")
    if len(words) > 10_000:
        raise invalid("message-too-long", f"The text has {len(words)} characters; at most 10000 are taken.", limit=10_000)
    return words


def _client_id(client_id: Optional[str]) -> str:
    if not client_id or len(client_id) > 70:
        raise invalid("bad-message-id", "A message needs an `id` of 1 to 70 characters, chosen by its sender.")
    return f"agent:{client_id}"
