"""Opening hours in words."""

from __future__ import annotations

from datetime import time

from babel.dates import get_day_names

from savoir.core.clock import OpeningHours


def spoken_hours(hours: OpeningHours, language: str) -> str:
    """`du lundi au vendredi 9 h – 19 h, samedi 10 h – 17 h`, `Monday to Friday 9am–7pm, Saturday 10am–5pm`; days alike go together."""
    names = get_day_names("wide", locale="fr" if language == "fr" else "en_GB")
    runs: list[tuple[int, int]] = []
    for day, slots in enumerate(hours.slots):
        if slots and runs and runs[-1][1] == day - 1 and hours.slots[runs[-1][0]] == slots:
            runs[-1] = runs[-1][0], day
        elif slots:
            runs.append((day, day))
    parts = []
    for first, last in runs:
        if first == last:
            days = names[first]
        else:
            days = f"du {names[first]} au {names[last]}" if language == "fr" else f"{names[first]} to {names[last]}"
        between = "\u2009–\u2009"
        parts.append(f"{days} " + ", ".join(f"{_spoken(s, language)}{between}{_spoken(e, language)}" for s, e in hours.slots[first]))
    return ", ".join(parts)


def _spoken(at: time, language: str) -> str:
    if language == "fr":
        return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02}" if at.minute else "")
    return f"{at.hour % 12 or 12}" + (f".{at.minute:02}" if at.minute else "") + ("am" if at.hour < 12 else "pm")
