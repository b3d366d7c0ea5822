"""Danger: what keeps people safe is said first, nothing is asked, and people are called at once."""

from __future__ import annotations

import re
from typing import Any, Optional

from rasa_sdk.events import ActiveLoop, SlotSet

from actions import device, guiding
from actions.base import Events, TopicAction, Turn, context
from actions.filing import done_in_time
from savoir.conversations import service as conversations
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.tickets import service as tickets

CATEGORY = "safety.danger"
HAZARDS = {
    "swallowed": r"(?:aval[ea]\w*|ingere\w*|swallow\w*|ingest\w*) [\w' ]{0,25}(?:piles?|batterie|bouton|aimants?|cells?|batter\w+|magnets?)",
    "fire": r"pris feu|prend feu|en feu|le feu|au feu|flammes?|incendie|on fire|(?:caught|catch\w*) fire|flames?|(?:batterie|battery|telephone|phone) (?:a |has )?explos\w+|"
            r"explos\w+ (?:de |of )?(?:la |the )?batter\w+",
    "shock": r"(?:pris|recu|prend|sent\w*|ressent\w*) (?:une? |le |du )?(?:petite? |grosse? )?(?:decharge|chataigne|jus|coup de jus|secousse|courant)|decharge electrique|"
             r"secousse electrique|electrocut\w+|electric(?:al)? shock|shocked|zapped|(?:got|gave me|get) a shock|etincel\w+|sparks?|sparking|arc electrique",
    "swollen": r"gonfl\w+|(?:se |est |tou\w* )bombe\w*|bombee?s?|swell\w*|swollen|bulg\w+|puff\w+",
    "smoke": r"fumee?s?|fument|(?<!a )smok(?:e|es|ed|y|ing)|boucane|(?:odeur|sent\w*|pue\w*) [\w' ]{0,25}(?:brule|crame|roussi)\w*|burn\w*(?: plastic)? smell|smell\w* [\w ]{0,15}burn\w*|fumes",
    "burn": r"m'a brule\w*|l'a brule\w*|brulures?|cloques?|(?:burn\w*|burnt) (?:my|me|his|her|on)|blisters?|burned me",
    "leak": r"(?:batterie|pile|battery)\w* [\w' ]{0,15}(?:coul\w+|fui\w+|leak\w*)|(?:fuite|leak) [\w' ]{0,10}batter\w+",
    "wet": r"(?:eau|liquide|verre|cafe|(?:du|de|un|mon) the|biere|mouille\w*|trempe\w*|water|liquid|coffee|tea|wet|soaked) [\w', ]{0,60}"
           r"(?:branche\w*|secteur|prise|courant|multiprise|plugged|mains|socket|power strip)",
}
"""What can be told from the words, in folded text, the most pressing first."""
CLEAR = ("swallowed", "fire", "shock", "swollen", "smoke", "leak")
"""What is danger whatever the message was understood as."""
_PATTERNS = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in HAZARDS.items()}
_NOT = re.compile(r"\b(?:pas|ni|sans|aucune?|jamais|no|not|without|never|nor|isn't|doesn't)\b(?:\W+\w+){0,2}\W*$")
"""A "not" shortly before, in the same clause."""
_NOT_AFTER = re.compile(r"^ (?:pas|plus|jamais|rien)\b")


def hazard_in(text: str) -> Optional[str]:
    """The hazard that a text tells; None where it tells none, or says that there is none."""
    for clause in re.split(r"[.;!?\n]|\b(?:mais|but)\b", fold(text)):
        for name, pattern in _PATTERNS.items():
            found = pattern.search(clause)
            if found and not _NOT.search(clause[: found.start()]) and not _NOT_AFTER.search(clause[found.end():]):
                return name
    return None


def clear_hazard(text: str) -> Optional[str]:
    """A hazard for which nobody needs to be sure what else the message says."""
    found = hazard_in(text)
    return found if found in CLEAR else None


async def alert(turn: Turn, *, said: str = "") -> Events:
    """Instructions, an urgent ticket, a person. `said` is what a diagnosis found out. Without the ticket the rest is done all the same."""
    turn.say(f"utter_safety_{hazard_in(turn.text) or 'first'}", said=f"{said} " if said else "")
    ticket = await done_in_time(turn, lambda s: tickets.open_or_add(s, _ticket(turn, s, said), key=turn.key, at=context().clock()).ticket.number)
    if ticket:
        turn.say("utter_safety_noted", number=ticket)
    turn.hand_over("safety")
    return [
        ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("misses", 0.0), SlotSet("doubts", 0.0), SlotSet("later", None),
        SlotSet("ticket_number", ticket or turn.slot("ticket_number")), SlotSet("action_status", "done" if ticket else "failed"),
    ]


class ActionReportDanger(TopicAction):
    """Danger that the customer tells of, whatever was under way."""

    async def handle(self, turn: Turn) -> Events:
        """Nothing is asked."""
        return await alert(turn)


def _ticket(turn: Turn, session: Any, said: str) -> tickets.NewTicket:
    customer = conversations.find(session, turn.conversation).customer
    known = customers.customer_by_id(session, str(customer)) if customer else None
    one = device.of_slots(turn)
    facts = [said, guiding.filed_summary(turn, turn.language), tickets.body_of(session, turn.conversation)]
    matter = next((text for text in reversed(turn.customer_texts()) if len(text.split()) > 1), "")
    return tickets.NewTicket(
        channel=turn.metadata.get("channel") or "web", language=turn.language, category=CATEGORY, urgency="p1",
        subject=tickets.subject_of(matter=matter, category=CATEGORY, language=turn.language, product=device.name_of(session, one, turn.language) if one else None),
        body="\n".join(part for part in facts if part), product_type=one.type if one else None, product_model=one.model if one else None,
        email=str(known.email) if known else turn.slot("email") if turn.slot("email") != device.NONE else None,
        customer=str(customer) if customer else None, conversation=turn.conversation,
    )
