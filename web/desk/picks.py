"""Articles that agents answer with: a reply that links to one tells which article answers the customer's question."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.handoff import package
from savoir.knowledge import feedback

from .session import Asker

_LINK = re.compile(r"/help/(fr|en)/([a-z0-9]+(?:-[a-z0-9]+)*)")


def note_picks(session: Session, asker: Asker, conversation: str, text: str, client_id: str) -> None:
    """Keeps the customer's question with each article that the reply links to, for editors; the same `client_id` twice keeps nothing twice."""
    found = dict.fromkeys((article, language) for language, article in _LINK.findall(text))
    if not found:
        return
    row, at = conversations.find(session, conversation), asker.the.clock()
    asked = package.build(session, row, language=asker.words.language, at=at).question
    for article, language in found:
        feedback.picked(
            session, key=f"{client_id[:70]}:{article}", question=asked, language=str(row.language), article=article, article_language=language,
            agent=str(asker.agent.id), at=at, conversation=conversation, customer=str(row.customer) if row.customer else None,
        )
