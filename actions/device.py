"""Which device a customer means: the one they name, or one of those they own; and what covers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from sqlalchemy.orm import Session

from actions.base import Turn, context
from actions.copy import label
from savoir.conversations import service as conversations
from savoir.customers import service as customers
from savoir.repairs import service as repairs

NONE = "none"
"""The value of a slot that the customer could not fill."""
OTHER = "other"
MOST_OWNED = 4
USUAL_TYPES = ("smartphone", "tablet", "laptop", "television", "headphones")


@dataclass(frozen=True)
class Device:
    """A type of the taxonomy, and the id of the model where it is known. `id` is that of the catalogue, as prices are asked for."""

    type: str
    model: Optional[str] = None

    @property
    def id(self) -> Optional[str]:
        """The model's id."""
        return self.model

    def is_like(self, other: "Device") -> bool:
        """Whether both may be the same one."""
        return self.type == other.type and (self.model == other.model or not (self.model and other.model))

    def slots(self) -> Dict[str, Any]:
        """The slots that name it."""
        return {"product_type": self.type, "product_model": self.model}


async def named(turn: Turn) -> Optional[Device]:
    """The device that the latest message names. Of several, the first: `le chargeur de mon Nova 6` is a charger."""
    return await turn.read(lambda s: _named(turn, s))


def _named(turn: Turn, session: Session) -> Optional[Device]:
    serial = turn.entity("serial_number")
    if serial:
        found = customers.find_device(session, serial_number=serial)
        if isinstance(found, customers.DeviceFound):
            return Device(str(found.product.type), str(found.product.id))
    mentions = [e for e in turn.entities if e.get("entity") in ("product_type", "product_model") and e.get("value") not in (OTHER, NONE)]
    if not mentions:
        return None
    models = [m for m in (customers.product(session, str(e["value"])) for e in mentions if e["entity"] == "product_model") if m]
    first = mentions[0]
    if first["entity"] == "product_model":
        return Device(str(models[0].type), str(models[0].id)) if models else None
    kind = str(first["value"])
    model = next((str(m.id) for m in models if m.type == kind), None)
    return Device(kind, model or _only_one_owned(session, turn.conversation, kind))


def of_slots(turn: Turn) -> Optional[Device]:
    """The device that the slots name."""
    kind, model = turn.slot("product_type"), turn.slot("product_model")
    return Device(kind, model) if kind and kind not in (NONE, OTHER) else None


async def of_model(turn: Turn) -> Optional[Device]:
    """The device of the slots; the model alone says the type too."""
    known, model = of_slots(turn), turn.slot("product_model")
    if model and (known is None or known.model):
        product = await turn.read(lambda s: customers.product(s, model))
        if product:
            return Device(str(product.type), str(product.id)) if known is None or known.type == product.type else Device(known.type)
    return known


def owned(session: Session, conversation: str) -> List[Any]:
    """The models that the conversation's customer owns, the newest first; none while it is not known who they are."""
    customer = conversations.find(session, conversation).customer
    found = customers.products_of(session, str(customer)) if customer else []
    return list({str(product.id): product for _, product in found}.values())


def _only_one_owned(session: Session, conversation: str, kind: str) -> Optional[str]:
    models = [str(product.id) for product in owned(session, conversation) if product.type == kind]
    return models[0] if len(models) == 1 else None


async def buttons(turn: Turn) -> List[Dict[str, Any]]:
    """To choose a device by: those that the customer owns, else the usual kinds."""
    mine = [] if turn.slot("asked") == OTHER else (await turn.read(lambda s: owned(s, turn.conversation)))[:MOST_OWNED]
    shown = [{"title": str(product.name), "payload": f'/inform{{"product_model": "{product.id}"}}'} for product in mine]
    if shown:
        return [*shown, turn.button("inform", name="type_other", product_type=OTHER)]
    return [{"title": label(f"type_{kind}", turn.language), "payload": f'/inform{{"product_type": "{kind}"}}'} for kind in USUAL_TYPES]


def name_of(session: Session, device: Optional[Device], language: str) -> str:
    """`Nova 6`, or the word for its kind (`téléphone`), or just `appareil`."""
    product = customers.product(session, device.model) if device and device.model else None
    if product is not None:
        return str(product.name)
    word = (label(f"type_{device.type}", language) if device else "") or label("type_any", language)
    return word[:1].lower() + word[1:]


def cover_of(session: Session, turn: Turn, device: Optional[Device], *, is_accident: bool) -> repairs.Cover:
    """What covers it; unknown unless it is one device of a customer who is known."""
    customer = conversations.find(session, turn.conversation).customer
    found = customers.find_device(session, customer=str(customer), model=device.model) if customer and device and device.model else None
    row = found.device if isinstance(found, customers.DeviceFound) else None
    return repairs.cover_of(session, device=row, is_accident=is_accident, at=context().clock())


def price_words(session: Session, turn: Turn, device: Optional[Device], symptom: Optional[str]) -> str:
    """What the usual repair costs, to stand in a sentence."""
    price = repairs.price_of(session, product=device, symptom=symptom) if device else repairs.Price("on_quote")
    words = label(f"price_{price.outcome}", turn.language)
    return words.format(amount=turn.amount(price.cents or 0), fee=turn.amount(price.quote_fee_cents))
