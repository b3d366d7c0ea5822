"""Visits of a technician, as people talk of them: offered as buttons, and `plutôt jeudi`, `l'après-midi`, `un autre jour` understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Dict, Optional

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.copy import choice, label
from actions.identity import customer_of
from savoir.core.mail import put_mail
from savoir.customers import service as customers
from savoir.repairs import service as repairs

PRODUCT_TYPE = "television"
MANY = 60
NOON = 12
ASKED_OF_VISITS = ("visit", "confirmed", "appointment_wish")
"""Questions to which a day or an hour is an answer."""
MORNING = re.compile(r"\b(?:matin\w*|avant midi|mornings?|before noon|before lunch)\b")
AFTERNOON = re.compile(r"\b(?:apres[- ]?midi|aprem|apres (?:le dejeuner|midi)|soir\w*|fin de journee|afternoons?|evenings?|after (?:lunch|work|noon))\b")
HOUR = re.compile(r"(?<![\d/.-])(\d{1,2})\s?(?:h(?:eures?)?\b|:\d\d|o'?clock|am\b|pm\b)(?:\s?\d\d)?(?:\s?(pm)\b)?|\b(midi|noon)\b")
NEXT_WEEK = re.compile(r"\b(?:semaine (?:prochaine|suivante|d'apres|qui vient)|next week|the week after|following week)\b")
LATER = re.compile(
    r"\b(?:plus tard|autres? (?:jours?|dates?|horaires?|creneaux?|choix|heures?|moments?)|d'autres|rien (?:ne|qui) (?:me )?(?:va|convient)|aucun\w*|later|"
    r"(?:an)?other (?:days?|dates?|times?|slots?|ones?)|none of (?:these|those|them)|something else|different (?:day|time|date))\b"
)
SOONEST = re.compile(r"\b(?:plus tot|des que possible|au plus vite|premiere? (?:dispo\w*|possible)|asap|as soon as|soonest|earliest|earlier|sooner)\b")
WHICHEVER = re.compile(r"\b(?:peu importe|n'importe (?:lequel|quand|quel)|comme vous voulez|ca m'est egal|any (?:time|of them|is fine)|whichever|whenever|don't mind|either)\b")
NOT_THEN = re.compile(r"\b(?:pas|sauf|jamais|not|never|except|cannot|can't|won't|n't)\b")


@dataclass(frozen=True)
class Wish:
    """When the customer would like the visit to be, as far as a message says."""

    day: Optional[date] = None
    part: Optional[repairs.PartOfDay] = None
    hour: Optional[int] = None
    is_later: bool = False
    is_soonest: bool = False
    is_any: bool = False

    def fits(self, start: datetime) -> bool:
        """Whether a window is what they wish."""
        part = "morning" if start.hour < NOON else "afternoon"
        in_hour = self.hour is None or start.hour <= self.hour < start.hour + 2
        return self.day in (None, start.date()) and self.part in (None, part) and in_hour


def wish_in(turn: Turn, besides: Optional[date] = None) -> Optional[Wish]:
    """What the message says of the time of a visit; None if nothing. `besides` is the day of the visit that is to be moved."""
    text = turn.typed.replace("\u2019", "'")
    if not text:
        return None
    day, is_not = day_in(turn, besides), NOT_THEN.search(text) is not None
    hour, part = _hour(text), None
    is_morning, is_afternoon = MORNING.search(text) is not None, AFTERNOON.search(text) is not None
    if is_morning != is_afternoon:
        part = "morning" if is_morning != is_not else "afternoon"
    elif is_morning:  # « plutôt l'après-midi, pas le matin »
        part = "afternoon" if re.search(r"(?:pas|sauf|not|no) (?:le |la |the |in the )?(?:matin|morning)", text) else "morning"
    if day and is_not and not part:
        day = day + timedelta(days=1)
    later, soonest, whichever = (pattern.search(text) is not None for pattern in (LATER, SOONEST, WHICHEVER))
    if not (day or part or hour is not None or later or soonest or whichever):
        return None
    return Wish(day, part, hour, later and not (day or part), soonest and not day, whichever)  # type: ignore[arg-type]


def day_in(turn: Turn, besides: Optional[date] = None) -> Optional[date]:
    """The coming day that the message names, of several the last; `la semaine prochaine` is its Monday. `besides` does not count."""
    today = context().clock().astimezone(context().hours.zone).date()
    if NEXT_WEEK.search(turn.typed):
        return today + timedelta(days=7 - today.weekday())
    is_about_it = turn.slot("requested_slot") in ASKED_OF_VISITS
    days = [_coming(str(e["value"]), today, is_about_it) for e in turn.entities if e.get("entity") == "date"]
    return next((day for day in reversed(days) if day is not None and day != besides), None)


def _coming(said: str, today: date, is_about_it: bool) -> Optional[date]:
    try:
        day = date.fromisoformat(said)
        if day >= today:
            return day
        if not is_about_it:  # « en panne depuis lundi »
            return None
        if (today - day).days <= 7:  # a weekday is read as the last one where no visit is spoken of
            return day + timedelta(days=7)
        coming = day.replace(year=today.year)
        return coming if coming >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None


async def wished(turn: Turn, customer: Optional[str], besides: Optional[date] = None) -> Dict[str, Any]:
    """What a message about the time does: fills the slot `visit` if it names one window that is free, else other windows are offered."""
    wish, asked = wish_in(turn, besides), turn.slot("requested_slot") if turn.moment == "answer" else None
    if wish is None or (asked not in ASKED_OF_VISITS and wish.day is None):
        return {}
    kept: Dict[str, Any] = dict(turn.slot("visit_wish") or {})
    again = {"asked": "changed", "confirmed": None} if asked in ("visit", "confirmed") else {}
    chosen = await _chosen(turn, wish, customer, kept)
    if chosen:
        return {"visit": chosen, **(again if asked == "confirmed" else {})}
    if wish.is_later:
        wanted = {**kept, **({"after": kept["shown"][-1]} if kept.get("shown") else {}), "shown": []}
    elif wish.is_soonest:
        wanted = {}
    else:
        part = wish.part or (("morning" if wish.hour < NOON else "afternoon") if wish.hour is not None else None)
        wanted = {"from": wish.day.isoformat() if wish.day else kept.get("from"), "part": part or kept.get("part")}
    return {"visit": None, "visit_wish": wanted, **again}


async def _chosen(turn: Turn, wish: Wish, customer: Optional[str], kept: Dict[str, Any]) -> Optional[str]:
    """The code of the one window that is meant: among those shown, or by day and hour."""
    shown = [start for start in map(repairs.start_of, kept.get("shown") or ()) if start]
    if wish.is_any and shown:
        return _code(shown[0])
    meant = [start for start in shown if wish.fits(start)]
    if len(meant) == 1 and (wish.hour is not None or (wish.day and wish.part)):
        return _code(meant[0])
    day = wish.day
    if customer is None or day is None or wish.hour is None:
        return None
    offers = await turn.read(lambda s: _offers(s, customer, {"from": day.isoformat()}, limit=MANY))
    return next((slot.code for slot in offers.slots if wish.fits(slot.starts_at)), None)


async def check_visit(turn: Turn, value: str) -> Dict[str, Any]:
    """A window's code, as buttons carry it, or `later`."""
    if value == "later":
        kept = dict(turn.slot("visit_wish") or {})
        after = (kept.get("shown") or [None])[-1]
        return {"visit": None, "visit_wish": {**kept, "after": after, "shown": []}, "asked": "changed"}
    return {"visit": value if repairs.start_of(value) else None}


