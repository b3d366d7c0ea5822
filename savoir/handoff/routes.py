"""Hand-over over HTTP: the customer's "talk to a person", which works even when the assistant does not."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.routes import authorise
from savoir.conversations.view import state_json

from .service import Queue

router = APIRouter(prefix="/chat", tags=["chat"])


@router.post("/conversations/{conversation}/handoff", status_code=202)
async def hand_over(conversation: str, request: Request) -> dict[str, Any]:
    """Gives the conversation to people; the state after it."""
    the = authorise(request, conversation)
    at = the.clock()

    def work(session: Session) -> dict[str, Any]:
        row = conversations.lock(session, conversation)
        Queue.of(the.settings, the.hours).hand_over(session, row, {"reason": "asked"}, at)
        return state_json(the, session, row)

    state = await the.write(work)
    request.app.state.live.changed(conversation)
    return state
