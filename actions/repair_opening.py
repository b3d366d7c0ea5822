"""A repair that the customer confirmed: opened with its visit, both or neither, mailed, and told with its number."""

from __future__ import annotations

from typing import Any, Tuple

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import safety, visits
from actions.base import Events, TopicAction, Turn, context
from actions.filing import done_in_time
from actions.identity import customer_of
from actions.left_to_people import leave_to_people
from actions.repairs import asked_for
from savoir.core.mail import put_mail
from savoir.customers import service as customers
from savoir.repairs import service as repairs


class ActionBookRepair(TopicAction):
    """Opens the repair and books the visit, both or neither; what can't be done goes to people."""

    forgets = ("confirmed", "customer_proof")

    async def handle(self, turn: Turn) -> Events:
        """Says its number and what happens next, and mails it."""
        if safety.clear_hazard(turn.slot("fault_words") or ""):
            return [*await safety.alert(turn), SlotSet("fault_words", None)]
        turn.matter_ends = True
        if turn.slot("confirmed") is False:
            return [*turn.say("utter_repair_not_booked"), *_emptied()]
        customer = str(await customer_of(turn))
        done = await done_in_time(turn, lambda s: _booked(turn, s, customer))
        if done is None:
            facts = " – ".join(str(part) for part in (turn.slot("owned_device"), turn.slot("fault_words"), turn.slot("repair_way"), turn.slot("visit")) if part)
            return [*await leave_to_people(turn, category="repair.booking", facts=facts), *_emptied()]
        opening, visit = done
        if visit == "taken":
            turn.matter_ends = False
            turn.say("utter_visit_taken")
            return [SlotSet("visit", None), SlotSet("visit_wish", {"shown": []}), SlotSet("visit_taken", True), FollowupAction("repair_form")]
        if opening.repair is None:
            return [*turn.say("utter_repair_not_booked"), *_emptied()]
        return [*await self._said(turn, customer, opening, visit), SlotSet("repair_number", str(opening.repair.number)), *_emptied()]

    async def _said(self, turn: Turn, customer: str, opening: repairs.Opening, visit: Any) -> Events:
        known = await turn.read(lambda s: customers.customer_by_id(s, customer))
        if opening.plan.is_out_of_reach:
            return await leave_to_people(
                turn, category="repair.booking", facts=f"{opening.repair.number}", said="utter_repair_opened_out_of_reach", status="done",  # type: ignore[union-attr]
                number=str(opening.repair.number),  # type: ignore[union-attr]
            )
        name = f"utter_repair_opened_{opening.repair.how}"  # type: ignore[union-attr]
        return turn.say(
            name, number=str(opening.repair.number), email=str(known.email) if known is not None else "",  # type: ignore[union-attr]
            visit=visits.window(turn, visit.starts_at) if visit is not None else "",
        )


def _emptied() -> Events:
    return [
        SlotSet(slot, None)
        for slot in ("owned_device", "fault_words", "repair_way", "visit", "visit_wish", "symptom", "damage", "request", "diagnosis")
    ]


def _booked(turn: Turn, session: Session, customer: str) -> Tuple[repairs.Opening, Any]:
    """The repair and its visit; `taken` where somebody was quicker, and then there is no repair either."""
    at, attempt = context().clock(), session.begin_nested()
    opening = repairs.open_repair(
        session, customer=customer, words=str(turn.slot("fault_words")), key=turn.key, at=at, how=turn.slot("repair_way"), **asked_for(turn)
    )
    if opening.repair is None:
        attempt.commit()
        return opening, None
    number, start = str(opening.repair.number), repairs.start_of(str(turn.slot("visit")))
    visit = None
    if opening.repair.how == "at_home" and start:
        booking = repairs.book(session, customer=customer, number=number, starts_at=start, key=f"{turn.key}:visit", at=at)
        if booking.visit is None:
            attempt.rollback()
            return opening, "taken"
        visit = booking.visit
        visits.mail_appointment(turn, session, customer, number, start)
    else:
        _mail_opened(turn, session, customer, opening)
    attempt.commit()
    return opening, visit


def _mail_opened(turn: Turn, session: Session, customer: str, opening: repairs.Opening) -> None:
    known = customers.customer_by_id(session, customer)
    if known is None or opening.repair is None or opening.plan.product is None:
        return
    way = "out_of_reach" if opening.plan.is_out_of_reach else str(opening.repair.how)
    values = {"repair_number": str(opening.repair.number), "device": str(opening.plan.product.name), "way": way, "first_name": str(known.first_name or "")}
    put_mail(
        session, context().settings, to=str(known.email), template="repair_opened", language=turn.language, key=f"{turn.key}:opened",
        at=context().clock(), conversation=turn.conversation, values=values,
    )
