"""Tickets: opened with all that was said, or joined to the open one about the same."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk.events import SlotSet

from actions import device as devices
from actions import guiding
from actions.base import Events, TopicAction, Turn, context
from actions.device import NONE
from actions.filing import done_in_time
from actions.forms import NOT_KNOWN, TopicForm
from savoir.conversations import service as conversations
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.tickets import service as tickets

ENOUGH_WORDS = 6
NO_MATTER = {
    "speak_to_human", "ask_contact_information", "give_praise", "track_ticket", "add_to_ticket", "close_ticket", "greet", "thank", "goodbye", "ask_if_bot",
    "ask_capabilities", "ask_repeat", "switch_language", "stop",
}
"""Intents of which no ticket is the answer."""


class ValidateTicketForm(TopicForm):
    """Collects what a ticket still needs: what it is about, and where to answer."""

    begins = ("open_ticket",)
    any_words = ("description",)
    fresh = ("description",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Nothing that was said already; no address of a customer who is known."""
        wanted = list(slots)
        if not turn.slot("description") and says_enough(turn):
            wanted.remove("description")
        if not turn.slot("email") and await turn.read(lambda s: conversations.find(s, turn.conversation).customer):
            wanted.remove("email")
        return wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """A photo tells something too; who writes no address twice is answered here."""
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        if asked == "description" and turn.intent == "share_photo":
            return {"description": NONE}
        if asked == "email" and not turn.slot("email") and int(turn.slot("misses") or 0) >= 1:
            return {"email": NONE}
        return {"email": None} if turn.moment == "beginning" and turn.slot("email") == NONE else {}

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """A ticket can do without."""
        return {slot: NONE}


class ActionOpenTicket(TopicAction):
    """Opens a ticket with all that was said, tells its number and by when a person answers."""

    ends = True
    forgets = ("description", "symptom", "request", "product_type", "product_model", "damage")
    settles = ("report_fault", "report_physical_damage")  # all that was told of them is in the ticket

    async def handle(self, turn: Turn) -> Events:
        """Once per turn, however often it is run. What can't be filed goes to a person, who has it all before them."""
        at = context().clock()

        def file(session: Any) -> Tuple[tickets.Filed, str, str]:
            filed = tickets.open_or_add(session, _new_ticket(turn, session), key=turn.key, at=at)
            return filed, filed.ticket.number, filed.ticket.email or ""

        done = await done_in_time(turn, file)
        if done is None:
            turn.say("utter_ticket_not_filed")
            turn.hand_over("stuck")
            return [SlotSet("action_status", "failed")]
        filed, number, address = done
        day, hour = answered_by(turn, filed.ticket)
        if not filed.number_may_be_told:
            turn.say("utter_ticket_joined_of_address", address=address, day=day, hour=hour)
        elif filed.how == "known":
            turn.say("utter_ticket_known", number=number, day=day, hour=hour)
        elif filed.how != "opened":
            turn.say("utter_ticket_joined", number=number, day=day, hour=hour)
        elif address:
            turn.say("utter_ticket_opened", number=number, address=address, day=day, hour=hour)
        else:
            turn.say("utter_ticket_opened_without_email", number=number, day=day, hour=hour)
        guided = guiding.kept(turn)
        after = guiding.Guided(guided.device, guided.symptom, end="ticket", facts=guided.facts) if guided.device or guided.facts else None
        return [
            *([SlotSet("ticket_number", number)] if filed.number_may_be_told else []), SlotSet("diagnosis", after and after.as_json()),
            *([SlotSet("email", None)] if turn.slot("email") == NONE else []),
        ]


def answered_by(turn: Turn, ticket: Any) -> Tuple[str, str]:
    """The day and the hour by which a person answers, in words."""
    by = tickets.promise(str(ticket.urgency), context().clock(), context().hours)
    return turn.day(by), turn.hour(by) if by else ""


def says_enough(turn: Turn) -> bool:
    """Whether what was typed since the last ticket tells the matter."""
    if guiding.kept(turn).walk:
        return True
    is_fault = turn.slot("request") in ("fault", "damage")
    told = [text for text, intent in _said(turn)[-3:] if intent not in NO_MATTER and not NOT_KNOWN.search(fold(text))]
    return any(len(text.split()) >= (3 if is_fault else ENOUGH_WORDS) for text in told)


def _said(turn: Turn) -> List[Tuple[str, str]]:
    """What was typed since the last ticket, oldest first, with what it was understood as."""
    found: List[Tuple[str, str]] = []
    for event in turn.events:
        if event.get("event") == "action" and event.get("name") == "action_open_ticket":
            found = []
        text = str(event.get("text") or "") if event.get("event") == "user" else ""
        if text and not text.startswith("/"):
            found.append((text, str(((event.get("parse_data") or {}).get("intent") or {}).get("name") or "")))
    return found


def _after(turn: Turn) -> int:
    """The place in the log behind which this matter begins: the last ticket, or the beginning of the session."""
    place: Optional[int] = None
    latest = 0
    for event in turn.events:
        if event.get("event") == "user":
            latest = int((event.get("metadata") or {}).get("seq") or 0)
            place = max(latest - 1, 0) if place is None else place
        elif event.get("event") == "action" and event.get("name") == "action_open_ticket":
            place = latest
    return place or 0


def _category(turn: Turn) -> str:
    """What the matter is filed under: a fault, a damage, or else the last request."""
    if turn.slot("request") == "damage" or (turn.slot("request") == "fault" and turn.slot("damage")):
        return "hardware.physical_damage"
    if turn.slot("request") == "fault":
        return tickets.category_of("report_fault", turn.slot("symptom"))
    asked = [intent for _, intent in _said(turn) if intent in tickets.CATEGORY_OF_INTENT and intent not in NO_MATTER]
    return tickets.category_of(asked[-1], turn.slot("symptom")) if asked else "general.other"


def _new_ticket(turn: Turn, session: Any) -> tickets.NewTicket:
    customer = conversations.find(session, turn.conversation).customer
    known = customers.customer_by_id(session, str(customer)) if customer else None
    one, guided, category = devices.of_slots(turn), guiding.kept(turn), _category(turn)
    is_device = category.startswith(("hardware", "software", "safety", "repair", "usage")) or turn.slot("request") in ("fault", "damage")
    name = devices.name_of(session, one, turn.language) if is_device and one else ""
    summary = guiding.filed_summary(turn, turn.language)
    typed = [text for text in guiding.told(turn) if text in {said for said, _ in _said(turn)}]
    body = "\n".join([*typed, summary]) if summary else tickets.body_of(session, turn.conversation, after=_after(turn))
    given = turn.slot("description")
    matter = (given if given != NONE else "") or max((text for text, i in _said(turn) if i not in NO_MATTER and "@" not in text), key=len, default="")
    if is_device and len(matter.split()) < ENOUGH_WORDS and guided.symptom:
        matter = max(matter, guiding.symptom_label(str(guided.symptom), turn.language), key=len)
    email = turn.slot("email") if turn.slot("email") != NONE else None
    symptom = turn.slot("symptom") if is_device and turn.slot("symptom") not in (devices.OTHER, NONE) else None
    return tickets.NewTicket(
        channel=turn.metadata.get("channel") or "web", language=turn.language, category=category, urgency=tickets.urgency_of(category),
        subject=tickets.subject_of(matter=matter, category=category, language=turn.language, product=name or None), body=body,
        product_type=one.type if one and is_device else None, product_model=one.model if one and is_device else None, symptom=symptom,
        email=email or (str(known.email) if known else None), customer=str(customer) if customer else None, conversation=turn.conversation,
    )
