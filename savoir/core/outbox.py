"""What must reach another system: written in the transaction that caused it, sent afterwards, tried again, and never dropped unsaid.

A crash between sending and noting it sends the item a second time: whoever sends derives an id from `Item.key`, so that it is recognised.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Optional, Sequence

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from .errors import Problem, not_found
from .tables import OutboxItem

OUTCOMES = Counter("savoir_outbox_total", "Attempts to send what is in the outbox", ["kind", "outcome"])
LEASE_SECONDS = 120.0
"""A claimed item is another process's again after this; longer than any attempt is let run."""


class Undeliverable(Exception):
    """The other side will never take it: no further attempt is made. Its text is kept with the item: no customer's words in it."""


@dataclass(frozen=True)
class Item:
    """A claimed item, as its handler gets it."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    conversation: Optional[str]
    attempt: int


def put(
    session: Session, *, kind: str, key: str, payload: dict[str, Any], at: datetime, conversation: Optional[str] = None,
    not_before: Optional[datetime] = None, until: Optional[datetime] = None,
) -> bool:
    """Writes an item (`payload`: JSON) to be sent once the caller's transaction is committed; whether it is new.

    The same `key` again changes nothing. `not_before` delays it; after `until` it is not worth sending any more.
    """
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    result = session.execute(
        insert(OutboxItem.__table__)
        .values(
            kind=kind, key=key, payload=payload, conversation=conversation, state="pending", attempts=0, next_attempt_at=not_before or at,
            until=until, created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def backoff(attempt: int) -> timedelta:
    """Wait before the next attempt: 5 s doubled each time, at most an hour, with jitter of a quarter."""
    return timedelta(seconds=min(5.0 * 2 ** min(attempt - 1, 12), 3600.0) * random.uniform(0.75, 1.25))


def is_due(session: Session, *, kinds: Sequence[str], at: datetime) -> bool:
    """Whether something could be sent now."""
    return session.execute(sa.select(OutboxItem.id).where(_ready(kinds, at)).limit(1)).first() is not None


def claim(session: Session, *, kinds: Sequence[str], by: str, at: datetime, limit: int, seconds: float = LEASE_SECONDS) -> list[Item]:
    """The next items of these kinds, now claimed by `by` for some seconds; what came too late is given up instead."""
    query = sa.select(OutboxItem).where(_ready(kinds, at)).order_by(OutboxItem.next_attempt_at, OutboxItem.id).limit(limit)
    claimed = []
    for row in session.execute(query.with_for_update(skip_locked=True)).scalars():
        if row.until is not None and row.until <= at:
            row.state, row.done_at, row.error, row.payload = "dead", at, "too late to be sent", {}
            row.claimed_by = row.claimed_until = None
            OUTCOMES.labels(row.kind, "late").inc()
            continue
        row.state, row.claimed_by, row.claimed_until = "sending", by, at + timedelta(seconds=seconds)
        row.attempts += 1
        claimed.append(Item(row.id, row.kind, row.key, row.payload, row.conversation, row.attempts))
    session.flush()
    return claimed


def mark_sent(session: Session, item: Item, *, by: str, at: datetime) -> bool:
    """Notes that the item was sent and drops its content; False where its claim had run out and somebody else has it."""
    row = _claimed(session, item, by)
    if row is None:
        return False
    row.state, row.done_at, row.payload, row.error, row.claimed_by, row.claimed_until = "sent", at, {}, None, None, None
    OUTCOMES.labels(item.kind, "sent").inc()
    return True


def mark_failed(session: Session, item: Item, error: str, *, by: str, at: datetime, attempts: int, is_final: bool = False) -> Optional[datetime]:
    """Notes a failed attempt. Returns when the next one is due; None when it was the last (or final, or no more ours)."""
    row = _claimed(session, item, by)
    if row is None:
        return None
    row.error, row.claimed_by, row.claimed_until = error[:200], None, None
    if is_final or row.attempts >= attempts:
        row.state, row.done_at = "dead", at
        OUTCOMES.labels(item.kind, "dead").inc()
        return None
    row.state, row.next_attempt_at = "pending", at + backoff(row.attempts)
    OUTCOMES.labels(item.kind, "retried").inc()
    return row.next_attempt_at  # type: ignore[no-any-return]


def release(session: Session, *, by: str) -> int:
    """Makes what a former life of this process had claimed free again; returns how many items."""
    result = session.execute(
        sa.update(OutboxItem).where(OutboxItem.state == "sending", OutboxItem.claimed_by == by)
        .values(state="pending", claimed_by=None, claimed_until=None).execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def retry(session: Session, id: int, at: datetime) -> None:
    """Makes a dead item pending again, with all its attempts. Raises a 404 problem, or 409 where it is not dead or came too late."""
    row = session.get(OutboxItem, id, populate_existing=True)
    if row is None:
        raise not_found("outbox item", id)
    if row.state != "dead" or (row.until is not None and row.until <= at):
        why = "is too late to be sent" if row.state == "dead" else f"is {row.state}"
        raise Problem("not-to-be-retried", 409, f"The item {id} {why}; only a dead one that is still worth sending can be tried again.")
    row.state, row.attempts, row.next_attempt_at, row.done_at, row.error = "pending", 0, at, None, None
    session.flush()


def dead(session: Session, *, limit: int = 100) -> list[OutboxItem]:
    """What was given up, newest first."""
    query = sa.select(OutboxItem).where(OutboxItem.state == "dead").order_by(OutboxItem.id.desc()).limit(limit)
    return list(session.execute(query).scalars())


def counts(session: Session) -> dict[str, int]:
    """How many items wait, are being sent, and were given up."""
    query = sa.select(OutboxItem.state, sa.func.count()).where(OutboxItem.state != "sent").group_by(OutboxItem.state)
    return {"pending": 0, "sending": 0, "dead": 0} | {row[0]: row[1] for row in session.execute(query)}


def forget(session: Session, *, conversations: Sequence[str] = (), address: Optional[str] = None) -> int:
    """Removes what these conversations put, and unsent mail to an address: for the erasure of a person. Returns how many items."""
    ids = set(session.execute(sa.select(OutboxItem.id).where(OutboxItem.conversation.in_(conversations))).scalars())
    if address:
        unsent = session.execute(sa.select(OutboxItem).where(OutboxItem.kind == "mail", OutboxItem.state != "sent")).scalars()
        ids |= {row.id for row in unsent if str(row.payload.get("to", "")).lower() == address.lower()}
    session.execute(sa.delete(OutboxItem).where(OutboxItem.id.in_(ids)).execution_options(synchronize_session="fetch"))
    return len(ids)


def _ready(kinds: Sequence[str], at: datetime) -> Any:
    return sa.and_(
        OutboxItem.kind.in_(kinds),
        sa.or_(
            sa.and_(OutboxItem.state == "pending", OutboxItem.next_attempt_at <= at),
            sa.and_(OutboxItem.state == "sending", OutboxItem.claimed_until <= at),
        ),
    )


def _claimed(session: Session, item: Item, by: str) -> Optional[OutboxItem]:
    row = session.get(OutboxItem, item.id, populate_existing=True, with_for_update=True)
    is_ours = row is not None and row.state == "sending" and row.claimed_by == by and row.attempts == item.attempt
    return row if is_ours else None
