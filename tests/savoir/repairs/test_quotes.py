"""Quotes are answered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from savoir.core.database import Database
from savoir.repairs import service
from savoir.repairs.service import QuoteAnswer
from savoir.repairs.tables import Repair
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def quotes(database: Database, clock: Clock, firm: None) -> None:
    with database.writing() as session:
        for number, product, known in (
            ("REP-000701", "nova-6", {"status": "waiting_quote", "quote_cents": 14900, "quote_status": "pending"}),
            ("REP-000702", "horizon-43", {"status": "waiting_quote", "quote_cents": 14900, "quote_status": "pending"}),
            ("REP-000703", "nova-6", {"status": "diagnosing", "under_warranty": False}),
            ("REP-000704", "nova-6", {"status": "diagnosing", "under_warranty": True}),
        ):
            session.add(Repair(number=number, customer="C-1", product=product, opened_at=clock(), **known))


def answer(database: Database, clock: Clock, accept: bool, *, number: str = "REP-000701", key: str = "k", customer: str = "C-1") -> QuoteAnswer:
    with database.writing() as session:
        return service.answer_quote(session, customer=customer, number=number, accept=accept, key=key, at=clock())


def kept(database: Database) -> tuple[Any, ...]:
    with database.reading() as session:
        row = session.get(Repair, "REP-000701")
        return row.status, row.quote_status, row.status_at


def test_an_accepted_quote_lets_the_repair_go_on(database: Database, clock: Clock) -> None:
    told = answer(database, clock, True)
    assert (told.outcome, told.cents, told.fee_cents, told.needs_visit) == ("accepted", 14900, 2900, False)
    assert kept(database) == ("repairing", "accepted", clock())


def test_a_refused_quote_ends_it(database: Database, clock: Clock) -> None:
    assert answer(database, clock, False).outcome == "refused"
    assert kept(database)[:2] == ("refused", "refused")


def test_the_same_turn_is_answered_alike_and_a_later_answer_changes_nothing(database: Database, clock: Clock) -> None:
    assert [answer(database, clock, True).outcome for _ in range(2)] == ["accepted", "accepted"]
    assert answer(database, clock, False, key="later").outcome == "already_accepted"
    assert kept(database)[1] == "accepted"


@pytest.mark.parametrize(("number", "outcome"), [("REP-000703", "not_yet"), ("REP-000704", "no_quote"), ("REP-999999", "unknown"), ("REP-000150", "unknown")])
def test_without_a_pending_quote_it_is_said_why(database: Database, clock: Clock, number: str, outcome: str) -> None:
    assert answer(database, clock, True, number=number).outcome == outcome


def test_a_repair_at_home_then_needs_a_visit(database: Database, clock: Clock) -> None:
    assert answer(database, clock, True, number="REP-000702").needs_visit


def test_of_two_tabs_that_answer_differently_the_first_counts(database: Database, clock: Clock) -> None:
    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(lambda accept: answer(database, clock, accept, key=str(accept)).outcome, [True, False]))
    assert outcomes in ({"accepted", "already_accepted"}, {"refused", "already_refused"})


def test_pending_quotes_are_listed(database: Database) -> None:
    with database.reading() as session:
        assert {repair.number for repair in service.pending_quotes(session, customer="C-1")} == {"REP-000701", "REP-000702"}
