"""By when a person answers: what the firm promises for each urgency."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Optional

from savoir.core.clock import OpeningHours

MINUTES_AT_ANY_HOUR = {"p1": 15}
BUSINESS_HOURS = {"p2": 1, "p3": 8}
BUSINESS_DAYS = {"p4": 3}


def promise(urgency: str, at: datetime, hours: OpeningHours) -> Optional[datetime]:
    """The moment, in the firm's zone, by which a person answers what came in at `at`; None when nobody is there within sixty days.

    p1: 15 minutes, at any hour. p2: one hour, p3: eight hours while people answer. p4: the end of the third day on which they do.
    """
    if urgency in MINUTES_AT_ANY_HOUR:
        return at.astimezone(hours.zone) + timedelta(minutes=MINUTES_AT_ANY_HOUR[urgency])
    if urgency in BUSINESS_HOURS:
        return hours.add_time(at, timedelta(hours=BUSINESS_HOURS[urgency]))
    return hours.add_days(at, BUSINESS_DAYS[urgency])
