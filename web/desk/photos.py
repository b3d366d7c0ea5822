"""A photo that the agent sends to the customer, with or without words."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from savoir.conversations import service as conversations
from savoir.conversations.attachments import describe
from savoir.conversations.photos import clean_photo
from savoir.core.errors import Problem, invalid
from savoir.core.text import clean
from savoir.handoff import canned

from .assist import note_use
from .session import DeskRoute, check_origin, prove

router = APIRouter(route_class=DeskRoute)


@router.post("/desk/conversations/{conversation}/photo")
async def send(conversation: str, request: Request) -> Response:
    """Sends `file` with `text`; the same `client_id` twice is one message."""
    check_origin(request)
    form, content = await _form(request, request.app.state.context.settings.photo_bytes)
    asker = await prove(request, form)
    photo = await asyncio.get_running_loop().run_in_executor(None, clean_photo, content, asker.the.settings.photo_bytes)
    text, client_id, at = clean(asker.field("text")), asker.field("client_id"), asker.the.clock()
    gap = canned.gap_in(text)
    if gap:
        raise Problem("gap-left", 422, f"Fill in {gap} first.", gap=gap)
    if len(text) > 10_000:
        raise invalid("message-too-long", "The text has more than the 10000 characters that are taken.", limit=10_000)
    if not client_id or len(client_id) > 70:
        raise invalid("bad-message-id", "A message needs a `client_id` of 1 to 70 characters.")

    def work(session: Session) -> None:
        row = conversations.lock(session, conversation)
        if row.state != "agent" or row.agent != asker.agent.id:
            raise Problem("not-yours", 409, "Take the conversation first: it is not yours now.")
        if conversations.known_seq(session, conversation, f"agent:{client_id}") is not None:
            return
        attachment = conversations.add_attachment(
            session, conversation=conversation, content_type=photo.content_type, width=photo.width, height=photo.height, content=photo.content, at=at
        )
        message = conversations.speak(
            session, row, author="agent", at=at, text=text, client_id=f"agent:{client_id}", agent=str(asker.agent.id),
            agent_name=str(asker.agent.name),
        )
        message.attachments = [describe(session, conversation, attachment)]
        note_use(session, asker, conversation, text)

    await asker.the.write(work)
    asker.live.changed(conversation)
    asker.live.publish(conversation, "typing", author="agent", on=False)
    return Response(status_code=204)


async def _form(request: Request, most_bytes: int) -> tuple[FormData, bytes]:
    too_large = Problem("photo-too-large", 413, f"The photo is larger than the {most_bytes:,} bytes that are taken.", limit=most_bytes)
    try:
        length = int(request.headers.get("content-length", ""))
    except ValueError:
        raise too_large from None
    if length > most_bytes + 65_536 or "chunked" in request.headers.get("transfer-encoding", "").lower():
        raise too_large
    form = await request.form(max_files=1, max_fields=20)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise invalid("photo-missing", "The form has no `file`; expected a photo.")
    return form, await file.read(most_bytes + 1)
