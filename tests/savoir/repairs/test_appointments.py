"""Visits: booked once, moved and cancelled until the day before, and never twice at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from savoir.core.database import Database
from savoir.repairs import service
from savoir.repairs.service import Booking, Cancellation, Move
from savoir.repairs.tables import Appointment, Repair
from savoir.repairs.working_days import PARIS
from tests.conftest import Clock


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 0, tzinfo=PARIS)


def book(database: Database, when: datetime, *, number: str = "REP-000160", customer: str = "C-1", key: str = "k", now: datetime) -> Booking:
    with database.writing() as session:
        return service.book(session, customer=customer, number=number, starts_at=when, key=key, at=now)


def move(database: Database, when: datetime, *, key: str = "m", now: datetime) -> Move:
    with database.writing() as session:
        return service.move(session, customer="C-1", number="REP-000160", starts_at=when, key=key, at=now)


def cancel(database: Database, *, key: str = "c", now: datetime) -> Cancellation:
    with database.writing() as session:
        return service.cancel_appointment(session, customer="C-1", number="REP-000160", key=key, at=now)


def repair(database: Database, number: str = "REP-000160") -> Repair:
    with database.reading() as session:
        return session.get(Repair, number)


def booked(database: Database) -> list[tuple[str, datetime]]:
    with database.reading() as session:
        query = sa.select(Appointment.technician, Appointment.starts_at).where(Appointment.state == "booked")
        return sorted((row[0], row[1]) for row in session.execute(query))


def test_a_visit_is_booked_and_told(database: Database, clock: Clock) -> None:
    made = book(database, at(25, 14), now=clock())
    assert made.outcome == "booked" and made.visit is not None
    assert (made.visit.starts_at, made.visit.ends_at, made.visit.technician) == (at(25, 14), at(25, 16), "Patrice Morvan")
    assert made.visit.changeable_until == at(24, 17)
    assert (repair(database).appointment_at, repair(database).technician) == (at(25, 14), "Patrice Morvan")


def test_the_same_key_books_once(database: Database, clock: Clock) -> None:
    assert book(database, at(25, 8), now=clock()) == book(database, at(25, 8), now=clock())
    assert len(booked(database)) == 1


def test_a_repair_with_a_visit_ahead_gets_no_second_one(database: Database, clock: Clock) -> None:
    book(database, at(25, 8), now=clock())
    second = book(database, at(26, 8), key="other", now=clock())
    assert second.outcome == "already_booked" and second.visit is not None and second.visit.starts_at == at(25, 8)


def test_a_second_visit_follows_one_that_was_made(database: Database, clock: Clock) -> None:
    book(database, at(25, 8), now=clock())
    assert book(database, at(30, 8), key="next", now=at(26, 9)).outcome == "booked"


def test_a_window_taken_meanwhile_comes_back_with_others(database: Database, clock: Clock) -> None:
    book(database, at(25, 14), now=clock())
    late = book(database, at(25, 14), number="REP-000150", customer="C-2", key="two", now=clock())
    assert late.outcome == "taken" and late.offers is not None
    assert late.offers.slots[0].code == "2026-11-25T08:00"
    assert repair(database, "REP-000150").appointment_at is None


@pytest.mark.parametrize("when", [at(24, 14), at(28, 8), at(25, 9), at(25, 12)])
def test_what_is_no_window_is_not_booked(database: Database, clock: Clock, when: datetime) -> None:
    assert book(database, when, now=clock()).outcome == "taken"


def test_a_technician_makes_no_more_visits_a_day_than_they_can(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        for number in range(7):
            session.add(Repair(number=f"REP-00020{number}", customer="C-1", product="horizon-43", opened_at=clock(), status="received"))
    hours = [8, 8, 10, 10, 14, 16, 8]
    outcomes = [book(database, at(25, hour), number=f"REP-00020{n}", key=str(n), now=clock()).outcome for n, hour in enumerate(hours)]
    assert outcomes == ["booked"] * 6 + ["taken"]
    assert [name for name, _ in booked(database)].count("anne") == 2


def test_who_is_in_the_region_anyway_comes_first(database: Database, clock: Clock) -> None:
    book(database, at(25, 14), now=clock())
    assert book(database, at(25, 8), number="REP-000150", customer="C-2", key="two", now=clock()).visit.technician == "Patrice Morvan"  # type: ignore[union-attr]


def test_only_big_televisions_of_open_repairs_are_visited(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        session.add(Repair(number="REP-000201", customer="C-1", product="horizon-32", opened_at=clock(), status="received"))
        session.add(Repair(number="REP-000202", customer="C-1", product="horizon-43", opened_at=clock(), status="closed"))
    assert book(database, at(25, 8), number="REP-000201", key="1", now=clock()).outcome == "not_at_home"
    assert book(database, at(25, 8), number="REP-000202", key="2", now=clock()).outcome == "ended"


def test_somebody_elses_repair_is_unknown(database: Database, clock: Clock) -> None:
    assert book(database, at(25, 8), number="REP-000150", now=clock()).outcome == "unknown"


def test_of_many_who_want_one_window_at_once_just_one_gets_it(database: Database, clock: Clock) -> None:
    numbers = [f"REP-0003{n:02d}" for n in range(8)]
    with database.writing() as session:
        for number in numbers:
            session.add(Repair(number=number, customer="C-1", product="horizon-43", opened_at=clock(), status="received"))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: book(database, at(25, 14), number=n, key=n, now=clock()).outcome, numbers))
    assert sorted(outcomes) == ["booked"] + ["taken"] * 7
    assert len(booked(database)) == 1


def test_one_turn_run_by_two_processes_at_once_books_once(database: Database, clock: Clock) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: book(database, at(25, 8), now=clock()).outcome, range(4)))
    assert made == ["booked"] * 4
    assert len(booked(database)) == 1


def test_a_visit_is_moved_and_its_window_free_again(database: Database, clock: Clock) -> None:
    book(database, at(25, 14), now=clock())
    moved = move(database, at(27, 14), now=clock())
    assert moved.outcome == "moved" and moved.visit is not None and moved.before is not None
    assert (moved.visit.starts_at, moved.before.starts_at) == (at(27, 14), at(25, 14))
    assert move(database, at(27, 14), now=clock()).outcome == "moved"
    assert booked(database) == [("patrice", at(27, 14))]
    assert book(database, at(25, 14), number="REP-000150", customer="C-2", key="two", now=clock()).outcome == "booked"


def test_a_move_to_a_taken_window_leaves_the_visit_as_it_was(database: Database, clock: Clock) -> None:
    book(database, at(25, 14), now=clock())
    book(database, at(26, 14), number="REP-000150", customer="C-2", key="two", now=clock())
    moved = move(database, at(26, 14), now=clock())
    assert moved.outcome == "taken" and moved.offers is not None and moved.offers.slots
    assert repair(database).appointment_at == at(25, 14)
    assert ("patrice", at(25, 14)) in booked(database)


def test_a_visit_can_move_within_its_own_day(database: Database, clock: Clock) -> None:
    book(database, at(25, 14), now=clock())
    assert move(database, at(25, 16), now=clock()).outcome == "moved"
    assert move(database, at(25, 16), key="again", now=clock()).outcome == "same"


@pytest.mark.parametrize(("hour", "minute", "moves", "cancels"), [(16, 59, "moved", "cancelled"), (17, 1, "too_late", "too_late")])
def test_until_five_on_the_day_before_it_can_be_changed(database: Database, clock: Clock, hour: int, minute: int, moves: str, cancels: str) -> None:
    book(database, at(26, 8), now=clock())
    now = at(25, hour) + timedelta(minutes=minute)
    moved = move(database, at(27, 8), now=now)
    assert moved.outcome == moves
    cancelled = cancel(database, now=now if moves == "too_late" else at(26, 9))
    assert cancelled.outcome == cancels


def test_a_cancelled_visit_is_cancelled_once_and_the_repair_goes_on(database: Database, clock: Clock) -> None:
    book(database, at(26, 8), now=clock())
    assert cancel(database, now=clock()).outcome == "cancelled"
    assert cancel(database, now=clock()).outcome == "cancelled"
    assert cancel(database, key="later", now=clock()).outcome == "no_appointment"
    assert (repair(database).status, repair(database).appointment_at) == ("received", None)
    assert book(database, at(26, 8), key="new", now=clock()).outcome == "booked"


def test_a_visit_known_from_the_firms_files_is_moved_and_cancelled_like_ours(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        row = session.get(Repair, "REP-000160")
        row.appointment_at, row.technician = datetime(2026, 11, 26, 9, 30, tzinfo=timezone.utc), "Patrice Morvan"
    moved = move(database, at(26, 10), now=clock())
    assert moved.outcome == "moved" and moved.visit is not None
    assert cancel(database, now=clock()).outcome == "cancelled"


def test_there_is_nothing_to_move_or_cancel_without_a_visit(database: Database, clock: Clock) -> None:
    assert move(database, at(26, 10), now=clock()).outcome == "no_appointment"
    assert cancel(database, now=clock()).outcome == "no_appointment"
