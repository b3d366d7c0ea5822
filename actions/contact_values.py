"""What a customer wants changed of how they are reached, and the new value, read from what they type."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, Dict, Optional

from actions.base import Turn
from actions.codes import before, of_customer
from actions.forms import NOT_KNOWN
from actions.order_form import shown
from savoir.core.text import fold
from savoir.customers import service as customers

SAID = (
    ("email", re.compile(r"\b(?:e-?mails?|mails?|courriels?|adresse electronique|boite (?:mail|aux lettres electronique)|messagerie|inbox)\b")),
    ("phone", re.compile(
        r"\b(?:telephone|tel|portable|mobile|natel|gsm|phone|cell|sms|rung|ring|appelle|appeler|carte sim)\b|"
        r"\b(?:num|numero)\b(?! de (?:rue|commande|la rue|ma rue|la commande|ma commande)| d'appart|.{0,20}appart)|\bnumber\b(?<!order number)(?<!house number)(?<!flat number)"
    )),
    ("name", re.compile(r"\b(?:pre)?nom\b(?! de (?:la )?(?:rue|ville))|\b(?:first|last|sur|family|maiden|my) ?name\b|\bcivilite\b|\bspelt my name\b|\bmisspelt\b")),
    ("delivery_address", re.compile(r"\b(?:livr\w*|deliver\w*|colis|parcel|commandes?|orders?|expedi\w*|shipping|envoyez|envoyer|cmd)\b")),
    ("address", re.compile(r"\b(?:adresse|address|demenag\w*|moved|moving|domicile|code postal|post ?code|rue|street|logement|appart\w*|habite|etage|batiment|residence|house)\b")),
)  # fmt: skip
"""What is to be changed, by what is said, in folded text; the first that fits."""
CHANGES = re.compile(r"\b(?:chang\w*|modif\w*|mettre a jour|corrig\w*|remplac\w*|nouve\w*|update|new|correct|amend|replace)\b")


def field_of(typed: str, turn: Turn) -> Optional[str]:
    """What is to be changed, by folded words; an order's number makes an address that of the order. None where nothing tells."""
    field = next((name for name, pattern in SAID if pattern.search(typed)), None)
    if field in ("address", None) and typed and turn.entity("order_number"):
        return "delivery_address"
    if field is None and typed:
        return "phone" if turn.entity("phone") else "address" if customers.read_address(turn.text).street else None
    return field


def spoken_of(turn: Turn) -> Optional[str]:
    """What was to be changed when the request was put off: by the slot, or by the customer's own words."""
    texts = [fold(text) for text in turn.customer_texts()[-6:]]
    found = (next((name for name, pattern in SAID if pattern.search(text)), None) for text in reversed(texts) if CHANGES.search(text))
    return before(turn, "contact_field") or next((field for field in found if field), None)


def another_field(turn: Turn) -> Dict[str, Any]:
    """`Non, c'est mon mail que je veux changer`: the matter begins anew with that."""
    field = field_of(turn.typed, turn)
    told = customers.read_address(turn.text) or turn.entity("phone") or turn.entity("email")
    if field in (None, turn.slot("contact_field")) or told or {field, turn.slot("contact_field")} == {"address", "delivery_address"}:
        return {}
    return {"contact_field": field, "confirmed": None, "address_parts": None, "address_missing": None, "asked": "changed"}


async def phone_in(turn: Turn, asked: Optional[str]) -> Dict[str, Any]:
    """The new telephone number, as slots to set; empty where there is none."""
    if turn.entity("phone"):
        return {"new_phone": str([e["value"] for e in turn.entities if e.get("entity") == "phone"][-1])}
    if asked != "new_phone" or not re.search(r"\d{4}|\d\d \d\d", turn.typed):
        return {}
    number = customers.checked_phone(turn.text)
    return {"new_phone": number} if isinstance(number, str) else {"asked": "wrong"}


async def address_in(turn: Turn, asked: Optional[str]) -> Dict[str, Any]:
    """What the message tells of the new address, with what was told before; `address_missing` says what is still wanted."""
    said_before = customers.TypedAddress(**(turn.slot("address_parts") or {}))
    is_asked = asked == "new_address" and not NOT_KNOWN.search(turn.typed) and "?" not in turn.typed
    country = said_before.country or await _country(turn)
    typed = customers.read_address(turn.text, asked=(turn.slot("address_missing") or "street") if is_asked else None, country=country)
    if not typed and is_asked and turn.slot("address_missing") == "postal_code":  # the town came first
        typed = customers.read_address(turn.text, asked="city", country=country)
    if not typed or (asked != "new_address" and not (typed.street or (typed.postal_code and typed.city))):
        return {}
    whole = said_before.with_more(typed)
    values: Dict[str, Any] = {"address_missing": whole.missing, "new_address": None}
    if whole.missing is None:
        checked = customers.checked_address(
            customers.Address(str(whole.street), str(whole.postal_code), str(whole.city), whole.country or country)
        )
        if isinstance(checked, customers.ContactFaults):
            fault = checked.faults[0]
            values["address_missing"] = "not_served" if fault.code == "not_served" else f"wrong_{fault.field}"
            if fault.field in ("postal_code", "country"):
                whole = customers.TypedAddress(whole.street, None, None, None)
        else:
            values["new_address"] = str(checked)
    values["address_parts"] = asdict(whole)
    return {**values, **({"asked": "changed"} if asked == "new_address" and values["new_address"] is None else {})}


async def _country(turn: Turn) -> str:
    """The country of what is to be changed: its postal codes are expected."""
    found = await shown(turn) if turn.slot("contact_field") == "delivery_address" else None
    if found:
        return str(found.order.country or "FR")
    person = await of_customer(turn)
    known = await turn.read(lambda s: customers.customer_by_id(s, person)) if person else None
    return str(known.country or "FR") if known else "FR"
