"""Where an order is, once the customer has shown that it is theirs."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from babel.dates import format_date
from babel.numbers import format_currency
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, TopicAction, TopicForm, Turn, context
from savoir.conversations import service as conversations
from savoir.customers import service as customers

STOPPED = "stopped"
"""The value of the slot `identity_proof` when the checks have stopped."""


class ValidateOrderForm(TopicForm):
    """Collects the order's number and a proof that it is the customer's own."""

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No proof is asked for again in a conversation that has shown it, nor after the checks have stopped."""
        number, at = turn.slot("order_number"), context().clock()
        attempts = context().settings.identity_attempts
        if await turn.read(lambda s: customers.checks_stopped(s, conversation=turn.conversation, at=at, attempts=attempts)):
            return []
        if number and await turn.read(lambda s: customers.identified_in(s, conversation=turn.conversation, order_number=number)):
            return ["order_number"]
        return slots

    async def validate_identity_proof(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Dict[str, Any]:
        """Checks the proof against the order; what does not match is asked again while attempts are left."""
        turn = Turn(self.name(), dispatcher, tracker)
        number = turn.slot("order_number")
        if not number or not value:
            return {"identity_proof": value}
        at, the = context().clock(), context().settings

        def check(session: Any) -> Any:
            found = customers.identify(
                session, conversation=turn.conversation, order_number=number, proof=value, key=turn.key, at=at, attempts=the.identity_attempts
            )
            if isinstance(found, customers.Identified):
                conversations.set_customer(session, turn.conversation, str(found.customer.id))
            return found

        found = await turn.write(check)
        if isinstance(found, customers.Identified):
            return {"identity_proof": value}
        if found.attempts_left == 0:
            return {"identity_proof": STOPPED}
        return {"identity_proof": None, "attempts_left": float(found.attempts_left)}


class ActionAskOrderFormIdentityProof(TopicAction):
    """Asks for the proof: the first time with the reason, after a failure with what went wrong."""

    async def handle(self, turn: Turn) -> Events:
        """One message, never the same one twice in a row."""
        left = turn.slot("attempts_left")
        if left is None:
            return turn.say("utter_ask_for_identity")
        return turn.say("utter_identity_mismatch", number=turn.slot("order_number"), left=int(left))


class ActionTrackOrder(TopicAction):
    """Says where an order is, once the customer has shown that it is theirs."""

    async def handle(self, turn: Turn) -> Events:
        """The state of the order in words and as a card."""
        number = turn.slot("order_number")
        found = number and await turn.read(lambda s: _with_names(s, turn.conversation, number))
        if not found:
            turn.say("utter_identity_stopped")
            return [SlotSet(name, None) for name in ("identity_proof", "order_number", "attempts_left")]
        identified, names = found
        order = identified.order
        turn.say(
            f"utter_order_{order.status}", number=order.number, items=", ".join(names), carrier=order.carrier or "",
            tracking=order.tracking_number or "", expected=_day(order.expected_at, turn), since=_day(order.status_at, turn),
            delivered=_day(order.delivered_at or order.status_at, turn), cards=[_card(order, names, turn)],
        )
        return [SlotSet("identity_proof", None), SlotSet("attempts_left", None)]


def _with_names(session: Any, conversation: str, number: str) -> Any:
    found = customers.identified_in(session, conversation=conversation, order_number=number)
    return found and (found, customers.names_of(session, found.order))


def _day(at: Any, turn: Turn) -> str:
    if at is None:
        return "une date à venir" if turn.language == "fr" else "a date to come"
    local = at.astimezone(context().hours.zone)
    return format_date(local, "EEEE d MMMM", "fr" if turn.language == "fr" else "en_GB")


def _card(order: Any, names: List[str], turn: Turn) -> Dict[str, Any]:
    french = turn.language == "fr"
    placed = format_date(order.placed_at.astimezone(context().hours.zone), "long", "fr" if french else "en_GB")
    lines = [*names, f"Passée le {placed}" if french else f"Placed on {placed}"]
    if order.total_cents is not None:
        total: Optional[str] = format_currency(order.total_cents / 100, "EUR", locale="fr_FR" if french else "en_GB")
        lines.append(f"Total : {total}" if french else f"Total: {total}")
    if order.tracking_number:
        lines.append(f"Suivi {order.carrier} : {order.tracking_number}" if french else f"{order.carrier} tracking: {order.tracking_number}")
    return {"title": f"Commande {order.number}" if french else f"Order {order.number}", "lines": lines}
