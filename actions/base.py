"""What every action has: its name, the language, an error net, and what the customer's mood and other wishes change."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Dict, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.mood import heard
from actions.turn import Events as Events
from actions.turn import Turn as Turn
from actions.turn import context as context
from actions.unsure import ask_what_was_meant, is_unsure
from actions.wishes import wishes

LONGEST_SECONDS = 8.0


def action_name(class_name: str) -> str:
    """`ActionTrackOrder` as `action_track_order`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


NOTHING_LEFT: Events = [
    ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("doubts", 0.0), SlotSet("misses", 0.0), SlotSet("later", None), SlotSet("anger", 0.0),
]
"""After a hand-over the assistant is not in the middle of anything."""


class TopicAction(Action, ABC):
    """An action of ours: write `handle`. Whatever goes wrong, the customer gets an answer and `action_status` says `failed`."""

    ends: ClassVar[bool] = False
    """Whether the matter is at its end with it, so that what else the customer wanted may be taken up."""
    forgets: ClassVar[Tuple[str, ...]] = ()
    """Slots that are empty after it."""
    settles: ClassVar[Tuple[str, ...]] = ()
    """Requests that are done with it: they are not proposed again."""

    def name(self) -> str:
        """From the name of the class."""
        return action_name(type(self).__name__)

    @abstractmethod
    async def handle(self, turn: Turn) -> Events:
        """What the action does; returns its events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        """Called by the action server."""
        turn = Turn(self.name(), dispatcher, tracker)
        if given_up(turn):  # the form before it was left: there is nothing to be done, and that was said
            return [SlotSet("given_up", None)]
        mood, is_over = heard(turn)
        if is_over:
            return [*mood, *NOTHING_LEFT]
        if turn.is_first and turn.form is None and is_unsure(turn):
            return [*mood, *ask_what_was_meant(turn), FollowupAction("action_listen")]
        try:
            events = [*mood, *await asyncio.wait_for(self.handle(turn), LONGEST_SECONDS)]
            if turn.has_remarked:
                turn.join_remark()
        except Exception as error:
            turn.log.error("action.failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
            turn.forget_replies()
            turn.say("utter_action_failed")
            return [SlotSet("action_status", "failed")]
        return [
            *(SlotSet(slot, None) for slot in self.forgets), *events, *wishes(turn, take_up=(self.ends or turn.matter_ends) and turn.form is None, settled=self.settles),
            *([SlotSet("action_status", "done")] if turn.slot("action_status") != "done" and not _says_status(events) else []),
        ]


def _says_status(events: Events) -> bool:
    return any(event.get("event") == "slot" and event.get("name") == "action_status" for event in events)


def given_up(turn: Turn) -> bool:
    """Whether a form was left in this turn without its end: by `TopicForm`, which said why."""
    return any(e.get("event") == "slot" and e.get("name") == "given_up" and e.get("value") for e in turn.this_turn)
