"""What all forms about an order share: its number, the proof that it is the customer's own, and which of its articles is meant."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Dict, List, Optional, Sequence, Tuple

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.forms import NOT_KNOWN, TopicForm, leave
from savoir.conversations import service as conversations
from savoir.core.text import fold
from savoir.customers import service as customers

RECENT_ORDERS = 3
LIKENESS = 88
"""From so much likeness (0 to 100) on, what is typed is the name of an article."""
ALL = re.compile(r"\b(?:tout(?:e?s)?|tous|les deux|l'ensemble|all|both|everything|the lot)\b")
_ABOUT_THE_NUMBER = re.compile(r"\b(?:numero|commande|reference|order|number)\b")


class OrderForm(TopicForm):
    """A form about one order: its number, and a proof that it is the customer's own. No proof is asked for twice."""

    of_order: ClassVar[Tuple[str, ...]] = ("confirmed",)
    """Slots that hold for one order: emptied when the customer names another one."""

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No proof in a conversation that has shown it."""
        return [slot for slot in slots if slot != "identity_proof"] if await shown(turn) else slots

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Who hasn't got the number hears where it stands, and what else can be done."""
        if slot == "order_number":
            turn.remember({"asked": "unknown"})
        return None

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`Je n'ai pas mon numéro de commande` is no request to track one."""
        return slot == "order_number" and bool(NOT_KNOWN.search(turn.typed) and _ABOUT_THE_NUMBER.search(turn.typed))

    async def check_order_number(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Takes the number. A proof given before is tried with it; once the checks of this conversation have stopped, nothing is looked at."""
        if await turn.read(lambda s: customers.identified_in(s, conversation=turn.conversation, order_number=value)):
            return {"order_number": value, **self._changed(turn)}
        at, attempts = context().clock(), context().settings.identity_attempts
        if await turn.read(lambda s: customers.checks_stopped(s, conversation=turn.conversation, at=at, attempts=attempts)):
            turn.say("utter_identity_stopped")
            return leave({"order_number": None, "identity_proof": None})
        is_with_proof = bool(turn.entity("email") or turn.entity("postal_code"))
        number, _, tried = str(turn.slot("proof_tried") or "").partition(" ")
        proof = turn.slot("identity_proof") or (tried if number != value else None)
        if not proof or is_with_proof:  # a proof in the same message is checked by itself
            return {"order_number": value, **self._changed(turn)}
        return {"order_number": value, **self._changed(turn), **await _proved(turn, value, proof)}

    async def check_identity_proof(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Checks the proof against the order; what does not match is asked again while attempts are left."""
        number = turn.slot("order_number")
        if number:
            return await _proved(turn, number, value)
        return {"identity_proof": value, **({"asked": "unknown"} if turn.slot("requested_slot") == "order_number" else {})}

    def _changed(self, turn: Turn) -> Dict[str, Any]:
        """What another number in the middle of the form undoes."""
        if not turn.entity("order_number") or turn.slot("requested_slot") in (None, "order_number"):
            return {}
        return {**dict.fromkeys(self.of_order), "asked": "changed"}


class OrderItemForm(OrderForm):
    """A form about one article of an order (slot `order_item`: the line's place, from 0, or `all`). One that holds a single article is not asked about."""

    of_order: ClassVar[Tuple[str, ...]] = ("order_item", "confirmed")
    fresh: ClassVar[Tuple[str, ...]] = ("order_item", "confirmed")
    may_be_all: ClassVar[bool] = True

    async def choices(self, turn: Turn) -> Sequence[customers.OrderLine]:
        """The lines that can be meant, once the order is shown to be the customer's own."""
        identified = await shown(turn)
        return await turn.read(lambda s: customers.order_lines(s, identified.order)) if identified else ()

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The article that a message names, the only one there is, or the model that was spoken of."""
        lines = await self.choices(turn)
        named = self.named(turn, lines) if lines else None
        given = turn.slot("order_item")
        if named is not None and named != given:
            return {"order_item": named, "confirmed": None, **({"asked": "changed"} if given is not None else {})}
        if given is not None or not lines:
            return {}
        if len(lines) == 1:
            return {"order_item": str(lines[0].position)}
        spoken_of = [line for line in lines if line.product == turn.slot("product_model")]
        return {"order_item": str(spoken_of[0].position)} if len(spoken_of) == 1 else {}

    def named(self, turn: Turn, lines: Sequence[customers.OrderLine]) -> Optional[str]:
        """The line that the message names, or `all` where they were asked to choose."""
        asked = turn.slot("requested_slot")
        if asked == "order_item" and self.may_be_all and len(lines) > 1 and ALL.search(turn.typed):
            return "all"
        model = turn.entity("product_model")
        found = [line for line in lines if line.product == model] or (lines_like(turn.typed, lines) if asked in ("order_item", "confirmed") else [])
        return str(found[0].position) if len(found) == 1 else None

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A product's name alone may look like a question about it."""
        return super().is_answer(turn, slot) or (slot == "order_item" and bool(turn.entity("product_model")) and len(turn.typed.split()) <= 6)

    async def check_order_item(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A line of the order."""
        places = [str(line.position) for line in await self.choices(turn)]
        return {"order_item": value if value in places or (value == "all" and self.may_be_all) else None}


def lines_like(text: str, lines: Sequence[customers.OrderLine]) -> List[customers.OrderLine]:
    """The lines whose name, or a word of its own, is typed: `la coque` for `Coque Nova 6`."""
    named = [line for line in lines if fuzz.token_set_ratio(fold(line.name), text) >= LIKENESS and fold(line.name) in text]
    if named:
        return [max(named, key=lambda line: len(line.name))]
    common: Dict[str, int] = {}
    for line in lines:
        for word in set(fold(line.name).split()):
            common[word] = common.get(word, 0) + 1
    typed = re.findall(r"\w+", text)
    return [
        line for line in lines
        if any(common[own] == 1 and len(own) > 2 and any(fuzz.ratio(own, word) >= LIKENESS for word in typed) for own in fold(line.name).split())
    ]


async def shown(turn: Turn) -> Optional[customers.Identified]:
    """The order of the slot `order_number`, if this conversation has shown that it is the customer's own."""
    number = turn.slot("order_number")
    if not number:
        return None
    return await turn.read(lambda s: customers.identified_in(s, conversation=turn.conversation, order_number=number))


async def _proved(turn: Turn, number: str, proof: str) -> Dict[str, Any]:
    """What follows from trying a proof with a number: one attempt."""
    at, attempts = context().clock(), context().settings.identity_attempts

    def check(session: Session) -> Any:
        found = customers.identify(
            session, conversation=turn.conversation, order_number=number, proof=proof, key=turn.key, at=at, attempts=attempts
        )
        if isinstance(found, customers.Identified):
            conversations.set_customer(session, turn.conversation, str(found.customer.id))
        return found

    found = await turn.write(check)
    if isinstance(found, customers.Identified):
        return {"identity_proof": None, "proof_tried": None}
    if found.attempts_left == 0:
        turn.say("utter_identity_stopped")
        return leave({"order_number": None, "identity_proof": None, "proof_tried": None})
    return {"identity_proof": None, "proof_tried": f"{number} {proof}", "attempts_left": str(found.attempts_left), "asked": "wrong"}


class ActionAskOrderNumber(TopicAction):
    """Asks which order; a customer who is known presses one of their latest."""

    async def handle(self, turn: Turn) -> Events:
        """The rule that holds for all orders goes before the number, where a form has one."""
        recent = await turn.read(lambda s: _recent(s, turn.conversation))
        if recent and not turn.slot("asked"):
            buttons = [
                {"title": f"{number} – {turn.listed(names)}", "payload": f'/inform{{"order_number": "{number}"}}'} for number, names in recent
            ]
            return turn.say("utter_ask_order_number_of_yours", buttons=buttons)
        if not turn.slot("asked") and turn.form == "return_form":
            return turn.say("utter_ask_order_number_to_return", days=context().settings.return_days)
        if not turn.slot("asked") and turn.form == "refund_form":
            return turn.say("utter_ask_order_number_to_refund")
        return turn.say("utter_ask_order_number")


class ActionAskOrderItem(TopicAction):
    """Asks which article of the order is meant."""

    async def handle(self, turn: Turn) -> Events:
        """A button for each."""
        identified = await shown(turn)
        lines = await turn.read(lambda s: customers.order_lines(s, identified.order)) if identified else ()
        buttons = [{"title": line.name, "payload": f'/inform{{"order_item": "{line.position}"}}'} for line in lines]
        if turn.form != "exchange_form":
            buttons.append(turn.button("inform", name="all_of_it", order_item="all"))
        return turn.say("utter_ask_order_item", number=turn.slot("order_number"), buttons=buttons)


def _recent(session: Session, conversation: str) -> List[Tuple[str, List[str]]]:
    """The latest orders of the customer whom this conversation has shown, with what they hold."""
    customer = conversations.find(session, conversation).customer
    orders = customers.orders_of(session, str(customer))[:RECENT_ORDERS] if customer else []
    if not orders or not customers.identified_in(session, conversation=conversation, order_number=orders[0].number):
        return []
    return [(order.number, customers.names_of(session, order)) for order in orders]
