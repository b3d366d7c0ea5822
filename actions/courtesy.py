"""Beginnings and ends: a greeting that knows what was spoken of before, a goodbye that asks once how it went; and what is not for us."""

from __future__ import annotations

import re

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import Events, TopicAction, Turn
from actions.forms import SURE
from savoir.conversations import service as conversations

SPOKEN = 2
"""Messages of the customer from which it makes sense to ask how it went."""


NOT_FOR_US = {
    "job": r"emplois?|embauch\w+|recrut\w+|candidatur\w+|alternances?|mon cv|travailler (?:chez|pour|avec) vous|un job|jobs?|hiring|vacanc\w+|careers?|"
           r"internships?|my cv|resume|work for you|postuler|stages? (?:chez|de|en|d'ete)",
    "haggling": r"remises?|rabais|ristournes?|negoci\w+|code promo|un geste|moins cher|promos?|reductions?|discounts?|haggl\w+|cheaper|"
                r"promo(?:tional)? codes?|knock .* off|better price|vouchers?|best price|coupons?",
    "other_maker": r"iphones?|ipads?|macbooks?|airpods|apple|samsung|galaxy|huawei|xiaomi|redmi|oppo|google pixel|pixel|sony|lg|philips|playstation|ps[45]|"
                   r"xbox|nintendo|dell|asus|acer|lenovo|hp|canon|nikon|bosch|dyson|freebox|livebox",
}
"""What is asked for though it is not for us, by words in folded text; the first that fits."""
_NOT_FOR_US = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in NOT_FOR_US.items()}


class ActionGreet(TopicAction):
    """Greets; who comes back is asked about the matter that is known."""

    async def handle(self, turn: Turn) -> Events:
        """The latest ticket or order of an earlier session, as buttons."""
        if turn.is_angry:  # a swear word alone is easily taken for a greeting
            return turn.say("utter_anger_seen")
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
        """Not after two words, never after a fraud or an erasure. In the middle of a form it ends the form, where it is surely a good-bye."""
        turn.say("utter_goodbye")
        if turn.form and turn.confidence < SURE:
            return []
        if len(turn.customer_texts()) >= SPOKEN and await turn.read(lambda s: conversations.should_offer_rating(s, turn.conversation)):
            turn.say("utter_ask_rating", cards=[dict(conversations.RATING_CARD)])
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("misses", 0.0)] if turn.form else []


class ActionWelcome(TopicAction):
    """Takes thanks."""

    async def handle(self, turn: Turn) -> Events:
        """In the middle of a form, without asking what else there is."""
        return turn.say("utter_welcome_in_between" if turn.form else "utter_welcome")


class ActionOutOfScope(TopicAction):
    """Not for us: says so kindly, and what can be done here."""

    async def handle(self, turn: Turn) -> Events:
        """Work at the firm, a lower price and other makers' devices have words of their own; anger is heard first."""
        if turn.is_angry:
            return turn.say("utter_anger_seen")
        kind = next((name for name, pattern in _NOT_FOR_US.items() if pattern.search(turn.typed)), None)
        return turn.say(f"utter_out_of_scope_{kind}") if kind else turn.say("utter_out_of_scope")
