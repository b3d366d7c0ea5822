"""Where a running order goes, and how a customer is reached: changed once it is sure who asks, and after a last yes."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.codes import CodeForm, before, proved
from actions.contact_values import address_in, another_field, field_of, phone_in, spoken_of
from actions.filing import done_in_time
from actions.forms import NOT_KNOWN
from actions.left_to_people import leave_to_people
from actions.order_form import OrderForm, shown
from actions.plain_answers import plain_answer
from savoir.core.mail import put_mail
from savoir.customers import service as customers

FIELDS = ("delivery_address", "address", "phone", "email", "name")
VALUE_OF = {"delivery_address": "new_address", "address": "new_address", "phone": "new_phone", "email": "new_email"}
"""The slot that takes the new value of each."""


class ValidateContactForm(CodeForm, OrderForm):
    """What changes, who asks (the order and its proof, or a code by mail for what belongs to the account), the new value, and a last yes."""

    begins = ("update_contact_details",)
    purpose = "contact"
    fresh = ("contact_field", "new_address", "new_phone", "new_email", "confirmed")
    of_order = ("confirmed",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """A name is for people; an order that has left is told so without asking for an address."""
        field = turn.slot("contact_field")
        if field == "name":
            return []
        if field == "delivery_address":
            found = await shown(turn)
            if found and await is_settled(turn, found):
                return []
            return ["order_number", *([] if found else ["identity_proof"]), "new_address", "confirmed"]
        if field in VALUE_OF:
            wanted = [slot for slot in await super().needed(turn, slots) if slot in ("email", "code")]
            return [*wanted, VALUE_OF[str(field)], "confirmed"]
        return ["contact_field"]

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What is to change and the new value, where the message tells them; the new value may be corrected until the last yes."""
        values: Dict[str, Any] = {}
        if turn.moment == "beginning":
            values = {"address_parts": None, "address_missing": None}
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        if not turn.slot("contact_field") and turn.moment != "back":
            values["contact_field"] = field_of(turn.typed, turn) or (spoken_of(turn) if turn.moment == "beginning" and not turn.typed else None)
        elif asked and turn.intent in self.begins:
            values.update(another_field(turn))
        turn.remember(values)
        if turn.moment != "back" and turn.typed and asked not in ("code", "identity_proof", "order_number", "email"):
            found = await self._new_value(turn, asked)
            if found and asked == "confirmed":
                found.update({"confirmed": None, "asked": "changed"})
            elif asked == "confirmed" and turn.slot("confirmed") is None:
                found["confirmed"] = plain_answer(turn.typed)
            values.update(found)
            turn.remember(found)
        values.update(await super().known(turn))
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A new value in the midst of other words; a town alone may look like anything."""
        missing = turn.slot("address_missing")
        if slot == "new_address" and missing and turn.typed and len(turn.typed.split()) <= 4 and not NOT_KNOWN.search(turn.typed):
            return "?" not in turn.typed and bool(customers.read_address(turn.text, asked=missing))
        if slot == "confirmed" and plain_answer(turn.typed) is not None:
            return True
        if slot in ("new_address", "confirmed") and customers.read_address(turn.text):
            return bool(turn.typed)
        if slot in ("new_phone", "new_email", "confirmed") and turn.entity("phone" if slot == "new_phone" else "email"):
            return True
        return (slot == "contact_field" and field_of(turn.typed, turn) is not None) or super().is_answer(turn, slot)

    async def check_contact_field(self, turn: Turn, value: str) -> Dict[str, Any]:
        """One of the five."""
        return {"contact_field": value if value in FIELDS else None}

    async def check_order_number(self, turn: Turn, value: str) -> Dict[str, Any]:
        """The digits of a code are no order."""
        if turn.slot("requested_slot") == "code" and turn.moment == "answer":
            return {"order_number": before(turn, "order_number")}
        return await super().check_order_number(turn, value)

    async def check_email(self, turn: Turn, value: Any) -> Dict[str, Any]:
        """The account's present address. A new one, told before that or asked for, is no answer to it."""
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        field = turn.slot("contact_field") or field_of(turn.typed, turn)
        if field == "email" and asked in (None, "new_email", "confirmed", "contact_field"):
            return {"email": before(turn, "email")}
        return await super().check_email(turn, value)

    async def check_identity_proof(self, turn: Turn, value: Any) -> Dict[str, Any]:
        """A proof only where it was asked for: other postal codes and addresses are new ones."""
        if turn.slot("requested_slot") != "identity_proof" or turn.moment == "beginning" or turn.slot("contact_field") != "delivery_address":
            return {"identity_proof": None}
        return await super().check_identity_proof(turn, value)

    async def _new_value(self, turn: Turn, asked: Optional[str]) -> Dict[str, Any]:
        field = turn.slot("contact_field")
        if field == "phone" and asked in (None, "contact_field", "new_phone", "confirmed"):
            return await phone_in(turn, asked)
        if field == "email":
            addresses = [customers.checked_email(str(e["value"])) for e in turn.entities if e.get("entity") == "email"]
            good = [address for address in addresses if isinstance(address, str)]
            return {"new_email": good[-1]} if good else {}
        return await address_in(turn, asked) if field != "name" else {}


