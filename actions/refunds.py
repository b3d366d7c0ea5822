"""Where a customer's money is: of returns, cancellations and lost parcels."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions import words
from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.filing import answer_by, filed
from actions.order_form import OrderForm, shown
from actions.returns import means
from savoir.customers import service as customers

MOST_TOLD = 2


class ValidateRefundForm(OrderForm):
    """Which order, and that it is theirs."""

    begins = ("ask_refund",)


class ActionTellRefund(TopicAction):
    """Says where the money is; what is overdue goes to people at once."""

    ends = True
    forgets = ("identity_proof",)

    async def handle(self, turn: Turn) -> Events:
        """The sums on their way, the latest two; a ticket for what should have come."""
        identified = await shown(turn)
        if not identified:
            return turn.say("utter_identity_stopped")
        number, at = str(identified.order.number), context().clock()
        refunds = await turn.read(lambda s: customers.refunds_of(s, order_number=number, at=at))
        if not refunds:
            return turn.say("utter_refund_none", number=number, buttons=[turn.button("return_product"), turn.button("speak_to_human")])
        late = [refund for refund in refunds if refund.days_overdue and refund.kind != "announced"]
        if late:
            return await self._chase(turn, number, late[-1])
        for refund in refunds[-MOST_TOLD:]:
            _tell(turn, number, refund)
        return []

    async def _chase(self, turn: Turn, number: str, refund: Any) -> Events:
        facts = f"{refund.kind} {refund.number or ''} {refund.since} > {refund.at_latest}"
        ticket = (await turn.write(lambda s: filed(turn, s, category="order.refund", order=number, facts=facts))).ticket
        turn.say(
            "utter_refund_overdue", number=number, amount=_amount(turn, refund), by=turn.day(refund.at_latest), ticket=ticket.number,
            late=words.days(refund.days_overdue, turn.language), answer=answer_by(turn, ticket), buttons=[turn.button("speak_to_human")],
        )
        return [SlotSet("ticket_number", ticket.number)]


def _tell(turn: Turn, number: str, refund: Any) -> None:
    name = "announced_lapsed" if refund.kind == "announced" and refund.days_overdue else refund.kind
    turn.say(
        f"utter_refund_{name}", number=number, known=refund.number or "", amount=_amount(turn, refund), means=means(turn, refund.means),
        since=turn.day(refund.since), usually=turn.day(refund.usually_by), by=turn.day(refund.at_latest),
        buttons=[turn.button("return_product"), turn.button("speak_to_human")] if name == "announced_lapsed" else [],
    )


def _amount(turn: Turn, refund: Any) -> str:
    return turn.amount(refund.cents) if refund.cents is not None else label("sum_paid", turn.language)
