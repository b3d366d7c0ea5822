"""Which conversations are in which state, who waits before whom, and how long others waited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Collection, Optional, Sequence, Union

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .tables import STATES, Conversation, Message

URGENT = ("safety", "fraud")
"""Reasons of hand-over that go before all others in the queue."""


def in_state(
    session: Session, state: Union[str, Sequence[str]], *, agent: Optional[str] = None, not_agent: Optional[str] = None, limit: int = 100, with_empty: bool = False
) -> list[Conversation]:
    """Conversations in a state (or one of several) in which something was said: those that wait longest first (the urgent before all), others newest first.

    `agent` and `not_agent` keep to one agent's and to all others'; `with_empty` adds those in which nothing was said.
    """
    query = sa.select(Conversation).where(Conversation.state.in_([state] if isinstance(state, str) else state))
    if not with_empty:
        query = query.where(Conversation.last_seq > 0)
    if agent is not None:
        query = query.where(Conversation.agent == agent)
    if not_agent is not None:
        query = query.where(Conversation.agent != not_agent)
    order = (_urgent_first(), Conversation.waiting_since) if state == "waiting" else (Conversation.updated_at.desc(),)
    return list(session.execute(query.order_by(*order).limit(limit)).scalars())


def count_states(session: Session, agent: str) -> dict[str, int]:
    """How many conversations there are in each state, with `mine` for the agent's own (which `agent` counts too)."""
    own = sa.case((Conversation.agent == agent, 1), else_=0)
    query = (
        sa.select(Conversation.state, sa.func.count(), sa.func.sum(own)).where(Conversation.last_seq > 0).group_by(Conversation.state)
    )
    counts = dict.fromkeys(STATES, 0) | {"mine": 0}
    for state, number, mine in session.execute(query):
        counts[state] = number
        if state == "agent":
            counts["mine"] = int(mine or 0)
    return counts


def last_messages(session: Session, conversations: Sequence[str]) -> dict[str, Message]:
    """What was said last in each conversation by a person or the assistant, private notes left out."""
    newest = (
        sa.select(sa.func.max(Message.id))
        .where(Message.conversation.in_(conversations), Message.private.is_(False), Message.author != "system")
        .group_by(Message.conversation)
    )
    return {m.conversation: m for m in session.execute(sa.select(Message).where(Message.id.in_(newest))).scalars()}


def position(session: Session, row: Conversation, queues: Optional[Collection[str]] = None) -> int:
    """Place among those who wait (in these queues only, where given), 1 for the next to be taken; 0 when not waiting."""
    if row.state != "waiting":
        return 0
    rank = 0 if row.reason in URGENT else 1
    ahead = sa.select(sa.func.count()).where(
        Conversation.state == "waiting",
        sa.or_(_urgent_first() < rank, sa.and_(_urgent_first() == rank, Conversation.waiting_since < row.waiting_since)),
    )
    if queues is not None:
        ahead = ahead.where(Conversation.queue.in_(queues))
    return int(session.execute(ahead).scalar_one()) + 1


def _urgent_first() -> Any:
    return sa.case((Conversation.reason.in_(URGENT), 0), else_=1)


def waits(session: Session, *, since: datetime, limit: int = 100) -> list[tuple[datetime, float]]:
    """When those began to wait whom an agent took since then, and how many seconds they waited; newest first, the urgent left out."""
    query = (
        sa.select(Conversation.waiting_since, Conversation.waited_seconds)
        .where(Conversation.taken_at >= since, Conversation.waited_seconds.isnot(None), Conversation.reason.notin_(URGENT))
        .order_by(Conversation.taken_at.desc()).limit(limit)
    )
    return [(begun, float(seconds)) for begun, seconds in session.execute(query)]


def first_waiting_since(session: Session, before: datetime) -> Optional[datetime]:
    """Since when the first of those waits who are not urgent and began before then."""
    query = sa.select(sa.func.min(Conversation.waiting_since)).where(
        Conversation.state == "waiting", Conversation.waiting_since < before, _urgent_first() == 1
    )
    found = session.execute(query).scalar_one()
    return found  # type: ignore[no-any-return]


def customer_waits(session: Session, conversation: str) -> bool:
    """Whether the last word that customer or agent said is the customer's."""
    query = (
        sa.select(Message.author).where(Message.conversation == conversation, Message.private.is_(False), Message.author.in_(("customer", "agent")))
        .order_by(Message.seq.desc()).limit(1)
    )
    return bool(session.execute(query).scalar_one_or_none() == "customer")
