"""Opening hours: several slots a day, weekends, holidays, and the change of the clocks."""

from __future__ import annotations

from datetime import datetime
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
