"""A technician's visit: moved, cancelled, or agreed for a repair that has none yet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Optional, Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import visits
from actions.base import Events, TopicAction, Turn, context
from actions.copy import choice, label
from actions.filing import done_in_time
from actions.forms import leave
from actions.identity import customer_of
from actions.left_to_people import leave_to_people
from actions.repair_tracking import FORMS, RepairChoiceForm
from savoir.repairs import service as repairs

CANCELS = re.compile(r"\b(?:annul\w*|supprim\w*|plus besoin|cancel\w*|call(?:ing)? (?:it )?off|no longer need\w*|don't need)\b")
MOVES = re.compile(
    r"\b(?:deplac\w*|decal\w*|report(?:er|ez|e|ons)|repouss\w*|avanc\w*|chang\w*|modifi\w*|autre (?:jour|date|heure|creneau)|mov(?:e|ing)|resched\w*|re-?arrange|"
    r"postpone\w*|push\w*|put (?:it )?(?:back|off)|bring(?:ing)? (?:it )?forward|another (?:day|date|time|slot)|different (?:day|date|time))\b"
)
KEEPS = re.compile(r"\b(?:gard\w*|laiss\w*|maint\w*|keep|leave it)\b")


class ValidateAppointmentForm(RepairChoiceForm):
    """Which repair, what is to become of its visit, the new time, and a last yes."""

    begins = ("change_appointment",)
    none_left = "utter_no_appointment"
    instead = ("book_repair", "track_repair", "speak_to_human")

    def candidates(self, session: Session, customer: str) -> Sequence[repairs.Repair]:
        """Those with a visit ahead; else those that need one."""
        at = context().clock()
        running = [(r, repairs.state_of(session, repair=r, at=at)) for r in repairs.of_customer(session, customer)]
        ahead = [repair for repair, state in running if state.visit is not None]
        return ahead or [repair for repair, state in running if needs_visit(state)]

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """A new time only where there is to be one; nothing more of what stays as it is."""
        wanted, wish = await super().needed(turn, slots), turn.slot("appointment_wish")
        if wish == "keep":
            return [slot for slot in wanted if slot not in ("visit", "confirmed")]
        return [slot for slot in wanted if slot != "visit"] if wish == "cancel" else wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message says, and what the repair leaves no choice about."""
        values = await super().known(turn)
        if turn.slot("visit_taken"):
            values["visit_taken"] = None
        elif turn.moment == "beginning":
            values.update({slot: None for slot in ("appointment_wish", "visit", "visit_wish") if turn.value_pressed(slot) is None})
        turn.remember(values)
        customer, number = await customer_of(turn), turn.slot("repair_number")
        if turn.slot("given_up") or turn.moment == "back" or not customer:
            return values
        found = await self._wish(turn, customer, number) if number else self._said(turn)
        values.update(found)
        turn.remember(found)
        if not turn.slot("given_up") and turn.slot("appointment_wish") in (None, "move", "book"):
            values.update(await self._time(turn, customer, number))
        return values

    async def _wish(self, turn: Turn, customer: str, number: str) -> Dict[str, Any]:
        state = await state_with(turn, number)
        visit, said = state.visit, self._said(turn)
        if visit is None and needs_visit(state) and said.get("appointment_wish") != "cancel":
            return {"appointment_wish": "book"}
        if visit is None:
            turn.say("utter_no_appointment", buttons=[turn.button(intent) for intent in self.instead])
            return leave({"appointment_wish": None})
        if context().clock() > visit.changeable_until:
            turn.say("utter_visit_too_late", number=number, visit=visits.window(turn, visit.starts_at), buttons=[turn.button("speak_to_human", means="affirm")])
            return leave({"appointment_wish": None})
        return said

    def _said(self, turn: Turn) -> Dict[str, Any]:
        """What is to become of the visit, as the message says it; a change of mind at the last question counts too."""
        asked, given = turn.slot("requested_slot") if turn.moment == "answer" else None, turn.slot("appointment_wish")
        if not turn.typed or asked not in (None, "appointment_wish", "visit", "confirmed"):
            return {}
        means = (
            "cancel" if CANCELS.search(turn.typed) else "move" if MOVES.search(turn.typed)
            else "keep" if asked == "appointment_wish" and KEEPS.search(turn.typed) else None
        )
        if means is None or means == given or (given == "book" and means == "move"):
            return {}
        return {"appointment_wish": means, "confirmed": None, **({"asked": "changed"} if given else {})}

    async def _time(self, turn: Turn, customer: str, number: Optional[str]) -> Dict[str, Any]:
        state = await state_with(turn, number) if number else None
        before: Optional[date] = state.visit.starts_at.date() if state is not None and state.visit else None
        found = await visits.wished(turn, customer, before)
        if found and state is not None and state.visit and not turn.slot("appointment_wish"):
            found["appointment_wish"] = "move"
        return found

    async def check_visit(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A window's button."""
        return await visits.check_visit(turn, value)

    async def check_appointment_wish(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A button."""
        return {"appointment_wish": value if value in ("move", "cancel", "keep", "book") else None}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A time, whatever it looks like."""
        says_when = len(turn.typed.split()) <= 12 and visits.wish_in(turn) is not None
        return super().is_answer(turn, slot) or (slot in ("visit", "confirmed", "appointment_wish") and says_when)


FORMS["appointment_form"] = ValidateAppointmentForm


def needs_visit(state: repairs.State) -> bool:
    """Whether a technician has to come, and no visit is agreed."""
    return state.visit is None and state.how == "at_home" and (
        state.next_step == "book_visit" or (state.quote_status == "accepted" and state.status in ("received", "repairing"))
    )


async def state_with(turn: Turn, number: str) -> repairs.State:
    """The state of a repair that is known to be the customer's."""

    def look(session: Session) -> repairs.State:
        found = repairs.find_repair(session, customer=str(repairs.owner_of(session, number)), number=number)
        assert found.repair is not None
        return repairs.state_of(session, repair=found.repair, at=context().clock())

    return await turn.read(look)


class ActionAskAppointmentWish(TopicAction):
    """Says which visit there is, and asks what is to become of it."""

    async def handle(self, turn: Turn) -> Events:
        """Three buttons."""
        state = await state_with(turn, str(turn.slot("repair_number")))
        buttons = [choice(label(f"visit_{wish}", turn.language), appointment_wish=wish) for wish in ("move", "cancel", "keep")]
        when = visits.window(turn, state.visit.starts_at) if state.visit else ""
        return turn.say("utter_ask_appointment_wish", device=state.product_name, visit=when, buttons=buttons)


class ActionAskAppointmentFormConfirmed(TopicAction):
    """Sums up what becomes of the visit, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """The old time and the new one."""
        state = await state_with(turn, str(turn.slot("repair_number")))
        start = repairs.start_of(str(turn.slot("visit")))
        return turn.say(
            f"utter_ask_visit_{turn.slot('appointment_wish')}", number=state.number, device=state.product_name,
            before=visits.window(turn, state.visit.starts_at) if state.visit else "", visit=visits.window(turn, start) if start else "",
            buttons=turn.yes_or_no(),
        )


class ActionChangeAppointment(TopicAction):
    """Moves, cancels or books the visit; what can't be done goes to people."""

    forgets = ("confirmed", "customer_proof")

    async def handle(self, turn: Turn) -> Events:
        """Says what holds now, and mails a new time."""
        turn.matter_ends = True
        wish, number = turn.slot("appointment_wish"), str(turn.slot("repair_number"))
        if wish == "keep" or turn.slot("confirmed") is False:
            return [*turn.say("utter_visit_unchanged"), *_emptied()]
        customer = str(await customer_of(turn))
        done = await done_in_time(turn, lambda s: _done(turn, s, customer, number))
        if done is None:
            facts = " – ".join(str(part) for part in (number, wish, turn.slot("visit")) if part)
            return [*await leave_to_people(turn, category="repair.booking", facts=facts), *_emptied()]
        if done.outcome == "taken":
            turn.matter_ends = False
            turn.say("utter_visit_taken")
            return [SlotSet("visit", None), SlotSet("visit_wish", {"shown": []}), SlotSet("visit_taken", True), FollowupAction("appointment_form")]
        when = visits.window(turn, done.visit.starts_at) if done.visit else ""
        names = {"too_late": "utter_visit_too_late_now", "same": "utter_visit_same", "already_booked": "utter_visit_already_booked"}
        name = f"utter_visit_{done.outcome}" if done.outcome in ("moved", "booked", "cancelled") else names.get(done.outcome, "utter_visit_impossible")
        turn.say(name, number=number, visit=when)
        return _emptied()


def _emptied() -> Events:
    return [SlotSet(slot, None) for slot in ("appointment_wish", "visit", "visit_wish")]


def _done(turn: Turn, session: Session, customer: str, number: str) -> Any:
    at, wish, start = context().clock(), turn.slot("appointment_wish"), repairs.start_of(str(turn.slot("visit")))
    if wish == "cancel":
        return repairs.cancel_appointment(session, customer=customer, number=number, key=turn.key, at=at)
    assert start is not None
    change = repairs.book if wish == "book" else repairs.move
    done: Any = change(session, customer=customer, number=number, starts_at=start, key=turn.key, at=at)
    if done.outcome in ("booked", "moved"):
        visits.mail_appointment(turn, session, customer, number, start)
    return done
