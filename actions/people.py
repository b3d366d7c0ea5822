"""Hand-over to people."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import Events, TopicAction, Turn

REASON_OF = {"report_safety_issue": "safety", "report_fraud": "fraud", "make_complaint": "complaint", "speak_to_human": "asked"}


class ActionHandOver(TopicAction):
    """Gives the conversation to people, at once."""

    async def handle(self, turn: Turn) -> Events:
        """A word that shows it was heard; the queue then says what happens next."""
        reason = REASON_OF.get(turn.intent, "stuck")
        turn.say({"safety": "utter_safety_first", "fraud": "utter_fraud_heard", "complaint": "utter_complaint_heard"}.get(reason, "utter_hand_over"))
        turn.hand_over(reason)
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("doubts", 0.0)]
