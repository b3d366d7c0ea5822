"""Days, amounts and lists as people write them in the customer's language."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Optional, Sequence, Union

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency
from babel.units import format_unit

from savoir.core.clock import OpeningHours

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def day(at: Optional[Union[date, datetime]], language: str, hours: OpeningHours, pattern: str = "EEEE d MMMM") -> str:
    """`mardi 24 novembre`, in the firm's time zone; with another year than the present one in it, `pattern="d MMMM y"`."""
    if at is None:
        return "une date à venir" if language == "fr" else "a date to come"
    local = at.astimezone(hours.zone) if isinstance(at, datetime) else at
    written = str(format_date(local, pattern, _LOCALES[language]))
    return re.sub(r"(?<!\d)1(?= [a-zûé])", "1er", written) if language == "fr" else written


def hour(at: datetime, language: str, hours: OpeningHours) -> str:
    """`14 h 30` or `14:30`, in the firm's time zone."""
    local = at.astimezone(hours.zone)
    if language == "fr":
        return f"{local.hour} h" + (f" {local.minute:02d}" if local.minute else "")
    return str(format_time(local, "HH:mm", locale="en_GB"))


def days(count: int, language: str) -> str:
    """`un jour`, `3 jours`, `one day`, `3 days`."""
    if count == 1:
        return "un jour" if language == "fr" else "one day"
    return str(format_unit(count, "duration-day", locale=_LOCALES[language]))


def amount(cents: int, language: str) -> str:
    """`549,00 €` or `€549.00`."""
    return str(format_currency(cents / 100, "EUR", locale=_LOCALES[language]))


def listed(items: Sequence[str], language: str) -> str:
    """`un câble, un chargeur et une coque`."""
    return str(format_list(list(items), locale=_LOCALES[language]))
