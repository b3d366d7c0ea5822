"""Time and opening hours. Code takes the clock as an argument; only `now` reads the machine's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Callable, Iterator, Optional
from zoneinfo import ZoneInfo

import holidays as public_holidays

Clock = Callable[[], datetime]
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAY_WORDS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
LOOKED_AHEAD = 60
"""Days within which opening hours are looked for."""


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
        return any(start <= local.time() < end for start, end in self.slots_on(local.date()))

    def closing(self, at: datetime) -> Optional[datetime]:
        """When people who answer at that moment stop, in the firm's zone; None when nobody answers."""
        local = at.astimezone(self.zone)
        end = next((end for start, end in self.slots_on(local.date()) if start <= local.time() < end), None)
        return datetime.combine(local.date(), end, self.zone) if end else None

    def words(self, language: str) -> str:
        """The week in words: `du lundi au vendredi de 9 h à 19 h, le samedi de 10 h à 17 h`; `Monday to Friday 9:00–19:00, Saturday 10:00–17:00`.

        Days that follow each other with the same hours are one part. English names the zone's city: its readers may live elsewhere.
        """
        parts: list[str] = []
        day = 0
        while day < len(self.slots):
            last = day
            while last + 1 < len(self.slots) and self.slots[last + 1] == self.slots[day]:
                last += 1
            if self.slots[day]:
                parts.append(f"{_days(day, last, language)} {hours_words(self.slots[day], language)}")
            day = last + 1
        if not parts:
            return "sur rendez-vous" if language == "fr" else "by appointment"
        return ", ".join(parts) if language == "fr" else f"{', '.join(parts)} ({self.zone.key.rpartition('/')[2].replace('_', ' ')} time)"

    def next_opening(self, at: datetime) -> Optional[datetime]:
        """The next moment, in the firm's zone, at which people begin to answer; None if there is none within three weeks."""
        local = at.astimezone(self.zone)
        for offset in range(22):
            day = local.date() + timedelta(days=offset)
            for start, _ in self.slots_on(day):
                opening = datetime.combine(day, start, self.zone)
                if opening > local:
                    return opening
        return None

    def openings(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when to when people answer, in order, from `at` on for sixty days; the first may have begun at `at`."""
        first, at = at.astimezone(self.zone).date(), at.astimezone(timezone.utc)
        for offset in range(LOOKED_AHEAD):
            day = first + timedelta(days=offset)
            for slot in self.slots_on(day):
                # in UTC, where an hour is an hour even in the night in which the clocks change
                start, end = (datetime.combine(day, t, self.zone).astimezone(timezone.utc) for t in slot)
                if end > at:
                    yield max(start, at), end

    def add_time(self, at: datetime, duration: timedelta) -> Optional[datetime]:
        """The moment, in the firm's zone, at which people have been there for `duration` since `at`; None if that is not within sixty days."""
        left = duration
        for start, end in self.openings(at):
            if end - start >= left:
                return (start + left).astimezone(self.zone)
            left -= end - start
        return None

    def add_days(self, at: datetime, days: int) -> Optional[datetime]:
        """The end, in the firm's zone, of the `days`-th day on which people answer after the day of `at`, which does not count; None as in `add_time`."""
        local = at.astimezone(self.zone)
        for offset in range(1, LOOKED_AHEAD):
            day = local.date() + timedelta(days=offset)
            slots = self.slots_on(day)
            days -= bool(slots)
            if days == 0:
                return datetime.combine(day, max(end for _, end in slots), self.zone)
        return None

    def slots_on(self, day: date) -> tuple[tuple[time, time], ...]:
        """From when to when people answer on that day: none on public holidays."""
        return () if self.country and day in _holidays(self.country) else self.slots[day.weekday()]


def hours_words(slots: tuple[tuple[time, time], ...], language: str) -> str:
    """`de 9 h à 12 h 30 et de 14 h à 18 h`; `9:00–12:30 and 14:00–18:00`."""
    if language == "fr":
        return " et ".join(f"de {_time(start, language)} à {_time(end, language)}" for start, end in slots)
    return " and ".join(f"{_time(start, language)}–{_time(end, language)}" for start, end in slots)


def _time(at: time, language: str) -> str:
    if language == "fr":
        return f"{at.hour} h" + (f" {at.minute:02d}" if at.minute else "")
    return f"{at.hour}:{at.minute:02d}"


def _days(first: int, last: int, language: str) -> str:
    names = DAY_WORDS["fr" if language == "fr" else "en"]
    if language == "fr":
        return f"le {names[first]}" if first == last else f"du {names[first]} au {names[last]}"
    return names[first] if first == last else f"{names[first]} to {names[last]}"


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
