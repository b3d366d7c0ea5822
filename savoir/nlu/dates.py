"""Dates as customers write them, French and English, absolute and relative, to ISO days."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import dateparser

from savoir.nlu.reference_numbers import fold_in_place
from savoir.nlu.spans import Found

_MONTH = (
    r"(?:janvier|janv|fevrier|fevr|fev|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct|novembre|nov|decembre|dec"
    r"|january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sep|october|november|december)\.?"
)
_FR_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_EN_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY = "|".join(_FR_DAYS + _EN_DAYS)
_COUNT = {
    "un": 1, "une": 1, "a": 1, "an": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5,
    "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "quinze": 15, "a couple of": 2,
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_COUNT, key=len, reverse=True)) + ")"
_UNIT = r"(jours?|days?|semaines?|weeks?|mois|months?|ans?|annees?|years?)"
_ORDINAL = r"(?:\d{1,2}(?:er|st|nd|rd|th)?|premier|1ere)"
_ABSOLUTE = re.compile(
    rf"\b(?:(?:{_DAY}),?\s+(?:the\s+)?)?(?:{_ORDINAL}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:de\s+)?(\d{{4}}))?"
    rf"|{_MONTH}\s+(?:the\s+)?{_ORDINAL}(?:,?\s+(\d{{4}}))?(?!\d))(?![a-z])"
)
_FIGURES = re.compile(r"(?<![\d/.\-])(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})([/.\-])(\d{1,2})\5(\d{4}|\d{2}))(?![\d/]|[.\-]\d)")
_AGO = re.compile(rf"\b(?:il y a|ya|y a|ca fait)\s+({_NUMBER})\s+{_UNIT}\b|\b({_NUMBER})\s+{_UNIT}\s+ago\b")
_AHEAD = re.compile(rf"\b(?:dans|in)\s+({_NUMBER})\s+{_UNIT}\b")
_NEAR = {
    "avant-hier": -2, "avant hier": -2, "hier": -1, "aujourd'hui": 0, "aujourdhui": 0, "demain": 1, "apres-demain": 2, "apres demain": 2,
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "the day after tomorrow": 2, "ce matin": 0, "ce soir": 0,
    "cet apres-midi": 0, "this morning": 0, "this afternoon": 0, "tonight": 0, "this evening": 0, "last night": -1, "la semaine derniere": -7,
    "last week": -7, "la semaine prochaine": 7, "next week": 7, "le mois dernier": -30, "last month": -30, "la semaine passee": -7, "le mois passe": -30,
    "l'an dernier": -365, "l'annee derniere": -365, "last year": -365,
}  # fmt: skip
_NEARBY = re.compile(r"(?<![a-z])(" + "|".join(re.escape(w) for w in sorted(_NEAR, key=len, reverse=True)) + r")(?![a-z])")
_WEEKDAY = re.compile(rf"\b(?:(last|next|this|on|ce|le)\s+)?({_DAY})(?:\s+(dernier|prochain|passe|last|next))?\b")
_AHEAD_WORDS = re.compile(
    r"rendez|rdv|appointment|technicien|technician|visit|livr|deliver|passe|come|creneau|slot|dispo|available|decaler|move|reschedul"
)


def dates(text: str, now: datetime) -> list[Found]:
    """Days named in the text, as of `now`, in ISO form. A day without year is the past one, unless a coming visit is spoken of."""
    plain = fold_in_place(text).replace("\u2019", "'")
    ahead = bool(_AHEAD_WORDS.search(plain))
    today = now.date()
    found: list[Found] = []
    for match in _FIGURES.finditer(plain):
        _add(found, match, _from_figures(match))
    for match in _ABSOLUTE.finditer(plain):
        _add(found, match, _absolute(match[0], match[1] or match[2], now, ahead))
    for match in _AGO.finditer(plain):
        _add(found, match, _shifted(today, match[1] or match[3], match[2] or match[4], -1))
    for match in _AHEAD.finditer(plain):
        _add(found, match, _shifted(today, match[1], match[2], 1))
    for match in _NEARBY.finditer(plain):
        _add(found, match, today + timedelta(days=_NEAR[match[1]]))
    for match in _WEEKDAY.finditer(plain):
        _add(found, match, _weekday(match, today, ahead))
    return found


def _add(found: list[Found], match: re.Match[str], day: date | None) -> None:
    if day and not any(match.start() < f.end and f.start < match.end() for f in found):
        found.append(Found("date", match.start(), match.end(), day.isoformat()))


def _from_figures(match: re.Match[str]) -> date | None:
    if match[1]:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        day, month, year = int(match[4]), int(match[6]), int(match[7])
        year += 2000 if year < 100 else 0
        if month > 12 >= day:
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _absolute(written: str, year: str | None, now: datetime, ahead: bool) -> date | None:
    words = re.sub(rf"\b(?:{_DAY}|the|of|de)\b,?", " ", written)
    words = re.sub(r"(\d)(?:er|st|nd|rd|th)\b", r"\1", re.sub(r"\bpremier|1ere\b", "1", words))
    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future" if ahead else "past", "DATE_ORDER": "DMY"}
    parsed = dateparser.parse(words.strip(), languages=["fr", "en"], settings=settings)  # type: ignore[arg-type]
    return parsed.date() if parsed else None


def _shifted(today: date, count: str, unit: str, sign: int) -> date | None:
    number = sign * (int(count) if count.isdigit() else _COUNT[count])
    if unit.startswith(("jour", "day")):
        return today + timedelta(days=number)
    if unit.startswith(("semaine", "week")):
        return today + timedelta(weeks=number)
    months = number if unit.startswith("mo") else 12 * number
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(today.day, 28))


def _weekday(match: re.Match[str], today: date, ahead: bool) -> date:
    names = _FR_DAYS if match[2] in _FR_DAYS else _EN_DAYS
    step = (names.index(match[2]) - today.weekday()) % 7
    said = (match[1], match[3])
    if "next" in said or "prochain" in said or "this" in said or "ce" in said:
        return today + timedelta(days=step or 7)
    if "last" in said or "dernier" in said or "passe" in said or not ahead:
        return today + timedelta(days=step - 7)
    return today + timedelta(days=step or 7)
