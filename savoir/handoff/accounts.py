"""Agents' accounts: made, signed in, signed out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from savoir.core.errors import Problem, invalid
from savoir.core.security import NO_PASSWORD, digest, hash_password, new_id, password_matches

from . import presence
from .tables import ROLES, Agent, AgentSession

RIGHTS = {
    "supervise": ("supervisor", "administrator"), "calendars": ("supervisor", "administrator"), "edit": ("editor", "administrator"),
    "administer": ("administrator",), "answer": ("agent", "supervisor", "administrator"),
}
"""What roles may do: look at and move all conversations, change calendars, edit articles and canned replies, change agents and queues,
answer customers."""
SESSION_HOURS = 12
SHORTEST_PASSWORD = 10


@dataclass(frozen=True)
class SignedIn:
    """An agent in a browser; `csrf` must come back with every request that changes something."""

    agent: Agent
    csrf: str


def add_agent(session: Session, *, email: str, name: str, password: str, at: datetime, role: str = "agent", language: str = "fr") -> Agent:
    """A new agent. Raises a problem for an address that is none or is taken, a short password, an unknown role."""
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise invalid("bad-email", f"{email!r} is not an e-mail address: {error}") from None
    if len(password) < SHORTEST_PASSWORD:
        raise invalid("weak-password", f"The password has {len(password)} characters; at least {SHORTEST_PASSWORD} are needed.")
    if role not in ROLES:
        raise invalid("unknown-role", f"The role {role!r} is unknown; expected one of {', '.join(ROLES)}.")
    if find_agent(session, address) is not None:
        raise Problem("agent-exists", 409, f"There is an agent with the address {address} already.")
    agent = Agent(
        id=new_id(), email=address, name=name.strip() or address, password=hash_password(password), role=role, language=language,
        is_active=True, created_at=at,
    )
    session.add(agent)
    session.flush()
    return agent


def may(agent: Agent, right: str) -> bool:
    """Whether the agent's role has one of RIGHTS."""
    return agent.role in RIGHTS[right]


def check_right(agent: Agent, right: str) -> None:
    """Raises a 403 problem unless the agent's role has the right."""
    if not may(agent, right):
        raise Problem("not-allowed", 403, f"The role {agent.role!r} does not include this; ask an administrator.")


def find_agent(session: Session, email: str) -> Optional[Agent]:
    """The agent with that address."""
    return session.execute(sa.select(Agent).where(Agent.email == email.strip().lower())).scalar_one_or_none()


def all_agents(session: Session) -> list[Agent]:
    """Every agent, by name."""
    return list(session.execute(sa.select(Agent).order_by(Agent.name)).scalars())


def set_language(session: Session, *, agent: str, language: str) -> None:
    """The language of an agent's desk."""
    session.execute(sa.update(Agent).where(Agent.id == agent).values(language=language).execution_options(synchronize_session=False))


def set_password(session: Session, *, email: str, password: str) -> None:
    """Changes a password and ends the agent's sessions. Raises a problem when there is no such agent."""
    agent = find_agent(session, email)
    if agent is None:
        raise Problem("not-found", 404, f"There is no agent with the address {email}.")
    if len(password) < SHORTEST_PASSWORD:
        raise invalid("weak-password", f"The password has {len(password)} characters; at least {SHORTEST_PASSWORD} are needed.")
    agent.password = hash_password(password)
    session.execute(sa.delete(AgentSession).where(AgentSession.agent == agent.id))


def check_password(session: Session, *, email: str, password: str) -> Agent:
    """The agent whose password it is. Raises the same 401 problem whatever was wrong, after the same time.

    Slow by intention: call it in a reading transaction, so that nobody's writing waits for it.
    """
    agent = find_agent(session, email)
    matches = password_matches(password, str(agent.password) if agent else NO_PASSWORD)
    if agent is None or not matches or not agent.is_active:
        raise Problem("sign-in-failed", 401, "The address or the password is not right.")
    return agent


def begin_session(session: Session, agent: Agent, at: datetime) -> str:
    """A new session of an agent whose password was checked; its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        AgentSession(
            token=digest(token), agent=agent.id, csrf=secrets.token_urlsafe(24), created_at=at, expires_at=at + timedelta(hours=SESSION_HOURS)
        )
    )
    session.flush()
    session.execute(sa.delete(AgentSession).where(AgentSession.expires_at < at))
    return token


def signed_in(session: Session, token: str, at: datetime) -> Optional[SignedIn]:
    """Who the session token belongs to, if it is still good."""
    found = session.execute(
        sa.select(AgentSession, Agent).join(Agent, Agent.id == AgentSession.agent)
        .where(AgentSession.token == digest(token), AgentSession.expires_at > at, Agent.is_active.is_(True))
    ).one_or_none()
    return SignedIn(found.Agent, str(found.AgentSession.csrf)) if found else None


def sign_out(session: Session, token: str, at: Optional[datetime] = None) -> None:
    """Ends the session; with the last one of an agent they are away, from `at` on."""
    row = session.get(AgentSession, digest(token))
    session.execute(sa.delete(AgentSession).where(AgentSession.token == digest(token)))
    if row is not None and at is not None and not has_session(session, str(row.agent), at):
        presence.leave(session, agent=str(row.agent), at=at)


def has_session(session: Session, agent: str, at: datetime) -> bool:
    """Whether the agent is signed in somewhere."""
    return session.execute(sa.select(AgentSession.token).where(AgentSession.agent == agent, AgentSession.expires_at > at)).first() is not None
