"""Time and opening hours. Code takes the clock as an argument; only `now` reads the machine's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Callable, Optional
from zoneinfo import ZoneInfo

import holidays as public_holidays

Clock = Callable[[], datetime]
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class OpeningHours:
    """When people answer: slots a weekday (0 is Monday), in a time zone, closed on a country's public holidays."""

    slots: tuple[tuple[tuple[time, time], ...], ...]
    zone: ZoneInfo
    country: str = ""

    @classmethod
    def parse(cls, text: str, zone: str, country: str = "") -> "OpeningHours":
        """`mo-fr 09:00-12:30,14:00-18:00; sa 10:00-17:00` to opening hours. Raises ValueError naming the bad part."""
        slots: list[tuple[tuple[time, time], ...]] = [() for _ in DAYS]
        for part in filter(None, (p.strip().lower() for p in text.split(";"))):
            match = re.fullmatch(r"([a-z]{2})(?:-([a-z]{2}))?\s+([\d:,\-\s]+)", part)
            if not match or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
                raise ValueError(f"opening hours: {part!r} is not understood; expected e.g. 'mo-fr 09:00-19:00'")
            first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
            hours = tuple(_slot(s, part) for s in match[3].split(","))
            for day in range(first, last + 1):
                slots[day] = hours
        return cls(tuple(slots), ZoneInfo(zone), country)

    def is_open(self, at: datetime) -> bool:
        """Whether people answer at that moment."""
        local = at.astimezone(self.zone)
        return any(start <= local.time() < end for start, end in self._slots_on(local.date()))

    def next_opening(self, at: datetime) -> Optional[datetime]:
        """The next moment, in the firm's zone, at which people begin to answer; None if there is none within three weeks."""
        local = at.astimezone(self.zone)
        for offset in range(22):
            day = local.date() + timedelta(days=offset)
            for start, _ in self._slots_on(day):
                opening = datetime.combine(day, start, self.zone)
                if opening > local:
                    return opening
        return None

    def _slots_on(self, day: date) -> tuple[tuple[time, time], ...]:
        return () if self.country and day in _holidays(self.country) else self.slots[day.weekday()]


def _slot(text: str, part: str) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(t.strip()) for t in text.strip().split("-"))
    except ValueError:
        raise ValueError(f"opening hours: {text.strip()!r} in {part!r} is not a slot; expected e.g. 09:00-19:00") from None
    if start >= end:
        raise ValueError(f"opening hours: {text.strip()!r} in {part!r} ends before it begins")
    return start, end


@lru_cache
def _holidays(country: str) -> public_holidays.HolidayBase:
    return public_holidays.country_holidays(country)
