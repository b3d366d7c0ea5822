"""Which visits of a technician can be offered: windows of two hours in which somebody of the customer's region is free."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Iterator, Literal, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.clock import OpeningHours

from .tables import ENDED, Appointment, Repair, Technician
from .working_days import PARIS, is_working_day, local_day, next_working_day

WINDOWS = ((time(8), time(10)), (time(10), time(12)), (time(14), time(16)), (time(16), time(18)))
WINDOW = timedelta(hours=2)
FARTHEST = timedelta(days=42)
"""How far ahead visits are offered."""
NOON = time(12)
PartOfDay = Literal["morning", "afternoon"]


@dataclass(frozen=True)
class Slot:
    """A window that can be booked, in Paris time; `free` technicians could come. `code` names it in a button."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def code(self) -> str:
        """`2026-11-25T08:00`."""
        return self.starts_at.strftime("%Y-%m-%dT%H:%M")

    @property
    def part_of_day(self) -> PartOfDay:
        """morning or afternoon."""
        return "morning" if self.starts_at.time() < NOON else "afternoon"


@dataclass(frozen=True)
class Offers:
    """`outcome`: `offered` (with `slots`); `full` (nothing free in the six weeks ahead, or no more after those shown);
    `unknown_postal_code` (not a French one: five digits were expected); `not_served` (nobody comes there for that kind of product).

    `asked_day` says how the day that was asked for (`from_day`) fared: `free`, `full`, `closed` (week-end or public holiday),
    `too_soon` (before the next working day), `too_far`; None when none was asked for.
    """

    outcome: Literal["offered", "full", "unknown_postal_code", "not_served"]
    slots: list[Slot] = field(default_factory=list)
    department: Optional[str] = None
    asked_day: Optional[Literal["free", "full", "closed", "too_soon", "too_far"]] = None


@dataclass(frozen=True)
class Place:
    """A free technician, and which of the visits of their day it would be."""

    technician: Technician
    number: int


def offer_slots(
    session: Session, *, postal_code: str, product_type: str, at: datetime, after: Optional[datetime] = None,
    from_day: Optional[date] = None, part_of_day: Optional[PartOfDay] = None, limit: int = 3,
) -> Offers:
    """Up to `limit` free windows, soonest first, not before the next working day.

    `after` is the start of the last window shown (for "later ones"); `from_day` and `part_of_day` are the customer's wishes. Without
    wishes, at most one window of each half-day, so that there is a real choice.
    """
    department = department_of(postal_code)
    if department is None:
        return Offers("unknown_postal_code")
    diary = Diary(session, department, product_type, at)
    if not diary.technicians:
        return Offers("not_served", department=department)
    first = max(local_day(at) + timedelta(days=1), from_day or date.min, local_day(after) if after else date.min)
    chosen: list[Slot] = []
    for slot in diary.slots(first):
        if (after is not None and slot.starts_at <= after) or (part_of_day is not None and slot.part_of_day != part_of_day):
            continue
        half_days = {(s.starts_at.date(), s.part_of_day) for s in chosen}
        if after is not None:  # the half-day of the last window shown was a choice already
            half_days.add((local_day(after), Slot(after.astimezone(PARIS), after, 0).part_of_day))
        if from_day is None and part_of_day is None and (slot.starts_at.date(), slot.part_of_day) in half_days:
            continue
        chosen.append(slot)
        if len(chosen) == limit:
            break
    asked = diary.fate_of(from_day, chosen) if from_day is not None and after is None else None
    return Offers("offered" if chosen else "full", chosen, department, asked)


def department_of(postal_code: str) -> Optional[str]:
    """The French department of a postal code: `44`, `2A`, `974`; None when it is not a French one."""
    digits = re.sub(r"^F(R)?-?", "", re.sub(r"\s", "", postal_code).upper())
    if not re.fullmatch(r"\d{5}", digits) or digits.startswith(("00", "99", "96")):
        return None
    if digits.startswith(("97", "98")):
        return digits[:3]
    if digits.startswith("20"):
        return "2A" if digits[2] in "01" else "2B"
    return digits[:2]


