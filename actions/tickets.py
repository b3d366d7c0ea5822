"""Tickets: opened with all that was said, and looked up."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, TopicAction, TopicForm, Turn, context
from savoir.conversations import service as conversations
from savoir.customers import service as customers
from savoir.tickets import service as tickets

NONE = "none"
"""The value of a slot that the customer would not or could not fill."""
ENOUGH_WORDS = 6


class ValidateTicketForm(TopicForm):
    """Collects what a ticket needs: the device (for a fault), what is wrong, and where to answer."""

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No device for what is not a fault; nothing that is known already."""
        wanted = list(slots)
        if turn.slot("request") != "fault" or turn.slot("product_model"):
            wanted.remove("product_type")
        if not turn.slot("description") and _says_enough(turn):
            wanted.remove("description")
        if not turn.slot("email") and await turn.read(lambda s: conversations.find(s, turn.conversation).customer):
            wanted.remove("email")
        return wanted

    async def validate_email(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> Dict[str, Any]:
        """An address, or `none` when the customer would rather not give one."""
        return {"email": value}


class ActionOpenTicket(TopicAction):
    """Opens a ticket with what was said and tells its number."""

    async def handle(self, turn: Turn) -> Events:
        """Once per turn, however often it is run."""
        at = context().clock()
        ticket = await turn.write(lambda s: tickets.open_ticket(s, _new_ticket(turn, s), key=turn.key, at=at))
        turn.say("utter_ticket_opened" if ticket.email else "utter_ticket_opened_without_email", number=ticket.number, address=ticket.email or "")
        forgotten = ("description", "symptom", "request", "product_type", "product_model")
        return [SlotSet("ticket_number", ticket.number), *(SlotSet(name, None) for name in forgotten), *_without_none(turn)]


class ValidateFollowForm(TopicForm):
    """Collects a ticket's number and, where it was not opened in this conversation, the address it was left with."""

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """A ticket opened in this conversation needs neither."""
        number = turn.slot("ticket_number")
        if not number:
            opened = await turn.read(lambda s: tickets.of_conversation(s, turn.conversation))
            return [] if opened else slots
        email = turn.slot("email")
        visible = await turn.read(lambda s: tickets.visible_ticket(s, number=number, conversation=turn.conversation, email=email))
        return ["ticket_number"] if visible else slots


class ActionTrackTicket(TopicAction):
    """Says where a ticket is."""

    async def handle(self, turn: Turn) -> Events:
        """The state in words; for a number or an address that do not go together the same answer as for none."""
        number, email = turn.slot("ticket_number"), turn.slot("email")

        def look(session: Any) -> Any:
            if number:
                return tickets.visible_ticket(session, number=number, conversation=turn.conversation, email=email)
            return next(iter(tickets.of_conversation(session, turn.conversation)), None)

        ticket = await turn.read(look)
        if ticket is None:
            turn.say("utter_ticket_unknown", number=number or "")
            return [SlotSet("ticket_number", None), SlotSet("email", None)]
        turn.say(f"utter_ticket_{ticket.state}", number=ticket.number, subject=ticket.subject)
        return []


def _says_enough(turn: Turn) -> bool:
    """Whether what was written already tells the matter."""
    return bool(turn.slot("symptom")) or any(len(text.split()) >= ENOUGH_WORDS for text in turn.customer_texts()[-1:])


def _without_none(turn: Turn) -> Events:
    return [SlotSet("email", None)] if turn.slot("email") == NONE else []


def _new_ticket(turn: Turn, session: Any) -> tickets.NewTicket:
    customer = conversations.find(session, turn.conversation).customer
    known = customers.customer_by_id(session, customer) if customer else None
    email = turn.slot("email") if turn.slot("email") != NONE else None
    symptom, model = turn.slot("symptom"), turn.slot("product_model")
    product = customers.product(session, model) if model else None
    kind = turn.slot("product_type") or (product.type if product else None)
    texts = turn.customer_texts()
    matter = turn.slot("description") or max(texts, key=len, default="")
    is_fault = turn.slot("request") == "fault"
    subject = " – ".join(part for part in ((product.name if product else kind), matter) if part and part != NONE) or "—"
    return tickets.NewTicket(
        channel=turn.metadata.get("channel") or "web", language=turn.language, subject=subject, body="\n".join(texts),
        category=tickets.CATEGORY_OF_SYMPTOM.get(symptom or "", "hardware.other") if is_fault else "general.other",
        product_type=kind if kind != NONE else None, product_model=model, symptom=symptom,
        email=email or (str(known.email) if known else None), customer=customer, conversation=turn.conversation,
    )
