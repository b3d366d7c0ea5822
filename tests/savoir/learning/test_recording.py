"""A recorded conversation is a test that can be read, and nobody is recognised in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from savoir.conversations import service as log
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.customers.tables import Customer, Order
from savoir.learning.recording import recorded
from savoir.tickets import service as tickets
from tests.conftest import Clock
from tests.conversations.script import Script, read_script


def customer(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        session.add(
            Customer(
                id="C-1", first_name="Camille", last_name="Rousseau", email="camille.rousseau@example.org", phone="+33639981234", language="fr",
                street="1 rue Haute", postal_code="44000", city="Nantes", country="FR", created_at=clock(),
            )
        )
        session.flush()
        session.add(Order(number="CMD-104233", customer="C-1", placed_at=clock(), status="shipped", lines=[{"product": "nova-6", "quantity": 1, "unit_cents": 1}]))


def conversation(database: Database, clock: Clock, *lines: tuple[str, str], known: str = "C-1", **more: str) -> str:
    with database.writing() as session:
        row = log.start(session, channel="web", language="fr", at=clock())
        row.customer = known or None
        session.flush()
        for author, text in lines:
            if author == "customer":
                log.receive(session, conversation=row.id, client_id=text[:20], text=text, at=clock())
            else:
                log.speak(session, row, author=author, text=text, at=clock(), agent_name="Marie", buttons=[{"title": "Oui", "payload": "/affirm"}])
        return str(row.id)


def read_back(database: Database, conversation: str, folder: Path) -> tuple[str, Script]:
    with database.reading() as session:
        text = recorded(session, conversation)
    path = folder / "recorded.yml"
    path.write_text(text, encoding="utf-8")
    return text, read_script(path)


def test_personal_values_become_placeholders_with_what_must_be_given(database: Database, clock: Clock, tmp_path: Path) -> None:
    customer(database, clock)
    name = conversation(
        database, clock, ("customer", "bonjour, Camille Rousseau ici, ma commande 104233 ?"),
        ("assistant", "Votre commande CMD-104233 est en route avec Colivia. Livraison prévue mardi 24 novembre."),
        ("customer", "écrivez à Camille.Rousseau@example.org ou 06 39 98 12 34, sinon jean@ailleurs.example et 01 99 00 12 12, CMD-555555"),
    )
    text, script = read_back(database, name, tmp_path)
    for private in ("Camille", "Rousseau", "104233", "39 98 12 34", "jean@", "01 99 00", "555555"):
        assert private not in text, private
    assert script.given == {"customer": {}, "order": {"status": "shipped", "lines": ["nova-6"]}}
    assert script.steps[0].value == "bonjour, {first_name} {last_name} ici, ma commande {order} ?"
    assert script.steps[2].value == "écrivez à {email} ou {phone}, sinon quelqu.un@example.org et 06 39 98 00 00, CMD-000000"


def test_what_the_assistant_said_is_kept_without_what_changes_by_the_day(database: Database, clock: Clock, tmp_path: Path) -> None:
    customer(database, clock)
    said = "Votre commande CMD-104233 est en route avec Colivia, suivi **CV1234FR**. Livraison prévue mardi 24 novembre."
    text, script = read_back(database, conversation(database, clock, ("customer", "où est-elle ?"), ("assistant", said)), tmp_path)
    assert "24 novembre" not in text.split("\n", 1)[1]
    assert script.steps[1].value["says"] == "Votre commande {order} est en route avec Colivia, suivi" or "en route" in script.steps[1].value["says"]
    assert script.steps[1].value["buttons"] == ["Oui"]


def test_tickets_and_the_state_at_the_end_are_checked(database: Database, clock: Clock, tmp_path: Path) -> None:
    name = conversation(database, clock, ("customer", "mon écran est noir"), ("assistant", "C'est noté."), known="")
    with database.writing() as session:
        new = tickets.NewTicket(channel="web", language="fr", subject="écran", body="noir", category="hardware.screen", conversation=name)
        tickets.open_ticket(session, new, key="k", at=clock())
    _, script = read_back(database, name, tmp_path)
    assert [(step.kind, step.value) for step in script.steps[-2:]] == [
        ("ticket", {"category": "hardware.screen", "urgency": "p3"}), ("state", "bot"),
    ]


def test_an_unknown_conversation_is_a_problem(database: Database) -> None:
    with database.reading() as session, pytest.raises(Problem):
        recorded(session, "nobody")
