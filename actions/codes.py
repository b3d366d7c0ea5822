"""Forms that ask for a code sent by mail before they go on: for what must not be done on the word of somebody who knows an order number."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Dict, List, Optional

from sqlalchemy.orm import Session

from actions.base import Turn, context
from actions.copy import form_slots
from actions.forms import NOT_KNOWN, TopicForm, leave
from savoir.conversations import service as conversations
from savoir.customers import service as customers

DIGITS = re.compile(r"(?<![\w.@+\-])(\d{3}[ .\-]?\d{3}|(?:\d ){5}\d)(?![\w@]|[.\-]\w)")
NOTHING_CAME = re.compile(
    r"\b(?:renvo\w+|r?envoie\w* .*(?:nouveau|autre|encore)|(?:autre|nouveau) code|rien recu|(?:pas|jamais|toujours pas) (?:encore )?(?:recu|arrive)|recois (?:rien|pas)|"
    r"resend|send (?:it|me|another|the code)?.*again|another code|new code|(?:not|\w+n't|never|nothing)(?: has| have| ever)? (?:received|come|came|arrived|arrive|got|get|gotten)|(?:got|received) nothing|expire\w*)\b"
)
NO_MAILBOX = re.compile(
    r"\b(?:(?:plus|pas) acces|acces (?:a|perdu)|n'existe plus|(?:utilise|consulte|ouvr)\w* plus|ferme\w*|no (?:longer|access)|(?:not|\w+n't|cannot|can no longer) (?:have )?(?:access|open|get into)(?: to)?|lost access|dead mailbox)\b"
)
ASKS = re.compile(r"\b(?:quel|c'est quoi|quoi comme|what|which|where|ou)\b.{0,20}\bcode\b")
MISTAKABLE = ("order_number", "ticket_number", "repair_number", "identity_proof")
"""Slots that a code's six digits, or five of them, would fill."""


