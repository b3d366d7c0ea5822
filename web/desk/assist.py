"""What helps to answer: suggested replies and articles, the search of articles, canned replies filled for the conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation
from savoir.handoff import canned, package, suggestions
from savoir.handoff.canned import Filled
from savoir.knowledge import service as knowledge

from .session import Asker, DeskRoute, changing, signed_in
from .templates import render
from .thread import read_head

router = APIRouter(route_class=DeskRoute)
MOST_ARTICLES = 6


@router.get("/desk/conversations/{conversation}/assist")
async def assist(conversation: str, request: Request) -> Response:
    """The suggested reply and the articles that fit what the customer asked last."""
    asker = await signed_in(request)
    at = asker.the.clock()

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        made = package.build(session, row, language=asker.words.language, at=at)
        found = suggestions.suggest(
            session, row, question=made.question, seq=made.seq, product=made.device.words or None, canned=_filled(session, asker, row, made),
            address=asker.the.settings.address,
        )
        last = conversations.last_messages(session, [conversation]).get(conversation)
        if last is not None and last.author == "agent":  # answered
            found = replace(found, replies=[])
        return {"head": read_head(session, row, asker.agent), "found": found, "conversation": conversation}

    return render("assist", asker.words, address=asker.the.settings.address, **await asker.the.read(work))


@router.post("/desk/conversations/{conversation}/suggestion")
async def refuse(conversation: str, request: Request) -> Response:
    """The suggested reply is of no use; the next best comes."""
    asker = await changing(request)
    await asker.the.write(lambda s: decide(s, asker, conversation, "refused"))
    return Response(status_code=204)


@router.get("/desk/conversations/{conversation}/articles")
async def articles(conversation: str, request: Request, q: str = "") -> Response:
    """Articles that fit what the agent looks for, in the customer's language."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        question = q.strip()[:300]
        found = knowledge.search(session, question=question, language=str(row.language), limit=MOST_ARTICLES) if question else None
        return {"hits": found.hits if found else [], "question": question}

    return render("articles_found", asker.words, address=asker.the.settings.address, **await asker.the.read(work))


@router.get("/desk/conversations/{conversation}/replies")
async def replies(conversation: str, request: Request) -> Response:
    """Every canned reply, filled: JSON for the composer."""
    asker = await signed_in(request)
    at = asker.the.clock()

    def work(session: Session) -> list[dict[str, str]]:
        row = conversations.find(session, conversation)
        made = package.build(session, row, language=asker.words.language, at=at)
        return [{"id": r.id, "shortcut": r.shortcut, "title": r.title, "text": r.text} for r in _filled(session, asker, row, made)]

    return JSONResponse({"replies": await asker.the.read(work)})


def decide(session: Session, asker: Asker, conversation: str, outcome: str) -> None:
    """Notes what became of the suggestion that the form names, if it names one."""
    seq = asker.field("suggested_seq")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 9):
        return
    suggestions.decide(
        session, conversation=conversation, seq=int(seq), source=asker.field("suggested_source"), reference=asker.field("suggested_reference"),
        outcome=outcome, agent=str(asker.agent.id), at=asker.the.clock(),
    )


def note_use(session: Session, asker: Asker, conversation: str, text: str) -> None:
    """After a reply: whether a suggestion was taken as it was or edited, and which canned reply was used."""
    suggested = asker.field("suggested_text")
    if suggested:
        decide(session, asker, conversation, "accepted" if suggestions.is_unchanged(text, suggested) else "edited")
    if asker.field("canned"):
        canned.count_use(session, asker.field("canned")[:40])


def _filled(session: Session, asker: Asker, row: Conversation, made: package.Package) -> list[Filled]:
    mentioned = [value for kind, value in made.extracted if kind == "order"]
    values = canned.values_for(session, row, asker.agent, asker.the.settings.firm, mentioned)
    return canned.filled(session, values=values, language=str(row.language), agent_language=asker.words.language)
