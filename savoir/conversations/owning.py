"""Who has a conversation: the one way in which its owner changes, what an owner puts off, and how long agents had it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Collection, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .ratings import should_offer_rating
from .tables import Conversation, Handling, Turn


def change_owner(
    session: Session, row: Conversation, *, state: str, at: datetime, agent: Optional[str] = None, queue: Optional[str] = None,
    reason: Optional[str] = None, keeps_place: bool = False, is_noticed: bool = True, outcome: Optional[str] = None,
) -> None:
    """Gives a locked conversation to its next owner; turns of the assistant that still run are thereby void.

    `keeps_place`: the time that they waited before counts. `is_noticed`: the agent knows; false where it was given to them.
    """
    if (state == "agent") != (agent is not None):
        raise ValueError(f"the owner of a conversation in state {state!r} can't be agent {agent!r}")
    was, row.epoch, row.updated_at, row.reminded_at = row.state, row.epoch + 1, at, None
    if was == "agent":
        _note_handling(session, row, at=at, next=state)
    row.state, row.agent, row.snoozed_at, row.snoozed_until = state, agent, None, None
    row.queue, row.outcome = queue or row.queue, outcome
    if state == "waiting":
        if not (keeps_place and was == "waiting"):
            row.waiting_since = at - timedelta(seconds=row.waited_seconds or 0) if keeps_place else at
        row.reason, row.told = reason or row.reason, None
    elif state == "agent":
        row.taken_at, row.snoozed_seconds, row.noticed_at = at, 0, at if is_noticed else None
        row.waited_seconds = int((at - row.waiting_since).total_seconds()) if was == "waiting" else None
    elif state == "resolved":
        row.resolved_at = at
        if should_offer_rating(session, row.id):
            row.rating_offered_at = at
    session.execute(
        sa.update(Turn)
        .where(Turn.conversation == row.id, Turn.state == "pending")
        .values(state="dropped", done_at=at)
        .execution_options(synchronize_session=False)
    )
    session.flush()


def snooze(session: Session, row: Conversation, *, at: datetime, until: Optional[datetime]) -> None:
    """Puts an agent's conversation off, until a time or (none) until the customer writes. A locked row."""
    if row.snoozed_at is not None:
        wake(session, row, at=at)
    row.snoozed_at, row.snoozed_until = at, until
    session.flush()


def wake(session: Session, row: Conversation, *, at: datetime) -> None:
    """Ends what `snooze` began. A locked row."""
    row.snoozed_seconds = (row.snoozed_seconds or 0) + max(0, int((at - row.snoozed_at).total_seconds()))
    row.snoozed_at = row.snoozed_until = None
    session.flush()


def _note_handling(session: Session, row: Conversation, *, at: datetime, next: str) -> None:
    if row.snoozed_at is not None:
        wake(session, row, at=at)
    taken = row.taken_at or at
    seconds = max(0, int((at - taken).total_seconds()) - (row.snoozed_seconds or 0))
    session.add(Handling(conversation=row.id, agent=row.agent, queue=row.queue, taken_at=taken, left_at=at, seconds=seconds, next=next))


def customer_is_here(session: Session, conversation: str) -> None:
    """The customer's chat is open (again)."""
    session.execute(
        sa.update(Conversation).where(Conversation.id == conversation, Conversation.customer_left_at.isnot(None)).values(customer_left_at=None)
        .execution_options(synchronize_session=False)
    )


def customer_has_left(session: Session, conversation: str, at: datetime) -> None:
    """The last window with the customer's chat is closed."""
    session.execute(
        sa.update(Conversation).where(Conversation.id == conversation).values(customer_left_at=at).execution_options(synchronize_session=False)
    )


def handling_seconds(session: Session, *, since: datetime, queues: Optional[Collection[str]] = None, limit: int = 200) -> list[float]:
    """How long agents had the conversations that they finished since then (of these queues), newest first; none that only passed through."""
    query = sa.select(Handling.seconds).where(Handling.left_at >= since, Handling.next.in_(("resolved", "bot"))).order_by(Handling.left_at.desc())
    if queues is not None:
        query = query.where(Handling.queue.in_(queues))
    return [float(seconds) for seconds in session.execute(query.limit(limit)).scalars()]
