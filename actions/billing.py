"""Invoices: sent by mail to the address on file and to no other; a wrong one is left to people."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.filing import done_in_time
from actions.left_to_people import leave_to_people
from actions.order_form import OrderForm, shown
from savoir.core.mail import Enclosure, put_mail
from savoir.customers import service as customers

CORRECTION = re.compile(
    r"\b(?:societes?|entreprise|raison sociale|sire[nt]|tva|associations?|asso|corrig\w*|rectifi\w*|modifi\w*|faux|fausse|erreur|mauvais\w*|ma boite|"
    r"au nom d\w+|company|business|vat|amend\w*|correct\w*|wrong|charity|charities|made out to|credit note|avoir rectificatif)\b"
)
"""What can't be had by sending the invoice once more."""
ELSEWHERE = re.compile(r"\b(?:envo\w+|adress\w+|transf\w+|expedi\w+|send|sent|mail|e-?mail|forward|mettez|plutot|autre adresse|another address|instead|comptable|accountant)\b")


class ValidateInvoiceForm(OrderForm):
    """Which order, that it is theirs; what is wrong with the invoice, or a yes to the address on file, where that must be asked."""

    begins = ("request_invoice",)
    any_words = ("invoice_details",)
    fresh = ("confirmed", "invoice_details")

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Nothing more for an invoice that simply goes to its address, or is not made yet."""
        wanted = await super().needed(turn, slots)
        made = await invoice_exists(turn)
        if turn.slot("invoice_wish") != "correction" or made is False:
            wanted = [slot for slot in wanted if slot != "invoice_details"]
        if not turn.slot("invoice_elsewhere") or turn.slot("invoice_wish") == "correction" or made is False:
            wanted = [slot for slot in wanted if slot != "confirmed"]
        return wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """Whether another invoice than the one there is, or another address, is wanted."""
        values: Dict[str, Any] = await super().known(turn)
        if turn.moment == "back":
            return values
        if turn.moment == "beginning":
            values["invoice_wish"] = "correction" if CORRECTION.search(turn.typed) else None
            if not turn.slot("invoice_elsewhere") or not turn.entity("email"):
                values["invoice_elsewhere"] = None
        elif turn.intent == "request_invoice" and CORRECTION.search(turn.typed) and turn.slot("requested_slot") != "invoice_details":
            values["invoice_wish"] = "correction"
        return values

    async def check_identity_proof(self, turn: Turn, value: Any) -> Dict[str, Any]:
        """An address to which the invoice shall go proves nothing, and is no attempt at it."""
        given = str(value[-1] if isinstance(value, list) else value)
        if await shown(turn):
            is_other = "@" in given and not customers.same_address(given, (await _address(turn)).email)
            return {"identity_proof": None, **({"invoice_elsewhere": given} if is_other else {})}
        if "@" in given and turn.slot("requested_slot") != "identity_proof" and ELSEWHERE.search(turn.typed):
            return {"identity_proof": None, "invoice_elsewhere": given}
        return await super().check_identity_proof(turn, given)


class ActionAskInvoiceFormConfirmed(TopicAction):
    """Says that an invoice goes to the address on file only, and asks whether it shall."""

    async def handle(self, turn: Turn) -> Events:
        """The address is shown with most of its name hidden; who has lost it changes it first, or sees a person."""
        buttons = [
            turn.button("affirm", name="send_it_there", means="affirm"), turn.button("update_contact_details", name="change_my_email", contact_field="email"),
            turn.button("speak_to_human"),
        ]
        return turn.say("utter_ask_invoice_form_confirmed", address=(await _address(turn)).shown, buttons=buttons)


class ActionSendInvoice(TopicAction):
    """Mails the invoice, or says why there is none; what is wrong with one is filed."""

    ends = True
    forgets = ("identity_proof", "attempts_left", "confirmed", "invoice_wish", "invoice_elsewhere", "invoice_details")

    async def handle(self, turn: Turn) -> Events:
        """Once per turn; where it can't be made now, people send it."""
        identified = await shown(turn)
        if not identified:
            return turn.say("utter_identity_stopped")
        number, details = str(identified.order.number), turn.slot("invoice_details")
        if details:
            return await leave_to_people(
                turn, category="billing.invoice", order=number, facts=str(details), said="utter_invoice_correction_filed", status="done", number=number
            )
        if turn.slot("confirmed") is False:
            return turn.say(
                "utter_invoice_not_sent",
                buttons=[turn.button("update_contact_details", name="change_my_email", contact_field="email"), turn.button("speak_to_human")],
            )
        owner = str(identified.customer.id)
        sent = await done_in_time(turn, lambda session: _send(session, turn, number, owner))
        if sent is None:
            return await leave_to_people(turn, category="billing.invoice", order=number)
        if isinstance(sent, customers.NoInvoice):
            expected = identified.order.expected_at
            name = "utter_invoice_not_yet" if sent.reason == "not_shipped" and expected else f"utter_invoice_{sent.reason}"
            return turn.say(name, number=number, expected=turn.day(expected))
        turn.say(
            "utter_invoice_sent", number=number, address=sent[0].shown, invoice=sent[1].number,
            buttons=[turn.button("update_contact_details", name="not_my_address", contact_field="email")],
        )
        return [SlotSet("action_status", "done")]


async def invoice_exists(turn: Turn) -> Optional[bool]:
    """Whether there is an invoice yet; None while the order is not shown to be the customer's."""
    identified = await shown(turn)
    if not identified:
        return None
    order = identified.order
    return bool(await turn.read(lambda s: order.status != "cancelled" and customers.has_left(s, order)))


async def _address(turn: Turn) -> customers.InvoiceAddress:
    number = turn.slot("order_number")
    return await turn.read(lambda s: customers.invoice_address(s, order_number=number))


def _send(session: Session, turn: Turn, number: str, owner: str) -> Any:
    at, settings = context().clock(), context().settings
    made = customers.invoice_of(session, order_number=number, language=turn.language, seller=customers.Seller.of(settings), at=at)
    if isinstance(made, customers.NoInvoice):
        return made
    address = customers.invoice_address(session, order_number=number)
    customer = customers.customer_by_id(session, owner)
    put_mail(
        session, settings, to=address.email, template="invoice", language=turn.language, key=f"{turn.key}:mail", at=at,
        conversation=turn.conversation, values={"order_number": number, **({"first_name": customer.first_name} if customer else {})},
        enclosures=[Enclosure(made.file_name, "application/pdf", made.content)],
    )
    found: Tuple[customers.InvoiceAddress, customers.Invoice] = (address, made)
    return found
