"""The administration: agents invited, changed and deactivated, queues and their days changed; every change in the audit log."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.audit import note_change
from savoir.core.errors import Problem, invalid, not_found
from savoir.core.mail import put_mail
from savoir.core.security import digest, hash_password
from savoir.core.settings import Settings

from . import accounts, calendars, presence, routing
from .tables import ASSIGNMENTS, ROLES, Agent, AgentSession, Invitation, QueueException

INVITATION_DAYS = 7
MOST_CONVERSATIONS = 50


@dataclass(frozen=True)
class Profile:
    """What an administrator says of an agent. `queues` and `languages` none: all."""

    name: str
    role: str
    queues: Optional[list[str]]
    languages: Optional[list[str]]
    capacity: int


def agent_by_id(session: Session, agent: str) -> Agent:
    """The agent. Raises a 404 problem."""
    row = session.get(Agent, agent)
    if row is None:
        raise not_found("agent", agent)
    return row


def profile_of(agent: Agent) -> Profile:
    """What is said of an agent now."""
    return Profile(str(agent.name), str(agent.role), agent.queues, agent.languages, int(agent.capacity))


def invite(session: Session, settings: Settings, *, by: Agent, email: str, profile: Profile, language: str, at: datetime) -> tuple[Agent, str]:
    """A new agent without a password and the link by which they choose one, which goes to them by mail too. Raises problems."""
    accounts.check_right(by, "administer")
    checked = _checked(profile)
    agent = accounts.add_agent(
        session, email=email, name=checked.name, password=secrets.token_urlsafe(32), role=checked.role, language=language, at=at
    )
    agent.queues, agent.languages, agent.capacity = checked.queues, checked.languages, checked.capacity
    session.flush()
    _audit(session, by, "invite", "agent", str(agent.id), at, None, {"email": agent.email, **asdict(checked)})
    return agent, _link(session, settings, agent, by, at)


def invite_again(session: Session, settings: Settings, *, by: Agent, agent: str, at: datetime) -> str:
    """A new link by which an agent chooses a password, mailed to them; earlier ones and their sessions stop working. Raises problems."""
    accounts.check_right(by, "administer")
    row = agent_by_id(session, agent)
    if not row.is_active:
        raise Problem("agent-inactive", 409, f"The account of {row.name} is deactivated; activate it first.")
    _audit(session, by, "invite_again", "agent", agent, at, None, {"email": row.email})
    return _link(session, settings, row, by, at)


def invited(session: Session, token: str, at: datetime) -> Agent:
    """Whom an invitation's link is for. Raises a 404 problem for one that is used, too old or none."""
    found = session.execute(
        sa.select(Agent).join(Invitation, Invitation.agent == Agent.id)
        .where(Invitation.token == digest(token), Invitation.expires_at > at, Agent.is_active.is_(True))
    ).scalar_one_or_none()
    if found is None:
        raise Problem("invitation-over", 404, "This invitation is used or too old; ask your administrator for a new one.")
    return found


def accept(session: Session, *, token: str, password: str, at: datetime) -> Agent:
    """The invited agent chooses a password; the link is used up. Raises problems as `invited`, and for a short password."""
    agent = invited(session, token, at)
    if len(password) < accounts.SHORTEST_PASSWORD:
        raise invalid("weak-password", f"The password has {len(password)} characters; at least {accounts.SHORTEST_PASSWORD} are needed.")
    agent.password = hash_password(password)
    session.execute(sa.delete(Invitation).where(Invitation.agent == agent.id))
    session.execute(sa.delete(AgentSession).where(AgentSession.agent == agent.id))
    note_change(
        session, actor=str(agent.id), actor_name=str(agent.name), action="accept", kind="agent", subject=str(agent.id), at=at, after={"password": True}
    )
    return agent


def change_agent(session: Session, *, by: Agent, agent: str, profile: Profile, at: datetime) -> Agent:
    """Changes what is said of an agent. Raises problems; the last administrator stays one."""
    accounts.check_right(by, "administer")
    row, checked = agent_by_id(session, agent), _checked(profile)
    if row.role == "administrator" and checked.role != "administrator":
        _check_others(session, agent)
    before = asdict(profile_of(row))
    row.name, row.role, row.queues, row.languages, row.capacity = checked.name, checked.role, checked.queues, checked.languages, checked.capacity
    session.flush()
    _audit(session, by, "change", "agent", agent, at, before, asdict(checked))
    return row


def set_active(session: Session, *, by: Agent, agent: str, is_active: bool, at: datetime) -> Agent:
    """Deactivates an account, which ends its sessions and gives its conversations back, or activates it. Raises problems."""
    accounts.check_right(by, "administer")
    row = agent_by_id(session, agent)
    if row.is_active == is_active:
        return row
    if not is_active:
        if row.id == by.id:
            raise Problem("own-account", 409, "You can't deactivate your own account.")
        _check_others(session, agent)
        session.execute(sa.delete(AgentSession).where(AgentSession.agent == agent))
        session.execute(sa.delete(Invitation).where(Invitation.agent == agent))
        presence.leave(session, agent=agent, at=at)
    row.is_active = is_active
    session.flush()
    _audit(session, by, "activate" if is_active else "deactivate", "agent", agent, at, {"is_active": not is_active}, {"is_active": is_active})
    return row