class ActionAskContactFormConfirmed(TopicAction):
    """Sums up what will be changed, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """The new value as it will be kept."""
        field = str(turn.slot("contact_field"))
        return turn.say(
            f"utter_contact_confirm_{field}", number=turn.slot("order_number") or "", value=_shown_value(turn.slot(VALUE_OF[field])), buttons=turn.yes_or_no()
        )


class ActionChangeContact(TopicAction):
    """Makes the change, tells the old address of it by mail, and says what is changed; or why it can't be, and what else can be done."""

    ends = True
    forgets = (
        "identity_proof", "attempts_left", "contact_field", "new_address", "new_phone", "new_email", "address_parts", "address_missing", "code_sent",
        "code_state", "confirmed",
    )

    async def handle(self, turn: Turn) -> Events:
        """Once per turn; where it can't be done now, people do it."""
        field = str(turn.slot("contact_field"))
        if field == "name":
            return turn.say("utter_contact_name")
        if turn.slot("confirmed") is False:
            return turn.say("utter_contact_kept")
        found, person = await shown(turn), await proved(turn, "contact")
        if field == "delivery_address" and found:
            settled = await is_settled(turn, found)
            if settled:
                return _too_late(turn, settled.reason)
            person = str(found.customer.id)
        if not person:
            return turn.say("utter_identity_stopped")
        changed = await done_in_time(turn, lambda s: _change(s, turn, field, person))
        if changed is None:
            number = turn.slot("order_number") if field == "delivery_address" else None
            facts = f"{field}: {_shown_value(turn.slot(VALUE_OF[field]))}"
            return await leave_to_people(turn, category="account.details", order=number, facts=facts, urgency="p2" if number else None)
        return _said(turn, field, changed)


async def is_settled(turn: Turn, found: customers.Identified) -> Optional[customers.ContactRefused]:
    """Why the order can't be sent elsewhere any more; None while it can."""
    order = found.order
    return await turn.read(lambda s: customers.delivery_is_settled(s, order))


def _change(session: Session, turn: Turn, field: str, person: str) -> customers.Change:
    """Makes the change and puts the mails about it, in one transaction."""
    at, settings, number = context().clock(), context().settings, turn.slot("order_number")
    owner = customers.customer_by_id(session, person)
    old_email, first_name = (str(owner.email), str(owner.first_name)) if owner is not None else ("", "")
    key = f"{turn.key}:{field}"
    if field in ("phone", "email"):
        done = customers.change_contact(session, customer=person, field=field, new=str(turn.slot(VALUE_OF[field])), key=key, at=at)
    else:
        parts = customers.TypedAddress(**turn.slot("address_parts"))
        country = parts.country or str(turn.slot("new_address")).rsplit(", ", 1)[-1]
        address = customers.Address(str(parts.street), str(parts.postal_code), str(parts.city), country)
        done = (
            customers.change_delivery_address(session, order_number=number, address=address, key=key, at=at) if field == "delivery_address"
            else customers.change_address(session, customer=person, address=address, key=key, at=at)
        )
    if isinstance(done, customers.ContactChanged):
        addresses = [old_email, done.new] if field == "email" else [old_email]
        values = {"what": field, "first_name": first_name, **({"order_number": number} if field == "delivery_address" else {})}
        for place, to in enumerate(filter(None, addresses)):
            put_mail(
                session, settings, to=to, template="contact_changed", language=turn.language, key=f"{key}:mail:{place}", at=at,
                conversation=turn.conversation, values=values,
            )
    return done


def _said(turn: Turn, field: str, done: customers.Change) -> Events:
    if isinstance(done, customers.ContactRefused):
        if field == "delivery_address" and done.reason != "express_in_france_only":
            return _too_late(turn, done.reason)
        return turn.say(f"utter_contact_refused_{done.reason}")
    if isinstance(done, customers.ContactFaults):
        return turn.say("utter_contact_refused_not_possible")
    if isinstance(done, customers.ContactUnchanged):
        return turn.say("utter_contact_unchanged", value=_shown_value(done.value))
    running = done.running_orders[:3]
    buttons: List[Dict[str, Any]] = [
        {"title": number, "payload": f'/update_contact_details{{"contact_field": "delivery_address", "order_number": "{number}"}}'} for number in running
    ]
    name = "utter_contact_changed_address_running" if running else f"utter_contact_changed_{field}"
    turn.say(name, number=turn.slot("order_number") or "", value=_shown_value(done.new), orders=turn.listed(list(running)), buttons=buttons)
    return [SlotSet("email", done.new if field == "email" else turn.slot("email"))]


def _too_late(turn: Turn, reason: str) -> Events:
    name = reason if reason in ("shipped", "delivered") else "settled"
    return turn.say(f"utter_contact_too_late_{name}", number=turn.slot("order_number"))


def _shown_value(value: Any) -> str:
    """A telephone number and an address as people write them; a country of one's own need not be said."""
    text = str(value or "")
    if re.fullmatch(r"\+33\d{9}", text):
        return " ".join(re.findall(r"\d\d", "0" + text[3:]))
    return text.removesuffix(", FR")
