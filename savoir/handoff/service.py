"""What people do with a conversation: get it, take it, answer, note, hand it back, resolve it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Collection, Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.core.clock import OpeningHours
from savoir.core.errors import Problem, invalid
from savoir.core.settings import Settings
from savoir.core.text import clean

from . import news, routing
from . import personal_data as personal_data
from .calendars import calendar_of
from .callbacks import Window as Window
from .callbacks import book_callback as book_callback
from .callbacks import callback_of as callback_of
from .callbacks import cancel_callback as cancel_callback
from .callbacks import offer_callbacks as offer_callbacks
from .callbacks import phone_number as phone_number
from .callbacks import phone_words as phone_words
from .news import told as told
from .notice import estimated_wait, notice
from .presence import AWAY_AFTER
from .tables import Agent

REASONS = ("asked", "stuck", "assistant_down", "complaint", "anger", "safety", "fraud", "identity", "returned", "other")
RESULTS = ("solved", "not_solved", "ticket", "no_answer", "no_request")
"""How a conversation that an agent closes ended."""
SUPERVISORS = ("supervisor", "administrator")


@dataclass(frozen=True)
class Queue:
    """Where conversations wait for people, and when those are there: the firm's hours, where a queue has none of its own."""

    hours: OpeningHours
    away_after: timedelta = AWAY_AFTER

    @classmethod
    def of(cls, settings: Settings, hours: OpeningHours) -> "Queue":
        """As the settings say."""
        return cls(hours, timedelta(minutes=settings.away_minutes))

    def hours_of(self, session: Session, queue: Optional[str]) -> OpeningHours:
        """When the people of a queue answer."""
        return calendar_of(session, queue, self.hours)

    def hand_over(self, session: Session, row: Conversation, effect: dict[str, Any], at: datetime) -> None:
        """Puts a locked conversation into the queue, gives it to an agent where the queue does so, and tells the customer. Twice is once.

        `effect`: `{"reason": one of REASONS, "offers"?: false, "queue"?, "category"?}`; with `offers` false no ticket or call-back is
        offered instead of waiting. In the form that `conversations.turns.Effect` asks for.
        """
        if row.state in ("waiting", "agent"):
            return
        reason = effect.get("reason")
        conversations.change_owner(
            session, row, state="waiting", at=at, queue=routing.queue_for(session, row, effect), reason=reason if reason in REASONS else "other"
        )
        if reason == "fraud":
            conversations.bar_rating(session, row.id)
        if not self.give(session, row, at):
            self.tell(session, row, at, with_offers=effect.get("offers") is not False)

    def give(self, session: Session, row: Conversation, at: datetime, *, without: Collection[str] = ()) -> Optional[Agent]:
        """Gives a locked, waiting conversation to the least loaded agent who can, where its queue does so; who got it.

        Outside the queue's hours only what is urgent is given.
        """
        is_given = row.state == "waiting" and routing.rules_of(session, row.queue).assignment == "least_loaded"
        if not is_given or not (row.reason in conversations.URGENT or self.hours_of(session, row.queue).is_open(at)):
            return None
        agent = routing.choose(session, row, at, away_after=self.away_after, without=without)
        if agent is None:
            return None
        conversations.change_owner(session, row, state="agent", agent=str(agent.id), at=at, is_noticed=False)
        french = row.language == "fr"
        said = conversations.speak(
            session, row, author="system", at=at,
            text=f"{agent.name} va vous répondre ici même." if french else f"{agent.name} will answer you right here.",
        )
        news.tell(session, agent=str(agent.id), kind="given", conversation=str(row.id), seq=said.seq, by="", at=at)
        return agent

    def tell(self, session: Session, row: Conversation, at: datetime, *, with_offers: bool = True, before: str = "") -> None:
        """Tells the customer of a locked, waiting conversation how it stands; `before` is said first."""
        said = notice(session, row, self.hours_of(session, row.queue), at, with_offers=with_offers, away_after=self.away_after)
        row.told = said.told
        conversations.speak(session, row, author="system", at=at, text=f"{before} {said.text}".strip(), buttons=said.buttons)

    def facts(self, session: Session, row: Conversation, at: datetime) -> dict[str, Any]:
        """What the customer's programs are told of the wait: `position`, `open`, `opens_at`, and `wait_minutes`, none where it can't be told."""
        hours = self.hours_of(session, row.queue)
        shown: dict[str, Any] = {"position": routing.position(session, row), "open": hours.is_open(at)}
        opening = None if shown["open"] else hours.next_opening(at)
        if opening:
            shown["opens_at"] = opening.isoformat()
        if shown["open"]:
            shown["wait_minutes"] = estimated_wait(session, row, hours, at, self.away_after)
        return shown


