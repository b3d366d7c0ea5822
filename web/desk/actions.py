"""What agents do with a conversation. Scripts get 204 and fetch the news; a browser without scripts is sent back to the page."""

from __future__ import annotations

from typing import Any, Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.errors import Problem
from savoir.handoff import accounts, canned
from savoir.handoff import service as handoff

from .assist import note_use
from .language import LANGUAGES, N_
from .lists import agent_names
from .picks import note_picks
from .session import Asker, DeskRoute, changing, is_fragment, local_path

router = APIRouter(route_class=DeskRoute)
TAKEN_BY = N_("%(name)s has taken this conversation before you.")
NOT_YOURS_BUT = N_("This conversation is with %(name)s now. Your text is kept here.")


@router.post("/desk/conversations/{conversation}/take")
async def take(conversation: str, request: Request) -> Response:
    """The conversation is the agent's."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: handoff.take(s, conversation=conversation, agent=asker.agent, at=at))


@router.post("/desk/conversations/{conversation}/hand-back")
async def hand_back(conversation: str, request: Request) -> Response:
    """The conversation is the assistant's again."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: handoff.hand_back(s, conversation=conversation, agent=asker.agent, at=at))


@router.post("/desk/conversations/{conversation}/resolve")
async def resolve(conversation: str, request: Request) -> Response:
    """The conversation is closed."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: handoff.resolve(s, conversation=conversation, agent=asker.agent, at=at))


@router.post("/desk/conversations/{conversation}/reply")
async def reply(conversation: str, request: Request) -> Response:
    """Sends `text` to the customer; the same `client_id` twice is one message."""
    asker = await changing(request)
    at, text = asker.the.clock(), asker.field("text")
    gap = canned.gap_in(text)
    if gap:
        raise Problem("gap-left", 422, f"Fill in {gap} first.", gap=gap)

    def work(session: Session) -> None:
        handoff.reply(session, conversation=conversation, agent=asker.agent, client_id=asker.field("client_id"), text=text, at=at)
        note_use(session, asker, conversation, text)
        note_picks(session, asker, conversation, text, asker.field("client_id"))

    answer = await _do(request, asker, conversation, work)
    asker.live.publish(conversation, "typing", author="agent", on=False)
    return answer


@router.post("/desk/conversations/{conversation}/note")
async def note(conversation: str, request: Request) -> Response:
    """Keeps `text` as a note that only agents see; the same `client_id` twice is one note."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(
        request, asker, conversation,
        lambda s: handoff.note(
            s, conversation=conversation, agent=asker.agent, client_id=asker.field("client_id"), text=asker.field("text"), at=at
        ),
    )


@router.post("/desk/language")
async def language(request: Request) -> Response:
    """The agent's language, kept."""
    asker = await changing(request)
    wanted = asker.field("language")
    if wanted in LANGUAGES:

        await asker.the.write(lambda s: accounts.set_language(s, agent=str(asker.agent.id), language=wanted))
    return RedirectResponse(local_path(asker.field("back")), 303)


async def _do(request: Request, asker: Asker, conversation: str, work: Callable[[Session], Any]) -> Response:
    """Does it, tells whoever looks, and answers; a refusal names the colleague who has the conversation."""
    def both(session: Session) -> set[str]:
        work(session)
        return handoff.told(session)

    try:
        told = await asker.the.write(both)
    except Problem as problem:
        if problem.code in ("already-taken", "not-yours"):
            raise await _named(asker, conversation, problem) from None
        raise
    asker.live.changed(conversation)
    for agent in told:
        asker.live.publish(f"agent:{agent}", "told")
    if is_fragment(request):
        return Response(status_code=204)
    return RedirectResponse(f"/desk/conversations/{conversation}", 303)


async def _named(asker: Asker, conversation: str, problem: Problem) -> Problem:
    def owner(session: Session) -> str:
        row = conversations.find(session, conversation)
        return agent_names(session).get(row.agent or "", "") if row.state == "agent" and row.agent != asker.agent.id else ""

    name = await asker.the.read(owner)
    if not name:
        return problem
    known = {"already-taken": TAKEN_BY, "not-yours": NOT_YOURS_BUT}[problem.code]
    return Problem(problem.code, problem.status, problem.detail, sentence=asker.words.gettext(known) % {"name": name})
