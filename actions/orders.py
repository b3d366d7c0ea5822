"""Where an order is, parcel by parcel, and cancelling it while it has not left."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from sqlalchemy.orm import Session

from actions import words
from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.filing import done_in_time, file_instead
from actions.order_form import OrderForm as OrderForm
from actions.order_form import shown
from savoir.customers import service as customers

RESPONSES = {
    "awaiting_payment": "utter_order_pending_payment", "on_time": "utter_order_shipped", "out_for_delivery": "utter_order_out_for_delivery",
    "lost": "utter_order_lost", "delivered": "utter_order_delivered", "several_parcels": "utter_order_several_parcels",
    "cancelled": "utter_order_cancelled", "returned": "utter_order_returned", "refunded": "utter_order_refunded",
}
"""What is said of an order, by its kind; those in preparation and those that are late are told apart further."""


class ValidateTrackOrderForm(OrderForm):
    """Which order, and that it is theirs."""

    begins = ("track_order",)


class ActionTrackOrder(TopicAction):
    """Says where an order is, once the customer has shown that it is theirs."""

    ends = True
    forgets = ("identity_proof", "attempts_left", "proof_tried")

    async def handle(self, turn: Turn) -> Events:
        """The state of the order in words and as cards, and what can be done about it."""
        identified = await shown(turn)
        if not identified:
            return turn.say("utter_identity_stopped")
        order, at = identified.order, context().clock()
        state, names, claims = await turn.read(lambda s: _seen(s, order, at))
        claim = next((c for c in reversed(claims) if c.closed_at is None and c.kind in ("late", "not_received")), None)
        first = state.parcels[0] if state.parcels else order
        turn.say(
            _response(state, order), number=state.number, items=turn.listed(names), carrier=first.carrier or "", tracking=first.tracking_number or "",
            expected=turn.day(state.expected_on), since=turn.day(state.since), delivered=turn.day(state.delivered_on or state.since),
            late=words.days(state.days_late, turn.language), parcels=_parcels(turn, state), buttons=_buttons(turn, state, is_claimed=claim is not None),
            cards=_cards(turn, state, order, names),
        )
        return turn.say("utter_claim_is_open", by=turn.day(claim.answer_on)) if claim and claim.answer_on else []


def _seen(session: Session, order: Any, at: Any) -> Any:
    state = customers.order_state(session, order_number=order.number, at=at)
    return state, customers.names_of(session, order), customers.claims_of(session, order.number)


def _response(state: customers.OrderState, order: Any) -> str:
    if state.kind == "in_preparation":
        return "utter_order_preparing" if order.status == "preparing" else "utter_order_paid"
    if state.kind == "late":
        if not state.parcels:
            return "utter_order_not_sent_yet"
        return "utter_order_delayed" if state.days_late else "utter_order_delay_announced"
    return RESPONSES[state.kind]


def _parcels(turn: Turn, state: customers.OrderState) -> str:
    """A line for each parcel: what it holds and where it is."""
    lines = []
    for parcel in state.parcels:
        held = turn.listed([f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name for line in parcel.lines])
        lines.append(f"- {parcel.number}. {held} : {_where(turn, parcel)}" if turn.language == "fr" else f"- {parcel.number}. {held}: {_where(turn, parcel)}")
    return "\n".join(lines)


def _where(turn: Turn, parcel: customers.Parcel) -> str:
    expected, delivered = turn.day(parcel.expected_on), turn.day(parcel.delivered_at or parcel.status_at)
    return label(f"parcel_{parcel.kind}", turn.language).format(expected=expected, delivered=delivered)


def _buttons(turn: Turn, state: customers.OrderState, *, is_claimed: bool) -> List[Dict[str, Any]]:
    """What one may do about it: a claim and a person for what is late or lost, `I haven't got it` and a return for what was delivered."""
    kinds = {parcel.kind for parcel in state.parcels} | {state.kind}
    person = turn.button("speak_to_human")
    if kinds & {"late", "lost"} and state.kind not in ("cancelled", "returned", "refunded"):
        claim = turn.button("report_delivery_problem", name="open_claim", means="affirm", delivery_problem="late")
        return [person] if is_claimed else [claim, person, turn.button("decline", name="no_thanks", means="deny")]
    if state.kind == "delivered":
        return [turn.button("report_delivery_problem", name="not_received", delivery_problem="not_received"), turn.button("return_product", name="send_back")]
    return [turn.button("ask_refund")] if state.kind in ("cancelled", "returned") else []


def _cards(turn: Turn, state: customers.OrderState, order: Any, names: List[str]) -> List[Dict[str, Any]]:
    """The order as a card; of several parcels, one for each."""
    french = turn.language == "fr"
    placed = turn.day(order.placed_at, "d MMMM y")
    lines = [*names, f"Passée le {placed}" if french else f"Placed on {placed}"]
    if order.total_cents is not None:
        total = turn.amount(order.total_cents)
        lines.append(f"Total : {total}" if french else f"Total: {total}")
    cards = [{"title": f"Commande {order.number}" if french else f"Order {order.number}", "lines": lines}]
    several = len(state.parcels) > 1
    for parcel in state.parcels:
        tracking = f"Suivi {parcel.carrier} : {parcel.tracking_number}" if french else f"{parcel.carrier} tracking: {parcel.tracking_number}"
        found = [tracking] if parcel.tracking_number else []
        if several:
            held = [line.name for line in parcel.lines]
            title = f"Colis {parcel.number} sur {len(state.parcels)}" if french else f"Parcel {parcel.number} of {len(state.parcels)}"
            cards.append({"title": title, "lines": [*held, _where(turn, parcel), *found]})
        else:
            lines.extend(found)
    return cards


class ValidateCancelOrderForm(OrderForm):
    """Which order, that it is theirs, and a last yes while it can still be cancelled."""

    begins = ("cancel_order",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No yes is asked for what is too late: the action says why."""
        wanted, identified = await super().needed(turn, slots), await shown(turn)
        if not identified:
            return wanted
        order = identified.order
        is_too_late = await turn.read(lambda s: customers.has_left(s, order))
        return [slot for slot in wanted if slot != "confirmed"] if is_too_late else wanted


