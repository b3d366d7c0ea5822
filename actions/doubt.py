"""What the assistant does when it is not sure: names its best guesses once, then asks for other words, then offers a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet, UserUtteranceReverted

from actions.base import Events, TopicAction, Turn
from actions.copy import label

NEVER_GUESSED = {"nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "stop"}
MOST_GUESSES = 3
LEAST_CONFIDENCE = 0.05


class ActionDoubt(TopicAction):
    """Answers a message that was not understood with certainty."""

    async def handle(self, turn: Turn) -> Events:
        """Guesses as buttons; at the second doubt in a row a request to rephrase; at the third a person."""
        doubts = int(turn.slot("doubts") or 0) + 1
        guesses = [
            intent["name"] for intent in turn.ranking
            if intent["name"] not in NEVER_GUESSED and intent.get("confidence", 0) >= LEAST_CONFIDENCE and label(intent["name"], turn.language)
        ][:MOST_GUESSES]
        if doubts == 1 and guesses:
            buttons = [{"title": label(intent, turn.language), "payload": f"/{intent}"} for intent in guesses]
            buttons.append({"title": label("none_of_these", turn.language), "payload": "/none_of_these"})
            turn.say("utter_did_you_mean", buttons=buttons)
        elif doubts <= 2:
            turn.say("utter_please_rephrase")
        else:
            turn.say("utter_offer_person")
            return [SlotSet("doubts", 0.0)]
        return [SlotSet("doubts", float(doubts))]


class ActionDefaultFallback(TopicAction):
    """Understood, but without a rule for this moment: asks what is wanted."""

    async def handle(self, turn: Turn) -> Events:
        """A yes without a question, a no to "anything else?", a value that nobody asked for; else a person is offered."""
        replies = {"affirm": "utter_how_can_i_help", "deny": "utter_goodbye", "inform": "utter_please_rephrase"}
        turn.say(replies.get(turn.intent, "utter_offer_person"))
        return [UserUtteranceReverted()]
