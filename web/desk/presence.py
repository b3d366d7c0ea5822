"""Who is at the desk: the agent's own presence, what they are told, and the team and the queues at a glance."""

from __future__ import annotations

from typing import Any, Optional

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.live import DESK
from savoir.handoff import accounts, news, presence, routing
from savoir.handoff.service import Queue
from savoir.handoff.tables import PRESENCES

from .lists import customer_name, short_id
from .pages import frame
from .session import Asker, DeskRoute, changing, is_fragment, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)


def queue_of(connection: Any, asker: Asker) -> Queue:
    """The process's queue."""
    found: Optional[Queue] = getattr(connection.app.state, "queue", None)
    return found or Queue.of(asker.the.settings, asker.the.hours)


def sheet(asker: Asker) -> dict[str, Any]:
    """What every page of the administration needs."""
    return {"rights": {right: accounts.may(asker.agent, right) for right in ("supervise", "administer", "calendars")}, **frame(asker)}


@router.get("/desk/presence")
async def own(request: Request) -> Response:
    """The agent's own presence and how much news they have not read: a part of the page's top."""
    asker = await signed_in(request)
    at, agent = asker.the.clock(), str(asker.agent.id)

    def work(session: Session) -> dict[str, Any]:
        states = presence.presences(session, at, queue_of(request, asker).away_after)
        return {"own": states.get(agent, "away"), "unread": news.count_unread(session, agent)}

    return render("parts/presence_now", asker.words, presences=PRESENCES, **await asker.the.read(work), **frame(asker))


@router.post("/desk/presence")
async def choose(request: Request) -> Response:
    """The agent says that they are available, busy or away."""
    asker = await changing(request)
    at, wanted = asker.the.clock(), asker.field("presence")
    await asker.the.write(lambda s: presence.choose(s, agent=str(asker.agent.id), presence=wanted, at=at))
    asker.live.publish(DESK, "changed", conversation="")
    asker.live.publish(f"agent:{asker.agent.id}", "told")
    return await own(request) if is_fragment(request) else RedirectResponse("/desk/people", 303)


@router.get("/desk/news")
async def listing(request: Request) -> Response:
    """What the agent was told, the unread first."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        found = news.news_of(session, str(asker.agent.id))
        names = {}
        for item in found:
            names[item.conversation] = customer_name(session, conversations.find(session, item.conversation)) or short_id(item.conversation)
        return {"news": found, "names": names}

    return render("parts/news_list" if is_fragment(request) else "news_page", asker.words, **await asker.the.read(work), **sheet(asker))


@router.post("/desk/news/read")
async def read(request: Request) -> Response:
    """The agent has read all of it."""
    asker = await changing(request)
    at = asker.the.clock()
    await asker.the.write(lambda s: news.mark_read(s, agent=str(asker.agent.id), at=at))
    asker.live.publish(f"agent:{asker.agent.id}", "told")
    return Response(status_code=204) if is_fragment(request) else RedirectResponse("/desk/news", 303)


@router.get("/desk/people")
async def people(request: Request, queue: str = "") -> Response:
    """The team and the queues at a glance; a supervisor moves conversations here."""
    asker = await signed_in(request)
    at, the_queue = asker.the.clock(), queue_of(request, asker)

    def work(session: Session) -> dict[str, Any]:
        states, load = presence.presences(session, at, the_queue.away_after), routing.loads(session)
        agents = [agent for agent in accounts.all_agents(session) if agent.is_active and accounts.may(agent, "answer")]
        waiting = conversations.in_state(session, "waiting", with_empty=True, limit=500)
        taken = conversations.in_state(session, "agent", with_empty=True, limit=500)
        queues = []
        for rules in routing.all_rules(session):
            own_rows, hours = [row for row in waiting if row.queue == rules.queue], the_queue.hours_of(session, rules.queue)
            queues.append({
                "rules": rules, "waiting": len(own_rows), "taken": sum(row.queue == rules.queue for row in taken),
                "since": min((row.waiting_since for row in own_rows), default=None), "is_open": hours.is_open(at),
                "opens": None if hours.is_open(at) else hours.next_opening(at), "closes": hours.closing(at),
                "can": sum(routing.knows(agent, rules.queue) and states.get(str(agent.id)) == "available" for agent in agents),
            })
        shown = [row for row in (*waiting, *taken) if not queue or row.queue == queue][:200]
        return {
            "team": [{"agent": agent, "state": states.get(str(agent.id), "away"), "load": load.get(str(agent.id), 0)} for agent in agents],
            "queues": queues, "rows": [{"row": row, "name": customer_name(session, row), "short": short_id(str(row.id))} for row in shown],
            "names": {str(agent.id): str(agent.name) for agent in accounts.all_agents(session)},
        }

    values = await asker.the.read(work)
    return render("people", asker.words, chosen=queue, **values, **sheet(asker))
