"""Whether agents answer now: available, busy or away, as they chose; away by themselves when their desk is not seen or they signed out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from savoir.core.errors import invalid

from .tables import PRESENCES, Agent, AgentPresence

AWAY_AFTER = timedelta(minutes=3)
SEEN_EVERY = timedelta(seconds=30)
"""A later sign is not written down before this has passed."""


def seen(session: Session, *, agent: str, at: datetime) -> bool:
    """The agent's desk is open and somebody uses it; whether they were away by themselves until now. New agents are available."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = session.execute(  # two windows may open at once
        insert(AgentPresence.__table__).values(agent=agent, chosen="available", chosen_at=at, seen_at=at).on_conflict_do_nothing()
    )
    row = session.get(AgentPresence, agent, with_for_update=True, populate_existing=True)
    if made.rowcount or row is None:  # type: ignore[attr-defined]
        return True
    was_away = row.left_at is not None or at - row.seen_at > AWAY_AFTER
    if row.left_at is not None:  # signed in again: whatever they chose last was for then
        row.chosen, row.chosen_at, row.left_at = "available", at, None
    row.seen_at = max(at, row.seen_at)
    session.flush()
    return was_away


def should_be_written(session: Session, *, agent: str, at: datetime) -> bool:
    """Whether a sign of the agent tells anything new."""
    row = session.get(AgentPresence, agent)
    return row is None or row.left_at is not None or at - row.seen_at >= SEEN_EVERY


def choose(session: Session, *, agent: str, presence: str, at: datetime) -> None:
    """The agent says what they are. Raises a 422 problem for what is none of `PRESENCES`."""
    if presence not in PRESENCES:
        raise invalid("unknown-presence", f"{presence[:20]!r} is no presence; expected one of {', '.join(PRESENCES)}.")
    seen(session, agent=agent, at=at)
    row = session.get(AgentPresence, agent)
    assert row is not None
    row.chosen, row.chosen_at = presence, at
    session.flush()


def leave(session: Session, *, agent: str, at: datetime) -> None:
    """The agent signed out, or their account was closed."""
    row = session.get(AgentPresence, agent, with_for_update=True)
    if row is not None and row.left_at is None:
        row.left_at = at
        session.flush()


def state_of(row: Optional[AgentPresence], at: datetime, away_after: timedelta = AWAY_AFTER) -> str:
    """What an agent is now."""
    if row is None or row.left_at is not None or at - row.seen_at > away_after:
        return "away"
    return str(row.chosen)


def presences(session: Session, at: datetime, away_after: timedelta = AWAY_AFTER) -> dict[str, str]:
    """What each agent is now who ever opened the desk; empty on an installation whose desk nobody has opened."""
    return {str(row.agent): state_of(row, at, away_after) for row in session.execute(sa.select(AgentPresence)).scalars()}


def gone_since(session: Session, at: datetime, away_after: timedelta = AWAY_AFTER) -> dict[str, datetime]:
    """Since when agents are gone by themselves: signed out, or not seen any more, or no agents any more. Who chose to be away is there."""
    rows = session.execute(sa.select(AgentPresence, Agent.is_active).join(Agent, Agent.id == AgentPresence.agent))
    gone: dict[str, datetime] = {}
    for row, is_active in rows:
        if row.left_at is not None:
            gone[str(row.agent)] = row.left_at
        elif not is_active or at - row.seen_at > away_after:
            gone[str(row.agent)] = row.seen_at
    return gone
