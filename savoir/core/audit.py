"""The audit log: who changed what and when, with what it was before and is after. Written in the transaction of the change itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .tables import AuditEvent

SECRET = ("password", "token", "csrf")
"""Members whose values are never written down: only that they changed."""


def note_change(
    session: Session, *, actor: Optional[str], actor_name: str, action: str, kind: str, subject: str, at: datetime,
    before: Optional[Mapping[str, Any]] = None, after: Optional[Mapping[str, Any]] = None,
) -> Optional[AuditEvent]:
    """Writes a change down; where both `before` and `after` are given, only the members that differ, and nothing when none does.

    `actor` is the id of who did it, none for the command line; `action` a verb (`invite`, `change`, `deactivate`); `kind` and
    `subject` name the thing. Values become JSON; those of secrets are left out.
    """
    old, new = _json(before), _json(after)
    if old is not None and new is not None:
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if not names:
            return None
        old, new = {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
    event = AuditEvent(
        at=at, actor=actor, actor_name=actor_name[:80], action=action, kind=kind, subject=subject[:60], before=_masked(old), after=_masked(new)
    )
    session.add(event)
    session.flush()
    return event


def changes(
    session: Session, *, limit: int = 50, before: Optional[int] = None, kind: Optional[str] = None, subject: Optional[str] = None,
    actor: Optional[str] = None,
) -> list[AuditEvent]:
    """What was written down, newest first; `before` is the id after which (older) to go on."""
    query = sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    for column, value in ((AuditEvent.kind, kind), (AuditEvent.subject, subject), (AuditEvent.actor, actor)):
        if value:
            query = query.where(column == value)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return list(session.execute(query).scalars())


def _json(values: Optional[Mapping[str, Any]]) -> Optional[dict[str, Any]]:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, (date, datetime)) else value for name, value in values.items()}


def _masked(values: Optional[dict[str, Any]]) -> Optional[dict[str, Any]]:
    return None if values is None else {name: "•••" if name in SECRET and value else value for name, value in values.items()}
