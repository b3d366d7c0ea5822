"""`savoir outbox`: what was given up is listed, and sent again on request."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from savoir.command import outbox as command
from savoir.command.main import app
from savoir.core import outbox
from savoir.core.context import Context
from savoir.core.database import Database


def test_what_was_given_up_is_listed_and_sent_again(context: Context, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    context.settings.database_url = database.url
    monkeypatch.setattr(command, "settings", lambda: context.settings)
    with database.writing() as session:
        outbox.put(session, kind="mail", key="k", payload={"to": "a@example.org"}, at=context.clock())
        (item,) = outbox.claim(session, kinds=["mail"], by="d", at=context.clock(), limit=1)
        outbox.mark_failed(session, item, "the recipient was refused (SMTP 550)", by="d", at=context.clock(), attempts=1)
    run = CliRunner()
    shown = run.invoke(app, ["outbox", "show"]).output
    assert "0 pending, 0 sending, 1 dead" in shown
    assert "SMTP 550" in shown
    assert run.invoke(app, ["outbox", "retry", str(item.id)]).exit_code == 0
    with database.reading() as session:
        assert outbox.counts(session) == {"pending": 1, "sending": 0, "dead": 0}