def take(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """The agent has the conversation now. Raises a 409 problem when another agent has it."""
    row = conversations.lock(session, conversation)
    if row.state == "agent":
        if row.agent == agent.id:
            notice_it(row, at)
            return row
        raise Problem("already-taken", 409, "Another agent has taken this conversation.")
    conversations.change_owner(session, row, state="agent", agent=str(agent.id), at=at)
    french = row.language == "fr"
    conversations.speak(
        session, row, author="system", at=at,
        text=f"{agent.name} a rejoint la conversation." if french else f"{agent.name} has joined the conversation.",
    )
    return row


def notice_it(row: Conversation, at: datetime) -> None:
    """The agent who has a locked conversation shows that they know."""
    if row.noticed_at is None:
        row.noticed_at = at


def notice_own(session: Session, *, conversation: str, agent: str, at: datetime) -> bool:
    """The agent looks at a conversation: where it was given to them they know of it now. Whether that was new."""
    row = conversations.find(session, conversation)
    if row.state != "agent" or row.agent != agent or row.noticed_at is not None:
        return False
    row = conversations.lock(session, conversation)
    if row.state == "agent" and row.agent == agent:
        notice_it(row, at)
    return True


def reply(session: Session, *, conversation: str, agent: Agent, client_id: str, text: str, at: datetime) -> Message:
    """Sends the agent's words to the customer; the same `client_id` again sends nothing, whoever has it by then. Raises problems."""
    row = conversations.lock(session, conversation)
    known = conversations.message_by_client_id(session, conversation, _client_id(client_id))
    if known is not None and known.agent == agent.id:
        return known  # it came, and its answer was lost: not a word is said twice, nor refused though it stands there
    _check_owner(row, agent)
    notice_it(row, at)
    return conversations.speak(
        session, row, author="agent", at=at, text=_words(text), client_id=_client_id(client_id), agent=str(agent.id), agent_name=str(agent.name)
    )


def note(session: Session, *, conversation: str, agent: Agent, client_id: str, text: str, at: datetime) -> Message:
    """Keeps a note that only agents see; colleagues whom it names with `@` are told, and watch the conversation from then on."""
    row = conversations.lock(session, conversation)
    message = conversations.speak(
        session, row, author="agent", private=True, at=at, text=_words(text), client_id=_client_id(client_id), agent=str(agent.id),
        agent_name=str(agent.name),
    )
    news.tell_mentioned(session, message, agent, at)
    return message


def hand_back(session: Session, *, conversation: str, agent: Agent, at: datetime, agreed: str = "") -> Conversation:
    """The assistant has the conversation again; `agreed` is told to the customer and stays with the conversation."""
    row = _owned(session, conversation, agent)
    conversations.change_owner(session, row, state="bot", at=at)
    french = row.language == "fr"
    words = clean(agreed)[:1000]
    back = (
        "L'assistant reprend la conversation. Écrivez-lui ; un conseiller reste à portée de bouton." if french
        else "The assistant is back with you. Just write; an adviser is one button away."
    )
    if words:
        back = (f"Convenu avec {agent.name} : {words}" if french else f"Agreed with {agent.name}: {words}") + f"\n\n{back}"
    conversations.speak(session, row, author="system", at=at, text=back)
    return row


def resolve(session: Session, *, conversation: str, agent: Agent, at: datetime, outcome: str = RESULTS[0]) -> Conversation:
    """Ends the conversation, with how it ended (one of RESULTS); a new message of the customer opens it again."""
    if outcome not in RESULTS:
        raise invalid("unknown-outcome", f"{outcome[:20]!r} is no outcome; expected one of {', '.join(RESULTS)}.")
    row = conversations.lock(session, conversation)
    if row.state == "resolved":
        return row
    if row.state == "agent" and row.agent != agent.id:
        raise Problem("not-yours", 409, "Another agent has this conversation.")
    conversations.change_owner(session, row, state="resolved", at=at, outcome=outcome)
    conversations.speak(
        session, row, author="system", at=at,
        text="La conversation est close. Un nouveau message la rouvre." if row.language == "fr"
        else "The conversation is closed. A new message opens it again.",
    )
    return row


def _owned(session: Session, conversation: str, agent: Agent) -> Conversation:
    row = conversations.lock(session, conversation)
    _check_owner(row, agent)
    return row


def _check_owner(row: Conversation, agent: Agent) -> None:
    if row.state != "agent" or row.agent != agent.id:
        raise Problem("not-yours", 409, "Take the conversation first: it is not yours now.")


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
