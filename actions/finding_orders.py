"""Numbers without a request, and requests without a number: what is wanted with an order, and which orders somebody has."""

from __future__ import annotations

from typing import Any, List, Tuple

from rasa_sdk.events import FollowupAction
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn
from actions.codes import CodeForm, proved
from actions.forms import form_of
from savoir.customers import service as customers

PURPOSE = "orders"
MOST = 3
REQUESTS = ("track_order", "report_delivery_problem", "cancel_order", "return_product", "ask_refund", "exchange_product")
LEAST_CONFIDENCE = 0.03
"""A message of values alone leaves less than this to any request."""


class ValidateFindOrdersForm(CodeForm):
    """The address of the account, and the code that was sent to it."""

    begins = ("find_orders",)
    purpose = PURPOSE
    fresh = ()


class ActionShowOrders(TopicAction):
    """Lists the latest orders of who has shown whose account it is."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """A button for each; where something was under way, it is taken up again and asks which of them."""
        customer = await proved(turn, PURPOSE)
        found = await turn.read(lambda s: _latest(s, customer)) if customer else []
        if not found:
            return turn.say("utter_orders_none", buttons=[turn.button("speak_to_human")])
        if turn.slot("later"):
            return turn.say("utter_orders_known")
        buttons = [
            {"title": f"{number} – {turn.listed(names)}", "payload": f'/track_order{{"order_number": "{number}"}}'} for number, names in found
        ]
        return turn.say("utter_orders_found", buttons=buttons)


class ActionTakeValue(TopicAction):
    """A value that nobody asked for: with a request beside it, that is begun; an order's number alone is asked about."""

    async def handle(self, turn: Turn) -> Events:
        """What else is said there is answered as any message in doubt."""
        if not turn.entity("order_number"):
            return [FollowupAction("action_default_fallback")]
        likely = [intent["name"] for intent in turn.ranking if intent.get("confidence", 0) >= LEAST_CONFIDENCE]
        wanted = next((intent for intent in (*turn.further_intents, *likely) if intent in REQUESTS), None)
        if wanted:
            return [FollowupAction(form_of(wanted))]
        buttons = [turn.button(intent) for intent in REQUESTS[:4]]
        return turn.say("utter_what_about_order", number=turn.entity("order_number"), buttons=buttons)


def _latest(session: Session, customer: str) -> List[Tuple[str, Any]]:
    return [(order.number, customers.names_of(session, order)) for order in customers.orders_of(session, customer)[:MOST]]
