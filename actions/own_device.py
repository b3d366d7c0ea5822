"""Which of a customer's devices is meant: named by model, kind or serial number, or the only one they own."""

from __future__ import annotations

from typing import Any, ClassVar, Dict, List, Optional, Tuple

from sqlalchemy.orm import Session

from actions import device as devices
from actions import guiding
from actions.base import Events, TopicAction, Turn
from actions.copy import choice, label
from actions.device import OTHER
from actions.identity import CustomerForm, customer_of
from savoir.customers import service as customers

MOST_SHOWN = 6
UNOWNED = "model:"
"""Leads the id of a model that the customer has not bought from the firm; what else stands in the slot is a serial number."""
CHANGEABLE_AT = ("confirmed", "repair_way", "visit")
"""Questions at which another device named is another device meant; elsewhere it may just be spoken of."""


class DeviceForm(CustomerForm):
    """A form with the slot `owned_device`, filled from what the message names, from what was spoken of, or because there is only one."""

    of_device: ClassVar[Tuple[str, ...]] = ("confirmed",)
    """Slots that hold for one device: emptied when the customer names another one."""

    def begins_anew(self, turn: Turn) -> bool:
        """Whether nothing that an earlier form left holds any more."""
        return turn.moment == "beginning"

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The device, once it is known whose it must be."""
        values = await super().known(turn)
        if self.begins_anew(turn):
            emptied = ["owned_device", *self.of_device]
            values.update({slot: None for slot in emptied if turn.value_pressed(slot) is None})
        turn.remember(values)
        customer = None if turn.slot("given_up") or turn.moment == "back" else await customer_of(turn)
        if customer:
            found = await self._device(turn, customer)
            values.update(found)
            turn.remember(found)
        return values

    async def _device(self, turn: Turn, customer: str) -> Dict[str, Any]:
        given = turn.slot("owned_device")
        named = await devices.named(turn) if turn.typed else None
        serial = turn.entity("serial_number") if turn.typed else None
        if given:
            may_change = guiding.is_correction(turn) or turn.slot("requested_slot") in CHANGEABLE_AT
            if turn.moment == "beginning" or not may_change or (named is None and serial is None):
                return {}
            found = await turn.read(lambda s: _chosen(s, customer, named, serial))
            meant = found.get("owned_device")
            return {**dict.fromkeys(self.of_device), **found, "asked": "changed"} if meant and meant != given else {}
        if named is None and serial is None and turn.slot("asked") != OTHER:
            named = await devices.of_model(turn)
            return await turn.read(lambda s: _chosen(s, customer, named, None))
        return await turn.read(lambda s: _chosen(s, customer, named, serial))

    async def check_owned_device(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A device of theirs, a model of the catalogue, or another one than those shown."""
        if value == OTHER:
            return {"owned_device": None, "product_model": None, "product_type": None, "asked": OTHER}
        customer = await customer_of(turn)
        is_known = customer is not None and await turn.read(lambda s: device_of(s, customer, value) is not None)
        return {"owned_device": value if is_known else None}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A product's name alone may look like a question about it."""
        names_one = bool(turn.entity("product_model") or turn.entity("product_type") or turn.entity("serial_number"))
        return super().is_answer(turn, slot) or (slot == "owned_device" and names_one and len(turn.typed.split()) <= 8)


def device_of(session: Session, customer: str, value: Optional[str]) -> Optional[Tuple[Any, Any]]:
    """The row of the device (None where they have not bought it from the firm) and its model, for a value of the slot."""
    if not value:
        return None
    if value.startswith(UNOWNED):
        model = customers.product(session, value[len(UNOWNED):])
        return (None, model) if model is not None else None
    return next((pair for pair in customers.products_of(session, customer) if pair[0].serial_number == value), None)


def _chosen(session: Session, customer: str, named: Optional[devices.Device], serial: Optional[str]) -> Dict[str, Any]:
    owned = customers.products_of(session, customer)
    if serial:
        meant = [one for one, _ in owned if one.serial_number == "".join(serial.split()).upper()]
        return {"owned_device": str(meant[0].serial_number)} if meant else {"asked": "unknown_serial"}
    fitting = [(one, model) for one, model in owned if named is None or model.id == named.model or (named.model is None and model.type == named.type)]
    if len(fitting) == 1:
        return {"owned_device": str(fitting[0][0].serial_number)}
    if fitting or named is None:
        return {}
    if named.model:
        return {"owned_device": f"{UNOWNED}{named.model}", "product_type": named.type, "product_model": named.model}
    return {"asked": "which_model"}


class ActionAskOwnedDevice(TopicAction):
    """Asks which device; those that the customer owns are buttons."""

    async def handle(self, turn: Turn) -> Events:
        """Of several of the kind that was named, only those."""
        customer, asked = await customer_of(turn), turn.slot("asked")
        owned = await turn.read(lambda s: customers.products_of(s, customer)) if customer else []
        like = [(o, p) for o, p in owned if p.id == turn.slot("product_model")] or [(o, p) for o, p in owned if p.type == turn.slot("product_type")]
        shown = [] if asked in (OTHER, "which_model") else (like if len(like) > 1 else owned)[:MOST_SHOWN]
        if not shown:
            return turn.say("utter_ask_owned_device_by_name")
        buttons = [choice(_title(turn, one, model, shown), owned_device=str(one.serial_number)) for one, model in shown]
        return turn.say("utter_ask_owned_device", buttons=[*buttons, turn.button("inform", name="type_other", owned_device=OTHER)])


def _title(turn: Turn, one: Any, model: Any, shown: List[Any]) -> str:
    if sum(other.id == model.id for _, other in shown) == 1 or not one.purchased_at:
        return str(model.name)
    return label("device_bought", turn.language).format(device=model.name, day=turn.day(one.purchased_at, "d MMMM y"))
