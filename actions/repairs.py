"""A repair: which device, what it does, free or at what price, and how it gets to us or we to it."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from actions import damage as damages
from actions import device as devices
from actions import guiding, repair_tracking, safety, visits
from actions.base import Events, TopicAction, Turn, context
from actions.copy import choice, label
from actions.device import OTHER, Device
from actions.forms import NOT_KNOWN, SURE, leave
from actions.identity import IDENTITY, customer_of
from actions.own_device import UNOWNED, DeviceForm, device_of
from actions.part_names import kind_in
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.repairs import service as repairs

FEWEST_LETTERS = 4
FEW_WORDS = 6
FAULTS = {
    "report_fault", "report_physical_damage", "report_delivery_problem", "return_product", "exchange_product", "ask_how_to", "ask_product_information",
    "order_spare_part", "make_complaint",
}
"""What a fault that is told may look like."""
PRICE = re.compile(r"\b(?:combien|prix|tarifs?|couts?|coute\w*|cher|devis|estimation|how much|prices?|quotes?|costs?|charge|estimate|rate)\b")
WAYS = (
    ("drop_off", re.compile(r"\b(?:depos\w*|apport\w*|amen\w*|boutique|magasin|comptoir|drop(?:ping)?(?: it)? (?:it )?(?:off|in)|bring\w*|shop|store|counter)\b")),
    ("sent_in", re.compile(r"\b(?:envo\w*|expedi\w*|poste\w*|colis|etiquette|transporteur|send\w*|post|mail(?: it)?|ship\w*|parcel|label|courier)\b")),
)
"""How the device gets to the workshop, in folded text."""


class ValidateRepairForm(DeviceForm):
    """The device, the fault, the way, the visit where a technician comes, and a last yes."""

    begins = ("book_repair",)
    of_device = ("repair_way", "visit", "visit_wish", "confirmed")

    def begins_anew(self, turn: Turn) -> bool:
        """Not after a visit that somebody else was quicker to take."""
        return super().begins_anew(turn) and not turn.slot("visit_taken")

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """A visit only where somebody comes; danger goes to people at once."""
        wanted = await super().needed(turn, slots)
        if safety.clear_hazard(turn.slot("fault_words") or ""):
            return []
        return wanted if turn.slot("repair_way") in (None, "at_home") else [slot for slot in wanted if slot != "visit"]

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message says, and what the plan of the repair leaves no choice about."""
        anew = self.begins_anew(turn)
        values = await super().known(turn)
        if anew:
            values["fault_words"] = None
        if turn.slot("visit_taken"):
            values["visit_taken"] = None
        turn.remember(values)
        if turn.slot("given_up") or turn.moment == "back":
            return values
        for step in (self._fault, self._planned, self._corrected):
            found = await step(turn)
            values.update(found)
            turn.remember(found)
        return values

    async def _fault(self, turn: Turn) -> Dict[str, Any]:
        """What is wrong, if the message or what went before says it."""
        if turn.slot("fault_words"):
            return {}
        symptom = next((str(e["value"]) for e in turn.entities if e.get("entity") == "symptom"), None) if turn.typed else None
        if symptom:
            return {"fault_words": turn.text.strip(), "symptom": symptom}
        known = turn.slot("symptom")
        happened = turn.slot("damage") or (damages.damage_in(turn) if turn.typed else None)
        if known in (None, devices.NONE, OTHER):
            known = None
            if not happened:
                return {}
        told = max(guiding.told(turn)[-4:], key=len, default="")
        return {"fault_words": told or guiding.symptom_label(str(known), turn.language), "symptom": known}

    async def _planned(self, turn: Turn) -> Dict[str, Any]:
        """The way, where there is only one; a device that is not to be repaired ends the form."""
        customer = await customer_of(turn)
        if not customer or not turn.slot("owned_device"):
            return {}
        plan = await plan_of(turn, customer)
        if plan.outcome == "already_open":
            turn.say("utter_repair_already_open", number=plan.repair.number, device=str(plan.product.name))  # type: ignore[union-attr]
            await repair_tracking.tell(turn, customer, str(plan.repair.number))  # type: ignore[union-attr]
            return leave({"owned_device": None, "repair_number": str(plan.repair.number)})  # type: ignore[union-attr]
        if plan.outcome != "ready":
            button = turn.button("order_spare_part", **({"product_model": str(plan.product.id)} if plan.product else {}))
            turn.say("utter_not_repaired", device=str(plan.product.name) if plan.product else "", buttons=[button, turn.button("speak_to_human")])
            return leave({"owned_device": None})
        if turn.slot("repair_way") not in (None, *plan.ways):
            return {"repair_way": None}
        return {"repair_way": plan.ways[0]} if len(plan.ways) == 1 else {}

    async def _corrected(self, turn: Turn) -> Dict[str, Any]:
        """The way or the time that the message names, also at the last question: `non, plutôt l'après-midi`."""
        asked, way = turn.slot("requested_slot"), turn.slot("repair_way")
        if way == "at_home" or (way is None and turn.moment == "beginning"):
            if asked in ("fault_words", "owned_device", *IDENTITY) and turn.moment == "answer":
                return {}
            return await visits.wished(turn, await customer_of(turn))
        said = way_in(turn) if turn.moment == "beginning" or asked in ("repair_way", "confirmed") else None
        customer = await customer_of(turn)
        if said is None or said == way or customer is None or not turn.slot("owned_device"):
            return {}
        ways = (await plan_of(turn, customer)).ways
        changed = {"confirmed": None, "asked": "changed"} if asked == "confirmed" and turn.moment == "answer" else {}
        return {"repair_way": said, **changed} if said in ways else {}

    async def check_fault_words(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A symptom of the list, or their own words."""
        if value.startswith("/"):
            symptom = turn.value_pressed("symptom")
            if symptom in (None, OTHER):
                return {"fault_words": None, "symptom": None, "asked": OTHER}
            return {"fault_words": guiding.symptom_label(str(symptom), turn.language), "symptom": symptom}
        if NOT_KNOWN.search(fold(value)) and len(value.split()) <= FEW_WORDS:
            return await self.not_known(turn, "fault_words") or {}
        if len(value.strip()) < FEWEST_LETTERS:
            return {"fault_words": None}
        return {"fault_words": value.strip(), "symptom": turn.entity("symptom")}

    async def check_repair_way(self, turn: Turn, value: str) -> Dict[str, Any]:
        """One of the ways there are for this device."""
        return {"repair_way": value if value in ("at_home", "sent_in", "drop_off") else None}

    async def check_visit(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A window's button."""
        return await visits.check_visit(turn, value)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """The workshop finds out what is wrong; how it gets there can be left to us."""
        if slot == "fault_words":
            return {"fault_words": label("fault_not_known", turn.language), "symptom": None}
        return {"repair_way": "sent_in"} if slot == "repair_way" else await super().not_known(turn, slot)

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`plutôt jeudi` is no change of another appointment."""
        if slot == "fault_words" and (turn.intent in FAULTS or turn.confidence < SURE):
            return True
        if slot in ("visit", "confirmed") and len(turn.typed.split()) <= 12 and visits.wish_in(turn) is not None:
            return True
        return super().is_answer(turn, slot) or (slot in ("repair_way", "confirmed") and len(turn.typed.split()) <= 8 and way_in(turn) is not None)


def way_in(turn: Turn) -> Optional[str]:
    """How the message says that the device gets to the workshop."""
    return next((way for way, pattern in WAYS if pattern.search(turn.typed)), None)


def _is_accident(turn: Turn) -> bool:
    words = fold(turn.slot("fault_words") or "")
    return bool(turn.slot("damage")) or any(re.search(rf"\b(?:{pattern})\b", words) for pattern in damages.WORDS.values())


def asked_for(turn: Turn) -> Dict[str, Any]:
    """The device and the fault of the slots, as the room of repairs asks for them."""
    value = str(turn.slot("owned_device"))
    one = {"product": value[len(UNOWNED):]} if value.startswith(UNOWNED) else {"serial_number": value}
    return {**one, "symptom": turn.slot("symptom"), "is_accident": _is_accident(turn)}


async def plan_of(turn: Turn, customer: str) -> repairs.Plan:
    """What the repair of the slots would be."""
    asked, at = asked_for(turn), context().clock()
    return await turn.read(lambda s: repairs.plan_repair(s, customer=customer, at=at, **asked))


async def terms(turn: Turn, plan: repairs.Plan) -> str:
    """Free by the guarantee, or at what price: a sentence."""
    assert plan.cover is not None
    one = Device(str(plan.product.type), str(plan.product.id)) if plan.product is not None else None
    price = await turn.read(lambda s: devices.price_words(s, turn, one, turn.slot("symptom")))
    said = label(f"terms_{plan.cover.outcome}", turn.language).format(until=turn.day(plan.cover.until, "d MMMM y"), price=price)
    if plan.is_free or plan.price is None or not plan.price.has_bonus:
        return said
    bonus = label("terms_bonus" if plan.price.bonus_cents else "terms_bonus_on_quote", turn.language)
    return f"{said} {bonus.format(amount=turn.amount(plan.price.bonus_cents or 0))}"


class ActionAskRepairFormCustomerReference(TopicAction):
    """Answers a question about the price, and asks whose device it is."""

    async def handle(self, turn: Turn) -> Events:
        """Prices are no secret."""
        one = await devices.named(turn) or await devices.of_model(turn)
        answers_quote = repair_tracking.ACCEPTS.search(turn.typed) or repair_tracking.REFUSES.search(turn.typed)
        if turn.slot("asked") or one is None or answers_quote or not PRICE.search(turn.typed):
            return turn.say("utter_ask_customer_reference")
        part = kind_in(turn.typed)
        symptom = turn.slot("symptom") or (part if part in ("screen", "battery", "buttons") else None)

        def look(session: Any) -> Any:
            return devices.name_of(session, one, turn.language), devices.price_words(session, turn, one, symptom)

        name, price = await turn.read(look)
        return turn.say("utter_ask_repair_form_customer_reference", device=name, price=price)


class ActionAskRepairFormFaultWords(TopicAction):
    """Asks what is wrong with the device."""

    async def handle(self, turn: Turn) -> Events:
        """The most usual faults of its kind as buttons; their own words do too."""
        customer = await customer_of(turn)
        pair = await turn.read(lambda s: device_of(s, str(customer), turn.slot("owned_device")))
        model = pair[1] if pair else None
        usual = guiding.usual_symptoms(Device(str(model.type))) if model is not None and turn.slot("asked") != OTHER else []
        buttons = [turn.button("inform", name=f"symptom_{symptom}", symptom=symptom) for symptom in usual]
        buttons += [turn.button("inform", name="symptom_other", symptom=OTHER)] if buttons else []
        return turn.say("utter_ask_repair_form_fault_words", device=str(model.name) if model is not None else "", buttons=buttons)


class ActionAskRepairWay(TopicAction):
    """Says what it costs, and asks how the device gets to the workshop."""

    async def handle(self, turn: Turn) -> Events:
        """Both ways as buttons."""
        plan = await plan_of(turn, str(await customer_of(turn)))
        buttons = [choice(label(f"way_{way}", turn.language), repair_way=way) for way in plan.ways]
        return turn.say("utter_ask_repair_way", terms=await terms(turn, plan), buttons=buttons)


class ActionAskRepairFormVisit(TopicAction):
    """Says what it costs, and offers visits."""

    async def handle(self, turn: Turn) -> Events:
        """The terms once; after that only times."""
        if (turn.slot("visit_wish") or {}).get("shown") is not None:
            return await visits.offer(turn)
        customer = str(await customer_of(turn))
        plan, known = await plan_of(turn, customer), await turn.read(lambda s: customers.customer_by_id(s, customer))
        turn.say("utter_visit_terms", terms=await terms(turn, plan), place=f"{known.postal_code} {known.city}" if known is not None else "")
        return await visits.offer(turn)


class ActionAskRepairFormConfirmed(TopicAction):
    """Sums the repair up, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """Device, fault, cost, and how it goes on."""
        plan = await plan_of(turn, str(await customer_of(turn)))
        return turn.say(
            "utter_ask_repair_form_confirmed", device=str(plan.product.name) if plan.product is not None else "",
            fault=str(turn.slot("fault_words"))[:120].rstrip(" .!?"), terms=await terms(turn, plan), how=_how(turn, plan), buttons=turn.yes_or_no(),
        )


def _how(turn: Turn, plan: repairs.Plan) -> str:
    way = "out_of_reach" if plan.is_out_of_reach else str(turn.slot("repair_way"))
    start = repairs.start_of(str(turn.slot("visit")))
    return label(f"how_{way}", turn.language).format(visit=visits.window(turn, start) if start else "")
