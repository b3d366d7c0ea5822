"""How a session begins, and what is said again or given up."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet

from actions.base import Events, TopicAction, Turn

KEPT = ("order_number", "ticket_number", "repair_number", "product_type", "product_model", "symptom", "email", "later", "diagnosis")
"""Slots that are known still when a customer comes back after a session has ended."""


class ActionSessionStart(TopicAction):
    """Begins a session: keeps what was known and speaks the language of the customer's page."""

    async def handle(self, turn: Turn) -> Events:
        """The slots that outlive a session, and the language."""
        metadata = turn.slot("session_started_metadata") or turn.metadata
        kept = [SlotSet(name, turn.slot(name)) for name in KEPT if turn.slot(name)]
        language = turn.slot("language") or metadata.get("language")
        return [SessionStarted(), *kept, SlotSet("language", language), ActionExecuted("action_listen")]

    async def run(self, dispatcher, tracker, domain):  # type: ignore[no-untyped-def]
        """Without the status slot: the last event of a session's start must be `action_listen`."""
        try:
            return await self.handle(Turn(self.name(), dispatcher, tracker))
        except Exception:
            return [SessionStarted(), ActionExecuted("action_listen")]


class ActionRepeat(TopicAction):
    """Says the last answer again."""

    async def handle(self, turn: Turn) -> Events:
        """The words of the last answer with its buttons."""
        if turn.is_angry:
            return turn.say("utter_anger_seen")
        replies = [reply for reply in turn.last_replies() if reply.get("text") and (reply.get("metadata") or {}).get("utter_action") != "utter_i_said"]
        if not replies:
            return turn.say("utter_nothing_to_repeat")
        turn.say("utter_i_said")
        data = [reply.get("data") or {} for reply in replies]
        turn.say_text(
            "\n\n".join(reply["text"] for reply in replies), buttons=[button for one in data for button in one.get("buttons") or ()],
            cards=[card for one in data for card in (one.get("custom") or {}).get("cards") or ()],
        )
        return []


class ActionStop(TopicAction):
    """Gives up what was under way."""

    forgets = ("request", "identity_proof", "confirmed", "later", "asked", "requested_slot")

    async def handle(self, turn: Turn) -> Events:
        """Leaves the form, if there is one."""
        turn.say("utter_stopped")
        return [ActiveLoop(None), SlotSet("misses", 0.0)]
