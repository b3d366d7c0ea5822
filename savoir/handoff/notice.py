"""What a customer who waits for people is told: the place in the queue, an honest estimate, when people are back, what can be done instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Optional

from babel.dates import format_date
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation
from savoir.core.clock import OpeningHours

INSTEAD = {
    "fr": [{"title": "Laisser un message", "payload": "/open_ticket"}, {"title": "Choisir un rappel", "payload": "/ask_callback"}],
    "en": [{"title": "Leave a message", "payload": "/open_ticket"}, {"title": "Book a call-back", "payload": "/ask_callback"}],
}
"""What can be done instead of waiting. A press takes the conversation out of the queue: the assistant goes on."""
WAITS_LOOKED_AT = 20
FEWEST_WAITS = 3
"""Fewer waits than these say nothing."""
LONG_WAIT = 15
"""Minutes from which something else is offered during opening hours too."""
STEPS = (2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
"""Minutes that people say; an estimate is rounded up to one of them, and there is none beyond the last."""


@dataclass(frozen=True)
class Notice:
    """What is said to who begins to wait, and the buttons under it."""

    text: str
    buttons: Optional[list[dict[str, str]]]


def notice(session: Session, row: Conversation, hours: OpeningHours, at: datetime, *, with_offers: bool = True) -> Notice:
    """The notice for a conversation that was just put into the queue."""
    language = "fr" if row.language == "fr" else "en"
    is_urgent, is_open, position = row.reason in conversations.URGENT, hours.is_open(at), conversations.position(session, row)
    minutes = estimated_wait(session, row, hours, at) if is_open and not is_urgent else None
    parts = [_WORDS[language]["down"]] if row.reason == "assistant_down" else []
    if is_urgent:
        parts.append(_WORDS[language]["urgent"])
    if is_open:
        parts.append(_place(language, position, is_urgent))
        if minutes:
            parts.append(_WORDS[language]["estimate"].format(minutes=minutes))
    else:
        parts.append(_WORDS[language]["away"].format(until=opening_words(hours, at, language)))
    if row.reason == "safety":
        parts.append(_WORDS[language]["danger"])
    # urgent matters are not put off, and while the assistant is down nobody would hear the buttons
    offers = with_offers and not is_urgent and row.reason != "assistant_down" and (not is_open or (minutes or 0) >= LONG_WAIT)
    if offers:
        parts.append(_WORDS[language]["instead"])
    return Notice(" ".join(parts), [dict(button) for button in INSTEAD[language]] if offers else None)


def estimated_wait(session: Session, row: Conversation, hours: OpeningHours, at: datetime) -> Optional[int]:
    """Minutes that a conversation which waits will probably wait, or None when today says too little.

    The median of the last waits that began today in opening hours, and never less than the first in line waits already.
    """
    midnight = datetime.combine(at.astimezone(hours.zone).date(), time(), hours.zone)
    waits = conversations.waits(session, since=midnight)
    seconds = [waited for begun, waited in waits if begun >= midnight and hours.is_open(begun)][:WAITS_LOOKED_AT]
    if len(seconds) < FEWEST_WAITS:
        return None
    ahead = conversations.first_waiting_since(session, row.waiting_since)
    opened = _opened(hours, at)
    already = (at - max(ahead, opened)).total_seconds() if ahead else 0.0  # a night in the queue is no wait for people
    expected = max(median(seconds), already) / 60
    return next((step for step in STEPS if step >= expected), None)


def opening_words(hours: OpeningHours, at: datetime, language: str) -> str:
    """When people are back, to follow "away": `, de retour lundi 30 novembre à 9 h`; empty when that is not known."""
    opening = hours.next_opening(at)
    if opening is None:
        return ""
    when = f"{day_words(opening, hours, language)} {'à' if language == 'fr' else 'at'} {clock_words(opening, hours, language)}"
    return f", de retour {when}" if language == "fr" else f", back {when}"


def day_words(moment: datetime, hours: OpeningHours, language: str) -> str:
    """The day on the firm's calendar: `lundi 30 novembre`, `on Monday 30 November`. Never "tomorrow": the log is read later too."""
    day = moment.astimezone(hours.zone).date()
    return str(format_date(day, "EEEE d MMMM", "fr")) if language == "fr" else f"on {format_date(day, 'EEEE d MMMM', 'en_GB')}"


def clock_words(moment: datetime, hours: OpeningHours, language: str) -> str:
    """The time of day on the firm's clock: `9 h`, `14 h 30`; `09:00`, `14:30`."""
    local = moment.astimezone(hours.zone)
    return (f"{local.hour} h" + (f" {local:%M}" if local.minute else "")) if language == "fr" else f"{local:%H:%M}"


def _opened(hours: OpeningHours, at: datetime) -> datetime:
    """When the hours began in which `at` lies."""
    began = next((start for start, end in hours.openings(at - timedelta(hours=24)) if start <= at < end), at)
    return began


def _place(language: str, position: int, is_urgent: bool) -> str:
    ahead = position - 1
    if language == "fr":
        place = f"{ahead} personne{'s' * (ahead > 1)} avant vous." if ahead else "Vous êtes en tête de la file."
        return f"Un conseiller va vous répondre ici même. {place}" if ahead or not is_urgent else "Un conseiller va vous répondre ici même."
    place = f"{ahead} {'people' if ahead > 1 else 'person'} ahead of you." if ahead else "You are next in line."
    return f"An adviser will answer you right here. {place}" if ahead or not is_urgent else "An adviser will answer you right here."


_WORDS = {
    "fr": {
        "down": "L'assistant ne répond pas en ce moment, désolé.",
        "urgent": "Votre demande passe avant toutes les autres.",
        "estimate": "Comptez environ {minutes} minutes, d'après les attentes d'aujourd'hui.",
        "away": "Nos conseillers sont absents pour l'instant{until}. Votre demande est gardée : vous aurez la réponse ici.",
        "danger": "Si quelqu'un est en danger, appelez le 112.",
        "instead": "Si vous préférez ne pas attendre, laissez un message ou choisissez l'heure d'un rappel.",
    },
    "en": {
        "down": "The assistant isn't answering at the moment, sorry.",
        "urgent": "Your request goes before all others.",
        "estimate": "Expect about {minutes} minutes, going by today's waits.",
        "away": "Our advisers are away right now{until}. Your request is kept: you will get the answer here.",
        "danger": "If anyone is in danger, call 112.",
        "instead": "If you would rather not wait, leave a message or choose a time for a call-back.",
    },
}
