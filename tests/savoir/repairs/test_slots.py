"""Windows that are offered: of the customer's region, on working days, from the next one on, as free as the technicians are."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from savoir.core.database import Database
from savoir.repairs import service
from savoir.repairs.service import Offers
from savoir.repairs.tables import Repair
from savoir.repairs.working_days import PARIS
from tests.conftest import Clock

TUESDAY_BEFORE_ARMISTICE = datetime(2026, 11, 10, 10, 0, tzinfo=timezone.utc)


def offers(database: Database, at: datetime, code: str = "44000", product_type: str = "television", **wishes: Any) -> Offers:
    with database.reading() as session:
        return service.offer_slots(session, postal_code=code, product_type=product_type, at=at, **wishes)


def codes(found: Offers) -> list[str]:
    return [slot.code for slot in found.slots]


def test_without_wishes_each_half_day_is_offered_once_from_tomorrow_on(database: Database, clock: Clock) -> None:
    found = offers(database, clock())
    assert codes(found) == ["2026-11-25T08:00", "2026-11-25T14:00", "2026-11-26T08:00"]
    assert [slot.free for slot in found.slots] == [2, 1, 2]
    assert found.outcome == "offered" and found.department == "44"


def test_later_ones_come_after_the_last_one_shown(database: Database, clock: Clock) -> None:
    shown = offers(database, clock())
    assert codes(offers(database, clock(), after=shown.slots[-1].starts_at)) == ["2026-11-26T14:00", "2026-11-27T08:00", "2026-11-27T14:00"]


def test_week_ends_and_public_holidays_are_no_days_for_visits(database: Database) -> None:
    assert codes(offers(database, TUESDAY_BEFORE_ARMISTICE))[0] == "2026-11-12T08:00"
    friday = datetime(2026, 11, 27, 22, 30, tzinfo=timezone.utc)
    assert codes(offers(database, friday))[0] == "2026-11-30T08:00"


def test_alsace_has_holidays_of_its_own(database: Database) -> None:
    before = datetime(2025, 12, 24, 9, 0, tzinfo=timezone.utc)
    assert codes(offers(database, before, "67000"))[0] == "2025-12-29T08:00"  # Friday the 26th is free of work there
    assert codes(offers(database, before))[0] == "2025-12-26T08:00"


def test_a_day_and_a_part_of_it_can_be_asked_for(database: Database, clock: Clock) -> None:
    found = offers(database, clock(), from_day=date(2026, 11, 30), part_of_day="morning")
    assert codes(found) == ["2026-11-30T08:00", "2026-11-30T10:00", "2026-12-01T08:00"]
    assert found.asked_day == "free"


@pytest.mark.parametrize(
    ("day", "said", "first"),
    [(date(2026, 11, 28), "closed", "2026-11-30T08:00"), (date(2026, 11, 24), "too_soon", "2026-11-25T08:00"), (date(2027, 3, 1), "too_far", None)],
)
def test_a_day_without_visits_says_why_and_what_comes_next(database: Database, clock: Clock, day: date, said: str, first: str) -> None:
    found = offers(database, clock(), from_day=day)
    assert found.asked_day == said
    assert (codes(found) or [None])[0] == first


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("1050", "unknown_postal_code"), ("", "unknown_postal_code"), ("00123", "unknown_postal_code"), ("97400", "not_served"), ("13001", "not_served"),
     ("F-44 000", "offered")],
)
def test_where_nobody_comes_is_said(database: Database, clock: Clock, code: str, outcome: str) -> None:
    assert offers(database, clock(), code).outcome == outcome


def test_only_those_who_know_the_product_come(database: Database, clock: Clock) -> None:
    assert offers(database, clock(), product_type="laptop").outcome == "not_served"


@pytest.mark.parametrize(("code", "department"), [("20000", "2A"), ("20200", "2B"), ("97400", "974"), ("01000", "01"), ("8000", None), ("ABCDE", None)])
def test_postal_codes_lie_in_departments(code: str, department: str) -> None:
    assert service.department_of(code) == department


def test_visits_that_only_the_firms_files_know_take_time_too(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        session.get(Repair, "REP-000150").appointment_at = datetime(2026, 11, 25, 15, 0, tzinfo=PARIS)
        session.get(Repair, "REP-000150").technician = "Patrice Morvan"
    assert codes(offers(database, clock(), part_of_day="afternoon"))[0] == "2026-11-26T14:00"


def test_a_code_of_a_button_names_its_window() -> None:
    assert service.start_of("2026-11-25T08:00") == datetime(2026, 11, 25, 8, 0, tzinfo=PARIS)
    assert service.start_of("tomorrow") is None
