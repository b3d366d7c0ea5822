"""One call of an action: what the customer said, what is known, and the ways to speak and to reach the rooms."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions import words
from actions.copy import label
from savoir.core.context import Context
from savoir.core.log import logger
from savoir.core.settings import settings
from savoir.core.text import fold

Events = List[Dict[str, Any]]
T = TypeVar("T")
log = logger("actions")


@lru_cache
def context() -> Context:
    """The action server's database, clock and settings."""
    return Context(settings())


class Turn:
    """One call of an action: what is known, and the ways to speak and to reach the rooms."""

    def __init__(self, action: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher, self._tracker = dispatcher, tracker
        self._values: Dict[str, Any] = {}
        self._session: Optional[Events] = None
        self.action = action
        self.has_handed_over = False
        self.is_angry = False
        """Whether the customer's message is."""
        self.has_remarked = False
        """Whether something was said about the customer's mood."""
        self.matter_ends = False
        """Set by an action that has `ends = False` and finds that the matter is at its end all the same."""
        self.moment = ""
        """In a form: `beginning`, `answer`, or `back` from a digression."""
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

    @property
    def confidence(self) -> float:
        """How sure that is, 0 to 1."""
        return float((self._tracker.latest_message.get("intent") or {}).get("confidence") or 0)

    @property
    def further_intents(self) -> List[str]:
        """What else the same message asks for."""
        return [str(entry["name"]) for entry in self._tracker.latest_message.get("further_intents") or ()]

    @property
    def form(self) -> Optional[str]:
        """The form that is under way, or None."""
        return self._tracker.active_loop_name

    @property
    def events(self) -> List[Dict[str, Any]]:
        """Everything in this session, oldest first."""
        if self._session is None:
            all_events = self._tracker.events
            begun = (n for n in range(len(all_events) - 1, -1, -1) if all_events[n].get("event") == "session_started")
            self._session = all_events[next(begun, 0):]
        return self._session

    @property
    def this_turn(self) -> List[Dict[str, Any]]:
        """What has happened since the customer's latest message, without it."""
        start = next((n for n in range(len(self.events) - 1, -1, -1) if self.events[n].get("event") == "user"), -1)
        return self.events[start + 1:]

    @property
    def is_first(self) -> bool:
        """Whether nothing else was done about the customer's message before this call."""
        own = self.action.replace("validate_", "", 1)
        return not any(e.get("event") == "action" and e.get("name") not in ("action_listen", own) for e in self.this_turn)

    def slot(self, name: str) -> Any:
        """The value of a slot, or None."""
        return self._values[name] if name in self._values else self._tracker.get_slot(name)

    def has_slot(self, name: str) -> bool:
        """Whether there is a slot of that name: an entity of a button need not have one."""
        return name in self._tracker.slots

    def remember(self, values: Dict[str, Any]) -> None:
        """Values that slots will have once this call ends: `slot` gives them from now on."""
        self._values.update(values)

    def entity(self, name: str) -> Optional[str]:
        """The value of an entity of the customer's latest message, or None."""
        return next(self._tracker.get_latest_entity_values(name), None)

    def found(self, name: str) -> List[Tuple[str, str, str]]:
        """Every value of an entity in the latest message, with the folded words before and after it."""
        entities = self._tracker.latest_message.get("entities") or ()
        return [
            (str(e["value"]), fold(self.text[:e["start"]]), fold(self.text[e["end"]:]))
            for e in entities if e.get("entity") == name and e.get("start") is not None
        ]

    @property
    def typed(self) -> str:
        """What the customer typed, folded; empty when a button was pressed."""
        return "" if self.text.startswith("/") else fold(self.text)

    def value_pressed(self, name: str) -> Optional[str]:
        """The value that a pressed button carries for a slot, or None."""
        entities = self._tracker.latest_message.get("entities") or () if self.text.startswith("/") else ()
        return next((e.get("value") for e in entities if e.get("entity") == name), None)

    @property
    def entities(self) -> List[Dict[str, Any]]:
        """What was found in the customer's latest message, in the order of its words."""
        return sorted(self._tracker.latest_message.get("entities") or (), key=lambda entity: entity.get("start") or 0)

    def customer_texts(self) -> List[str]:
        """What the customer wrote in this session, oldest first; presses of buttons are left out."""
        texts = (e.get("text") or "" for e in self.events if e.get("event") == "user")
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

    def hand_over(self, reason: str, **more: Any) -> None:
        """Gives the conversation to people once this turn's replies are in the log."""
        from actions.handover import known_to  # which reads turns itself

        self.has_handed_over = True
        self.effect("hand_over", **{"reason": reason, "known": known_to(self), **more})

    def effect(self, name: str, **values: Any) -> None:
        """Has the front door do something in the transaction that stores this turn's replies."""
        self._dispatcher.utter_message(json_message={"effect": name, **values})

    def offered(self) -> List[Dict[str, Any]]:
        """The buttons of the assistant's latest turn that had something to press, in their order; none once another message followed it."""
        users = 0
        for event in reversed(self.events):
            users += event.get("event") == "user"
            if users > 1:
                break
            if event.get("event") == "bot" and (event.get("data") or {}).get("buttons"):
                return list(event["data"]["buttons"])
        return []

    def day(self, at: Any, pattern: str = "EEEE d MMMM") -> str:
        """A day in the customer's language and the firm's time zone: `mardi 24 novembre`."""
        return words.day(at, self.language, context().hours, pattern)

    def hour(self, at: Any) -> str:
        """A time of day: `14 h 30`, `14:30`."""
        return words.hour(at, self.language, context().hours)

    def amount(self, cents: int) -> str:
        """An amount: `549,00 €`, `€549.00`."""
        return words.amount(cents, self.language)

    def listed(self, items: List[str]) -> str:
        """`un câble et un chargeur`."""
        return words.listed(items, self.language)

    def yes_or_no(self) -> List[Dict[str, Any]]:
        """The two buttons under a question of a form."""
        return [self.button("affirm", name="yes", means="affirm"), self.button("deny", name="no", means="deny")]

    def button(self, intent: str, *, name: Optional[str] = None, means: Optional[str] = None, **entities: Any) -> Dict[str, Any]:
        """A button that stands for an intent with entities. `name`: whose label it bears (`utter_label_<name>`), else the intent's.

        `means` (affirm or deny) makes a typed yes or no the same as pressing it.
        """
        payload = f"/{intent}" + (json.dumps(entities, ensure_ascii=False) if entities else "")
        return {"title": label(name or intent, self.language), "payload": payload, **({"means": means} if means else {})}

    async def read(self, work: Callable[[Session], T]) -> T:
        """Asks a room."""
        return await context().read(work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Has a room do something; it is committed when this returns."""
        return await context().write(work)

    def join_remark(self) -> None:
        """Puts a remark that was made before the answer, on the customer's mood, into the answer itself: one message less to read."""
        said = [message for message in self._dispatcher.messages if message.get("response") or message.get("text")]
        following = next((message for message in said[1:] if message.get("response")), None)
        if following is not None:
            following["lead"] = said[0]["response"]
            self._dispatcher.messages.remove(said[0])

    def forget_replies(self) -> None:
        """Takes back what was said in this call: it failed half-way."""
        self._dispatcher.messages.clear()
