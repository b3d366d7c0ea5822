"""The canned replies' pages: the list, and a form to write, change and delete one (supervisors and administrators)."""

from __future__ import annotations

from typing import Any, Optional

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.core.errors import Problem
from savoir.handoff import canned
from savoir.handoff.canned import Values, fill

from .pages import frame
from .session import SENTENCES, Asker, DeskRoute, changing, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)
PARTS = ("shortcut", "title_fr", "title_en", "text_fr", "text_en")


@router.get("/desk/replies")
async def listing(request: Request, said: str = "") -> Response:
    """All canned replies with their texts in the agent's language."""
    asker = await signed_in(request)
    found = await asker.the.read(canned.all_replies)
    return render("replies", asker.words, replies=found, said=said, may_edit=_may_edit(asker), **frame(asker))


@router.get("/desk/replies/new")
async def new(request: Request) -> Response:
    """An empty form."""
    return _form(await signed_in(request), None, dict.fromkeys(PARTS, ""))


@router.get("/desk/replies/{id}")
async def page(id: str, request: Request) -> Response:
    """One canned reply, to be read or changed, with how it looks once it is filled."""
    asker = await signed_in(request)
    row = await asker.the.read(lambda s: canned.reply_by_id(s, id))
    return _form(asker, id, {name: str(getattr(row, name)) for name in PARTS})


@router.post("/desk/replies")
async def add(request: Request) -> Response:
    """A new canned reply."""
    return await _save(await changing(request), None)


@router.post("/desk/replies/{id}")
async def change(id: str, request: Request) -> Response:
    """Keeps what was changed."""
    return await _save(await changing(request), id)


@router.post("/desk/replies/{id}/delete")
async def delete(id: str, request: Request) -> Response:
    """Takes a canned reply away."""
    asker = await changing(request)
    await asker.the.write(lambda s: canned.remove_reply(s, id=id, agent=asker.agent))
    return RedirectResponse("/desk/replies?said=deleted", 303)


async def _save(asker: Asker, id: Optional[str]) -> Response:
    values = {name: asker.field(name) for name in PARTS}
    at = asker.the.clock()

    def work(session: Session) -> None:
        canned.save_reply(session, id=id, agent=asker.agent, at=at, **values)

    try:
        await asker.the.write(work)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        sentence = asker.words.gettext(SENTENCES.get(problem.code, problem.detail))
        return _form(asker, id, values, sentence % problem.extra if "%(" in sentence else sentence, problem.status)
    return RedirectResponse("/desk/replies?said=kept", 303)


def _form(asker: Asker, id: Optional[str], values: dict[str, Any], sentence: str = "", status: int = 200) -> Response:
    given = Values("Camille", "CMD-104233", str(asker.agent.name).split()[0], asker.the.settings.firm)
    shown = {language: fill(values[f"text_{language}"], given, language) for language in ("fr", "en")}
    return render(
        "reply_form", asker.words, status, id=id or "", values=values, shown=shown, sentence=sentence, may_edit=_may_edit(asker), **frame(asker)
    )


def _may_edit(asker: Asker) -> bool:
    return asker.agent.role in canned.MAY_EDIT
