"""Until when a device is covered and by what: of the customer's own, by a serial number, or by the rule for a day of purchase."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Optional, Tuple

import dateparser
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.damage import damage_in
from actions.device import NONE
from actions.faults import article_card
from actions.forms import leave
from actions.identity import IDENTITY, customer_of
from actions.own_device import UNOWNED, DeviceForm, device_of
from savoir.customers import service as customers
from savoir.knowledge import service as knowledge
from savoir.repairs import service as repairs

ARTICLE = "warranty-explained"
EXCLUDED_BY = {"liquid": "liquid", "fall": "fall", "screen": "fall", "shock": "shock"}
"""What damage is to the guarantee."""
MONTH = re.compile(
    r"\b(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august|"
    r"september|october|november|december)\s+(?:de\s+|of\s+)?(20\d\d)\b"
)


class ValidateWarrantyForm(DeviceForm):
    """Which device; who is not known may give its serial number, or the day on which they bought it, instead of an order."""

    begins = ("check_warranty",)
    of_device = ("purchased_on",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """A device or a day is enough."""
        return [] if turn.slot("owned_device") or turn.slot("purchased_on") else await super().needed(turn, slots)

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """A serial number says which device it is, whoever asks: the guarantee goes with the device."""
        values = await super().known(turn)
        if turn.slot("given_up") or turn.slot("owned_device") or turn.moment == "back":
            return values
        serial = turn.entity("serial_number") if turn.typed else None
        if serial:
            found = await turn.read(lambda s: customers.find_device(s, serial_number=serial))
            if isinstance(found, customers.DeviceFound):
                return {**values, "owned_device": str(found.device.serial_number)}
            return {**values, "asked": "unknown_serial"}
        day = purchase_day(turn)
        return {**values, "purchased_on": day.isoformat()} if day else values

    async def check_customer_reference(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Who only wanted the rule has it."""
        if value == NONE:
            turn.say("utter_declined")
            return leave({"customer_reference": None})
        return {"customer_reference": value}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A day or a serial number, whatever the sentence looks like."""
        says_it = bool(turn.entity("serial_number")) or purchase_day(turn) is not None
        return super().is_answer(turn, slot) or (slot in (*IDENTITY, "owned_device") and says_it)


class ActionAskWarrantyFormCustomerReference(TopicAction):
    """Tells the rule, and offers to look at the customer's own device."""

    async def handle(self, turn: Turn) -> Events:
        """With the article that answers, or else the one that explains the guarantees."""
        no = turn.button("inform", name="no_thanks", means="deny", customer_reference=NONE)
        if turn.slot("asked"):
            return turn.say("utter_ask_customer_reference" if turn.slot("asked") != "unknown_serial" else "utter_ask_warranty_serial", buttons=[])
        answer = await turn.read(lambda s: knowledge.answer_question(s, question=turn.text, language=turn.language)) if turn.typed else None
        if answer is not None and answer.kind == "direct" and answer.article:
            turn.say_text(answer.passage, cards=[card for card in [await article_card(turn, answer.article.article)] if card])
            return turn.say("utter_ask_warranty_device", buttons=[no])
        card = await article_card(turn, ARTICLE)
        return turn.say("utter_ask_warranty_form_customer_reference", buttons=[no], cards=[card] if card else [])


class ActionTellWarranty(TopicAction):
    """Says until when the device is covered, by what, and what no guarantee covers."""

    ends = True
    forgets = ("owned_device", "purchased_on", "customer_proof")

    async def handle(self, turn: Turn) -> Events:
        """With what can be done next."""
        customer, value, day = await customer_of(turn), turn.slot("owned_device"), turn.slot("purchased_on")
        if value:
            return await self._of_device(turn, customer, value)
        return await self._by_rule(turn, date.fromisoformat(day)) if day else turn.say("utter_customer_stopped")

    async def _of_device(self, turn: Turn, customer: Optional[str], value: str) -> Events:
        damage = EXCLUDED_BY.get(damage_in(turn) or "")
        model, found = await turn.read(lambda s: _looked_up(s, customer, value, damage))
        if found is None:
            return turn.say("utter_warranty_not_owned", device=str(model.name) if model else "", buttons=_buttons(turn, model, None))
        serial = value if customer else None
        if isinstance(found, customers.WarrantyUnknown):
            return turn.say("utter_warranty_unknown", device=found.name, buttons=_buttons(turn, model, serial))
        state = "excluded" if found.excluded and found.days_left else "covered" if found.covered else "ended"
        reason = label(f"cover_{found.reason}", turn.language)
        reason = reason if reason.startswith("S") else reason[:1].lower() + reason[1:]  # Sérénité is a name
        return turn.say(
            f"utter_warranty_{state}", device=found.name, until=turn.day(found.ends_on, "d MMMM y"), reason=reason,
            buttons=_buttons(turn, model, serial), cards=[_card(turn, found)],
        )

    async def _by_rule(self, turn: Turn, day: date) -> Events:
        model = await turn.read(lambda s: customers.product(s, turn.slot("product_model") or ""))
        longest = customers.covers_from(day, model)[0]
        name = "utter_warranty_by_day_covered" if longest.until >= context().clock().date() else "utter_warranty_by_day_ended"
        return turn.say(name, day=turn.day(day, "d MMMM y"), until=turn.day(longest.until, "d MMMM y"), buttons=_buttons(turn, model, None))


def purchase_day(turn: Turn) -> Optional[date]:
    """The day, not to come, that the message names; of a month alone the first."""
    today = context().clock().date()
    said = turn.entity("date") if turn.typed else None
    try:
        day = date.fromisoformat(str(said)) if said else None
    except ValueError:
        day = None
    month = MONTH.search(turn.typed)
    if day is None and month:
        parsed = dateparser.parse(f"1 {month[1]} {month[2]}", languages=["fr", "en"])
        day = parsed.date() if parsed else None
    return day if day is not None and day <= today else None


def _looked_up(session: Session, customer: Optional[str], value: str, damage: Optional[str]) -> Tuple[Any, Any]:
    if value.startswith(UNOWNED):
        return customers.product(session, value[len(UNOWNED):]), None
    pair = device_of(session, customer, value) if customer else None
    if pair is None:
        found = customers.find_device(session, serial_number=value)
        pair = (found.device, found.product) if isinstance(found, customers.DeviceFound) else (None, None)
    device, model = pair
    return model, repairs.warranty_of(session, device=device, at=context().clock(), damage=damage) if device is not None else None


def _card(turn: Turn, found: customers.Warranty) -> Dict[str, Any]:
    words = label("cover_until", turn.language)
    lines = [words.format(cover=label(f"cover_{cover.kind}", turn.language), until=turn.day(cover.until, "d MMMM y")) for cover in found.covers]
    return {"title": f"{found.name} · {found.serial_number}", "lines": lines}


def _buttons(turn: Turn, model: Optional[Any], serial: Optional[str]) -> List[Dict[str, Any]]:
    about = {"product_model": str(model.id)} if model is not None else {}
    repair = {**about, **({"owned_device": serial} if serial else {})}
    return [turn.button("report_fault", **about), turn.button("book_repair", **repair)]
