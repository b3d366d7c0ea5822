"""Doubt (see actions/unsure.py), and messages for which there is no rule at this moment."""

from __future__ import annotations

import json
import re
from typing import Any, Dict

from rasa_sdk.events import ActionExecuted, FollowupAction, SlotSet, UserUttered

from actions.base import Events, TopicAction, Turn
from actions.unsure import ask_what_was_meant

ASK_FOR_MORE = ("utter_welcome", "utter_glad_it_helped")
"""Responses that ask whether there is anything else."""
LISTEN: Events = [FollowupAction("action_listen")]
"""Without it Rasa would predict its fallback again and again: nothing else follows it by a rule."""


class ActionDoubt(TopicAction):
    """Answers a message that is strange to the model, or guesses that were all refused."""

    async def handle(self, turn: Turn) -> Events:
        """As every message that was not understood with certainty."""
        return ask_what_was_meant(turn)


class ActionDefaultFallback(TopicAction):
    """Understood, but without a rule for this moment."""

    async def handle(self, turn: Turn) -> Events:
        """A typed yes or no presses the button that means it; else asks what is wanted, or offers a person. A form asks on by itself."""
        if turn.form:
            return [FollowupAction(turn.form)]  # it asks its question again
        offered = [button for button in turn.offered() if button.get("means")]
        pressed = next((button for button in offered if button["means"] == turn.intent), None)
        if pressed:
            return _press(turn, pressed["payload"])
        if offered and turn.intent == "deny":
            turn.say("utter_declined")
            return LISTEN
        if turn.is_angry:
            turn.say("utter_anger_seen")
            return LISTEN
        replies = {
            "affirm": "utter_how_can_i_help", "deny": "utter_goodbye" if _asked_for_more(turn) else "utter_declined", "inform": "utter_please_rephrase",
        }
        turn.say(replies.get(turn.intent, "utter_offer_person"))
        return LISTEN


def _asked_for_more(turn: Turn) -> bool:
    """Whether the last answer asked if there was anything else: a no is then a good-bye."""
    return any((reply.get("metadata") or {}).get("utter_action") in ASK_FOR_MORE for reply in turn.last_replies())


def _press(turn: Turn, payload: str) -> Events:
    """The events of a customer who presses that button now."""
    match = re.fullmatch(r"/(\w+)(\{.*\})?", payload, re.DOTALL)
    assert match, payload
    entities: Dict[str, Any] = json.loads(match[2]) if match[2] else {}
    parsed = {
        "intent": {"name": match[1], "confidence": 1.0}, "text": payload,
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities.items()],
    }
    return [ActionExecuted("action_listen"), UserUttered(payload, parsed), *(SlotSet(name, value) for name, value in entities.items() if turn.has_slot(name))]
