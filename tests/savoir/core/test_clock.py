"""Opening hours: several slots a day, weekends, holidays, and the change of the clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from savoir.core.clock import OpeningHours

PARIS = ZoneInfo("Europe/Paris")
HOURS = OpeningHours.parse("mo-fr 09:00-12:30,14:00-18:00; sa 10:00-17:00", "Europe/Paris", "FR")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T09:00", True), ("2026-11-24T08:59", False), ("2026-11-24T12:30", False), ("2026-11-24T14:00", True),
        ("2026-11-28T10:30", True), ("2026-11-29T10:30", False), ("2026-11-11T10:30", False), ("2026-05-01T10:30", False),
    ],
)
def test_people_answer_in_their_hours_and_not_on_holidays(moment: str, is_open: bool) -> None:
    assert HOURS.is_open(at(moment)) is is_open


def test_the_next_opening_skips_nights_weekends_and_holidays() -> None:
    assert HOURS.next_opening(at("2026-11-24T12:45")) == at("2026-11-24T14:00")
    assert HOURS.next_opening(at("2026-11-28T18:00")) == at("2026-11-30T09:00")
    assert HOURS.next_opening(at("2026-12-24T19:00")) == at("2026-12-26T10:00")


def test_hours_that_never_come_have_no_next_opening() -> None:
    assert OpeningHours.parse("", "Europe/Paris").next_opening(at("2026-11-24T12:00")) is None


@pytest.mark.parametrize("text", ["monday 9-5", "mo 09:00", "mo 19:00-09:00", "xx 09:00-10:00"])
def test_hours_that_cannot_be_read_say_which_part(text: str) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        OpeningHours.parse(text, "Europe/Paris")


@pytest.mark.parametrize(
    ("moment", "hours", "reached"),
    [
        ("2026-11-24T10:00", 1, "2026-11-24T11:00"),  # within one slot
        ("2026-11-24T12:00", 1, "2026-11-24T14:30"),  # over the lunch break
        ("2026-11-24T12:45", 1, "2026-11-24T15:00"),  # asked in the break
        ("2026-11-24T17:30", 8, "2026-11-25T18:00"),  # half an hour today, seven and a half tomorrow
        ("2026-11-27T17:00", 8, "2026-11-28T17:00"),  # Friday evening: Saturday has seven hours
        ("2026-11-28T16:00", 2, "2026-11-30T10:00"),  # over a Sunday
        ("2026-12-24T17:00", 2, "2026-12-26T11:00"),  # over Christmas
        ("2026-11-24T23:00", 0.25, "2026-11-25T09:15"),
    ],
)
def test_business_time_passes_only_while_people_answer(moment: str, hours: float, reached: str) -> None:
    assert HOURS.add_time(at(moment), timedelta(hours=hours)) == at(reached)


def test_an_hour_is_an_hour_when_the_clocks_change() -> None:
    nights = OpeningHours.parse("su 00:00-06:00", "Europe/Paris")
    assert nights.add_time(at("2026-03-29T01:00"), timedelta(hours=2)) == at("2026-03-29T04:00")
    assert nights.add_time(at("2026-10-25T01:00"), timedelta(hours=3)) == at("2026-10-25T03:00")


@pytest.mark.parametrize(
    ("moment", "days", "reached"),
    [
        ("2026-11-24T10:00", 1, "2026-11-25T18:00"), ("2026-11-24T23:00", 3, "2026-11-27T18:00"),
        ("2026-11-27T10:00", 3, "2026-12-01T18:00"),  # Saturday counts, Sunday does not
        ("2026-12-24T10:00", 1, "2026-12-26T17:00"),  # Christmas does not
    ],
)
def test_business_days_end_with_the_hours_of_the_last_one(moment: str, days: int, reached: str) -> None:
    assert HOURS.add_days(at(moment), days) == at(reached)


def test_hours_that_never_come_are_never_reached() -> None:
    never = OpeningHours.parse("", "Europe/Paris")
    assert never.add_time(at("2026-11-24T12:00"), timedelta(hours=1)) is None
    assert never.add_days(at("2026-11-24T12:00"), 1) is None


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        ("mo-fr 09:00-19:00; sa 10:00-17:00", "du lundi au vendredi de 9 h à 19 h, le samedi de 10 h à 17 h",
         "Monday to Friday 9:00–19:00, Saturday 10:00–17:00 (Paris time)"),
        ("mo-th 08:30-12:00,14:00-18:00; fr 08:30-12:00", "du lundi au jeudi de 8 h 30 à 12 h et de 14 h à 18 h, le vendredi de 8 h 30 à 12 h",
         "Monday to Thursday 8:30–12:00 and 14:00–18:00, Friday 8:30–12:00 (Paris time)"),
        ("mo 09:00-18:00; we 09:00-18:00", "le lundi de 9 h à 18 h, le mercredi de 9 h à 18 h", "Monday 9:00–18:00, Wednesday 9:00–18:00 (Paris time)"),
        ("", "sur rendez-vous", "by appointment"),
    ],
)
def test_the_week_is_said_in_words(hours: str, french: str, english: str) -> None:
    week = OpeningHours.parse(hours, "Europe/Paris")
    assert week.words("fr") == french
    assert week.words("en") == english


def test_closing_is_the_end_of_the_present_hours() -> None:
    assert HOURS.closing(at("2026-11-24T10:00")) == at("2026-11-24T12:30")
    assert HOURS.closing(at("2026-11-24T13:00")) is None