class ActionAskVisit(TopicAction):
    """Offers windows of two hours in which somebody can come."""

    async def handle(self, turn: Turn) -> Events:
        """Says first how the day fared that was asked for."""
        return await offer(turn)


async def offer(turn: Turn) -> Events:
    """Offers visits to the customer whom the conversation is of, by what they wished; notes which were shown."""
    customer = await customer_of(turn)
    wish = dict(turn.slot("visit_wish") or {})
    tries = [wish, {"from": wish.get("from")}, {}]
    for wanted in tries:
        offers = await turn.read(lambda s, wanted=wanted: _offers(s, str(customer), wanted))  # type: ignore[misc]
        if offers.outcome == "offered":
            break
    if offers.outcome != "offered":
        return turn.say("utter_no_visit_free")
    fate, said = offers.asked_day if wanted is wish else "full", ""
    day = wish.get("from")
    if fate not in (None, "free") and not wish.get("after"):
        words = label(f"visits_{fate}", turn.language)
        said = words.format(day=turn.day(date.fromisoformat(day))) if day else label("visits_none_so", turn.language)
    buttons = [choice(window(turn, slot.starts_at), visit=slot.code) for slot in offers.slots]
    turn.say("utter_ask_visit", fate=f"{said[:1].upper()}{said[1:]} " if said else "", buttons=[*buttons, turn.button("inform", name="later_times", visit="later")])
    return [SlotSet("visit_wish", {**wish, "shown": [slot.code for slot in offers.slots]})]


def window(turn: Turn, start: datetime) -> str:
    """`jeudi 26 novembre, 8 h-10 h`."""
    return f"{turn.day(start)}, {hours_of(turn, start)}"


def hours_of(turn: Turn, start: datetime) -> str:
    """`8 h-10 h`, `08:00-10:00`."""
    return f"{turn.hour(start)}-{turn.hour(start + timedelta(hours=2))}"


def mail_appointment(turn: Turn, session: Session, customer: str, number: str, start: datetime) -> None:
    """Has the appointment mailed to the customer, in the caller's transaction."""
    known = customers.customer_by_id(session, customer)
    if known is None:
        return
    values = {
        "repair_number": number, "day": turn.day(start), "hours": hours_of(turn, start), "first_name": str(known.first_name or ""),
        "place": ", ".join(part for part in (known.street, f"{known.postal_code or ''} {known.city or ''}".strip()) if part),
    }
    put_mail(
        session, context().settings, to=str(known.email), template="appointment_booked", language=turn.language, key=f"{turn.key}:appointment",
        at=context().clock(), conversation=turn.conversation, values=values,
    )


def _offers(session: Session, customer: str, wish: Dict[str, Any], limit: int = 3) -> repairs.Offers:
    known = customers.customer_by_id(session, customer)
    return repairs.offer_slots(
        session, postal_code=str(known.postal_code or "") if known is not None else "", product_type=PRODUCT_TYPE, at=context().clock(),
        after=repairs.start_of(wish["after"]) if wish.get("after") else None, from_day=date.fromisoformat(wish["from"]) if wish.get("from") else None,
        part_of_day=wish.get("part"), limit=limit,
    )


def _hour(text: str) -> Optional[int]:
    match = HOUR.search(text)
    if match is None:
        return None
    if match[3]:
        return 12
    hour = int(match[1])
    return hour + 12 if "pm" in match[0] and hour < NOON else hour if hour < 24 else None


def _code(start: datetime) -> str:
    return start.strftime("%Y-%m-%dT%H:%M")
