"""A call at a chosen time, instead of waiting."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, timezone
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk.events import SlotSet

from actions.base import Events, TopicAction, Turn, context
from actions.contact import coming_day
from actions.forms import TopicForm
from savoir.conversations import service as conversations
from savoir.core.errors import Problem
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.handoff import service as handoff

LATER = "later"
"""The value of `callback_window` that asks for further times."""
_CLOCK = re.compile(r"\b(?P<h>[01]?\d|2[0-3]) ?(?:(?:h|heures?|:)(?: ?(?P<m>[0-5]\d))?(?!\w)|(?P<half>am|pm|o'clock)\b)")
_PARTS = {"apres-midi": 13, "apres midi": 13, "afternoon": 13, "midi": 12, "noon": 12, "matin": 8, "morning": 8, "soir": 17, "evening": 17}
HALF_AN_HOUR, ANY_TIME = timedelta(minutes=30), timedelta(days=60)
_SOON = re.compile(r"\b(?:(?:le |au )?plus (?:tot|vite)(?: possible)?|des que possible|tout de suite|maintenant|immediatement|asap|right (?:now|away)|now|(?:as )?soon(?:est)?)\b")


class ValidateCallbackForm(TopicForm):
    """When to call, and which number."""

    begins = ("ask_callback",)
    fresh = ("callback_window", "callback_after")

    async def check_callback_window(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A window that is still free; `later` shows the next ones."""
        if value == LATER:
            return {"callback_window": None, "asked": "later"}
        starts = _moment(value)
        if starts is None:
            return {"callback_window": None}
        begins: datetime = starts
        is_free: bool = await turn.read(lambda s: _free(s, begins))
        return {"callback_window": value if is_free else None}

    async def check_phone(self, turn: Turn, value: str) -> Dict[str, Any]:
        """An ordinary number that can be called."""
        try:
            return {"phone": handoff.phone_number(value)}
        except Problem:
            return {"phone": None}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A time that is typed instead of pressed."""
        return slot == "callback_window" and _wish(turn) is not None

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The window that was typed, here or with the wish to be called; the next ones where that moment is none or is taken."""
        is_asked = turn.moment == "answer" and turn.slot("requested_slot") == "callback_window" and turn.typed
        if turn.slot("callback_window") or not (is_asked or turn.moment == "beginning"):
            return {}
        wish = _wish(turn)
        if wish is None:
            return {}
        moment, tolerance = wish
        window = await turn.read(lambda s: _from(s, moment))
        if window is None:
            return {}
        if tolerance and window.starts_at - moment < tolerance:
            return {"callback_window": window.starts_at.isoformat()}
        return {"callback_after": (window.starts_at - HALF_AN_HOUR).isoformat(), "asked": "wrong" if tolerance else LATER}

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """The number on file of a customer who is known is not asked for."""
        if not turn.slot("phone"):
            phone = await turn.read(lambda s: _phone_on_file(s, turn.conversation))
            if phone:
                return [slot for slot in slots if slot != "phone"]
        return slots


class ActionAskCallbackWindow(TopicAction):
    """Offers the next free times."""

    async def handle(self, turn: Turn) -> Events:
        """Three of them and a way to later ones."""
        the, at = context(), context().clock()
        after = _moment(turn.slot("callback_after")) if turn.slot("asked") in (LATER, "wrong") else None
        windows = await turn.read(
            lambda s: handoff.offer_callbacks(s, at=at, hours=the.hours, per_window=the.settings.callbacks_per_window, after=after)
        )
        buttons = [
            {"title": window.words(the.hours, turn.language), "payload": f'/inform{{"callback_window": "{window.starts_at.isoformat()}"}}'}
            for window in windows
        ]
        buttons.append(turn.button("inform", name="later_times", callback_window=LATER))
        turn.say("utter_ask_callback_window", buttons=buttons)
        return [SlotSet("callback_after", windows[-1].starts_at.isoformat())] if windows else []


class ActionBookCallback(TopicAction):
    """Promises the call."""

    ends = True
    forgets = ("callback_window", "callback_after")

    async def handle(self, turn: Turn) -> Events:
        """Time and number are said again, so that a slip is seen."""
        the, at, starts = context(), context().clock(), _moment(turn.slot("callback_window"))
        assert starts is not None
        reason = "\n".join(turn.customer_texts())

        def book(session: Any) -> Any:
            phone = turn.slot("phone") or _phone_on_file(session, turn.conversation) or ""
            return handoff.book_callback(
                session, key=turn.key, conversation=turn.conversation, starts_at=starts, phone=phone, reason=reason, at=at, hours=the.hours,
                per_window=the.settings.callbacks_per_window,
            )

        try:
            callback = await turn.write(book)
        except Problem as problem:  # the window filled up while the number was asked, say
            turn.log.info("callback.not_booked", problem=problem.code)
            return turn.say("utter_callback_taken", buttons=[turn.button("ask_callback", name="other_time", means="affirm")])
        return turn.say(
            "utter_callback_booked", day=turn.day(callback.starts_at), start=turn.hour(callback.starts_at), end=turn.hour(callback.ends_at),
            phone=handoff.phone_words(str(callback.phone)),
        )


def _moment(text: Optional[str]) -> Optional[datetime]:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.astimezone(timezone.utc)


def _wish(turn: Turn) -> Optional[Tuple[datetime, Optional[timedelta]]]:
    """The moment at which the customer wants to be called, by the latest words they typed, and how much later will do; None for a part of a day."""
    said: Dict[str, Any] = next((e for e in reversed(turn.events) if e.get("event") == "user" and not (e.get("text") or "/").startswith("/")), {})
    text = fold(said.get("text") or "")
    at, zone = context().clock(), context().hours.zone
    entities = (said.get("parse_data") or {}).get("entities") or ()
    day = coming_day(next((e.get("value") for e in entities if e.get("entity") == "date"), None), at.astimezone(zone).date())
    clock = _CLOCK.search(text)
    part = next((hour for word, hour in _PARTS.items() if re.search(rf"\b{word}\b", text)), None)
    if clock is None and part is None and day is None:
        return (at, ANY_TIME) if turn.moment != "beginning" and _SOON.search(text) else None
    hour, minute = (int(clock["h"]), int(clock["m"] or 0)) if clock else (part or 0, 0)
    if clock and clock["half"] == "pm" and hour < 12:
        hour += 12
    wished = datetime.combine(day or at.astimezone(zone).date(), time(hour, minute), zone)
    if wished < at and day is None:
        wished += timedelta(days=1)
    return wished.astimezone(timezone.utc), HALF_AN_HOUR if clock is not None or part == 12 else None


def _from(session: Any, moment: datetime) -> Optional[handoff.Window]:
    """The first free window that has not ended by then."""
    the = context()
    after = moment - timedelta(minutes=59)
    found = handoff.offer_callbacks(session, at=the.clock(), hours=the.hours, limit=1, per_window=the.settings.callbacks_per_window, after=after)
    return found[0] if found else None


def _free(session: Any, starts: datetime) -> bool:
    the = context()
    windows = handoff.offer_callbacks(session, at=the.clock(), hours=the.hours, limit=60, per_window=the.settings.callbacks_per_window)
    return any(window.starts_at == starts for window in windows)


def _phone_on_file(session: Any, conversation: str) -> Optional[str]:
    customer = conversations.find(session, conversation).customer
    known = customers.customer_by_id(session, str(customer)) if customer else None
    try:
        return handoff.phone_number(str(known.phone)) if known and known.phone else None
    except Problem:  # what is on file can't be called: it is asked for
        return None
