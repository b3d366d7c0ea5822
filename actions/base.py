"""What every action has: its name, the language, a logger bound to the conversation, an error net and an idempotency key."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any, Callable, Dict, List, Optional, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.log import logger
from savoir.core.settings import settings

Events = List[Dict[str, Any]]
T = TypeVar("T")
LONGEST_SECONDS = 8.0
log = logger(__name__)


@lru_cache
def context() -> Context:
    """The action server's database, clock and settings."""
    return Context(settings())


class Turn:
    """One call of an action: what is known, and the ways to speak and to reach the rooms."""

    def __init__(self, action: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher, self._tracker = dispatcher, tracker
        self.action = action
        self.conversation: str = tracker.sender_id
        message: Dict[str, Any] = next((e for e in reversed(tracker.events) if e.get("event") == "user"), {})
        self.message_id: str = message.get("message_id") or f"{tracker.sender_id}:{len(tracker.events)}"
        self.metadata: Dict[str, Any] = message.get("metadata") or {}
        self.text: str = message.get("text") or ""
        self.log = log.bind(conversation=self.conversation, action=action)

    @property
    def language(self) -> str:
        """fr or en."""
        return self.slot("language") or self.metadata.get("language") or context().settings.default_language

    @property
    def key(self) -> str:
        """The idempotency key: the same for a repeated turn."""
        return f"{self.message_id}:{self.action}"

    @property
    def intent(self) -> str:
        """What the customer's message was understood as."""
        return (self._tracker.latest_message.get("intent") or {}).get("name") or ""

    @property
    def ranking(self) -> List[Dict[str, Any]]:
        """All intents with their confidence, best first."""
        return self._tracker.latest_message.get("intent_ranking") or []

    def slot(self, name: str) -> Any:
        """The value of a slot, or None."""
        return self._tracker.get_slot(name)

    def entity(self, name: str) -> Optional[str]:
        """The value of an entity of the customer's latest message, or None."""
        return next(self._tracker.get_latest_entity_values(name), None)

    def customer_texts(self) -> List[str]:
        """What the customer wrote in this session, oldest first; presses of buttons are left out."""
        texts = (e.get("text") or "" for e in self._tracker.events if e.get("event") == "user")
        return [text for text in texts if text and not text.startswith("/")]

    def last_replies(self) -> List[Dict[str, Any]]:
        """What the assistant said between the two latest messages of the customer."""
        replies: List[Dict[str, Any]] = []
        users = 0
        for event in reversed(self._tracker.events):
            users += event.get("event") == "user"
            if users == 2 and replies:
                break
            if users >= 1 and event.get("event") == "bot":
                replies.append(event)
        return list(reversed(replies))

    def say(self, response: str, *, buttons: Optional[List[Dict[str, str]]] = None, cards: Optional[List[Any]] = None, **values: Any) -> Events:
        """Speaks a response of domain.yml, in the customer's language, with the values put in. Returns no events."""
        self._dispatcher.utter_message(
            response=response, buttons=buttons or [], json_message={"cards": cards} if cards else {}, **values
        )
        return []

    def say_text(self, text: str, *, buttons: Optional[List[Dict[str, str]]] = None, cards: Optional[List[Any]] = None) -> Events:
        """Speaks a text that is not the designers': an article's passage, a repetition."""
        self._dispatcher.utter_message(text=text, buttons=buttons or [], json_message={"cards": cards} if cards else {})
        return []

    def hand_over(self, reason: str) -> None:
        """Gives the conversation to people once this turn's replies are in the log."""
        self._dispatcher.utter_message(json_message={"effect": "hand_over", "reason": reason})

    async def read(self, work: Callable[[Session], T]) -> T:
        """Asks a room."""
        return await context().read(work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Has a room do something; it is committed when this returns."""
        return await context().write(work)

    def forget_replies(self) -> None:
        """Takes back what was said in this call: it failed half-way."""
        self._dispatcher.messages.clear()


def action_name(class_name: str) -> str:
    """`ActionTrackOrder` as `action_track_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


class TopicAction(Action, ABC):
    """An action of ours: write `handle`. Whatever goes wrong, the customer gets an answer and `action_status` says `failed`."""

    def name(self) -> str:
        """From the name of the class."""
        return action_name(type(self).__name__)

    @abstractmethod
    async def handle(self, turn: Turn) -> Events:
        """What the action does; returns its events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        """Called by the action server."""
        turn = Turn(self.name(), dispatcher, tracker)
        try:
            events = await asyncio.wait_for(self.handle(turn), LONGEST_SECONDS)
        except Exception as error:
            turn.log.error("action.failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
            turn.forget_replies()
            turn.say("utter_action_failed")
            return [SlotSet("action_status", "failed")]
        return [*events, SlotSet("action_status", "done")] if turn.slot("action_status") != "done" else events


class TopicForm(FormValidationAction):
    """The checks of a form of ours: `validate_<slot>(turn, value)` and `needed(turn, slots)`, with the same error net."""

    def name(self) -> str:
        """From the name of the class: `ValidateOrderForm` as `validate_order_form`."""
        return action_name(type(self).__name__)

    @abstractmethod
    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Which of the form's slots (all of them are in `slots`, in order) are asked now."""

    async def required_slots(
        self, domain_slots: List[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[str]:
        """Called by the SDK."""
        return await self.needed(Turn(self.name(), dispatcher, tracker), list(domain_slots))

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        """Called by the action server."""
        turn = Turn(self.name(), dispatcher, tracker)
        try:
            return await asyncio.wait_for(super().run(dispatcher, tracker, domain), LONGEST_SECONDS)
        except Exception as error:
            turn.log.error("form.failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
            turn.forget_replies()
            turn.say("utter_action_failed")
            return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("action_status", "failed")]
