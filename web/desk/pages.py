"""The desk's pages and the fragments that keep them up to date."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation
from savoir.core.security import new_id
from savoir.learning import corrections

from . import lists, thread, understood
from .language import LANGUAGES
from .session import Asker, DeskRoute, is_fragment, signed_in
from .stream import HEARTBEAT_SECONDS
from .templates import render

router = APIRouter(route_class=DeskRoute)


@router.get("/desk")
async def desk(request: Request, list: str = "waiting") -> Response:
    """The desk, no conversation chosen."""
    asker = await signed_in(request)
    chosen = list if list in lists.LISTS else "waiting"
    found = await asker.the.read(lambda s: lists.read_lists(s, asker.agent, chosen))
    return render("desk", asker.words, lists=found, selected="", **frame(asker))


@router.get("/desk/lists")
async def lists_fragment(request: Request, list: str = "waiting", selected: str = "") -> Response:
    """The lists alone."""
    asker = await signed_in(request)
    chosen = list if list in lists.LISTS else "waiting"
    found = await asker.the.read(lambda s: lists.read_lists(s, asker.agent, chosen))
    return render("lists", asker.words, lists=found, selected=selected, now=asker.the.clock())


@router.get("/desk/conversations/{conversation}")
async def conversation(conversation: str, request: Request, list: str = "") -> Response:
    """One conversation: the whole page to a browser, the thread and the customer's card to the page's script."""
    asker = await signed_in(request)
    zone = asker.the.hours.zone

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        head = thread.read_head(session, row, asker.agent)
        values = {"head": head, "log": thread.read_newest(session, row, zone), **_context(session, row, asker)}
        if not is_fragment(request):
            values["lists"] = lists.read_lists(session, asker.agent, list if list in lists.LISTS else head.home)
        return values

    values = await asker.the.read(work)
    return render("conversation" if is_fragment(request) else "desk", asker.words, selected=conversation, **values, **frame(asker))


@router.get("/desk/conversations/{conversation}/news")
async def news(conversation: str, request: Request, after: int = 0) -> Response:
    """The log after `after`, with the head, the composer's notice and the card as they are now."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        return {
            "head": thread.read_head(session, row, asker.agent), **_context(session, row, asker),
            "log": thread.read_log(session, row, asker.the.hours.zone, after=max(0, after)),
        }

    return render("news", asker.words, **await asker.the.read(work), **frame(asker))


@router.get("/desk/conversations/{conversation}/earlier")
async def earlier(conversation: str, request: Request, before: int) -> Response:
    """The log before `before`."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        wrong = {int(c.seq): str(c.corrected) for c in corrections.corrections_of(session, conversation) if c.seq}
        return {"log": thread.read_earlier(session, row, asker.the.hours.zone, before=before), "row": row, "wrong": wrong}

    return render("earlier", asker.words, **await asker.the.read(work), **frame(asker))


@router.get("/desk/conversations/{conversation}/attachments/{attachment}")
async def attachment(conversation: str, attachment: str, request: Request) -> Response:
    """A photo of a conversation."""
    asker = await signed_in(request)
    row = await asker.the.read(lambda s: conversations.attachment(s, conversation=conversation, attachment_id=attachment))
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(row.content, media_type=row.content_type, headers=headers)


def _context(session: Session, row: Conversation, asker: Asker) -> dict[str, Any]:
    """What stands beside the thread: the hand-over package with what was corrected, and the customer's card."""
    at = asker.the.clock()
    found = understood.read_understood(session, row, asker.words, at)
    return {"card": thread.read_card(session, row, at), "understood": found, "wrong": found.wrong}


def frame(asker: Asker) -> dict[str, Any]:
    """What every page needs."""
    at, zone = asker.the.clock(), asker.the.hours.zone
    return {
        "agent": asker.agent, "csrf": asker.csrf, "firm": asker.the.settings.firm, "languages": LANGUAGES, "now": at, "zone": zone,
        "today": thread.today(at, zone), "heartbeat": HEARTBEAT_SECONDS, "reply_id": new_id(), "note_id": new_id(),
    }
