"""What this room holds about a person, and its erasure: the call-backs promised in their conversations."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, records

from .desk_tables import HandoverFacts
from .tables import Callback


def export_of(session: Session, person: Person) -> Sections:
    """Call-backs, and what the assistant handed over to people."""
    calls = session.execute(sa.select(Callback).where(Callback.conversation.in_(person.conversations)).order_by(Callback.id)).scalars()
    facts = session.execute(
        sa.select(HandoverFacts).where(HandoverFacts.conversation.in_(person.conversations)).order_by(HandoverFacts.at)
    ).scalars()
    return {"callbacks": records(calls, "id", "place", "agent"), "handovers": records(facts)}


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases the call-backs: nobody will be called any more. What was handed over goes with its conversation."""
    session.flush()
    session.execute(
        sa.delete(Callback).where(Callback.conversation.in_(person.conversations)).execution_options(synchronize_session=False)
    )
