"""A call at a chosen time, instead of waiting."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from rasa_sdk.events import SlotSet

from actions.base import Events, TopicAction, Turn, context
from actions.forms import TopicForm
from savoir.conversations import service as conversations
from savoir.core.errors import Problem
from savoir.customers import service as customers
from savoir.handoff import service as handoff

LATER = "later"
"""The value of `callback_window` that asks for further times."""


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
        after = _moment(turn.slot("callback_after")) if turn.slot("asked") == LATER else None
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
        except Problem:  # the window filled up while the number was asked
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


def _free(session: Any, starts: datetime) -> bool:
    the = context()
    windows = handoff.offer_callbacks(session, at=the.clock(), hours=the.hours, limit=60, per_window=the.settings.callbacks_per_window)
    return any(window.starts_at == starts for window in windows)


def _phone_on_file(session: Any, conversation: str) -> Optional[str]:
    customer = conversations.find(session, conversation).customer
    known = customers.customer_by_id(session, str(customer)) if customer else None
    return str(known.phone) if known and known.phone else None
