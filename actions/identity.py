"""Forms about what is a customer's own: their devices, repairs and parts. Who is known is not asked; the others show it by a number and a proof."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from sqlalchemy.orm import Session

from actions.base import Turn, context
from actions.forms import NOT_KNOWN, TopicForm, leave
from savoir.conversations import service as conversations
from savoir.customers import service as customers
from savoir.repairs import service as repairs

IDENTITY = ("customer_reference", "customer_proof")
FEW_WORDS = 8
_ABOUT_THE_NUMBER = re.compile(r"\b(?:numero|commande|reference|order|number|papier|mail)\b")


class CustomerForm(TopicForm):
    """A form with the slots `customer_reference` (the number of an order or of a repair) and `customer_proof` (e-mail or postal code).

    Neither is asked for once the conversation has shown whose it is: by signature, by a code, by an order or a repair. Their place among
    the slots of the form decides when it is asked. Three failures in a conversation end it; no answer tells whether a number is known.
    """

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No number and no proof from who is known."""
        return [slot for slot in slots if slot not in IDENTITY] if await customer_of(turn) else slots

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """Tries number and proof as soon as there are both. Who is known need prove nothing."""
        fresh: Dict[str, Any] = {} if turn.moment != "beginning" or _says_proof(turn) else {"customer_proof": None, "proof_tried": None}
        said = turn.entity("order_number") or turn.entity("repair_number")
        if turn.moment == "answer" and turn.typed and said and said != turn.slot("customer_reference"):
            # Rasa leaves out an entity that two slots of the form are filled from, unless one of them was asked for
            fresh.update({"customer_reference": said, **({"asked": "changed"} if turn.slot("requested_slot") == "customer_proof" else {})})
        turn.remember(fresh)
        if turn.moment == "back" or await customer_of(turn):
            return fresh
        number = turn.slot("customer_reference")
        if not number:
            return fresh
        at, attempts = context().clock(), context().settings.identity_attempts
        if await turn.read(lambda s: customers.checks_stopped(s, conversation=turn.conversation, at=at, attempts=attempts)):
            turn.say("utter_customer_stopped")
            return leave({**fresh, **dict.fromkeys(IDENTITY)})
        tried_number, _, tried = str(turn.slot("proof_tried") or "").partition(" ")
        proof = turn.slot("customer_proof") or (tried if tried_number != number else None)
        return {**fresh, **await _shown(turn, number, proof)} if proof else fresh

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A number or an address in a few words, and `je n'ai pas mon numéro de commande`, are no requests."""
        if slot == "customer_reference" and NOT_KNOWN.search(turn.typed) and _ABOUT_THE_NUMBER.search(turn.typed):
            return True
        few = len(turn.typed.split()) <= FEW_WORDS
        if slot == "customer_reference":
            return few and bool(turn.entity("order_number") or turn.entity("repair_number"))
        return slot == "customer_proof" and few and _says_proof(turn)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Who hasn't got the number hears where it stands, and what else can be done."""
        if slot == "customer_reference":
            turn.remember({"asked": "unknown"})
        return None


async def customer_of(turn: Turn) -> Optional[str]:
    """The id of the customer whom this conversation has shown itself to be of, or None."""
    found = await turn.read(lambda s: conversations.find(s, turn.conversation).customer)
    return str(found) if found else None


async def _shown(turn: Turn, number: str, proof: str) -> Dict[str, Any]:
    """What follows from trying a proof with a number: one attempt a turn."""
    at, attempts = context().clock(), context().settings.identity_attempts
    common: Dict[str, Any] = {"conversation": turn.conversation, "proof": proof, "key": turn.key, "at": at, "attempts": attempts}

    def check(session: Session) -> Any:
        found: Any
        if number.upper().startswith("REP"):
            found = customers.identify_owner(session, number=number, customer=repairs.owner_of(session, number), **common)
        else:
            found = customers.identify(session, order_number=number, **common)
        if not isinstance(found, customers.NotIdentified):
            customer = found.customer if isinstance(found, customers.Identified) else found
            conversations.set_customer(session, turn.conversation, str(customer.id))
        return found

    found = await turn.write(check)
    if not isinstance(found, customers.NotIdentified):
        return {"customer_proof": None, "identity_proof": None, "proof_tried": None}
    if found.attempts_left == 0:
        turn.say("utter_customer_stopped")
        return leave({**dict.fromkeys(IDENTITY), "proof_tried": None})
    return {"customer_proof": None, "proof_tried": f"{number} {proof}", "attempts_left": str(found.attempts_left), "asked": "wrong"}


def _says_proof(turn: Turn) -> bool:
    return bool(turn.entity("email") or turn.entity("postal_code"))
