"""Requests about personal data: registered with the day they are due, confirmed before anything is done, and noted."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timezone
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.routes import install_problems
from savoir.core.tables import OutboxItem
from savoir.privacy import routes
from savoir.privacy import service as privacy
from tests.conftest import Clock
from tests.savoir.privacy.conftest import People


def receive(context: Context, kind: str = "export", key: str = "r", **about: Any) -> Any:
    with context.database.writing() as session:
        return privacy.receive(session, kind=kind, language="fr", key=key, at=context.clock(), **(about or {"customer": "C-1"}))


def carry_out(context: Context, request: int) -> Any:
    with context.database.writing() as session:
        return privacy.carry_out_export(session, context.settings, request, at=context.clock())


def confirm(context: Context, request: int) -> None:
    with context.database.writing() as session:
        privacy.confirm(session, request, at=context.clock())


def test_a_request_is_due_in_a_month_and_the_same_turn_makes_one(context: Context, people: People, clock: Clock) -> None:
    clock.at = datetime(2027, 1, 31, 9, tzinfo=timezone.utc)
    first, again = receive(context), receive(context)
    assert first.id == again.id
    assert (first.state, first.due_at, first.number) == ("received", datetime(2027, 2, 28, 9, tzinfo=timezone.utc), "RGPD-000001")


@pytest.mark.parametrize("wrong", [{"kind": "portability", "customer": "C-1"}, {"kind": "export", "customer": None}])
def test_a_request_about_nobody_or_of_no_kind_is_refused(context: Context, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="about a customer"):
        receive(context, **wrong)


def test_nothing_is_carried_out_before_it_is_known_who_asks(context: Context, people: People) -> None:
    request = receive(context).id
    with pytest.raises(Problem, match="not confirmed"):
        carry_out(context, request)


def test_a_confirmed_export_is_mailed_as_a_link_once(context: Context, people: People) -> None:
    request = receive(context).id
    confirm(context, request)
    confirm(context, request)
    link = carry_out(context, request)
    assert carry_out(context, request) is None, "done is done"
    with context.database.reading() as session:
        (mail,) = session.query(OutboxItem).filter_by(key=f"privacy:{request}:ready").all()
        assert session.query(OutboxItem).filter_by(kind="privacy_export").count() == 1
        assert privacy.open_requests(session) == []
    assert mail.payload["to"] == "camille@example.org"
    assert link in mail.payload["text"]


def test_without_an_account_the_link_is_told_and_nobody_is_mailed(context: Context, people: People) -> None:
    request = receive(context, conversation=people.camille).id
    confirm(context, request)
    assert re.fullmatch(r"http://\S+/privacy/copies/\S{43}", carry_out(context, request))
    with context.database.reading() as session:
        assert session.query(OutboxItem).filter_by(key=f"privacy:{request}:ready").count() == 0


@pytest.fixture
def client(context: Context) -> TestClient:
    app = FastAPI()
    app.state.context = context
    install_problems(app)
    app.include_router(routes.router)
    return TestClient(app)


def test_the_link_gives_the_copy_for_a_week_and_each_fetch_is_noted(context: Context, people: People, clock: Clock, client: TestClient) -> None:
    request = receive(context).id
    confirm(context, request)
    path = carry_out(context, request).replace(context.settings.address, "")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "donnees.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    with context.database.reading() as session:
        assert [e.action for e in privacy.history(session, customer="C-1")] == ["received", "confirmed", "exported", "fetched"]
    clock.forward(days=7)
    assert client.get(path).status_code == 404
    assert client.get("/privacy/copies/guessed").status_code == 404


def test_open_requests_come_first_that_are_due_first(context: Context, people: People, clock: Clock) -> None:
    receive(context, key="a")
    clock.forward(days=1)
    receive(context, key="b", kind="erasure", customer="C-2")
    with context.database.reading() as session:
        assert [r.kind for r in privacy.open_requests(session)] == ["export", "erasure"]
        assert [r.kind for r in privacy.requests_of(session, customer="C-2")] == ["erasure"]
