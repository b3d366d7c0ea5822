"""The desk's templates, one environment a language, with the filters that show times and money as that language does."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional, Union
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from .labels import LABELS
from .language import Words, words
from .text import excerpt, is_safe_link, plain, rich

WEB = Path(__file__).resolve().parents[1]
_LOCALE = {"fr": "fr", "en": "en_GB"}


def render(template: str, speech: Words, status: int = 200, **values: Any) -> HTMLResponse:
    """The page or fragment web/templates/desk/`template`.html, in a language."""
    text = environment(speech.language).get_template(f"desk/{template}.html").render(language=speech.language, **values)
    return HTMLResponse(text, status, {"Vary": "HX-Request, Cookie"})


@lru_cache
def environment(language: str) -> Environment:
    """The environment of a language."""
    speech = words(language)
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )
    made.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]
    locale = _LOCALE[language]
    made.filters |= {
        "rich": rich, "plain": plain, "excerpt": excerpt, "safe_link": is_safe_link,
        "label": lambda code, kind: label(speech, kind, code),
        "clock": lambda at, zone: clock(at, zone, locale),
        "day": lambda day, today: day_name(speech, day, today, locale),
        "date": lambda at, zone=None: short_date(at, zone, locale),
        "since": lambda at, now: since(at, now, locale),
        "money": lambda cents: format_currency(cents / 100, "EUR", locale=locale),
    }
    made.globals["asset"] = asset
    return made


def label(speech: Words, kind: str, code: Optional[str]) -> str:
    """What people call a code of that kind; the code itself when it has no name."""
    return speech.gettext(LABELS[kind].get(code or "", code or ""))


def clock(at: datetime, zone: ZoneInfo, locale: str) -> str:
    """14:05."""
    return str(format_time(at.astimezone(zone), "HH:mm", locale=locale))


def day_name(speech: Words, day: date, today: date, locale: str) -> str:
    """Today, yesterday, or the day with its date."""
    if day == today:
        return speech.gettext("Today")
    if day == today - timedelta(days=1):
        return speech.gettext("Yesterday")
    return str(format_date(day, "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y", locale=locale))


def short_date(at: Union[date, datetime, None], zone: Optional[ZoneInfo], locale: str) -> str:
    """3 mars 2025."""
    if at is None:
        return ""
    return str(format_date(at.astimezone(zone) if isinstance(at, datetime) and zone else at, "d MMM y", locale=locale))


def since(at: datetime, now: datetime, locale: str) -> str:
    """How long ago, in the largest whole unit; times.js says it the same way."""
    seconds = max(0, int((now - at).total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return str(format_unit(seconds // size, f"duration-{unit}", "short", locale=locale))
    return "< " + str(format_unit(1, "duration-minute", "short", locale=locale))


def asset(path: str) -> str:
    """The address of a static file, which changes when its content does."""
    file = WEB / "static" / path
    try:
        return f"/static/{path}?v={_digest(file, file.stat().st_mtime_ns)}"
    except FileNotFoundError:  # vendored files before `npm ci`: the page says so in the browser's console
        return f"/static/{path}"


@lru_cache
def _digest(file: Path, _: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]
