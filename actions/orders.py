"""Where an order is, once the customer has shown that it is theirs."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from actions.base import Events, TopicAction, Turn, context
from actions.forms import TopicForm, leave
from savoir.conversations import service as conversations
from savoir.customers import service as customers


class OrderForm(TopicForm):
    """A form about one order: its number, and a proof that it is the customer's own. No proof is asked for twice."""

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No proof in a conversation that has shown it."""
        number = turn.slot("order_number")
        if number and await turn.read(lambda s: customers.identified_in(s, conversation=turn.conversation, order_number=number)):
            return [slot for slot in slots if slot != "identity_proof"]
        return slots

    async def check_order_number(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Once the checks of this conversation have stopped, no number is looked at any more."""
        at, attempts = context().clock(), context().settings.identity_attempts

        def is_stopped(session: Any) -> bool:
            return customers.checks_stopped(session, conversation=turn.conversation, at=at, attempts=attempts) and not customers.identified_in(
                session, conversation=turn.conversation, order_number=value
            )

        if await turn.read(is_stopped):
            turn.say("utter_identity_stopped")
            return leave({"order_number": None, "identity_proof": None})
        return {"order_number": value}

    async def check_identity_proof(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Checks the proof against the order; what does not match is asked again while attempts are left."""
        number, at, attempts = turn.slot("order_number"), context().clock(), context().settings.identity_attempts
        if not number:
            return {"identity_proof": value}

        def check(session: Any) -> Any:
            found = customers.identify(
                session, conversation=turn.conversation, order_number=number, proof=value, key=turn.key, at=at, attempts=attempts
            )
            if isinstance(found, customers.Identified):
                conversations.set_customer(session, turn.conversation, str(found.customer.id))
            return found

        found = await turn.write(check)
        if isinstance(found, customers.Identified):
            return {"identity_proof": value}
        if found.attempts_left == 0:
            turn.say("utter_identity_stopped")
            return leave({"order_number": None, "identity_proof": None})
        return {"identity_proof": None, "attempts_left": str(found.attempts_left), "asked": "wrong"}


class ValidateTrackOrderForm(OrderForm):
    """Which order, and that it is theirs."""

    begins = ("track_order",)


class ActionTrackOrder(TopicAction):
    """Says where an order is, once the customer has shown that it is theirs."""

    ends = True
    forgets = ("identity_proof", "attempts_left")

    async def handle(self, turn: Turn) -> Events:
        """The state of the order in words and as a card."""
        number = turn.slot("order_number")
        found = await turn.read(lambda s: _with_names(s, turn.conversation, number))
        if not found:
            return turn.say("utter_identity_stopped")
        identified, names = found
        order = identified.order
        return turn.say(
            f"utter_order_{order.status}", number=order.number, items=", ".join(names), carrier=order.carrier or "",
            tracking=order.tracking_number or "", expected=turn.day(order.expected_at), since=turn.day(order.status_at),
            delivered=turn.day(order.delivered_at or order.status_at), cards=[_card(order, names, turn)],
        )


def _with_names(session: Any, conversation: str, number: str) -> Any:
    found = customers.identified_in(session, conversation=conversation, order_number=number)
    return found and (found, customers.names_of(session, found.order))


def _card(order: Any, names: List[str], turn: Turn) -> Dict[str, Any]:
    french = turn.language == "fr"
    placed = turn.day(order.placed_at, "d MMMM y")
    lines = [*names, f"Passée le {placed}" if french else f"Placed on {placed}"]
    if order.total_cents is not None:
        total = turn.amount(order.total_cents)
        lines.append(f"Total : {total}" if french else f"Total: {total}")
    if order.tracking_number:
        lines.append(f"Suivi {order.carrier} : {order.tracking_number}" if french else f"{order.carrier} tracking: {order.tracking_number}")
    return {"title": f"Commande {order.number}" if french else f"Order {order.number}", "lines": lines}


class ValidateCancelOrderForm(OrderForm):
    """Which order, that it is theirs, and a last yes while it can still be cancelled."""

    begins = ("cancel_order",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No yes is asked for what is too late: the action says why."""
        wanted, number = await super().needed(turn, slots), turn.slot("order_number")
        is_shown = number and ("identity_proof" not in wanted or turn.slot("identity_proof"))
        if is_shown and await turn.read(lambda s: customers.has_left(s, customers.order_by_number(s, number))):
            return [slot for slot in wanted if slot != "confirmed"]
        return wanted


class ActionAskCancelOrderFormConfirmed(TopicAction):
    """Sums up what will be cancelled, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """The order's number, what it holds, and what will be paid back."""
        number = turn.slot("order_number")
        names, cents = await turn.read(lambda s: _contents(s, number))
        return turn.say(
            "utter_ask_cancel_order_form_confirmed", number=number, items=turn.listed(names), total=turn.amount(cents), buttons=turn.yes_or_no()
        )


class ActionCancelOrder(TopicAction):
    """Cancels the order, or says why it is too late and what can be done instead."""

    ends = True
    forgets = ("identity_proof", "confirmed")

    async def handle(self, turn: Turn) -> Events:
        """Done once, however often the turn is run."""
        number, at = turn.slot("order_number"), context().clock()
        if turn.slot("confirmed") is False:
            return turn.say("utter_order_kept", number=number)
        done = await turn.write(lambda s: customers.cancel_order(s, order_number=number, key=turn.key, at=at))
        if isinstance(done, customers.CancellationRefused):
            return turn.say(f"utter_cannot_cancel_{done.next_step}", number=number)
        return turn.say(f"utter_cancelled_{done.how}", number=number, total=turn.amount(done.refund_cents), by=turn.day(done.by))


def _contents(session: Any, number: str) -> Tuple[List[str], int]:
    order = customers.order_by_number(session, number)
    return customers.names_of(session, order), int(order.total_cents or 0)
