"""`savoir agents`, and the demo firm's agents."""

from __future__ import annotations

import json
import os
import secrets

import typer

from savoir.core.audit import note_change
from savoir.core.clock import now
from savoir.core.context import Context
from savoir.core.errors import invalid, not_found
from savoir.core.settings import settings
from savoir.handoff import accounts
from savoir.handoff.tables import ROLES

DEMO_AGENTS = (("marie@talvene.example", "Marie Lefort", "administrator", "fr"), ("tom@talvene.example", "Tom Baker", "agent", "en"))


def add(email: str, name: str, role: str, language: str, password: str) -> None:
    """Adds an agent."""
    with Context(settings()).database.writing() as session:
        agent = accounts.add_agent(session, email=email, name=name, password=password, role=role, language=language, at=now())
        typer.echo(f"{agent.email} can sign in at {settings().address}/desk")


def password(email: str, password: str) -> None:
    """Changes a password."""
    with Context(settings()).database.writing() as session:
        accounts.set_password(session, email=email, password=password)
    typer.echo("The password is changed; open sessions are ended.")


def change_role(email: str, role: str) -> None:
    """Changes a role, and writes it into the audit log."""
    with Context(settings()).database.writing() as session:
        agent = accounts.find_agent(session, email)
        if agent is None:
            raise not_found("agent", email)
        if role not in ROLES:
            raise invalid("unknown-role", f"The role {role!r} is unknown; expected one of {', '.join(ROLES)}.")
        note_change(
            session, actor=None, actor_name="savoir agents role", action="change", kind="agent", subject=str(agent.id), at=now(),
            before={"role": agent.role}, after={"role": role},
        )
        agent.role = role
    typer.echo(f"{email} is {role} now.")


def show(as_json: bool) -> None:
    """Lists the agents."""
    with Context(settings()).database.reading() as session:
        rows = [
            {"email": a.email, "name": a.name, "role": a.role, "language": a.language, "active": a.is_active}
            for a in accounts.all_agents(session)
        ]
    if as_json:
        typer.echo(json.dumps({"agents": rows}))
    for row in () if as_json else rows:
        typer.echo(f"{row['email']:32} {row['name']:24} {row['role']:14} {row['language']}{'' if row['active'] else '  (inactive)'}")


def add_demo_agents(the: Context) -> None:
    """Two agents with passwords made here, kept in var/demo-agents.txt for whoever runs the demo."""
    path = the.settings.var / "demo-agents.txt"
    lines = []
    with the.database.writing() as session:
        if accounts.all_agents(session):
            return
        for email, name, role, language in DEMO_AGENTS:
            secret = secrets.token_urlsafe(9)
            accounts.add_agent(session, email=email, name=name, password=secret, role=role, language=language, at=now())
            lines.append(f"{email}\t{secret}")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
