"""Who one is: shown by number and proof, stopped after three failures, and never telling whether an order exists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from savoir.core.database import Database
from savoir.customers import service
from savoir.customers.service import Identified, NotIdentified
from savoir.customers.tables import Customer, Order
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def orders(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        for id, email, code in (("C-1", "camille@example.org", "44000"), ("C-2", "james@example.com", "69003")):
            session.add(Customer(id=id, first_name="x", last_name="y", email=email, language="fr", postal_code=code))
        session.flush()
        for number, customer in (("CMD-100001", "C-1"), ("CMD-100002", "C-1"), ("CMD-100003", "C-2")):
            session.add(Order(number=number, customer=customer, placed_at=clock(), status="shipped", postal_code="75001", lines=[]))


def identify(database: Database, clock: Clock, proof: str, *, number: str = "CMD-100001", key: str = "k", conversation: str = "c") -> object:
    with database.writing() as session:
        return service.identify(session, conversation=conversation, order_number=number, proof=proof, key=key, at=clock())


@pytest.mark.parametrize("proof", ["camille@example.org", " Camille@Example.ORG ", "44000", "44 000", "F-44000", "75001"])
def test_the_address_or_either_postal_code_shows_that_the_order_is_theirs(database: Database, clock: Clock, proof: str) -> None:
    found = identify(database, clock, proof)
    assert isinstance(found, Identified)
    assert found.customer.id == "C-1"


def test_a_wrong_proof_and_an_unknown_order_are_answered_alike(database: Database, clock: Clock) -> None:
    wrong = identify(database, clock, "james@example.com", key="a", conversation="one")
    unknown = identify(database, clock, "camille@example.org", number="CMD-999999", key="b", conversation="two")
    assert wrong == unknown == NotIdentified(2)


def test_the_third_failure_stops_even_the_right_proof(database: Database, clock: Clock) -> None:
    left = [identify(database, clock, "0", key=f"k{n}") for n in range(3)]
    assert left == [NotIdentified(2), NotIdentified(1), NotIdentified(0)]
    assert identify(database, clock, "44000", key="k9") == NotIdentified(0)
    with database.reading() as session:
        assert service.checks_stopped(session, conversation="c", at=clock())


def test_a_repeated_turn_counts_as_one_attempt(database: Database, clock: Clock) -> None:
    assert [identify(database, clock, "0", key="same") for _ in range(5)] == [NotIdentified(2)] * 5


def test_many_conversations_cannot_guess_at_one_order(database: Database, clock: Clock) -> None:
    for n in range(service.MOST_FAILURES_ON_AN_ORDER + 1):
        identify(database, clock, f"{n:05}", key=f"k{n}", conversation=f"c{n}")
    assert identify(database, clock, "44000", key="z", conversation="fresh") == NotIdentified(0)
    clock.at += timedelta(days=2)
    assert isinstance(identify(database, clock, "44000", key="y", conversation="tomorrow"), Identified)


def test_who_was_identified_by_one_order_may_see_their_others_and_nobody_elses(database: Database, clock: Clock) -> None:
    identify(database, clock, "44000")
    with database.reading() as session:
        assert service.identified_in(session, conversation="c", order_number="CMD-100002") is not None
        assert service.identified_in(session, conversation="c", order_number="CMD-100003") is None
        assert service.identified_in(session, conversation="other", order_number="CMD-100001") is None


def own(database: Database, clock: Clock, proof: str, *, customer: str | None = "C-1", key: str = "k", conversation: str = "c") -> object:
    with database.writing() as session:
        return service.identify_owner(session, conversation=conversation, number="REP-000101", customer=customer, proof=proof, key=key, at=clock())


def test_the_owner_of_something_else_is_shown_by_its_number_and_may_see_their_orders(database: Database, clock: Clock) -> None:
    found = own(database, clock, "44000")
    assert isinstance(found, Customer)
    assert found.id == "C-1"
    with database.reading() as session:
        assert service.identified_in(session, conversation="c", order_number="CMD-100002") is not None
        assert service.identified_in(session, conversation="c", order_number="CMD-100003") is None


def test_a_number_that_nobody_knows_is_answered_as_a_wrong_proof_and_counts_like_one(database: Database, clock: Clock) -> None:
    assert own(database, clock, "44000", customer=None, key="a", conversation="one") == NotIdentified(2)
    assert own(database, clock, "69003", key="b", conversation="two") == NotIdentified(2)
    for key in ("c", "d"):
        own(database, clock, "69003", key=key, conversation="two")
    assert own(database, clock, "44000", key="e", conversation="two") == NotIdentified(0)
