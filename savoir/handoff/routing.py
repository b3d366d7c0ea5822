"""Which queue a matter belongs to, who can answer it, and who gets it: the least loaded of those who are available and can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Collection, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation
from savoir.tickets import service as tickets

from . import presence
from .tables import ASSIGNMENTS, Agent, AgentPresence, QueueSettings

QUEUES: dict[str, tuple[str, str]] = {
    "care": ("Service client", "Customer care"), "technical": ("Support technique", "Technical support"),
    "orders": ("Commandes et facturation", "Orders and billing"), "repairs": ("Réparations", "Repairs"),
    "trust": ("Sécurité, fraude, données", "Safety, fraud and privacy"), "triage": ("À trier", "To be sorted"),
}
"""The queues of the product's vocabulary, with the names that customers read in French and English."""
QUEUE_OF_REASON = {"safety": "trust", "fraud": "trust", "complaint": "care"}
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Rules:
    """How a queue works."""

    queue: str
    name_fr: str
    name_en: str
    assignment: str = ASSIGNMENTS[0]
    notice_minutes: Optional[float] = None
    opening_hours: Optional[str] = None
    holidays: Optional[str] = None

    def name(self, language: str) -> str:
        """What customers and agents call it."""
        return self.name_fr if language == "fr" else self.name_en


def rules_of(session: Session, queue: Optional[str]) -> Rules:
    """How a queue works; one that there is not works as customer care."""
    known = str(queue) if queue in QUEUES else "care"
    row = session.get(QueueSettings, known)
    french, english = QUEUES[known]
    if row is None:
        return Rules(known, french, english)
    return Rules(
        known, row.name_fr or french, row.name_en or english, str(row.assignment), row.notice_minutes, row.opening_hours, row.holidays
    )


def all_rules(session: Session) -> list[Rules]:
    """Every queue."""
    return [rules_of(session, queue) for queue in QUEUES]


def queue_for(session: Session, row: Conversation, effect: dict[str, Any]) -> str:
    """The queue of a hand-over: that of danger and fraud, the one that is asked for, that of what it is about, else customer care.

    `effect` may name a `queue` or a `category`; else the newest ticket of the conversation tells what it is about.
    """
    by_reason = QUEUE_OF_REASON.get(str(effect.get("reason")))
    if by_reason:
        return by_reason
    if effect.get("queue") in QUEUES:
        return str(effect["queue"])
    if effect.get("category"):
        return str(tickets.queue_of(str(effect["category"])))
    opened = tickets.of_conversation(session, str(row.id))
    newest = max(opened, key=lambda ticket: ticket.created_at, default=None)
    return str(newest.queue) if newest is not None and newest.queue in QUEUES else "care"


def knows(agent: Agent, queue: Optional[str]) -> bool:
    """Whether the queue's matters are theirs."""
    return agent.queues is None or queue in agent.queues


def speaks(agent: Agent, language: str) -> bool:
    """Whether they answer in that language."""
    return agent.languages is None or language in agent.languages


def able(session: Session, queue: Optional[str], language: str) -> list[Agent]:
    """Active agents who can answer: in the language, or, if nobody can, those who know the queue; if nobody does, all."""
    agents = list(session.execute(sa.select(Agent).where(Agent.is_active.is_(True), Agent.role != "editor")).scalars())
    of_queue = [agent for agent in agents if knows(agent, queue)]
    return [agent for agent in of_queue if speaks(agent, language)] or of_queue or agents


def loads(session: Session) -> dict[str, int]:
    """How many conversations each agent has to answer; what is put off does not count."""
    query = (
        sa.select(Conversation.agent, sa.func.count()).where(Conversation.state == "agent", Conversation.snoozed_at.is_(None))
        .group_by(Conversation.agent)
    )
    return {str(agent): int(count) for agent, count in session.execute(query)}


def choose(
    session: Session, row: Conversation, at: datetime, *, away_after: timedelta = presence.AWAY_AFTER, without: Collection[str] = ()
) -> Optional[Agent]:
    """Who gets a waiting conversation: available, able, below their capacity, and the least loaded for it; of equals, who got none for longest.

    Their presence is locked: two conversations at once can't fill one place. Call with the conversation locked.
    """
    states, load = presence.presences(session, at, away_after), loads(session)
    free = [
        agent for agent in able(session, row.queue, str(row.language))
        if states.get(str(agent.id)) == "available" and load.get(str(agent.id), 0) < agent.capacity and agent.id not in without
    ]
    since = _last_given(session, [str(agent.id) for agent in free])
    free.sort(key=lambda agent: (load.get(str(agent.id), 0) / agent.capacity, since.get(str(agent.id), ""), agent.id))
    for agent in free:
        locked = session.get(AgentPresence, agent.id, with_for_update=True, populate_existing=True)
        if presence.state_of(locked, at, away_after) == "available" and loads(session).get(str(agent.id), 0) < agent.capacity:
            return agent
    return None


def _last_given(session: Session, agents: Collection[str]) -> dict[str, str]:
    query = (
        sa.select(Conversation.agent, sa.func.max(Conversation.taken_at))
        .where(Conversation.agent.in_(agents), Conversation.state == "agent").group_by(Conversation.agent)
    )
    return {str(agent): str(at) for agent, at in session.execute(query)}


def people_at(session: Session, row: Conversation, at: datetime, away_after: timedelta = presence.AWAY_AFTER) -> list[Agent]:
    """Who is there now and can answer, busy ones too."""
    states = presence.presences(session, at, away_after)
    return [agent for agent in able(session, row.queue, str(row.language)) if states.get(str(agent.id), "away") != "away"]


def is_everybody_away(session: Session, row: Conversation, at: datetime, away_after: timedelta = presence.AWAY_AFTER) -> bool:
    """Whether nobody who can answer is there; false where no desk was ever opened, for then nothing is known."""
    states = presence.presences(session, at, away_after)
    return bool(states) and not people_at(session, row, at, away_after)


def rivals(session: Session, queue: Optional[str]) -> Optional[set[str]]:
    """The queues whose people answer this one too, so whose customers may come before; None for all."""
    agents = list(session.execute(sa.select(Agent.queues).where(Agent.is_active.is_(True), Agent.role != "editor")).scalars())
    serving = [queues for queues in agents if queues is None or queue in queues]
    if not serving or any(queues is None for queues in serving):
        return None
    return {name for queues in serving for name in queues or ()}


def position(session: Session, row: Conversation) -> int:
    """Place among those whom the same people answer, 1 for the next; 0 when not waiting."""
    return conversations.position(session, row, rivals(session, row.queue))


def change_rules(session: Session, rules: Rules) -> Rules:
    """Keeps how a queue works; what it was before. Values are checked by the caller."""
    before = rules_of(session, rules.queue)
    row = session.get(QueueSettings, rules.queue) or QueueSettings(queue=rules.queue)
    row.name_fr, row.name_en = rules.name_fr, rules.name_en
    row.assignment, row.notice_minutes = rules.assignment, rules.notice_minutes
    row.opening_hours, row.holidays = rules.opening_hours, rules.holidays
    session.add(row)
    session.flush()
    return before
