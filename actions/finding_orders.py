"""For who has not got the number of an order: a code by mail shows whose account it is, and its latest orders are listed."""

from __future__ import annotations

from typing import Any, List, Tuple

from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn
from actions.codes import CodeForm, proved
from savoir.customers import service as customers

PURPOSE = "orders"
MOST = 3


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


def _latest(session: Session, customer: str) -> List[Tuple[str, Any]]:
    return [(order.number, customers.names_of(session, order)) for order in customers.orders_of(session, customer)[:MOST]]
