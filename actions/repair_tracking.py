"""Where a repair stands and what comes next; and the answer to a quote."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Dict, List, Optional, Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import device as devices
from actions import visits
from actions.base import Events, TopicAction, Turn, context
from actions.copy import choice, label
from actions.filing import done_in_time
from actions.forms import leave
from actions.identity import CustomerForm, customer_of
from actions.left_to_people import leave_to_people
from savoir.customers import service as customers
from savoir.repairs import service as repairs

ACCEPTS = re.compile(r"\b(?:accepte\w*|ok pour|d'accord pour|valide\w*|accept(?:ing)?|approve|agree to)\b.*\b(?:devis|quote|estimate)\b")
REFUSES = re.compile(r"\b(?:refuse\w*|decline|reject|n'accepte pas|turn down|don't accept|do not accept)\b.*\b(?:devis|quote|estimate)\b")


class RepairChoiceForm(CustomerForm):
    """A form about one repair (slot `repair_number`): the one that is named, or the only one that can be meant."""

    none_left: ClassVar[str] = "utter_no_repair"
    """What is said where there is none that can be meant."""
    instead: ClassVar[Sequence[str]] = ("book_repair", "speak_to_human")
    """What is offered then."""

    def candidates(self, session: Session, customer: str) -> Sequence[repairs.Repair]:
        """The repairs that can be meant, the newest first: those that are open, else the last one."""
        found = repairs.find_repair(session, customer=customer)
        return [found.repair] if found.repair is not None else found.repairs

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The repair, once it is known whose it must be. A number that is not theirs is answered as one that nobody has."""
        values = await super().known(turn)
        customer = None if turn.slot("given_up") or turn.moment == "back" else await customer_of(turn)
        if not customer:
            return values
        turn.remember(values)
        said = turn.entity("repair_number") if turn.moment != "back" else None
        number, is_named = said or turn.slot("repair_number"), said is not None
        values["repair_number"] = number
        meant = await turn.read(lambda s: self.candidates(s, customer))
        if number and await self._is_theirs(turn, customer, number):
            if is_named or turn.moment != "beginning" or number in [repair.number for repair in meant]:
                return values
        elif number and (is_named or number == turn.slot("customer_reference")):
            return {**values, "repair_number": None, "asked": "wrong"}
        named = await devices.named(turn) if turn.typed else None
        like = [r for r in meant if named and named.model == r.product] or [r for r in meant if named and await self._is_kind(turn, r, named.type)]
        if len(like or meant) == 1:
            return {**values, "repair_number": str((like or meant)[0].number)}
        if not meant:
            turn.say(self.none_left, buttons=[turn.button(intent) for intent in self.instead])
            return leave({**values, "repair_number": None})
        return {**values, "repair_number": None}

    async def _is_theirs(self, turn: Turn, customer: str, number: str) -> bool:
        return await turn.read(lambda s: repairs.owner_of(s, number)) == customer

    async def _is_kind(self, turn: Turn, repair: repairs.Repair, kind: str) -> bool:
        product = await turn.read(lambda s: customers.product(s, str(repair.product)))
        return product is not None and product.type == kind

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A number, or the device, in a few words."""
        few = len(turn.typed.split()) <= 8
        names_one = bool(turn.entity("repair_number") or turn.entity("product_model") or turn.entity("product_type"))
        return super().is_answer(turn, slot) or (slot == "repair_number" and few and names_one)


class ActionAskRepairNumber(TopicAction):
    """Asks which repair; the customer's own are buttons."""

    async def handle(self, turn: Turn) -> Events:
        """With the name of the device on each."""
        customer = str(await customer_of(turn))

        def look(session: Session) -> List[Any]:
            form = FORMS.get(str(turn.form), RepairChoiceForm)
            meant = [(str(r.number), str(r.product)) for r in form().candidates(session, customer)]  # type: ignore[abstract]
            return [(number, customers.product(session, product)) for number, product in meant]

        found = await turn.read(look)
        buttons = [choice(f"{number} – {model.name}" if model else number, repair_number=number) for number, model in found]
        return turn.say("utter_ask_repair_number", buttons=buttons)


class ValidateTrackRepairForm(RepairChoiceForm):
    """Which repair, and that it is theirs."""

    begins = ("track_repair",)


class ActionTrackRepair(TopicAction):
    """Says where a repair is."""

    ends = True
    forgets = ("customer_proof",)

    async def handle(self, turn: Turn) -> Events:
        """Who accepts or refuses a quote in the same breath is asked to confirm it."""
        customer, number = await customer_of(turn), turn.slot("repair_number")
        if not customer or not number:
            return turn.say("utter_customer_stopped")
        answer = "refuse" if REFUSES.search(turn.typed) else "accept" if ACCEPTS.search(turn.typed) else None
        state = await _state(turn, customer, number)
        if answer and state is not None and state.quote_pending:
            return [SlotSet("quote_answer", answer), FollowupAction("quote_form")]
        return await tell(turn, customer, number)


