"""A ticket that exists: where it is, what is added to it, and closing it."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Dict, List, Optional, Tuple

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.filing import done_in_time
from actions.forms import TopicForm
from actions.tickets import answered_by
from savoir.conversations import service as conversations
from savoir.tickets import service as tickets

MOST_SHOWN = 4
ALL = (*tickets.OPEN, "solved", "closed")
NEW = "new"
"""The value of an addition that belongs to no ticket yet."""
WANTS_NEW = re.compile(
    r"\b(?:ouvr(?:ir|ez|e)|cree[rz]?|fai(?:re|tes)|depose[rz]?|nouveau|open|create|raise|log|new)\b"
    r"(?:[ -](?:moi|plutot|simplement|donc|juste|un|une|le|mon|nouveau|me|a|an|the|new)){0,3} (?:dossier|ticket|demande|case)\b"
)
PHOTO = "photo"
"""The value of an addition that is a photo without words."""
CLOSING = {
    "anyway": re.compile(r"\b(?:quand meme|tant pis|anyway|regardless)\b"),
    "keep": re.compile(r"\b(?:pas|ne|toujours|garde\w*|laisse\w*|not|still|keep|leave)\b"),
    "solved": re.compile(r"\b(?:regle\w*|resolu\w*|marche|fonctionne|solved|sorted|fixed|works?|working)\b"),
}
"""What is typed for the buttons, in folded text, in the order in which they are looked for."""
WITH_WORDS = re.compile(r"(?::\s*|\bque\s+|\bqu['’]|\bthat\s+|\bto say\s+(?:that\s+)?)(.{15,})$", re.IGNORECASE | re.DOTALL)
"""`ajoutez à mon dossier que le bruit est revenu`: what is to be added is said already."""


class KnownTicketForm(TopicForm):
    """A form about one ticket: which one, and, unless it is the customer's or this conversation's own, the address it was left with."""

    only: ClassVar[Tuple[str, ...]] = (*tickets.OPEN, "solved")
    """States of the tickets that are offered to choose from."""

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The only ticket there is; a proof that does not go with the number is not taken along."""
        number = turn.slot("ticket_number")
        mine = await turn.read(lambda s: [t.number for t in own(s, turn.conversation, self.only)])
        if not number and len(mine) == 1:
            return {"ticket_number": mine[0]}
        if number and turn.moment == "beginning" and not turn.entity("ticket_number") and len(mine) > 1:
            return {"ticket_number": None}  # the one that was spoken of last need not be the one that is meant now
        proof = turn.slot("ticket_proof")
        if number and proof and turn.moment == "beginning" and not turn.entity("email") and not await visible(turn, number, proof):
            return {"ticket_proof": None}
        return {}

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No proof for one's own."""
        number = turn.slot("ticket_number")
        is_own = number and await visible(turn, number, None)
        return [slot for slot in slots if slot != "ticket_proof" or not is_own]

    async def check_ticket_proof(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A number and an address that do not go together: the same answer as for a number that does not exist."""
        number = turn.slot("ticket_number")
        if not number or await visible(turn, number, value):
            return {"ticket_proof": value}
        return {"ticket_proof": None}

    async def check_ticket_number(self, turn: Turn, value: str) -> Dict[str, Any]:
        """An address given before is tried with it."""
        proof = turn.slot("ticket_proof")
        is_fine = not proof or turn.entity("email") or await visible(turn, value, proof)
        return {"ticket_number": value, **({} if is_fine else {"ticket_proof": None})}


class ValidateFollowForm(KnownTicketForm):
    """Which ticket."""

    begins = ("track_ticket",)
    only = ALL


class ActionAskTicketNumber(TopicAction):
    """Asks which ticket."""

    async def handle(self, turn: Turn) -> Events:
        """The customer's, and those of this conversation, as buttons."""
        shown = await turn.read(lambda s: [(t.number, str(t.subject)) for t in own(s, turn.conversation, ALL)][:MOST_SHOWN])
        if shown and not turn.slot("asked"):
            buttons = [{"title": f"{number} – {_short(subject)}", "payload": f'/inform{{"ticket_number": "{number}"}}'} for number, subject in shown]
            return turn.say("utter_ask_ticket_number_of_yours", buttons=buttons)
        return turn.say("utter_ask_ticket_number")


class ActionTrackTicket(TopicAction):
    """Says where a ticket is."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """The state in words, and by when a person answers."""
        ticket = await _seen(turn)
        if ticket is None:
            turn.say("utter_ticket_unknown")
            return [SlotSet("ticket_number", None), SlotSet("ticket_proof", None)]
        state, at = str(ticket.state), context().clock()
        by = tickets.promise(str(ticket.urgency), ticket.created_at, context().hours)
        add = turn.button("add_to_ticket", name="answer_now", means="affirm", ticket_number=ticket.number)
        if state == "new" and by is not None and by < at:
            return turn.say("utter_ticket_late", number=ticket.number)
        if state == "pending_customer":
            return turn.say("utter_ticket_is_pending_customer", number=ticket.number, buttons=[add, turn.button("decline", name="not_now", means="deny")])
        if state == "solved":
            again = turn.button("add_to_ticket", name="not_solved", ticket_number=ticket.number)
            done = turn.button("close_ticket", name="all_solved", means="affirm", ticket_number=ticket.number, closing="solved")
            return turn.say("utter_ticket_is_solved", number=ticket.number, buttons=[done, again])
        if state == "closed":
            go_on = turn.button("add_to_ticket", name="go_on_with_it", means="affirm", ticket_number=ticket.number)
            return turn.say("utter_ticket_is_closed", number=ticket.number, buttons=[go_on, turn.button("decline", name="no", means="deny")])
        return turn.say(
            f"utter_ticket_is_{state}", number=ticket.number, subject=ticket.subject, day=turn.day(by), hour=turn.hour(by) if by else "",
            since=turn.day(ticket.updated_at),
        )


class ValidateAddForm(KnownTicketForm):
    """Which ticket, and what is to be added."""

    begins = ("add_to_ticket",)
    any_words = ("addition",)
    fresh = ("addition",)
    only = ALL

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Nothing for who wants a new one."""
        return [] if turn.slot("addition") == NEW else await super().needed(turn, slots)

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message says already; a photo alone is something too."""
        if turn.moment == "beginning" and WANTS_NEW.search(turn.typed):
            return {"addition": NEW}
        found = await super().known(turn)
        if turn.moment == "answer" and turn.slot("requested_slot") == "addition" and turn.intent == "share_photo":
            return {**found, "addition": PHOTO}
        if turn.slot("addition") or turn.intent != "add_to_ticket" or not turn.typed:
            return found
        said = WITH_WORDS.search(turn.text)
        return {**found, **({"addition": said[1].strip()} if said else {})}


class ActionAddToTicket(TopicAction):
    """Adds the customer's words and photos to a ticket."""

    forgets = ("addition",)

    async def handle(self, turn: Turn) -> Events:
        """A closed one is followed by a new one. What can't be written goes to a person, who has it before them."""
        if turn.slot("addition") == NEW:
            return [SlotSet("request", "other"), FollowupAction("ticket_form")]
        turn.matter_ends = True
        ticket, said, at = await _seen(turn), turn.slot("addition") or "", context().clock()
        if ticket is None:
            return turn.say("utter_ticket_unknown")
        number = ticket.number

        def add(session: Session) -> Tuple[tickets.Filed, str]:
            words = "" if said == PHOTO else said
            filed = tickets.add_to_ticket(
                session, tickets.by_number(session, number), text=words, key=turn.key, at=at, conversation=turn.conversation
            )
            return filed, filed.ticket.number

        done = await done_in_time(turn, add)
        if done is None:
            turn.say("utter_ticket_not_filed")
            turn.hand_over("stuck")
            return [SlotSet("action_status", "failed")]
        filed, now_number = done
        day, hour = answered_by(turn, filed.ticket)
        turn.say(f"utter_addition_{filed.how}", number=now_number, earlier=number, day=day, hour=hour)
        return [SlotSet("ticket_number", now_number)]


class ValidateCloseForm(KnownTicketForm):
    """Which ticket, and whether it is solved."""

    begins = ("close_ticket",)
    fresh = ("closing",)

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The answer in other words than a yes or a no."""
        found = await super().known(turn)
        if turn.moment != "answer" or turn.slot("requested_slot") != "closing" or turn.slot("closing"):
            return found
        said = next((value for value, pattern in CLOSING.items() if pattern.search(turn.typed)), None)
        return {**found, **({"closing": said} if said else {})}

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Nothing is asked about a ticket that is closed."""
        wanted, ticket = await super().needed(turn, slots), await _seen(turn)
        return [slot for slot in wanted if slot != "closing"] if ticket is not None and ticket.state == "closed" else wanted


    def _is_left(self, turn: Turn, asked: Optional[str], found: Dict[str, Any]) -> bool:
        """`Tant pis, fermez quand même` gives nothing up: it is an answer."""
        is_answer = asked == "closing" and turn.intent == "stop" and CLOSING["anyway"].search(turn.typed)
        return not is_answer and super()._is_left(turn, asked, found)


class ActionAskClosing(TopicAction):
    """Asks whether it is solved, before it is closed."""

    async def handle(self, turn: Turn) -> Events:
        """Names the ticket and what it is about."""
        ticket = await _seen(turn)
        buttons = [
            turn.button("inform", name="closing_solved", means="affirm", closing="solved"), turn.button("inform", name="closing_anyway", closing="anyway"),
            turn.button("inform", name="closing_keep", means="deny", closing="keep"),
        ]
        return turn.say("utter_ask_closing", number=turn.slot("ticket_number"), subject=_short(str(ticket.subject)) if ticket else "", buttons=buttons)


class ActionCloseTicket(TopicAction):
    """Closes a ticket for the customer."""

    ends = True
    forgets = ("closing",)

    async def handle(self, turn: Turn) -> Events:
        """Whether it was solved is noted in it."""
        ticket, how, at = await _seen(turn), turn.slot("closing"), context().clock()
        if ticket is None:
            return turn.say("utter_ticket_unknown")
        number = ticket.number
        if ticket.state == "closed":
            return turn.say("utter_ticket_closed_already", number=number)
        if how == "keep":
            return turn.say("utter_ticket_kept_open", number=number)

        def close(session: Session) -> bool:
            row = tickets.by_number(session, number)
            if tickets.close_by_customer(session, row, at=at):
                words = {"solved": ("C'est réglé.", "It is solved."), "anyway": ("Ce n'est pas réglé.", "It is not solved.")}[how or "solved"]
                tickets.add_note(session, row, text=words[0] if row.language == "fr" else words[1], actor="customer", at=at)
            return True

        if await done_in_time(turn, close) is None:
            turn.say("utter_ticket_not_filed")
            turn.hand_over("stuck")
            return [SlotSet("action_status", "failed")]
        return turn.say("utter_ticket_closed_solved" if how == "solved" else "utter_ticket_closed_unsolved", number=number)


def own(session: Session, conversation: str, states: Tuple[str, ...]) -> List[Any]:
    """The tickets of this conversation and of its customer in some states, those that are open first, then the newest."""
    customer = conversations.find(session, conversation).customer
    found = [*tickets.of_conversation(session, conversation), *(tickets.of_customer(session, str(customer)) if customer else [])]
    mine = [ticket for ticket in {ticket.id: ticket for ticket in found}.values() if ticket.state in states]
    return sorted(mine, key=lambda ticket: (ticket.state not in tickets.OPEN, -ticket.id))


async def visible(turn: Turn, number: str, proof: Optional[str]) -> Optional[Any]:
    """The ticket, if this conversation may see it."""
    return await turn.read(lambda s: tickets.visible_ticket(s, number=number, conversation=turn.conversation, email=proof))


async def _seen(turn: Turn) -> Optional[Any]:
    number = turn.slot("ticket_number")
    return await visible(turn, number, turn.slot("ticket_proof")) if number else None


def _short(subject: str) -> str:
    return subject if len(subject) <= 40 else subject[:39].rstrip() + "…"
