"""A message that was not understood with certainty is not acted on: the best guesses are named once, then other words asked for, then a person offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from rasa_sdk.events import SlotSet

from actions.copy import label

if TYPE_CHECKING:
    from actions.turn import Turn

Events = List[Dict[str, Any]]

LEAST_SURE = 0.4
"""Below this confidence a guess is more often wrong than right (confidences are calibrated), and a press of a button costs less than a wrong answer."""
NEVER_GUESSED = {"nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "stop", "greet", "thank", "goodbye", "ask_repeat"}
MOST_GUESSES = 3
REMEMBERED = 3
"""Messages of the customer that say what a vague one may be about."""
LEAST_CONFIDENCE = 0.05
DOUBTS = ("utter_did_you_mean", "utter_please_rephrase")
"""Responses that tell a doubt."""


def is_unsure(turn: Turn) -> bool:
    """Whether a typed message was understood too vaguely to act on. Danger that its words tell is never doubted, nor a yes or no to buttons,
    nor what was spoken of just before."""
    from actions.safety import hazard_in  # it needs what needs this

    if not turn.typed or not turn.intent or turn.confidence >= LEAST_SURE or turn.intent in ("nlu_fallback", "out_of_scope"):
        return False
    if (turn.intent in ("affirm", "deny") and turn.offered()) or turn.intent in _surely_meant_before(turn):
        return False
    return turn.intent != "report_safety_issue" or hazard_in(turn.text) is None


def _surely_meant_before(turn: Turn) -> List[str]:
    """What the few messages before were surely about: a further word on it need not be as clear."""
    said = [e for e in turn.events if e.get("event") == "user"][-1 - REMEMBERED:-1]
    found = [(e.get("parse_data") or {}).get("intent") or {} for e in said]
    return [intent["name"] for intent in found if intent.get("name") and float(intent.get("confidence") or 0) >= LEAST_SURE]


def ask_what_was_meant(turn: Turn) -> Events:
    """Guesses as buttons; at the second doubt in a row a request to rephrase; at the third a person. Anger is heard first."""
    if turn.is_angry:
        return turn.say("utter_anger_seen")
    in_a_row = any((reply.get("metadata") or {}).get("utter_action") in DOUBTS for reply in turn.last_replies())
    doubts = (int(turn.slot("doubts") or 0) if in_a_row else 0) + 1
    guesses = [
        intent["name"] for intent in turn.ranking
        if intent["name"] not in NEVER_GUESSED and intent.get("confidence", 0) >= LEAST_CONFIDENCE and label(intent["name"], turn.language)
    ][:MOST_GUESSES]
    if "add_to_ticket" in guesses and not turn.slot("ticket_number"):
        guesses = ["open_ticket", *guesses][:MOST_GUESSES]  # it has no words of its own: who wants a new one speaks as of an old one
    if doubts == 1 and guesses:
        means = "affirm" if len(guesses) == 1 else None  # a typed yes to several says nothing
        buttons = [turn.button(intent, name="open_case" if intent == "open_ticket" else None, means=means) for intent in guesses]
        buttons.append(turn.button("none_of_these", means="deny"))
        turn.say("utter_did_you_mean", buttons=buttons)
    elif doubts <= 2:
        turn.say("utter_please_rephrase")
    else:
        turn.say("utter_offer_person")
        return [SlotSet("doubts", 0.0)]
    return [SlotSet("doubts", float(doubts))]
