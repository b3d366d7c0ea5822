"""The tickets' pages: the list by state, and one ticket with its history, its state to change and a note to add."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.tickets import service as tickets

from .pages import frame
from .session import DeskRoute, changing, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)
OPEN = ("new", "open", "pending_customer", "pending_third_party")
DONE = ("solved", "closed")


@router.get("/desk/tickets")
async def listing(request: Request, show: str = "open") -> Response:
    """Tickets that somebody must work on, or those that are done."""
    asker = await signed_in(request)
    shown = DONE if show == "done" else OPEN
    found = await asker.the.read(lambda s: tickets.in_states(s, shown))
    return render("tickets", asker.words, tickets=found, show="done" if show == "done" else "open", **frame(asker))


@router.get("/desk/tickets/{number}")
async def page(number: str, request: Request) -> Response:
    """One ticket."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        ticket = tickets.by_number(session, number)
        return {
            "ticket": ticket, "history": tickets.history(session, ticket), "photos": tickets.photos_of(session, ticket),
            "earlier": tickets.earlier(session, ticket), "later": tickets.followed_by(session, ticket),
            "category": tickets.category_name(str(ticket.category), asker.words.language),
        }

    return render("ticket", asker.words, states=(*OPEN, *DONE), **await asker.the.read(work), **frame(asker))


@router.post("/desk/tickets/{number}")
async def change(number: str, request: Request) -> Response:
    """Sets `state` and adds `text` as a note, whichever was given."""
    asker = await changing(request)
    state, text, at = asker.field("state"), asker.field("text").strip()[:10_000], asker.the.clock()

    def work(session: Session) -> None:
        ticket = tickets.by_number(session, number)
        if state and state != ticket.state:
            tickets.set_state(session, ticket, state=state, actor=str(asker.agent.name), at=at)
        if text:
            tickets.add_note(session, ticket, text=text, actor=str(asker.agent.name), at=at)

    await asker.the.write(work)
    return RedirectResponse(f"/desk/tickets/{number}", 303)
