"""Days as the law and the firm count them: days of the firm's place, working days, months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as public_holidays
from dateutil.relativedelta import relativedelta

from savoir.core.settings import Settings


@dataclass(frozen=True)
class Calendar:
    """Where days begin, and whose public holidays do not count as working days (`country` may be empty)."""

    zone: ZoneInfo
    country: str = "FR"

    @classmethod
    def of(cls, settings: Settings) -> "Calendar":
        """The firm's calendar."""
        return cls(ZoneInfo(settings.time_zone), settings.holidays)

    def day(self, at: datetime) -> date:
        """The day on which a moment falls, where the firm is."""
        return at.astimezone(self.zone).date()

    def is_working(self, day: date) -> bool:
        """Whether it is neither Saturday, Sunday nor a public holiday."""
        return day.weekday() < 5 and not (self.country and day in _holidays(self.country))

    def working_day_from(self, day: date) -> date:
        """That day, or the first working day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day."""
        for _ in range(count):
            day = self.working_day_from(day + timedelta(days=1))
        return day


FRENCH = Calendar(ZoneInfo("Europe/Paris"))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the 31st becomes the month's last."""
    return day + relativedelta(months=months)


@lru_cache
def _holidays(country: str) -> public_holidays.HolidayBase:
    return public_holidays.country_holidays(country)
