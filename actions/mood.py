"""What the customer's mood changes, before anything else is done in a turn: persistent anger goes to a person, who depends on a device is offered one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from rasa_sdk.events import SlotSet

from savoir.triage import service as triage

if TYPE_CHECKING:
    from actions.base import Turn

Events = List[Dict[str, Any]]

MOST_ANGER = 2
"""Angry messages after which a person takes over."""


def heard(turn: Turn) -> Tuple[Events, bool]:
    """What the latest message changes, once a turn: events, and whether the turn ends with them (a person takes over)."""
    if not turn.is_first or not turn.text or turn.text.startswith("/"):
        return [], False
    mood = triage.mood_of(turn.text, turn.language)
    anger = _anger(turn, mood)
    events: Events = [SlotSet("anger", anger)] if anger != float(turn.slot("anger") or 0) else []
    if anger >= MOST_ANGER:
        turn.say("utter_anger_heard")
        turn.hand_over("anger")
        return [*events, SlotSet("anger", 0.0), SlotSet("vulnerable", mood.vulnerable or turn.slot("vulnerable") or None)], True
    if mood.vulnerable and not turn.slot("vulnerable"):
        turn.say("utter_vulnerable_heard")
        return [*events, SlotSet("vulnerable", True)], False
    return events, False


def _anger(turn: Turn, mood: triage.Mood) -> float:
    """How many messages have been angry; one that is pleased ends the count."""
    before = float(turn.slot("anger") or 0)
    if mood.anger or mood.insult:
        return before + 1
    return 0.0 if mood.score > 0 else before
