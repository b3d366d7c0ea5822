"""`savoir privacy`: a copy of what is held about a person, and its erasure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import typer

from savoir.core.clock import now
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.security import new_id
from savoir.core.settings import settings
from savoir.privacy import service, trackers


def export(email: str, out: Path) -> None:
    """Writes the ZIP to a file that only its owner can read."""
    the, at = Context(settings()), now()
    with the.database.writing() as session:
        person = service.person_of(session, email=email)
        if person is None or person.customer is None:
            raise _nobody(email)
        language = service.language_of(session, person)
        row = service.receive(
            session, kind="export", language=language, key=f"command:{new_id()}", customer=person.customer, at=at, actor="command"
        )
        content, counts = service.copy_of(session, the.settings, person, language=language, at=at)
        service.close(session, row.id, action="exported", counts=counts, actor="command", at=at)
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    typer.echo(f"{out}: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    typer.echo("This file holds personal data: give it to nobody but that person.")


def erase(email: str, is_sure: bool) -> None:
    """Erases at once, after a question; says what stays."""
    the, at = Context(settings()), now()
    with the.database.reading() as session:
        person = service.person_of(session, email=email)
        if person is None or person.customer is None:
            raise _nobody(email)
        numbers, keeps = service.stands_against(session, person), service.keeps_accounts(session, person)
    if numbers:
        raise Problem("erasure-must-wait", 409, f"The data can't be erased while this is under way: {', '.join(numbers)}.")
    typer.echo(f"{email} is customer {person.customer}, with {len(person.conversations)} conversations.")
    if keeps:
        typer.echo("Numbers, dates and amounts of orders and repairs stay for the accounts (ten years), without name and address.")
    if not is_sure:
        typer.confirm("Erase everything else? This can't be undone.", abort=True)
    with the.database.writing() as session:
        language = service.language_of(session, person)
        row = service.receive(
            session, kind="erasure", language=language, key=f"command:{new_id()}", customer=person.customer, at=at, actor="command"
        )
        service.confirm(session, row.id, at=at, actor="command")
        erased = service.carry_out_erasure(session, the.settings, row.id, at=at, actor="command")
    trackers.erase(the.settings.trackers, erased)
    typer.echo("It is erased; the customer is told by mail.")


def requests(as_json: bool) -> None:
    """Lists what is not done, with the day by which it must be."""
    with Context(settings()).database.reading() as session:
        rows = [
            {
                "number": row.number, "kind": row.kind, "state": row.state, "customer": row.customer, "conversation": row.conversation,
                "received_at": row.received_at.isoformat(), "due_at": row.due_at.isoformat(),
            }
            for row in service.open_requests(session)
        ]
    if as_json:
        typer.echo(json.dumps({"requests": rows}))
    for row in () if as_json else rows:
        typer.echo(f"{row['number']}  {row['kind']:8} {row['state']:10} due {row['due_at'][:10]}  {row['customer'] or row['conversation']}")


def _nobody(email: str) -> Problem:
    return Problem("not-found", 404, f"No customer has the address {email!r}.")
