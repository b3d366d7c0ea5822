"""How a session begins, and what is said again or given up."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet

from actions.base import Events, TopicAction, Turn


class ActionSessionStart(TopicAction):
    """Begins a session: keeps what was known and speaks the language of the customer's page."""

    async def handle(self, turn: Turn) -> Events:
        """The slots that outlive a session, and the language."""
        metadata = turn.slot("session_started_metadata") or turn.metadata
        kept = [SlotSet(name, turn.slot(name)) for name in ("order_number", "email") if turn.slot(name)]
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
        replies = [r for r in turn.last_replies() if r.get("text")]
        if not replies:
            return turn.say("utter_nothing_to_repeat")
        turn.say("utter_i_said")
        for reply in replies:
            turn.say_text(reply["text"], buttons=(reply.get("data") or {}).get("buttons"))
        return []


class ActionStop(TopicAction):
    """Gives up what was under way."""

    async def handle(self, turn: Turn) -> Events:
        """Leaves the form, if there is one."""
        turn.say("utter_stopped")
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("request", None), SlotSet("identity_proof", None)]
