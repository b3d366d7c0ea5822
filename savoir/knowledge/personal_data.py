"""What this room holds about a person, and its erasure: the questions they asked of the articles. A sample question that an editor made of one
is masked, belongs to the article and stays."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.personal_data import Person, Sections, records

from .feedback_tables import AskedQuestion


def export_of(session: Session, person: Person) -> Sections:
    """Questions, and whether the answer helped."""
    query = sa.select(AskedQuestion).where(AskedQuestion.conversation.in_(person.conversations)).order_by(AskedQuestion.id)
    without = ("id", "encoder", "vector", "agent", "review", "review_article", "reviewed_by", "reviewed_at")
    return {"asked_questions": records(session.execute(query).scalars(), *without)}


def erase(session: Session, person: Person, at: datetime) -> None:
    """Erases the questions."""
    session.flush()
    session.execute(
        sa.delete(AskedQuestion).where(AskedQuestion.conversation.in_(person.conversations)).execution_options(synchronize_session=False)
    )
    session.expire_all()
