"""`savoir privacy`: a copy into a file, an erasure after a question, and what is still to be done."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from savoir.command import privacy as command
from savoir.command.main import app
from savoir.core.context import Context
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.customers.tables import Customer, Order
from savoir.privacy import service as privacy


@pytest.fixture(autouse=True)
def customer(context: Context, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    context.settings.database_url = database.url
    monkeypatch.setattr(command, "settings", lambda: context.settings)
    with database.writing() as session:
        session.add(Customer(id="C-1", first_name="Camille", last_name="Rousseau", email="camille@example.org", language="fr"))
        session.flush()
        session.add(Order(number="CMD-1", customer="C-1", placed_at=context.clock(), status="delivered", lines=[]))


def run(*arguments: str, answer: str = "") -> object:
    return CliRunner().invoke(app, ["privacy", *arguments], input=answer)


def test_a_copy_is_written_for_its_owner_only_and_noted(database: Database, tmp_path: Path) -> None:
    out = tmp_path / "camille.zip"
    done = run("export", "Camille@example.org", "--out", str(out))
    assert done.exit_code == 0, done.output  # type: ignore[attr-defined]
    assert out.stat().st_mode & 0o077 == 0
    assert b"Rousseau" in zipfile.ZipFile(out).read("donnees.json")
    with database.reading() as session:
        assert [(e.actor, e.action) for e in privacy.history(session, customer="C-1")] == [("command", "received"), ("command", "exported")]
        assert privacy.open_requests(session) == []


def test_an_erasure_asks_first(database: Database) -> None:
    run("erase", "camille@example.org", answer="n\n")
    with database.reading() as session:
        assert session.get(Customer, "C-1").last_name == "Rousseau"
    done = run("erase", "camille@example.org", answer="y\n")
    assert "for the accounts" in done.output  # type: ignore[attr-defined]
    with database.reading() as session:
        assert session.get(Customer, "C-1").last_name == ""


def test_an_erasure_does_not_ask_with_yes_and_refuses_what_is_under_way(database: Database) -> None:
    with database.writing() as session:
        session.get(Order, "CMD-1").status = "shipped"
    refused = run("erase", "camille@example.org", "--yes")
    assert isinstance(refused.exception, Problem)  # type: ignore[attr-defined]
    assert "CMD-1" in refused.exception.detail  # type: ignore[attr-defined]
    with database.writing() as session:
        session.get(Order, "CMD-1").status = "delivered"
    assert run("erase", "camille@example.org", "--yes").exit_code == 0  # type: ignore[attr-defined]


def test_an_address_that_nobody_has_is_said(tmp_path: Path) -> None:
    refused = run("export", "nobody@example.org", "--out", str(tmp_path / "x.zip"))
    assert "nobody@example.org" in refused.exception.detail  # type: ignore[attr-defined]


def test_what_is_not_done_is_listed_with_its_day(context: Context, database: Database) -> None:
    with database.writing() as session:
        privacy.receive(session, kind="erasure", language="fr", key="k", at=context.clock(), customer="C-1")
    assert "RGPD-000001  erasure  received   due 2026-12-24  C-1" in run("requests").output  # type: ignore[attr-defined]
