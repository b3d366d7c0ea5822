"""Conversations that change hands between people: passed on to a colleague or a queue, put off, taken back from who is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation
from savoir.core.errors import Problem, invalid, not_found

from . import news, routing
from .service import SUPERVISORS, Queue, note
from .tables import Agent

LONGEST_SNOOZE = timedelta(days=60)


def transfer(
    session: Session, queue: Queue, *, conversation: str, agent: Agent, to: str, client_id: str, at: datetime, words: str = ""
) -> Conversation:
    """Passes a conversation on, to `agent:ID` or `queue:NAME`, with a private note for who comes next; the same again changes nothing.

    One's own, or one that nobody has; a supervisor moves any. Raises problems: `not-yours`, an unknown goal (`unknown-goal`), an
    agent who can't (`agent-inactive`).
    """
    row = conversations.lock(session, conversation)
    kind, _, goal = to.partition(":")
    if (row.state, row.agent if kind == "agent" else row.queue) == ({"agent": "agent", "queue": "waiting"}.get(kind), goal):
        return row
    is_own, is_supervisor = row.state == "agent" and row.agent == agent.id, agent.role in SUPERVISORS
    if row.state == "agent" and not is_own and not is_supervisor:
        raise Problem("not-yours", 409, "Another agent has this conversation; only a supervisor can move it.")
    if kind == "queue" and goal in routing.QUEUES:
        _keep_words(session, row, agent, client_id, words, at)
        _to_queue(session, queue, row, agent, goal, at)
        return row
    target = session.get(Agent, goal) if kind == "agent" else None
    if target is None:
        raise invalid("unknown-goal", "Choose a colleague or a queue to pass the conversation on to.")
    if not target.is_active or target.role == "editor":
        raise Problem("agent-inactive", 409, f"{target.name} does not answer customers (any more); choose somebody else.")
    _keep_words(session, row, agent, client_id, words, at)
    former = row.agent if row.state == "agent" else None
    conversations.change_owner(session, row, state="agent", agent=goal, at=at, is_noticed=target.id == agent.id)
    said = conversations.speak(session, row, author="system", at=at, text=_passed_on(row, agent, target, former))
    if target.id != agent.id:
        news.tell(session, agent=goal, kind="passed", conversation=conversation, seq=said.seq, by=str(agent.name), at=at)
    if former and former not in (agent.id, target.id):
        news.tell(session, agent=former, kind="moved", conversation=conversation, seq=said.seq, by=str(agent.name), at=at)
    return row


def _to_queue(session: Session, queue: Queue, row: Conversation, agent: Agent, goal: str, at: datetime) -> None:
    former = row.agent if row.state == "agent" else None
    conversations.change_owner(session, row, state="waiting", queue=goal, at=at, keeps_place=row.state in ("waiting", "agent"), reason=row.reason or "other")
    name = routing.rules_of(session, goal).name("fr" if row.language == "fr" else "en")
    if queue.give(session, row, at, without=[str(agent.id)]) is None:
        before = f"Votre conversation passe à un autre service ({name})." if row.language == "fr" else f"Your conversation goes to another team ({name})."
        queue.tell(session, row, at, before=before)
    if former and former != agent.id:
        news.tell(session, agent=former, kind="moved", conversation=str(row.id), seq=row.last_seq, by=str(agent.name), at=at)


def requeue(session: Session, queue: Queue, row: Conversation, at: datetime, *, without: str = "") -> None:
    """Takes a locked conversation from an agent who is gone or takes no notice, and gives it to others; the customer keeps their place."""
    former = session.get(Agent, row.agent)
    conversations.change_owner(session, row, state="waiting", at=at, keeps_place=True, reason=row.reason or "other")
    name = str(former.name) if former is not None else ""
    if queue.give(session, row, at, without=[without] if without else ()) is None:
        gone = f"{name} n'est plus disponible." if row.language == "fr" else f"{name} is no longer available."
        queue.tell(session, row, at, before=gone if name else "")
    if former is not None:
        news.tell(session, agent=str(former.id), kind="missed", conversation=str(row.id), seq=row.last_seq, by="", at=at)


def snooze(session: Session, *, conversation: str, agent: Agent, at: datetime, until: Optional[datetime] = None) -> Conversation:
    """Puts one's own conversation off until a time or (none) until the customer answers. Raises problems: `not-yours`, `bad-time`."""
    row = conversations.lock(session, conversation)
    if row.state != "agent" or row.agent != agent.id:
        raise Problem("not-yours", 409, "Take the conversation first: it is not yours now.")
    if until is not None and not at < until <= at + LONGEST_SNOOZE:
        raise invalid("bad-time", f"A conversation can be put off until a time to come, within {LONGEST_SNOOZE.days} days.")
    conversations.snooze(session, row, at=at, until=until)
    return row


def wake(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """One's own conversation is no longer put off."""
    row = conversations.lock(session, conversation)
    if row.state == "agent" and row.agent == agent.id and row.snoozed_at is not None:
        conversations.wake(session, row, at=at)
    return row


def reopen(session: Session, *, conversation: str, agent: Agent, at: datetime) -> Conversation:
    """A closed or abandoned conversation is the agent's. Raises a 409 problem for any other."""
    row = conversations.lock(session, conversation)
    if row.state not in ("resolved", "abandoned"):
        raise Problem("not-closed", 409, "This conversation is open already.")
    conversations.change_owner(session, row, state="agent", agent=str(agent.id), at=at)
    conversations.speak(
        session, row, author="system", at=at,
        text=f"{agent.name} a rouvert la conversation." if row.language == "fr" else f"{agent.name} has opened the conversation again.",
    )
    return row


def ask_colleague(
    session: Session, *, conversation: str, agent: Agent, colleague: str, words: str, client_id: str, at: datetime
) -> Conversation:
    """Asks a colleague in a private note; they are told. Raises problems for an unknown colleague and for empty words."""
    other = session.get(Agent, colleague)
    if other is None or not other.is_active:
        raise not_found("colleague", colleague)
    note(session, conversation=conversation, agent=agent, client_id=client_id, text=f"@{other.name} {words.strip()}" if words.strip() else "", at=at)
    return conversations.lock(session, conversation)


def _keep_words(session: Session, row: Conversation, agent: Agent, client_id: str, words: str, at: datetime) -> None:
    if words.strip():
        note(session, conversation=str(row.id), agent=agent, client_id=client_id, text=words, at=at)


def _passed_on(row: Conversation, agent: Agent, target: Agent, former: Optional[str]) -> str:
    french = row.language == "fr"
    if target.id == agent.id:
        return f"{target.name} a rejoint la conversation." if french else f"{target.name} has joined the conversation."
    if former == agent.id:
        return f"{agent.name} confie votre conversation à {target.name}." if french else f"{agent.name} is passing you on to {target.name}."
    return f"{target.name} va vous répondre ici même." if french else f"{target.name} will answer you right here."
