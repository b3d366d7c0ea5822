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

from . import presence, routing

INSTEAD = {
    "fr": [{"title": "Laisser un message", "payload": "/open_ticket"}, {"title": "Choisir un rappel", "payload": "/ask_callback"}],
    "en": [{"title": "Leave a message", "payload": "/open_ticket"}, {"title": "Book a call-back", "payload": "/ask_callback"}],
}
"""What can be done instead of waiting. A press takes the conversation out of the queue: the assistant goes on."""
WAITS_LOOKED_AT = 20
FEWEST_WAITS = 3
"""Fewer waits, or fewer handling times, than these say nothing."""
MEASURED = timedelta(days=14)
"""How far back handling times are looked at."""
LONG_WAIT = 15
"""Minutes from which something else is offered during opening hours too."""
STEPS = (2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
"""Minutes that people say; an estimate is rounded up to one of them, and there is none beyond the last."""


@dataclass(frozen=True)
class Notice:
    """What is said to who begins to wait, the buttons under it, and which of open, away and closed it tells."""

    text: str
    buttons: Optional[list[dict[str, str]]]
    told: str = "open"


def notice(
    session: Session, row: Conversation, hours: OpeningHours, at: datetime, *, with_offers: bool = True,
    away_after: timedelta = presence.AWAY_AFTER,
) -> Notice:
    """The notice for a conversation that waits, by its queue's hours."""
    language = "fr" if row.language == "fr" else "en"
    is_urgent, standing, position = row.reason in conversations.URGENT, standing_of(session, row, hours, at, away_after), routing.position(session, row)
    minutes = estimated_wait(session, row, hours, at, away_after) if standing == "open" and not is_urgent else None
    words, parts = _WORDS[language], []
    if row.reason == "assistant_down":
        parts.append(words["down"])
    if is_urgent:
        parts.append(words["urgent"])
    if standing == "open":
        parts.append(_place(language, position, is_urgent))
        if not is_urgent:
            parts.append(words["estimate"].format(minutes=minutes) if minutes else words["unknown"])
    elif standing == "away":
        parts.append(words["nobody"])
    else:
        parts.append(words["away"].format(until=opening_words(hours, at, language)))
    if row.reason == "safety":
        parts.append(words["danger"])
    # urgent matters are not put off, and while the assistant is down nobody would hear the buttons
    offers = with_offers and not is_urgent and row.reason != "assistant_down" and (standing != "open" or (minutes or 0) >= LONG_WAIT)
    if offers:
        parts.append(words["instead"])
    return Notice(" ".join(parts), [dict(button) for button in INSTEAD[language]] if offers else None, standing)


def standing_of(session: Session, row: Conversation, hours: OpeningHours, at: datetime, away_after: timedelta = presence.AWAY_AFTER) -> str:
    """`closed` outside the hours, `away` when nobody who can answer is at the desk, else `open`."""
    if not hours.is_open(at):
        return "closed"
    return "away" if routing.is_everybody_away(session, row, at, away_after) else "open"


def estimated_wait(
    session: Session, row: Conversation, hours: OpeningHours, at: datetime, away_after: timedelta = presence.AWAY_AFTER
) -> Optional[int]:
    """Minutes that a conversation which waits will probably wait, or None when too little is known to tell.

    By handling times where the people who are there have no place free: so many must end before this one begins. Else the
    median of the last waits that began today in opening hours. Never less than the first in line waits already.
    """
    midnight = datetime.combine(at.astimezone(hours.zone).date(), time(), hours.zone)
    waits = conversations.waits(session, since=midnight)
    seconds = [waited for begun, waited in waits if begun >= midnight and hours.is_open(begun)][:WAITS_LOOKED_AT]
    if _nobody_is_free_to_begin(session, row, at, away_after):
        return None
    by_handling = _until_a_place_is_free(session, row, at, away_after)
    by_waits = median(seconds) if len(seconds) >= FEWEST_WAITS else None
    found = by_handling if by_handling else by_waits
    if found is None:
        return None
    ahead = conversations.first_waiting_since(session, row.waiting_since)
    opened = _opened(hours, at)
    already = (at - max(ahead, opened)).total_seconds() if ahead else 0.0  # a night in the queue is no wait for people
    expected = max(found, already) / 60
    return next((step for step in STEPS if step >= expected), None)


def _nobody_is_free_to_begin(session: Session, row: Conversation, at: datetime, away_after: timedelta) -> bool:
    """Whether all who can answer are busy or away: when they will begin again, nothing measured tells."""
    states = presence.presences(session, at, away_after)
    return bool(states) and not any(states.get(str(agent.id)) == "available" for agent in routing.able(session, row.queue, str(row.language)))


def _until_a_place_is_free(session: Session, row: Conversation, at: datetime, away_after: timedelta) -> Optional[float]:
    """Seconds until as many conversations have ended as must before this one begins; 0 where a place is free, None where that can't be told.

    With `n` places that are all taken, and each conversation holding one for a median `h`, one is given free every `h / n` on average.
    """
    states = presence.presences(session, at, away_after)
    there = [agent for agent in routing.able(session, row.queue, str(row.language)) if states.get(str(agent.id)) == "available"]
    places = sum(int(agent.capacity) for agent in there)
    if not places:
        return None
    load = routing.loads(session)
    free = sum(max(0, int(agent.capacity) - load.get(str(agent.id), 0)) for agent in there)
    must_end = routing.position(session, row) - free
    if must_end <= 0:
        return 0.0
    times = conversations.handling_seconds(session, since=at - MEASURED)
    if len(times) < FEWEST_WAITS:
        return None
    return must_end * median(times) / places


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
        "estimate": "Comptez environ {minutes} minutes, d'après ce que nous mesurons.",
        "unknown": "Nous ne pouvons pas encore dire combien de temps cela prendra.",
        "nobody": "Aucun conseiller n'est à son poste en ce moment. Votre demande est gardée : vous aurez la réponse ici.",
        "away": "Nos conseillers sont absents pour l'instant{until}. Votre demande est gardée : vous aurez la réponse ici.",
        "danger": "Si quelqu'un est en danger, appelez le 112.",
        "instead": "Si vous préférez ne pas attendre, laissez un message ou choisissez l'heure d'un rappel.",
    },
    "en": {
        "down": "The assistant isn't answering at the moment, sorry.",
        "urgent": "Your request goes before all others.",
        "estimate": "Expect about {minutes} minutes, going by what we measure.",
        "unknown": "We can't tell yet how long it will take.",
        "nobody": "None of our advisers is at the desk right now. Your request is kept: you will get the answer here.",
        "away": "Our advisers are away right now{until}. Your request is kept: you will get the answer here.",
        "danger": "If anyone is in danger, call 112.",
        "instead": "If you would rather not wait, leave a message or choose a time for a call-back.",
    },
}
