"""`savoir outbox`: what could not be sent, and sending it again."""

from __future__ import annotations

import json

import typer

from savoir.core import outbox
from savoir.core.clock import now
from savoir.core.context import Context
from savoir.core.settings import settings


def show(as_json: bool) -> None:
    """Counts what waits, and lists what was given up, newest first."""
    with Context(settings()).database.reading() as session:
        counts = outbox.counts(session)
        rows = [
            {"id": row.id, "kind": row.kind, "attempts": row.attempts, "error": row.error, "given_up_at": row.done_at.isoformat()}
            for row in outbox.dead(session)
        ]
    if as_json:
        typer.echo(json.dumps({"counts": counts, "dead": rows}, ensure_ascii=False))
        return
    typer.echo(", ".join(f"{number} {state}" for state, number in counts.items()))
    for row in rows:
        typer.echo(f"{row['id']:>7}  {row['kind']:18} {row['given_up_at'][:16]}  {row['attempts']} attempts  {row['error']}")


def retry(id: int) -> None:
    """Makes a dead item pending again; the desk sends it within a second."""
    with Context(settings()).database.writing() as session:
        outbox.retry(session, id, now())
    typer.echo(f"The item {id} is sent again.")
