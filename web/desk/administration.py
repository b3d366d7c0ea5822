"""The administration's pages: agents invited, changed and deactivated, queues with their calendars, the audit log; and choosing a password."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Callable, Optional

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.core.audit import changes
from savoir.core.clock import DAYS
from savoir.core.errors import Problem, invalid, not_found
from savoir.core.routes import RateLimit, client_address, context
from savoir.handoff import accounts, calendars, presence, routing, staff
from savoir.handoff.tables import ASSIGNMENTS, ROLES

from .language import LANGUAGES, words
from .presence import queue_of, sheet
from .session import SENTENCES, Asker, DeskRoute, bounded_form, changing, check_origin, page_language, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)
HOME = "/desk/administration"


async def _allowed(request: Request, right: str) -> Asker:
    asker = await signed_in(request)
    accounts.check_right(asker.agent, right)
    return asker


def _page(asker: Asker, template: str, **values: Any) -> Response:
    return render(template, asker.words, roles=ROLES, said=values.pop("said", ""), **values, **sheet(asker))


@router.get("/desk/administration")
async def agents(request: Request, said: str = "") -> Response:
    """All agents, and the form that invites one; a supervisor is led to the calendars."""
    asker = await signed_in(request)
    if not accounts.may(asker.agent, "administer"):
        accounts.check_right(asker.agent, "calendars")
        return RedirectResponse(f"{HOME}/queues", 303)
    at = asker.the.clock()

    def work(session: Session) -> dict[str, Any]:
        states = presence.presences(session, at, queue_of(request, asker).away_after)
        return {"team": [(agent, states.get(str(agent.id))) for agent in accounts.all_agents(session)], "queues": routing.all_rules(session)}

    return _page(asker, "administration", said=said, **await asker.the.read(work))


@router.post("/desk/administration/invitations")
async def invite(request: Request) -> Response:
    """Invites an agent by mail; the page shows the link too."""
    asker = await changing(request)
    at, language = asker.the.clock(), asker.field("language")
    profile = _profile(asker)
    agent, link = await asker.the.write(lambda s: staff.invite(
        s, asker.the.settings, by=asker.agent, email=asker.field("email"), profile=profile, at=at, language=language if language in LANGUAGES else "fr"
    ))
    return await _agent_page(asker, str(agent.id), link=link, said="invited")


@router.get("/desk/administration/agents/{agent}")
async def agent(agent: str, request: Request, said: str = "") -> Response:
    """One agent: what they may do, what they can do, what changed."""
    return await _agent_page(await _allowed(request, "administer"), agent, said=said)


@router.post("/desk/administration/agents/{agent}")
async def change_agent(agent: str, request: Request) -> Response:
    """Changes name, role, queues, languages and capacity."""
    asker = await changing(request)
    at, profile = asker.the.clock(), _profile(asker)
    await asker.the.write(lambda s: staff.change_agent(s, by=asker.agent, agent=agent, profile=profile, at=at))
    return RedirectResponse(f"{HOME}/agents/{agent}?said=changed", 303)


@router.post("/desk/administration/agents/{agent}/invitation")
async def invite_again(agent: str, request: Request) -> Response:
    """A new link to choose a password by."""
    asker = await changing(request)
    at = asker.the.clock()
    link = await asker.the.write(lambda s: staff.invite_again(s, asker.the.settings, by=asker.agent, agent=agent, at=at))
    return await _agent_page(asker, agent, link=link, said="invited")


@router.post("/desk/administration/agents/{agent}/active")
async def set_active(agent: str, request: Request) -> Response:
    """Deactivates (`on` = `no`) or activates an account."""
    asker = await changing(request)
    at, on = asker.the.clock(), asker.field("on") != "no"
    await asker.the.write(lambda s: staff.set_active(s, by=asker.agent, agent=agent, is_active=on, at=at))
    if not on:
        asker.live.publish(f"agent:{agent}", "signed_out")
    return RedirectResponse(f"{HOME}/agents/{agent}?said={'activated' if on else 'deactivated'}", 303)


@router.get("/desk/administration/queues")
async def queues(request: Request, said: str = "") -> Response:
    """Every queue, and the days on which all of them are otherwise."""
    asker = await _allowed(request, "calendars")
    at, the_queue = asker.the.clock(), queue_of(request, asker)
    today = at.astimezone(asker.the.hours.zone).date()

    def work(session: Session) -> dict[str, Any]:
        found = routing.all_rules(session)
        return {
            "queues": [(rules, the_queue.hours_of(session, rules.queue).words(asker.words.language)) for rules in found],
            "days": calendars.exceptions_of(session, None, since=today),
        }

    holidays = calendars.coming_holidays(asker.the.hours.country, at, asker.the.hours)
    return _page(asker, "queues", said=said, holidays=holidays, **await asker.the.read(work))


@router.get("/desk/administration/queues/{queue}")
async def queue(queue: str, request: Request, said: str = "") -> Response:
    """One queue: names, how it gives conversations, its week, its days."""
    asker = await _allowed(request, "calendars")
    if queue not in routing.QUEUES:
        raise not_found("queue", queue)
    at = asker.the.clock()
    today = at.astimezone(asker.the.hours.zone).date()

    def work(session: Session) -> dict[str, Any]:
        rules, hours = routing.rules_of(session, queue), queue_of(request, asker).hours_of(session, queue)
        week = [", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in slots) for slots in hours.slots]
        return {
            "rules": rules, "week": week, "words_now": hours.words(asker.words.language), "days": calendars.exceptions_of(session, queue, since=today),
            "holidays": calendars.coming_holidays(hours.country, at, hours), "log": changes(session, kind="queue", subject=queue, limit=10),
        }

    return _page(asker, "queue", said=said, assignments=ASSIGNMENTS, day_codes=DAYS, **await asker.the.read(work))


@router.post("/desk/administration/queues/{queue}")
async def change_queue(queue: str, request: Request) -> Response:
    """Changes a queue."""
    asker = await changing(request)
    at = asker.the.clock()
    week = "; ".join(f"{day} {asker.field(day).strip()}" for day in DAYS if asker.field(day).strip()) if asker.field("hours") == "own" else ""
    if asker.field("hours") == "own" and not week:
        raise invalid("bad-hours", "The queue's own week has no hours; give at least one day some.")
    minutes = asker.field("notice_minutes").strip().replace(",", ".")
    try:
        notice_minutes = float(minutes) if minutes else None
    except ValueError:
        raise invalid("bad-minutes", "The minutes must be between 0 and 1440.") from None
    rules = routing.Rules(
        queue, asker.field("name_fr"), asker.field("name_en"), asker.field("assignment"), notice_minutes, week or None,
        None if asker.field("holidays") == "firm" else asker.field("country"),
    )
    await asker.the.write(lambda s: staff.change_queue(s, by=asker.agent, rules=rules, at=at))
    return RedirectResponse(f"{HOME}/queues/{queue}?said=changed", 303)


@router.post("/desk/administration/days")
async def set_day(request: Request) -> Response:
    """A day with other hours: of `queue`, or of all where it is empty."""
    asker = await changing(request)
    at, queue = asker.the.clock(), asker.field("queue") or None
    try:
        day = date.fromisoformat(asker.field("day"))
    except ValueError:
        raise invalid("bad-day", "Give the day.") from None
    await asker.the.write(lambda s: staff.set_day(
        s, by=asker.agent, queue=queue, day=day, hours=asker.field("hours"), name=asker.field("name"), at=at
    ))
    return RedirectResponse(f"{HOME}/queues/{queue}?said=changed" if queue else f"{HOME}/queues?said=changed", 303)


@router.post("/desk/administration/days/{exception}/drop")
async def drop_day(exception: int, request: Request) -> Response:
    """The day is as every other again."""
    asker = await changing(request)
    at, queue = asker.the.clock(), asker.field("queue")
    await asker.the.write(lambda s: staff.drop_day(s, by=asker.agent, exception=exception, at=at))
    return RedirectResponse(f"{HOME}/queues/{queue}?said=changed" if queue in routing.QUEUES else f"{HOME}/queues?said=changed", 303)


@router.get("/desk/administration/log")
async def log(request: Request, before: Optional[int] = None) -> Response:
    """Who changed what, newest first."""
    asker = await _allowed(request, "administer")

    def work(session: Session) -> dict[str, Any]:
        names = {str(agent.id): str(agent.name) for agent in accounts.all_agents(session)}
        return {"events": changes(session, limit=51, before=before), "names": names}

    found = await asker.the.read(work)
    events = found["events"]
    return _page(asker, "audit", names=found["names"], events=events[:50], older=events[49].id if len(events) > 50 else 0)


@router.get("/desk/invitation/{token}")
async def invitation(token: str, request: Request) -> Response:
    """The page on which an invited agent chooses a password."""
    the = context(request)
    at, speech = the.clock(), words(page_language(request))
    try:
        found = await the.read(lambda s: staff.invited(s, token, at))
    except Problem as problem:
        return render("invitation", speech, problem.status, agent=None, sentence=speech.gettext(SENTENCES.get(problem.code, problem.detail)), firm=the.settings.firm)
    return render("invitation", words(str(found.language)), agent=found, sentence="", firm=the.settings.firm)


@router.post("/desk/invitation/{token}")
async def accept(token: str, request: Request) -> Response:
    """Chooses the password, then signs in."""
    check_origin(request)
    the = context(request)
    _limit(request).check(client_address(request))
    at = the.clock()
    password = str((await bounded_form(request)).get("password") or "")[:1000]
    try:
        await the.write(lambda s: staff.accept(s, token=token, password=password, at=at))
    except Problem as problem:
        if problem.code != "weak-password":
            raise
        found = await the.read(lambda s: staff.invited(s, token, at))
        speech = words(str(found.language))
        return render("invitation", speech, problem.status, agent=found, sentence=speech.gettext(SENTENCES[problem.code]), firm=the.settings.firm)
    return RedirectResponse("/desk/sign-in", 303)


async def _agent_page(asker: Asker, agent: str, *, link: str = "", said: str = "") -> Response:
    def work(session: Session) -> dict[str, Any]:
        return {
            "one": staff.agent_by_id(session, agent), "queues": routing.all_rules(session), "log": changes(session, kind="agent", subject=agent, limit=10),
            "load": routing.loads(session).get(agent, 0),
        }

    return _page(asker, "agent", link=link, said=said, **await asker.the.read(work))


def _profile(asker: Asker) -> staff.Profile:
    chosen: Callable[[str], list[Any]] = getattr(asker.form, "getlist", lambda name: [])
    try:
        capacity = int(asker.field("capacity") or 5)
    except ValueError:
        capacity = 0
    given = staff.Profile(asker.field("name"), asker.field("role"), list(chosen("queues")), list(chosen("languages")), capacity)
    return replace(given, queues=None) if asker.field("all_queues") else given


def _limit(request: Request) -> RateLimit:
    state = request.app.state
    if not hasattr(state, "invitation_limit"):
        state.invitation_limit = RateLimit("20/5 minutes")
    return state.invitation_limit  # type: ignore[no-any-return]
