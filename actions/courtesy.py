"""Beginnings and ends: a greeting that knows what was spoken of before, a goodbye that asks once how it went."""

from __future__ import annotations

from actions.base import Events, TopicAction, Turn
from savoir.conversations import service as conversations

SPOKEN = 2
"""Messages of the customer from which it makes sense to ask how it went."""


class ActionGreet(TopicAction):
    """Greets; who comes back is asked about the matter that is known."""

    async def handle(self, turn: Turn) -> Events:
        """The latest ticket or order of an earlier session, as buttons."""
        if turn.form:
            return turn.say("utter_greet_back")
        is_new = len(turn.customer_texts()) <= 1
        if is_new and turn.slot("ticket_number"):
            buttons = [turn.button("track_ticket", means="affirm"), turn.button("something_else", means="deny")]
            return turn.say("utter_greet_again_ticket", number=turn.slot("ticket_number"), buttons=buttons)
        if is_new and turn.slot("order_number"):
            buttons = [turn.button("track_order", means="affirm"), turn.button("something_else", means="deny")]
            return turn.say("utter_greet_again_order", number=turn.slot("order_number"), buttons=buttons)
        return turn.say("utter_greet")


class ActionGoodbye(TopicAction):
    """Says goodbye, and asks once how it went."""

    async def handle(self, turn: Turn) -> Events:
        """Not after two words, never after a fraud or an erasure."""
        turn.say("utter_goodbye")
        if len(turn.customer_texts()) >= SPOKEN and await turn.read(lambda s: conversations.should_offer_rating(s, turn.conversation)):
            turn.say("utter_ask_rating", cards=[dict(conversations.RATING_CARD)])
        return []
