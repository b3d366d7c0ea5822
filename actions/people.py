"""Hand-over to people, and the matters that belong to them: danger is in actions/faults.py, here are fraud, complaints and persistent anger."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import NOTHING_LEFT, Events, TopicAction, Turn, context
from actions.filing import new_ticket
from savoir.core.text import fold
from savoir.tickets import service as tickets

CALL = re.compile(r"\b(?:rappel\w*|telephone[rz]?(?:-moi| moi)|me (?:joindre|telephoner|passer un coup)|call(?:ing)? me|(?:a )?call ?back|ring me|phone me)\b")
"""Wishes to be called, in folded text."""


class ActionHandOver(TopicAction):
    """Gives the conversation to people, at once."""

    async def handle(self, turn: Turn) -> Events:
        """A word that shows it was heard; the queue then says what happens next. Who wants a call may choose its time instead."""
        if turn.intent == "report_fraud":
            turn.say("utter_fraud_heard")
            turn.hand_over("fraud")
            return NOTHING_LEFT
        if turn.intent == "speak_to_human" and CALL.search(fold(turn.text)):
            return turn.say("utter_offer_callback", buttons=[turn.button("ask_callback", means="affirm"), turn.button("wait_here", means="deny")])
        turn.say("utter_hand_over")
        turn.hand_over("asked" if turn.intent in ("speak_to_human", "wait_here") else "stuck")
        return NOTHING_LEFT


class ActionHearAnger(TopicAction):
    """An angry face alone."""

    async def handle(self, turn: Turn) -> Events:
        """Asks what it is about; a second one goes to a person by itself (actions/mood.py)."""
        return turn.say("utter_anger_seen")


class ActionTakeComplaint(TopicAction):
    """A complaint gets a number and a person."""

    async def handle(self, turn: Turn) -> Events:
        """Filed first, so that it stands whatever comes of the conversation."""
        at = context().clock()
        filed = await turn.write(lambda s: tickets.open_or_add(s, _about(turn, s, "feedback.complaint", "p2"), key=turn.key, at=at))
        turn.say("utter_complaint_heard", number=filed.ticket.number)
        turn.hand_over("complaint")
        return [SlotSet("ticket_number", filed.ticket.number), *NOTHING_LEFT]


class ActionTakePraise(TopicAction):
    """Praise is kept for those whom it is meant for."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """As a ticket without hurry: that is how it reaches the team."""
        at = context().clock()
        await turn.write(lambda s: tickets.open_or_add(s, _about(turn, s, "feedback.praise", "p4"), key=turn.key, at=at))
        return turn.say("utter_thanks_for_praise")


def _about(turn: Turn, session: Session, category: str, urgency: str) -> tickets.NewTicket:
    return replace(new_ticket(turn, session, category=category, matter=turn.text), urgency=urgency)