class ActionAskCancelOrderFormConfirmed(TopicAction):
    """Sums up what will be cancelled, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """The order's number, what it holds, and what will be paid back."""
        identified = await shown(turn)
        if not identified:
            return turn.say("utter_identity_stopped")
        names = await turn.read(lambda s: customers.names_of(s, identified.order))
        return turn.say(
            "utter_ask_cancel_order_form_confirmed", number=identified.order.number, items=turn.listed(names),
            total=turn.amount(int(identified.order.total_cents or 0)), buttons=turn.yes_or_no(),
        )


class ActionCancelOrder(TopicAction):
    """Cancels the order, or says why it is too late and what can be done instead."""

    ends = True
    forgets = ("identity_proof", "confirmed")

    async def handle(self, turn: Turn) -> Events:
        """Done once, however often the turn is run; left to people where it can't be done now."""
        number, at = turn.slot("order_number"), context().clock()
        if not await shown(turn):
            return turn.say("utter_identity_stopped")
        if turn.slot("confirmed") is False:
            return turn.say("utter_order_kept", number=number)
        done: Optional[Any] = await done_in_time(turn, lambda s: customers.cancel_order(s, order_number=number, key=turn.key, at=at))
        if done is None:
            return await file_instead(turn, category="order.cancellation", order=number)
        if isinstance(done, customers.CancellationRefused):
            return turn.say(f"utter_cannot_cancel_{done.next_step}", number=number, buttons=_instead(turn, done.next_step))
        return turn.say(f"utter_cancelled_{done.how}", number=number, total=turn.amount(done.refund_cents), by=turn.day(done.by))


def _instead(turn: Turn, next_step: str) -> List[Dict[str, Any]]:
    """The buttons for what can be done where it is too late to cancel."""
    if next_step == "claim":
        return [turn.button("report_delivery_problem", name="open_claim", means="affirm", delivery_problem="late"), turn.button("speak_to_human")]
    return [turn.button("ask_refund", means="affirm"), turn.button("decline", name="no_thanks", means="deny")] if next_step == "follow_refund" else []
