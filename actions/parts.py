"""A spare part: for which device, which one, what it costs and whether it is there; ordered after a last yes."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import device as devices
from actions.base import Events, TopicAction, Turn, context
from actions.copy import choice, label
from actions.device import NONE, OTHER, Device
from actions.filing import done_in_time
from actions.forms import leave
from actions.identity import IDENTITY, CustomerForm, customer_of
from actions.left_to_people import leave_to_people
from actions.part_names import kind_in, named_in, quantity_in
from savoir.core.mail import put_mail
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.diagnosis import service as diagnosis

MOST_SHOWN = 6
KEPT = ("part_for", "part", "part_quantity", "part_kind", "confirmed")


class ValidatePartForm(CustomerForm):
    """The device, the part, who orders, and a last yes. Price and stock are told to anybody."""

    begins = ("order_spare_part",)

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message names; a part that can't be ordered here ends the form."""
        values = await super().known(turn)
        if turn.moment == "beginning":
            values.update({slot: None for slot in KEPT if turn.value_pressed(slot) is None})
        turn.remember(values)
        if turn.slot("given_up") or turn.moment == "back":
            return values
        for step in (self._of_which_device, self._which_part, self._orderable):
            found = await step(turn)
            values.update(found)
            turn.remember(found)
            if turn.slot("given_up"):
                return values
        return {**values, "part_quantity": turn.slot("part_quantity")}

    async def _of_which_device(self, turn: Turn) -> Dict[str, Any]:
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        kind, count = (kind_in(turn.typed), _count(turn)) if asked not in IDENTITY or not _identifies(turn) else (None, None)
        values: Dict[str, Any] = {}
        if kind and (turn.slot("part") is None or kind != turn.slot("part_kind")):
            values["part_kind"] = kind
        if count:
            values["part_quantity"] = str(count)
            if asked in (*IDENTITY, "confirmed"):
                values.update({"confirmed": None, "asked": "changed"})
        model = await turn.read(lambda s: _model_named(turn, s, turn.moment == "beginning"))
        if model is not None and model != turn.slot("part_for") and not (turn.slot("part_for") and await self._is_part(turn, model)):
            values["part_for"] = model
            if turn.slot("part_for"):
                values.update({"part": None, "confirmed": None, "asked": "changed"})
        return values

    async def _is_part(self, turn: Turn, model: str) -> bool:
        return await turn.read(lambda s: diagnosis.part_by_id(s, model)) is not None

    async def _which_part(self, turn: Turn) -> Dict[str, Any]:
        """The one part that is meant; another one named at the last question takes its place."""
        model, kind, given = turn.slot("part_for"), turn.slot("part_kind"), turn.slot("part")
        if not model:
            return {}
        everything = (await turn.read(lambda s: diagnosis.find_parts(s, product=model))).parts
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        if given and (not turn.typed or asked in IDENTITY):
            return {}
        named = [part for part in everything if part.id == turn.entity("product_model")] if turn.typed else []
        of_kind = [part for part in everything if part.kind == kind] if kind else []
        meant = named or (named_in(turn.typed, of_kind or everything) if turn.typed and (of_kind or asked in ("part", "confirmed")) else [])
        if len(meant) > 1 and of_kind:
            meant = [part for part in meant if part in of_kind] or of_kind
        if given:
            is_other = asked == "confirmed" and len(meant) == 1 and meant[0].id != given and (kind_in(turn.typed) or named)
            return {"part": str(meant[0].id), "part_kind": str(meant[0].kind), "confirmed": None, "asked": "changed"} if is_other else {}
        found = meant if len(meant) == 1 else of_kind
        if len(found) == 1:
            return {"part": str(found[0].id), "part_kind": str(found[0].kind)}
        if (kind and not of_kind) or not everything:
            name = await turn.read(lambda s: devices.name_of(s, Device("", model), turn.language))
            turn.say("utter_part_not_sold", device=name, buttons=[turn.button("book_repair"), turn.button("speak_to_human")])
            return leave(dict.fromkeys(KEPT))
        return {}

    async def _orderable(self, turn: Turn) -> Dict[str, Any]:
        """What only the workshop fits becomes a repair; many at once are for people."""
        part = await part_of(turn)
        if part is None:
            return {}
        price = turn.amount(int(part.price_cents))
        if not part.is_self_fit:
            about = {"product_model": turn.slot("part_for")}
            symptom = next((s for s in ("screen", "battery") if s == part.kind), None)
            button = turn.button("book_repair", means="affirm", **about, **({"symptom": symptom} if symptom else {}))
            turn.say("utter_part_workshop_only", part=name_of(turn, part), price=price, buttons=[button, turn.button("decline", name="not_now", means="deny")])
            return leave(dict.fromkeys(KEPT))
        if quantity(turn) > diagnosis.MOST_AT_ONCE:
            turn.say("utter_part_too_many", most=str(diagnosis.MOST_AT_ONCE), buttons=[turn.button("speak_to_human", means="affirm"), turn.button("open_ticket")])
            return leave(dict.fromkeys(KEPT))
        return {}

    async def check_customer_reference(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Who has never ordered can still get the part: from people."""
        if value == NONE:
            turn.say("utter_part_without_account")
            return leave({**dict.fromkeys(KEPT), "customer_reference": None})
        return {"customer_reference": value}

    async def check_part(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A button of a part, or none of those shown."""
        if value == OTHER:
            turn.say("utter_part_other")
            return leave(dict.fromkeys(KEPT))
        return {"part": value if await turn.read(lambda s: diagnosis.part_by_id(s, value)) else None}

    async def check_part_for(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A model of the catalogue."""
        return {"part_for": value if await turn.read(lambda s: customers.product(s, value)) else None}

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Where a model's name stands."""
        if slot == "part_for":
            turn.remember({"asked": "unknown"})
        return await super().not_known(turn, slot)

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A model or a part in a few words."""
        few = len(turn.typed.split()) <= 8
        names_one = bool(turn.entity("product_model") or turn.entity("product_type") or kind_in(turn.typed) or _count(turn))
        counts = slot in IDENTITY and _count(turn) is not None and not _identifies(turn)
        return super().is_answer(turn, slot) or (few and (counts or (slot in ("part_for", "part", "confirmed") and names_one)))


def _count(turn: Turn) -> Optional[int]:
    """How many are asked for; the figure in a model's name is none."""
    text = turn.text if turn.typed else ""
    for entity in reversed(turn.entities):
        if entity.get("entity") == "product_model" and entity.get("end"):
            text = f"{text[:entity['start']]} {text[entity['end']:]}"
    return quantity_in(fold(text))


def _identifies(turn: Turn) -> bool:
    return any(turn.entity(name) for name in ("order_number", "repair_number", "email", "postal_code"))


def _model_named(turn: Turn, session: Session, is_beginning: bool) -> Optional[str]:
    """The model that the part is for: the device, rather than the accessory that is wanted; at the beginning also what was spoken of."""
    models = [m for m in (customers.product(session, str(e["value"])) for e in turn.entities if e.get("entity") == "product_model") if m] if turn.typed else []
    ranked = sorted(models, key=lambda model: model.type == "accessory")
    if ranked:
        return str(ranked[0].id)
    kinds = [str(e["value"]) for e in turn.entities if e.get("entity") == "product_type" and e["value"] != "accessory"] if turn.typed else []
    if kinds:
        mine = [str(model.id) for model in devices.owned(session, turn.conversation) if model.type in kinds]
        spoken_of = customers.product(session, turn.slot("product_model") or "")
        return mine[0] if len(mine) == 1 else str(spoken_of.id) if spoken_of is not None and spoken_of.type in kinds else None
    return turn.slot("product_model") if is_beginning and not turn.slot("part_for") else None


async def part_of(turn: Turn) -> Optional[Any]:
    """The part of the slot, or None."""
    wanted = turn.slot("part")
    return await turn.read(lambda s: diagnosis.part_by_id(s, wanted)) if wanted else None


def name_of(turn: Turn, part: Any) -> str:
    """What the part is called."""
    return str(part.name_fr if turn.language == "fr" else part.name_en)


def quantity(turn: Turn) -> int:
    """How many are wanted."""
    return int(turn.slot("part_quantity") or 1)


def _words(turn: Turn, part: Any) -> Dict[str, Any]:
    price, count = diagnosis.price_part(part, quantity(turn)), quantity(turn)
    named = name_of(turn, part) if count == 1 else f"{count} × {name_of(turn, part)}"
    shipping = turn.amount(price.shipping_cents) if price.shipping_cents else label("shipping_free", turn.language)
    back = label("part_back", turn.language).format(day=turn.day(part.restock_at)) if part.restock_at else label("part_back_unknown", turn.language)
    return {"part": named, "price": turn.amount(price.unit_cents * count), "shipping": shipping, "total": turn.amount(price.total_cents), "back": back}


class ActionAskPartFor(TopicAction):
    """Asks for which device."""

    async def handle(self, turn: Turn) -> Events:
        """Their own as buttons, where it is known who they are."""
        mine = (await turn.read(lambda s: devices.owned(s, turn.conversation)))[:MOST_SHOWN]
        buttons = [choice(str(model.name), part_for=str(model.id)) for model in mine]
        return turn.say("utter_ask_part_for", buttons=buttons)


class ActionAskPart(TopicAction):
    """Asks which part."""

    async def handle(self, turn: Turn) -> Events:
        """Those for the device, with their prices."""
        model, kind = turn.slot("part_for"), turn.slot("part_kind")

        def look(session: Session) -> Tuple[List[Any], str]:
            found = diagnosis.find_parts(session, product=model, kind=kind).parts
            found.sort(key=lambda part: (not part.is_self_fit, len(part.products)))
            return found[:MOST_SHOWN], devices.name_of(session, Device("", model), turn.language)

        found, device = await turn.read(look)
        buttons = [choice(f"{name_of(turn, part)} – {turn.amount(int(part.price_cents))}", part=str(part.id)) for part in found]
        return turn.say("utter_ask_part", device=device, buttons=[*buttons, turn.button("inform", name="part_other", part=OTHER)])


class ActionAskPartFormCustomerReference(TopicAction):
    """Says what the part costs and whether it is there, and asks who orders it."""

    async def handle(self, turn: Turn) -> Events:
        """Who has no order yet says so by a button."""
        part = await part_of(turn)
        none = turn.button("inform", name="no_order_yet", customer_reference=NONE)
        if turn.slot("asked") or part is None:
            return turn.say("utter_ask_customer_reference", buttons=[none] if turn.slot("asked") != "unknown" else [])
        name = "utter_ask_part_owner" if part.stock else "utter_ask_part_owner_out_of_stock"
        return turn.say(name, buttons=[none], **_words(turn, part))


class ActionAskPartFormConfirmed(TopicAction):
    """Sums the order up, or says that the part is not there, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """With the address that it goes to."""
        part, customer = await part_of(turn), str(await customer_of(turn))
        known = await turn.read(lambda s: customers.customer_by_id(s, customer))
        assert part is not None
        if not part.stock:
            name = "utter_ask_part_when_back" if part.restock_at else "utter_ask_part_by_people"
            return turn.say(name, buttons=turn.yes_or_no(), **_words(turn, part))
        address = ", ".join(str(line) for line in (known.street, f"{known.postal_code} {known.city}") if line) if known is not None else ""
        return turn.say("utter_ask_part_form_confirmed", address=address, buttons=turn.yes_or_no(), **_words(turn, part))


class ActionOrderPart(TopicAction):
    """Orders the part, or notes who wants to hear when it is back; what can't be done goes to people."""

    ends = True
    forgets = (*KEPT, "customer_proof")

    async def handle(self, turn: Turn) -> Events:
        """Once per turn, with a number and a mail."""
        part, customer = await part_of(turn), str(await customer_of(turn))
        if part is None or turn.slot("confirmed") is False:
            return turn.say("utter_part_not_ordered")
        facts = f"{name_of(turn, part)} × {quantity(turn)} ({part.id})"
        if not part.stock:
            return await self._when_back(turn, part, customer, facts)
        done = await done_in_time(turn, lambda s: _ordered(turn, s, customer, part))
        if done is None or done.outcome in ("no_address", "unknown_part", "unknown_customer", "workshop_only", "too_many"):
            return await leave_to_people(turn, category="repair.spare_part", facts=facts)
        if done.order is None:
            return turn.say("utter_part_sold_out_meanwhile", left=str(done.left), **_words(turn, part))
        return [*turn.say("utter_part_ordered", number=done.order.number, **_words(turn, part)), SlotSet("product_model", turn.slot("part_for"))]

    async def _when_back(self, turn: Turn, part: Any, customer: str, facts: str) -> Events:
        if not part.restock_at:
            return await leave_to_people(turn, category="repair.spare_part", facts=facts, said="utter_part_by_people", status="done", part=name_of(turn, part))
        at = context().clock()
        noted = await done_in_time(turn, lambda s: diagnosis.tell_when_back(s, customer=customer, part=str(part.id), at=at))
        if noted is None:
            return await leave_to_people(turn, category="repair.spare_part", facts=facts)
        return turn.say("utter_part_when_back", **_words(turn, part))


def _ordered(turn: Turn, session: Session, customer: str, part: Any) -> diagnosis.PartOrdering:
    at, count = context().clock(), quantity(turn)
    done = diagnosis.order_part(session, customer=customer, part=str(part.id), key=turn.key, at=at, quantity=count)
    known = customers.customer_by_id(session, customer)
    if done.order is not None and known is not None:
        words = _words(turn, part)
        put_mail(
            session, context().settings, to=str(known.email), template="part_ordered", language=turn.language, key=f"{turn.key}:part", at=at,
            conversation=turn.conversation, values={
                "part": words["part"], "first_name": str(known.first_name or ""), "order_number": done.order.number, "price": words["total"],
            },
        )
    return done
