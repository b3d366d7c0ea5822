"""Canned replies: filled with what is known, gaps where it isn't, written by supervisors only, brought in from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from savoir.conversations import service as conversations
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.core.importing import FaultyFile
from savoir.core.settings import PROJECT
from savoir.customers.tables import Customer, Order
from savoir.handoff import canned
from savoir.handoff.accounts import add_agent
from savoir.handoff.canned import Values, fill
from tests.conftest import Clock

KNOWN = Values("Marie", "CMD-104512", "Claire", "Talvène")
UNKNOWN = Values(None, None, "Claire", "Talvène")
PARTS = {"title_fr": "Retard", "title_en": "Late", "text_fr": "Bonjour {client}", "text_en": "Hello {customer}"}


@pytest.mark.parametrize(
    ("text", "values", "language", "expected"),
    [
        ("Bonjour {client}, ici {conseiller}, {enseigne}.", KNOWN, "fr", "Bonjour Marie, ici Claire, Talvène."),
        ("Hello { customer }, order {order}.", KNOWN, "en", "Hello Marie, order CMD-104512."),
        ("Bonjour {client}, ici {conseiller}.", UNKNOWN, "fr", "Bonjour, ici Claire."),
        ("Commande {commande} : je regarde.", UNKNOWN, "fr", "Commande [numéro de commande] : je regarde."),
        ("Your order {order}", UNKNOWN, "en", "Your order [order number]"),
    ],
)
def test_variables_are_filled_or_leave_a_gap(text: str, values: Values, language: str, expected: str) -> None:
    assert fill(text, values, language) == expected
    assert bool(canned.gap_in(expected)) == ("[" in expected)


def test_only_supervisors_write_and_faults_are_named(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        agent = add_agent(session, email="a@example.org", name="Ada", password="a long password", at=clock())
        chief = add_agent(session, email="b@example.org", name="Bea", password="a long password", at=clock(), role="supervisor")
        with pytest.raises(Problem) as refused:
            canned.save_reply(session, id=None, shortcut="late", agent=agent, at=clock(), **PARTS)
        assert refused.value.code == "not-allowed"
        made = canned.save_reply(session, id=None, shortcut="/Colis en retard", agent=chief, at=clock(), **PARTS)
        assert made.shortcut == "colis-en-retard"
        for changed, code in (
            ({"shortcut": "colis en retard"}, "shortcut-taken"), ({"shortcut": "!"}, "bad-shortcut"), ({"text_en": " "}, "reply-incomplete"),
            ({"text_fr": "Bonjour {prénom}"}, "unknown-variable"),
        ):
            with pytest.raises(Problem) as refused:
                canned.save_reply(session, id=None, agent=chief, at=clock(), **{"shortcut": "other", **PARTS, **changed})
            assert refused.value.code == code
        with pytest.raises(Problem):
            canned.remove_reply(session, id=str(made.id), agent=agent)
        canned.remove_reply(session, id=str(made.id), agent=chief)
        assert canned.all_replies(session) == []


def test_name_and_order_come_only_after_the_check_and_the_order_that_was_named_first(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        agent = add_agent(session, email="a@example.org", name="Ada Byron", password="a long password", at=clock())
        row = conversations.start(session, channel="web", language="fr", at=clock())
        assert canned.values_for(session, row, agent, "Talvène", ["CMD-1"]) == Values(None, None, "Ada", "Talvène")
        session.add(Customer(id="C-1", first_name="Marie", last_name="Dupont", email="m@example.org", language="fr", created_at=clock()))
        session.flush()
        for number in ("CMD-1", "CMD-2"):
            session.add(Order(number=number, customer="C-1", placed_at=clock(), status="paid", lines=[]))
        conversations.set_customer(session, str(row.id), "C-1")
        session.flush()
        session.refresh(row)
        assert canned.values_for(session, row, agent, "Talvène").order is None
        assert canned.values_for(session, row, agent, "Talvène", ["CMD-1", "CMD-9"]) == Values("Marie", "CMD-1", "Ada", "Talvène")


def test_the_demo_firms_replies_come_in_twice_as_once_and_keep_their_use(database: Database) -> None:
    path = PROJECT / "data" / "demo" / "canned_replies.csv"
    with database.writing() as session:
        assert canned.import_replies(session, path) == 16
        first = canned.all_replies(session)[0]
        canned.count_use(session, str(first.id))
        canned.import_replies(session, path)
        session.expire_all()
        found = canned.all_replies(session)
        assert len(found) == 16
        assert [r.used for r in found if r.id == first.id] == [1]
        for language in ("fr", "en"):
            assert all("{" not in r.text for r in canned.filled(session, values=KNOWN, language=language, agent_language="en"))


def test_a_bad_line_is_named(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "replies.csv"
    file.write_text("shortcut,title_fr,title_en,text_fr,text_en\nok,A,B,C,D\nbad,A,B,{x},D\n")
    with database.writing() as session, pytest.raises(FaultyFile) as fault:
        canned.import_replies(session, file)
    assert [(one.line, "{x}" in one.message) for one in fault.value.faults] == [(3, True)]
