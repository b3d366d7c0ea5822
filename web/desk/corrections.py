"""One click puts right what was understood, or tells what the assistant should have answered."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.learning import corrections

from .session import DeskRoute, changing, is_fragment
from .understood import assumed_of

router = APIRouter(route_class=DeskRoute)


@router.post("/desk/conversations/{conversation}/corrections")
async def correct(conversation: str, request: Request) -> Response:
    """Keeps `value` as the right one of `field`; for an answer of the assistant, `seq` is its place in the log."""
    asker = await changing(request)
    field, value, at = asker.field("field"), asker.field("value"), asker.the.clock()
    seq = int(asker.field("seq")) if asker.field("seq").isascii() and asker.field("seq").isdigit() and len(asker.field("seq")) < 9 else 0

    def work(session: Session) -> None:
        row = conversations.find(session, conversation)
        assumed = "" if field == "answer" else assumed_of(session, row, field, asker.words.language, at)
        corrections.correct(
            session, conversation=conversation, field=field, corrected=value, assumed=assumed, seq=seq, agent=str(asker.agent.id), at=at
        )

    await asker.the.write(work)
    asker.live.changed(conversation)
    return Response(status_code=204) if is_fragment(request) else RedirectResponse(f"/desk/conversations/{conversation}", 303)