def start_of(code: str) -> Optional[datetime]:
    """The start of the window that a button's `code` names; None when it is not one."""
    try:
        return datetime.strptime(code, "%Y-%m-%dT%H:%M").replace(tzinfo=PARIS)
    except ValueError:
        return None


class Diary:
    """The technicians who repair one kind of product in one department, and when they are free."""

    def __init__(self, session: Session, department: str, product_type: str, at: datetime, besides: str = "") -> None:
        """`besides`: the number of a repair whose visit known from the firm's files does not count."""
        everybody = session.execute(sa.select(Technician).order_by(Technician.id)).scalars()
        self.technicians = [t for t in everybody if department in t.departments and product_type in t.skills]
        self.department, self.earliest = department, next_working_day(local_day(at), department)
        self.latest = local_day(at) + FARTHEST
        self._hours = {t.id: OpeningHours.parse(t.hours, str(PARIS)) for t in self.technicians}
        self._booked: dict[str, list[Appointment]] = {t.id: [] for t in self.technicians}
        self._elsewhere: dict[str, list[datetime]] = {t.id: [] for t in self.technicians}
        for row in session.execute(sa.select(Appointment).where(Appointment.state == "booked", Appointment.starts_at > at)).scalars():
            self._booked.get(row.technician, []).append(row)
        # Visits that the firm's own files tell of have no row of ours, and take the technician's time all the same.
        ours = sa.select(Appointment.repair).where(Appointment.state == "booked")
        known = sa.select(Repair.technician, Repair.appointment_at).where(
            Repair.appointment_at > at, Repair.status.notin_(ENDED), Repair.number.notin_(ours), Repair.number != besides,
        )
        names = {t.name: t.id for t in self.technicians}
        for name, starts_at in session.execute(known):
            if name in names:
                self._elsewhere[names[name]].append(starts_at)

    def slots(self, first: date) -> Iterator[Slot]:
        """Free windows from a day on, soonest first."""
        day = max(first, self.earliest)
        while day <= self.latest:
            if is_working_day(day, self.department):
                for start, end in WINDOWS:
                    starts_at = datetime.combine(day, start, PARIS)
                    free = len(self.places(starts_at))
                    if free:
                        yield Slot(starts_at, datetime.combine(day, end, PARIS), free)
            day += timedelta(days=1)

    def places(self, starts_at: datetime) -> list[Place]:
        """Who could come then: first who is in that department on that day anyway, then who has least to do. Empty if it is no window."""
        local = starts_at.astimezone(PARIS)
        day = local.date()
        if not self.earliest <= day <= self.latest or not is_working_day(day, self.department):
            return []
        if local.time() not in [start for start, _ in WINDOWS]:
            return []
        free = [t for t in self.technicians if self._is_free(t, local)]
        free.sort(key=lambda t: (not self._is_near(t, day), len(self._of_day(t, day)), t.id))
        return [Place(t, number) for t in free for number in self._numbers_left(t, day)]

    def fate_of(self, day: date, chosen: list[Slot]) -> Literal["free", "full", "closed", "too_soon", "too_far"]:
        """How a day that was asked for fared."""
        if any(slot.starts_at.date() == day for slot in chosen):
            return "free"
        if not is_working_day(day, self.department):
            return "closed"
        return "too_soon" if day < self.earliest else "too_far" if day > self.latest else "full"

    def _is_free(self, technician: Technician, start: datetime) -> bool:
        end = start + WINDOW
        hours = self._hours[technician.id]
        if not hours.is_open(start) or not hours.is_open(end - timedelta(minutes=1)):
            return False
        starts = [row.starts_at for row in self._booked[technician.id]] + self._elsewhere[technician.id]
        return not any(other < end and start < other + WINDOW for other in starts)

    def _numbers_left(self, technician: Technician, day: date) -> list[int]:
        elsewhere = sum(local_day(starts_at) == day for starts_at in self._elsewhere[technician.id])
        taken = {row.place for row in self._of_day(technician, day)}
        return [n for n in range(1, technician.visits_a_day - elsewhere + 1) if n not in taken][:1]

    def _of_day(self, technician: Technician, day: date) -> list[Appointment]:
        return [row for row in self._booked[technician.id] if row.day == day]

    def _is_near(self, technician: Technician, day: date) -> bool:
        return any(row.department == self.department for row in self._of_day(technician, day))
