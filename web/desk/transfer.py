"""What agents do with a conversation beside answering: pass it on, ask a colleague, put it off, watch it, close it with its outcome."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Callable, Optional

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.errors import invalid
from savoir.core.security import new_id
from savoir.handoff import accounts, news, presence, routing, transferring
from savoir.handoff import service as handoff

from .presence import queue_of, sheet
from .session import Asker, DeskRoute, changing, is_fragment, signed_in
from .templates import render
from .thread import read_head

router = APIRouter(route_class=DeskRoute)
WAYS = ("pass", "ask", "later", "back", "close")
MORNING = time(9, 0)


@router.get("/desk/conversations/{conversation}/people")
async def form(conversation: str, request: Request, do: str = "pass") -> Response:
    """The form of one of WAYS: in the page's window to our script, a page of its own to a browser without."""
    asker = await signed_in(request)
    at, queue, way = asker.the.clock(), queue_of(request, asker), do if do in WAYS else "pass"

    def work(session: Session) -> dict[str, Any]:
        row = conversations.find(session, conversation)
        states, load = presence.presences(session, at, queue.away_after), routing.loads(session)
        colleagues = [
            {
                "agent": agent, "state": states.get(str(agent.id), "away"), "load": load.get(str(agent.id), 0),
                "fits": routing.knows(agent, row.queue) and routing.speaks(agent, str(row.language)),
            }
            for agent in accounts.all_agents(session) if agent.is_active and accounts.may(agent, "answer")
        ]
        order = {"available": 0, "busy": 1, "away": 2}
        colleagues.sort(key=lambda one: (not one["fits"], order[str(one["state"])], one["load"]))
        return {
            "head": read_head(session, row, asker.agent), "colleagues": colleagues, "queues": routing.all_rules(session),
            "open": {rules.queue: queue.hours_of(session, rules.queue).is_open(at) for rules in routing.all_rules(session)},
            "watchers": news.watchers(session, conversation),
        }

    values = await asker.the.read(work)
    soon = _choices(asker, at)
    return render(
        "parts/people_form" if is_fragment(request) else "people_form", asker.words, way=way, note_key=new_id(), choices=soon,
        outcomes=handoff.RESULTS, **values, **sheet(asker),
    )


@router.post("/desk/conversations/{conversation}/transfer")
async def transfer(conversation: str, request: Request) -> Response:
    """Passes it on to `to` (`agent:ID`, `queue:NAME`), with `words` as a private note."""
    asker = await changing(request)
    at, queue = asker.the.clock(), queue_of(request, asker)
    return await _do(request, asker, conversation, lambda s: transferring.transfer(
        s, queue, conversation=conversation, agent=asker.agent, to=asker.field("to"), words=asker.field("words"),
        client_id=asker.field("client_id") or new_id(), at=at,
    ))


@router.post("/desk/conversations/{conversation}/ask")
async def ask(conversation: str, request: Request) -> Response:
    """Asks the colleague `to` in a private note with `words`."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: transferring.ask_colleague(
        s, conversation=conversation, agent=asker.agent, colleague=asker.field("to").removeprefix("agent:"), words=asker.field("words"),
        client_id=asker.field("client_id") or new_id(), at=at,
    ))


@router.post("/desk/conversations/{conversation}/snooze")
async def snooze(conversation: str, request: Request) -> Response:
    """Puts it off: `until` an answer, minutes (`60`), `tomorrow`, or `time` with `moment` as the browser's local time."""
    asker = await changing(request)
    at = asker.the.clock()
    until = _until(asker, at)
    return await _do(
        request, asker, conversation, lambda s: transferring.snooze(s, conversation=conversation, agent=asker.agent, at=at, until=until)
    )


@router.post("/desk/conversations/{conversation}/wake")
async def wake(conversation: str, request: Request) -> Response:
    """It is no longer put off."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: transferring.wake(s, conversation=conversation, agent=asker.agent, at=at))


@router.post("/desk/conversations/{conversation}/watch")
async def watch(conversation: str, request: Request) -> Response:
    """Tells the agent how it goes on, or (`on` = `no`) no more."""
    asker = await changing(request)
    at, agent, on = asker.the.clock(), str(asker.agent.id), asker.field("on") != "no"

    def work(session: Session) -> None:
        conversations.find(session, conversation)
        if on:
            news.watch(session, conversation=conversation, agent=agent, at=at)
        else:
            news.unwatch(session, conversation=conversation, agent=agent)

    return await _do(request, asker, conversation, work)


@router.post("/desk/conversations/{conversation}/reopen")
async def reopen(conversation: str, request: Request) -> Response:
    """A closed conversation is the agent's."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: transferring.reopen(s, conversation=conversation, agent=asker.agent, at=at))


@router.post("/desk/conversations/{conversation}/finish")
async def finish(conversation: str, request: Request) -> Response:
    """Closes it with its `outcome`."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: handoff.resolve(
        s, conversation=conversation, agent=asker.agent, at=at, outcome=asker.field("outcome") or handoff.RESULTS[0]
    ))


@router.post("/desk/conversations/{conversation}/return")
async def give_back(conversation: str, request: Request) -> Response:
    """The assistant's again, with what was `agreed`."""
    asker = await changing(request)
    at = asker.the.clock()
    return await _do(request, asker, conversation, lambda s: handoff.hand_back(
        s, conversation=conversation, agent=asker.agent, at=at, agreed=asker.field("agreed")
    ))


async def _do(request: Request, asker: Asker, conversation: str, work: Callable[[Session], Any]) -> Response:
    """Does it, wakes whoever looks and whoever was told, and answers."""

    def both(session: Session) -> set[str]:
        work(session)
        return news.told(session)

    told = await asker.the.write(both)
    asker.live.changed(conversation)
    for agent in told:
        asker.live.publish(f"agent:{agent}", "told")
    if is_fragment(request):
        return Response(status_code=204)
    return RedirectResponse("/desk/people" if asker.field("back") == "people" else f"/desk/conversations/{conversation}", 303)


def _choices(asker: Asker, at: datetime) -> dict[str, datetime]:
    """The times that are offered, by what they are called."""
    return {"60": at + timedelta(hours=1), "180": at + timedelta(hours=3), "tomorrow": _tomorrow(asker, at)}


def _tomorrow(asker: Asker, at: datetime) -> datetime:
    """When people begin to answer on the next day on which they do; at nine where that is not known."""
    hours = asker.the.hours
    night = datetime.combine(at.astimezone(hours.zone).date() + timedelta(days=1), time(), hours.zone)
    return hours.next_opening(night - timedelta(seconds=1)) or datetime.combine(night.date(), MORNING, hours.zone)


def _until(asker: Asker, at: datetime) -> Optional[datetime]:
    wanted = asker.field("until")
    if wanted in ("", "answer"):
        return None
    if wanted in ("60", "180", "tomorrow"):
        return _choices(asker, at)[wanted]
    try:
        return datetime.fromisoformat(asker.field("moment")).replace(tzinfo=asker.the.hours.zone)
    except ValueError:
        raise invalid("bad-time", "Give the day and the time until which the conversation is put off.") from None