def change_queue(session: Session, *, by: Agent, rules: routing.Rules, at: datetime) -> None:
    """Changes how a queue works. Supervisors change its calendar only. Raises problems."""
    accounts.check_right(by, "calendars")
    if rules.queue not in routing.QUEUES:
        raise not_found("queue", rules.queue)
    before = routing.rules_of(session, rules.queue)
    week = calendars.check_week(rules.opening_hours or "") or None
    country = None if rules.holidays is None else calendars.check_country(rules.holidays)
    if not accounts.may(by, "administer"):
        rules = before
    if rules.assignment not in ASSIGNMENTS:
        raise invalid("unknown-assignment", f"{rules.assignment[:20]!r} is no way to assign; expected one of {', '.join(ASSIGNMENTS)}.")
    if rules.notice_minutes is not None and not 0 <= rules.notice_minutes <= 1440:
        raise invalid("bad-minutes", "The minutes must be between 0 and 1440.")
    names = [(name.strip() or known)[:60] for name, known in zip((rules.name_fr, rules.name_en), routing.QUEUES[rules.queue], strict=True)]
    after = routing.Rules(rules.queue, names[0], names[1], rules.assignment, rules.notice_minutes, week, country)
    routing.change_rules(session, after)
    _audit(session, by, "change", "queue", rules.queue, at, asdict(before), asdict(after))


def set_day(session: Session, *, by: Agent, queue: Optional[str], day: date, hours: str, name: str, at: datetime) -> None:
    """A day with other hours, of a queue or (none) of all. Raises problems."""
    accounts.check_right(by, "calendars")
    if queue is not None and queue not in routing.QUEUES:
        raise not_found("queue", queue)
    row = calendars.set_exception(session, queue=queue, day=day, hours=hours, name=name)
    _audit(session, by, "set_day", "calendar", queue or "*", at, None, _day(row))


def drop_day(session: Session, *, by: Agent, exception: int, at: datetime) -> None:
    """The day is as every other again. Raises problems."""
    accounts.check_right(by, "calendars")
    row = calendars.drop_exception(session, exception)
    _audit(session, by, "drop_day", "calendar", str(row.queue or "*"), at, _day(row), None)


def _day(row: QueueException) -> dict[str, Any]:
    return {"day": row.day.isoformat(), "hours": row.hours, "name": row.name}


def _checked(profile: Profile) -> Profile:
    name = " ".join(profile.name.split())[:80]
    if not name:
        raise invalid("name-missing", "An agent needs a name: customers read it.")
    if profile.role not in ROLES:
        raise invalid("unknown-role", f"The role {profile.role[:20]!r} is unknown; expected one of {', '.join(ROLES)}.")
    if not 1 <= profile.capacity <= MOST_CONVERSATIONS:
        raise invalid("bad-capacity", f"An agent answers between 1 and {MOST_CONVERSATIONS} conversations at once.")
    queues, languages = profile.queues, profile.languages
    if queues is not None and (not queues or not set(queues) <= set(routing.QUEUES)):
        raise invalid("unknown-queue", f"An agent needs at least one queue of {', '.join(routing.QUEUES)}.")
    if languages is not None and (not languages or not set(languages) <= set(routing.LANGUAGES)):
        raise invalid("unknown-language", f"An agent needs at least one language of {', '.join(routing.LANGUAGES)}.")
    return Profile(
        name, profile.role, None if queues is None or set(queues) == set(routing.QUEUES) else [q for q in routing.QUEUES if q in queues],
        None if languages is None or set(languages) == set(routing.LANGUAGES) else sorted(set(languages)), profile.capacity,
    )


def _check_others(session: Session, agent: str) -> None:
    """Raises a 409 problem when no other active administrator stays, where the agent is one."""
    others = sa.select(Agent.id).where(Agent.role == "administrator", Agent.is_active.is_(True), Agent.id != agent).limit(1)
    if agent_by_id(session, agent).role == "administrator" and session.execute(others).first() is None:
        raise Problem("last-administrator", 409, "This is the last administrator; make somebody else one first.")


def _link(session: Session, settings: Settings, agent: Agent, by: Agent, at: datetime) -> str:
    session.execute(sa.delete(Invitation).where(Invitation.agent == agent.id))
    token = secrets.token_urlsafe(32)
    session.add(Invitation(token=digest(token), agent=agent.id, created_at=at, expires_at=at + timedelta(days=INVITATION_DAYS)))
    session.flush()
    link = f"{settings.address}/desk/invitation/{token}"
    put_mail(
        session, settings, to=str(agent.email), template="desk_invitation", language=str(agent.language), at=at, key=f"invitation:{digest(token)}",
        values={"link": link, "name": str(agent.name), "days": INVITATION_DAYS, "by": str(by.name)}, until=at + timedelta(days=INVITATION_DAYS),
    )
    return link


def _audit(
    session: Session, by: Agent, action: str, kind: str, subject: str, at: datetime, before: Optional[dict[str, Any]], after: Optional[dict[str, Any]]
) -> None:
    note_change(session, actor=str(by.id), actor_name=str(by.name), action=action, kind=kind, subject=subject, at=at, before=before, after=after)