async def tell(turn: Turn, customer: str, number: str) -> Events:
    """Says where a customer's repair is, what comes next, and offers what they can do."""
    state = await _state(turn, customer, number)
    if state is None:
        return turn.say("utter_no_repair", buttons=[turn.button("book_repair"), turn.button("speak_to_human")])
    step: str = "late" if state.is_late and state.next_step == "wait" else state.next_step
    if step == "wait" and state.expected_on is None:
        step = "wait_open"
    elif step in ("expect_return", "expect_parcel") and state.expected_on is None:
        step = "late"
    elif step == "nothing" and state.status == "refused":
        step = "expect_return_refused"
    following = label(f"next_{step}", turn.language).format(
        expected=turn.day(state.expected_on), amount=turn.amount(state.quote_cents or 0), fee=turn.amount(state.quote_fee_cents),
        visit=visits.window(turn, state.visit.starts_at) if state.visit else "", technician=state.visit.technician or "" if state.visit else "",
    )
    buttons = {
        "answer_quote": [turn.button("accept_quote", means="affirm"), turn.button("refuse_quote", means="deny")],
        "book_visit": [turn.button("change_appointment", name="book_visit", means="affirm")],
        "expect_visit": [turn.button("change_appointment")], "late": [turn.button("speak_to_human")],
    }.get(step, [])
    return turn.say(
        f"utter_repair_is_{state.status}", number=state.number, device=state.product_name, since=turn.day(state.since), next=following, buttons=buttons
    )


async def _state(turn: Turn, customer: str, number: str) -> Optional[repairs.State]:
    def look(session: Session) -> Optional[repairs.State]:
        found = repairs.find_repair(session, customer=customer, number=number)
        return repairs.state_of(session, repair=found.repair, at=context().clock()) if found.repair is not None else None

    return await turn.read(look)


class ValidateQuoteForm(RepairChoiceForm):
    """Which quote is answered, and a last yes."""

    begins = ("accept_quote", "refuse_quote")
    none_left = "utter_no_quote"
    instead = ("track_repair", "speak_to_human")

    def candidates(self, session: Session, customer: str) -> Sequence[repairs.Repair]:
        """Those whose quote awaits an answer."""
        return repairs.pending_quotes(session, customer=customer)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No yes is asked for what was answered before: the action says so."""
        wanted, customer, number = await super().needed(turn, slots), await customer_of(turn), turn.slot("repair_number")
        state = await _state(turn, customer, number) if customer and number else None
        return [slot for slot in wanted if slot != "confirmed"] if state is not None and not state.quote_pending else wanted


class ActionAskQuoteFormConfirmed(TopicAction):
    """Says what the answer to the quote means, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """The amount, and what becomes of the price of the quote itself."""
        state = await _state(turn, str(await customer_of(turn)), str(turn.slot("repair_number")))
        assert state is not None
        bonus = label("terms_bonus", turn.language).format(amount=turn.amount(state.bonus_cents)) if state.bonus_cents else ""
        return turn.say(
            f"utter_ask_quote_{turn.slot('quote_answer') or 'accept'}", number=state.number, device=state.product_name,
            amount=turn.amount(state.quote_cents or 0), fee=turn.amount(state.quote_fee_cents), bonus=f" {bonus}" if bonus else "",
            buttons=turn.yes_or_no(),
        )


class ActionAnswerQuote(TopicAction):
    """Accepts or refuses a quote, once."""

    ends = True
    forgets = ("confirmed", "quote_answer", "customer_proof")

    async def handle(self, turn: Turn) -> Events:
        """And what follows from it."""
        customer, number, at = str(await customer_of(turn)), str(turn.slot("repair_number")), context().clock()
        is_accepted = turn.slot("quote_answer") != "refuse"
        if turn.slot("confirmed") is False:
            return turn.say("utter_quote_left_open", number=number, buttons=[turn.button("accept_quote"), turn.button("refuse_quote")])
        done = await done_in_time(
            turn, lambda s: repairs.answer_quote(s, customer=customer, number=number, accept=is_accepted, key=turn.key, at=at)
        )
        if done is None:
            return await leave_to_people(turn, category="repair.tracking", facts=f"{number} – {'accept' if is_accepted else 'refuse'}")
        outcome = "accepted_needs_visit" if done.outcome == "accepted" and done.needs_visit else done.outcome
        buttons = [turn.button("change_appointment", name="book_visit", means="affirm")] if done.needs_visit else []
        return turn.say(
            f"utter_quote_{outcome}", number=number, amount=turn.amount(done.cents or 0), fee=turn.amount(done.fee_cents), buttons=buttons
        )


FORMS: Dict[str, type] = {"quote_form": ValidateQuoteForm, "track_repair_form": ValidateTrackRepairForm}
"""Forms in which a repair is chosen, by name: `actions/appointments.py` adds its own."""