class CodeForm(TopicForm):
    """A form with the slots `email` and `code`: who asks must give the code that was sent to the address of their account.

    Neither is asked for in a conversation that was signed by the firm's site, or has given a right code not long ago. No answer tells
    whether an address is known. `code` stays empty: what counts is noted in the room.
    """

    purpose: ClassVar[str]

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No code once it is known who writes; no address where one is on file."""
        wanted = await super().needed(turn, slots)
        if await proved(turn, self.purpose):
            return [slot for slot in wanted if slot not in ("email", "code")]
        return [slot for slot in wanted if slot != "email"] if await of_customer(turn) else wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """Reads the code, and has one sent as soon as it is the next thing to be asked for."""
        values: Dict[str, Any] = await super().known(turn)
        if turn.moment == "beginning":
            values.update({"code_sent": None, "code_state": None})
            if "@" not in str(turn.slot("email") or ""):
                values["email"] = None
        turn.remember(values)
        if turn.moment == "answer" and turn.slot("requested_slot") == "code":
            read = await self._read(turn)
            values.update(read)
            turn.remember(read)
        if not turn.slot("given_up") and not turn.slot("code_sent") and await self._is_next(turn):
            values.update(await self._send(turn))
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """Six digits, or that none came."""
        if slot == "code":
            if ASKS.search(turn.typed):
                return True
            return bool(DIGITS.search(turn.typed) or NOTHING_CAME.search(turn.typed) or NO_MAILBOX.search(turn.typed))
        return (slot == "email" and bool(NOT_KNOWN.search(turn.typed))) or super().is_answer(turn, slot)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Without the address there is no code: where it can be found, or a person."""
        if slot != "email":
            return await super().not_known(turn, slot)
        turn.say("utter_code_no_address")
        turn.remember(leave())
        return leave()

    async def check_email(self, turn: Turn, value: Any) -> Dict[str, Any]:
        """An address that can be one; another one while the code is awaited means that the first was wrong."""
        given = str(value[-1] if isinstance(value, list) else value)
        address = customers.checked_email(given)
        if not isinstance(address, str):
            return {"email": None, "asked": "wrong"}
        if turn.slot("requested_slot") == "code" and turn.moment == "answer":
            if await of_customer(turn):
                return {"email": None, "code_state": "on_file", "asked": "changed"}
            return {"email": address, "code_sent": None, "code_state": "moved", "asked": "changed"}
        return {"email": address}

    async def _is_next(self, turn: Turn) -> bool:
        wanted = await self.needed(turn, list(form_slots(self.form())))
        return next((slot for slot in wanted if turn.slot(slot) is None), None) == "code"

    async def _send(self, turn: Turn) -> Dict[str, Any]:
        at, settings, email = context().clock(), context().settings, turn.slot("email")

        def ask(session: Session) -> Any:
            return customers.request_code(
                session, settings, conversation=turn.conversation, purpose=self.purpose, language=turn.language, key=f"{turn.key}:{self.purpose}",
                at=at, customer=conversations.find(session, turn.conversation).customer, email=email,
            )

        sent = await turn.write(ask)
        if isinstance(sent, customers.TooManyCodes):
            turn.say("utter_code_too_many", time=turn.hour(sent.again_at))
            return leave()
        state = turn.slot("code_state") or ("account" if await of_customer(turn) else None)
        return {"code_sent": sent.sent_to, "code_state": state}

    async def _read(self, turn: Turn) -> Dict[str, Any]:
        """What follows from the answer to the question for the code. The digits fill no other slot."""
        kept = {name: before(turn, name) for name in MISTAKABLE}
        found, help_wanted = DIGITS.search(turn.typed), turn.entity("code_help")
        if found:
            return {**kept, **await self._try(turn, found[1])}
        if help_wanted == "no_mailbox" or NO_MAILBOX.search(turn.typed):
            turn.say("utter_code_no_mailbox")
            return leave(kept)
        if help_wanted == "resend" or NOTHING_CAME.search(turn.typed):
            return {**kept, "code_sent": None, "code_state": "resent", "asked": "changed"}
        return kept if turn.typed else {}

    async def _try(self, turn: Turn, code: str) -> Dict[str, Any]:
        at, settings = context().clock(), context().settings

        def check(session: Session) -> Any:
            checked = customers.check_code(
                session, settings, conversation=turn.conversation, purpose=self.purpose, code=code, key=turn.key, at=at
            )
            if checked.customer:
                conversations.set_customer(session, turn.conversation, checked.customer)
            return checked

        checked = await turn.write(check)
        left = settings.identity_attempts - (customers.CODE_ATTEMPTS - checked.attempts_left)
        if checked.outcome == "right":
            return {"code_state": None, "attempts_left": None}
        if checked.outcome in ("expired", "none"):
            return {"code_sent": None, "code_state": "expired", "asked": "changed"}
        if checked.outcome == "used_up" or left <= 0:
            turn.say("utter_code_stopped")
            return leave({"code_sent": None})
        return {"code_state": "wrong", "attempts_left": str(left), "asked": "changed"}


async def proved(turn: Turn, purpose: str) -> Optional[str]:
    """The customer who has shown, by signature or by a code for that purpose, who they are."""
    at = context().clock()
    return await turn.read(lambda s: customers.verified_customer(s, conversation=turn.conversation, at=at, purpose=purpose))


async def of_customer(turn: Turn) -> Optional[str]:
    """The customer whom the conversation knows, by an order or a code; None when nobody is known."""
    return await turn.read(lambda s: conversations.find(s, turn.conversation).customer)


def before(turn: Turn, slot: str) -> Any:
    """The value that a slot had before the customer's latest message."""
    is_earlier = False
    for event in reversed(turn.events):
        if event.get("event") == "user":
            is_earlier = True
        elif is_earlier and event.get("event") == "slot" and event.get("name") == slot:
            return event.get("value")
    return None
