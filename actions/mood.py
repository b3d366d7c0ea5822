"""What the customer's mood changes, before anything else is done in a turn: persistent anger and despair go to a person, distress is heard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from rasa_sdk.events import SlotSet

from actions.unsure import is_unsure
from savoir.core.text import fold
from savoir.triage import service as triage

if TYPE_CHECKING:
    from actions.turn import Turn

Events = List[Dict[str, Any]]

MOST_ANGER = 2
"""Angry messages after which a person takes over."""
ANGRY_FACE = "/show_anger"
"""What a face alone stands for: see savoir/conversations/pressing.py."""
DESPAIR = re.compile(
    r"\b(?:suicid\w*|(?:envie|veux|voudrais|vais) (?:de )?(?:mourir|crever|en finir)(?! de rire)|(?:veux|vais|voudrais|envie de) me (?:tuer|foutre en l'air)|"
    r"mettre fin a mes jours|kill myself|end my (?:own )?life|want to die|don'?t want to live)\b"
)
"""Somebody who may be about to harm themselves, in folded text. Taken at their word, even where it may be a way of speaking."""


def heard(turn: Turn) -> Tuple[Events, bool]:
    """What the latest message changes, once a turn: events, and whether the turn ends with them (a person takes over)."""
    if not turn.is_first or not turn.text or (turn.text.startswith("/") and turn.text != ANGRY_FACE):
        return [], False
    mood = triage.mood_of("😡" if turn.text == ANGRY_FACE else turn.text, turn.language)
    turn.is_angry = mood.anger or mood.insult
    anger = _anger(turn, mood)
    events: Events = [SlotSet("anger", anger)] if anger != float(turn.slot("anger") or 0) else []
    if DESPAIR.search(fold(turn.text)):
        turn.say("utter_crisis_heard")
        turn.hand_over("safety")
        return [*events, SlotSet("vulnerable", True)], True
    if anger >= MOST_ANGER and turn.intent not in AT_ONCE_ANYWAY:
        turn.say("utter_anger_heard")
        turn.hand_over("anger")
        return [*events, SlotSet("anger", 0.0), SlotSet("vulnerable", mood.vulnerable or turn.slot("vulnerable") or None)], True
    if mood.vulnerable and not turn.slot("vulnerable"):
        turn.say("utter_vulnerable_heard")
        turn.has_remarked = True
        return [*events, SlotSet("vulnerable", True), SlotSet("distress_heard", True)], False
    if mood.distress and not turn.slot("distress_heard") and turn.intent not in AT_ONCE_ANYWAY:
        turn.say("utter_distress_heard")
        turn.has_remarked = True
        return [*events, SlotSet("distress_heard", True)], False
    if turn.is_angry and anger == 1 and turn.intent not in (*AT_ONCE_ANYWAY, *ANSWERED_AS_ANGER) and not is_unsure(turn):
        turn.say("utter_anger_noticed")
        turn.has_remarked = True
    return events, False


AT_ONCE_ANYWAY = ("speak_to_human", "report_safety_issue", "report_fraud", "make_complaint")
"""Requests that bring a person in any case, each with words of its own."""

ANSWERED_AS_ANGER = ("nlu_fallback", "out_of_scope", "show_anger", "inform", "affirm", "deny", "stop", "goodbye")
"""Messages whose answer is about the anger already, or that are an answer of a word."""


def _anger(turn: Turn, mood: triage.Mood) -> float:
    """How many messages have been angry; one that is pleased ends the count."""
    before = float(turn.slot("anger") or 0)
    if mood.anger or mood.insult:
        return before + 1
    return 0.0 if mood.score > 0 else before
