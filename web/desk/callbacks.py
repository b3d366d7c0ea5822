"""The call-backs' page: who is to be called when and about what, a button when it is done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.errors import not_found
from savoir.handoff import callbacks

from .lists import agent_names, customer_name, short_id
from .pages import frame
from .session import DeskRoute, changing, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)


@router.get("/desk/callbacks")
async def listing(request: Request, show: str = "open", done: int = 0) -> Response:
    """Calls that were promised, the next first, or those that were made; `done` is the call that was just ticked off."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        found = callbacks.callbacks_made(session) if show == "done" else callbacks.callbacks_to_make(session)
        names = {call.id: customer_name(session, conversations.find(session, call.conversation)) or short_id(call.conversation) for call in found}
        numbers = {call.id: callbacks.phone_words(str(call.phone)) for call in found}
        return {"callbacks": found, "names": names, "numbers": numbers, "agents": agent_names(session)}

    values = await asker.the.read(work)
    return render("callbacks", asker.words, show="done" if show == "done" else "open", just_done=done, **values, **frame(asker))


@router.post("/desk/callbacks/{callback}/done")
async def finish(callback: str, request: Request) -> Response:
    """The call was made."""
    asker = await changing(request)
    if not callback.isascii() or not callback.isdigit() or len(callback) > 9:
        raise not_found("call-back", callback)
    at = asker.the.clock()
    await asker.the.write(lambda s: callbacks.finish_callback(s, callback=int(callback), agent=asker.agent, at=at))
    return RedirectResponse(f"/desk/callbacks?done={callback}", 303)
