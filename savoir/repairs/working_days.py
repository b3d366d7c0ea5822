"""Days on which the workshop and its technicians work, in France: Monday to Friday, public holidays aside."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as public_holidays

PARIS = ZoneInfo("Europe/Paris")
ALSACE_MOSELLE = ("57", "67", "68")
"""Departments with two public holidays more: Good Friday and 26 December."""


def is_working_day(day: date, department: str = "") -> bool:
    """Whether people work on that day, in that department if one is named."""
    return day.weekday() < 5 and day not in _holidays("6AE" if department in ALSACE_MOSELLE else "")


def next_working_day(day: date, department: str = "") -> date:
    """The first working day after that day."""
    day += timedelta(days=1)
    while not is_working_day(day, department):
        day += timedelta(days=1)
    return day


def working_days_after(at: datetime, count: int) -> date:
    """The day that comes `count` working days after a moment."""
    day = local_day(at)
    for _ in range(count):
        day = next_working_day(day)
    return day


def local_day(at: datetime) -> date:
    """The day that it is in France at that moment."""
    return at.astimezone(PARIS).date()


@lru_cache
def _holidays(region: str) -> public_holidays.HolidayBase:
    return public_holidays.country_holidays("FR", subdiv=region or None)
