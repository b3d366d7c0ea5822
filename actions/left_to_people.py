"""What the assistant can't settle about bills, accounts and data becomes a ticket, with all that was said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Optional

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, Turn, context
from actions.filing import answer_by, new_ticket
from savoir.tickets import service as tickets


async def leave_to_people(
    turn: Turn, *, category: str, order: Optional[str] = None, facts: str = "", urgency: Optional[str] = None, email: Optional[str] = None,
    said: str = "utter_left_to_people", status: str = "queued", also: Optional[Callable[[Session], Any]] = None, **values: Any,
) -> Events:
    """Opens a ticket, or adds to the open one about the same; the customer hears its number (`ticket`) and by when people answer (`by`).

    `facts` lead the ticket's text, `also` is done in the same transaction, `email` is where somebody unknown is answered.
    """
    at = context().clock()

    def file(session: Session) -> Any:
        new = new_ticket(turn, session, category=category, order=order, facts=facts)
        new = replace(new, urgency=urgency or new.urgency, email=new.email or email)
        if also is not None:
            also(session)
        return tickets.open_or_add(session, new, key=turn.key, at=at)

    filed = await turn.write(file)
    ticket = filed.ticket
    name = said if filed.number_may_be_told else "utter_left_to_people_unnumbered"
    turn.say(name, ticket=ticket.number, by=answer_by(turn, ticket), **values)
    return [SlotSet("action_status", status), *([SlotSet("ticket_number", ticket.number)] if filed.number_may_be_told else [])]
