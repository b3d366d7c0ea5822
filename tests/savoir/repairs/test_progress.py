"""Where a repair stands, and what comes next."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from savoir.core.database import Database
from savoir.repairs import service
from savoir.repairs.service import State
from savoir.repairs.tables import Repair
from tests.conftest import Clock


def state(database: Database, clock: Clock, product: str = "nova-6", **known: Any) -> State:
    with database.writing() as session:
        known = {"status_at": clock(), "opened_at": clock(), **known}
        session.add(Repair(number="REP-000900", customer="C-1", product=product, **known))
        session.flush()
        return service.state_of(session, repair=session.get(Repair, "REP-000900"), at=clock())


@pytest.mark.parametrize(
    ("status", "how", "step", "expected"),
    [("received", "sent_in", "send_device", None), ("received", "drop_off", "bring_device", None), ("received", "at_home", "book_visit", None),
     ("received", None, "wait", date(2026, 12, 8)), ("diagnosing", "sent_in", "wait", date(2026, 12, 4)), ("repairing", "sent_in", "wait", date(2026, 11, 30)),
     ("repaired", "sent_in", "expect_return", date(2026, 11, 27)), ("repaired", "drop_off", "collect", date(2026, 11, 27)),
     ("shipped_back", "sent_in", "expect_parcel", date(2026, 11, 27)), ("refused", "sent_in", "expect_return", date(2026, 12, 1)),
     ("waiting_quote", "sent_in", "wait", None), ("closed", "sent_in", "nothing", None)],
)
def test_each_state_says_what_comes_next_and_by_when(
    database: Database, clock: Clock, status: str, how: str, step: str, expected: date
) -> None:
    told = state(database, clock, status=status, how=how)
    assert (told.next_step, told.expected_on, told.is_late) == (step, expected, False)


def test_a_repair_longer_than_usual_is_late_and_promises_no_day(database: Database, clock: Clock) -> None:
    told = state(database, clock, status="waiting_part", status_at=clock() - timedelta(days=30))
    assert (told.is_late, told.expected_on) == (True, None)


def test_a_device_refused_long_ago_is_over(database: Database, clock: Clock) -> None:
    told = state(database, clock, status="refused", status_at=clock() - timedelta(days=30))
    assert (told.next_step, told.expected_on, told.is_late) == ("nothing", None, False)


def test_a_pending_quote_awaits_the_customers_answer(database: Database, clock: Clock) -> None:
    told = state(database, clock, status="waiting_quote", quote_cents=14900, quote_status="pending")
    assert (told.quote_pending, told.next_step, told.quote_cents, told.quote_fee_cents, told.bonus_cents) == (True, "answer_quote", 14900, 2900, 2500)


def test_a_visit_ahead_is_told_and_a_past_one_is_not(database: Database, clock: Clock) -> None:
    told = state(database, clock, "horizon-43", status="waiting_part", appointment_at=clock() + timedelta(days=2), technician="Patrice Morvan")
    assert told.next_step == "expect_visit" and told.visit is not None and told.visit.technician == "Patrice Morvan"
    clock.forward(days=3)
    with database.reading() as session:
        assert service.state_of(session, repair=session.get(Repair, "REP-000900"), at=clock()).visit is None


def test_a_repair_is_found_by_its_number_only_by_its_owner(database: Database) -> None:
    with database.reading() as session:
        assert service.find_repair(session, customer="C-1", number="rep-000160 ").outcome == "found"
        assert service.find_repair(session, customer="C-1", number="REP-000150").outcome == "unknown"
        assert service.find_repair(session, customer="C-1", number="REP-999999").outcome == "unknown"


def test_the_only_open_repair_needs_no_number(database: Database, clock: Clock) -> None:
    state(database, clock, status="closed")
    with database.reading() as session:
        found = service.find_repair(session, customer="C-1")
        assert found.outcome == "found" and found.repair is not None and found.repair.number == "REP-000160"
        assert service.find_repair(session, customer="C-4").outcome == "none"


def test_several_open_ones_are_asked_about_and_the_last_ended_one_is_told_when_none_is(database: Database, clock: Clock) -> None:
    state(database, clock, status="repairing", opened_at=datetime.fromisoformat("2026-11-23T10:00:00+00:00"))
    with database.writing() as session:
        several = service.find_repair(session, customer="C-1")
        assert several.outcome == "several" and [r.number for r in several.repairs] == ["REP-000900", "REP-000160"]
        for repair in several.repairs:
            repair.status = "closed"
        session.flush()
        ended = service.find_repair(session, customer="C-1")
        assert ended.outcome == "none_open" and ended.repair is not None and ended.repair.number == "REP-000900"
