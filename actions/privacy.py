"""A customer's own data: a copy of them, or their erasure, once a code by mail has shown who asks."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.codes import CodeForm, proved
from actions.filing import done_in_time
from actions.forms import leave
from actions.left_to_people import leave_to_people
from actions.plain_answers import plain_answer
from savoir.conversations import service as conversations
from savoir.privacy import service as privacy

NO_ACCOUNT = re.compile(
    r"\b(?:(?:pas|jamais eu|aucun|sans) (?:de |d'|un |mon )?compte|(?:pas|jamais) (?:client|inscrit)|(?:no|without|not have|do ?n'?t (?:even )?have|haven'?t got|never had) (?:an |any )?account|not a customer|just (?:the|this) (?:chat|conversation)|"
    r"(?:juste|seulement|que) (?:cette|la) conversation)\b"
)

WHY = re.compile(r"^(?:(?:mais|et|but|and) )?(?:pourquoi|pour quelle raison|quelles? (?:donnees|infos?)|why|what (?:exactly|for|data)|which data)\b")
"""A question about what is erased and what stays: answered by saying it again."""
BEGUN = re.compile(r"^(?:oui|yes|ok|okay|non|no)\b")
"""An answer, though perhaps with a reservation: then it is asked again."""


class PrivacyForm(CodeForm):
    """Whose data: those of an account, shown by a code; or what was written in this conversation, for who has none."""

    fresh = ("confirmed",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Without an account there is nobody to be shown."""
        wanted = await super().needed(turn, slots)
        return [slot for slot in wanted if slot not in ("email", "code")] if turn.slot("without_account") else wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """Whether there is an account."""
        values: Dict[str, Any] = {}
        if turn.moment == "beginning":
            values["without_account"] = None
        is_asked = turn.moment == "answer" and turn.slot("requested_slot") == "email"
        said_no = is_asked and (turn.intent == "deny" or turn.entity("without_account"))
        if turn.moment != "back" and (said_no or (NO_ACCOUNT.search(turn.typed) and (is_asked or turn.moment == "beginning"))):
            values["without_account"] = True
        turn.remember(values)
        values.update(await super().known(turn))
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`Je n'ai pas de compte` is no request to get into one, and `pourquoi les factures ?` none for an invoice."""
        if slot == "confirmed" and (WHY.search(turn.typed) or BEGUN.search(turn.typed) or plain_answer(turn.typed) is not None):
            return True
        return (slot == "email" and bool(NO_ACCOUNT.search(turn.typed))) or super().is_answer(turn, slot)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """`I don't have an account` says enough."""
        return None if NO_ACCOUNT.search(turn.typed) else await super().not_known(turn, slot)

    def _is_left(self, turn: Turn, asked: Optional[str], found: Dict[str, Any]) -> bool:
        """Not by words that only sound like the erasure of an account."""
        if turn.intent == "request_data_erasure" and asked and self.is_answer(turn, asked):
            return False
        return super()._is_left(turn, asked, found)


class ValidateExportForm(PrivacyForm):
    """Who asks for a copy."""

    begins = ("request_data_export",)
    purpose = "export"


class ActionExportData(TopicAction):
    """Has the copy made: its link goes to the address on file, or is told here where there is no account."""

    ends = True
    forgets = ("without_account", "code_sent", "code_state", "attempts_left")

    async def handle(self, turn: Turn) -> Events:
        """The request's number, and by when."""
        at, settings = context().clock(), context().settings
        person = None if turn.slot("without_account") else await proved(turn, "export")
        if person is None and not turn.slot("without_account"):
            return turn.say("utter_identity_stopped")

        def work(session: Session) -> Any:
            request = privacy.receive(
                session, kind="export", language=turn.language, key=turn.key, at=at, customer=person, conversation=turn.conversation
            )
            privacy.confirm(session, request.id, at=at)
            link = privacy.carry_out_export(session, settings, request.id, at=at) if person is None else None
            return request.number, request.due_at, link

        done = await done_in_time(turn, work)
        if done is None:
            return await leave_to_people(turn, category="privacy.export")
        number, due, link = done
        if person is None:
            return turn.say("utter_export_of_conversation" if link else "utter_export_of_conversation_again", number=number, link=link or "", days=privacy.COPY_DAYS)
        return turn.say("utter_export_under_way", number=number, by=turn.day(due), days=privacy.COPY_DAYS)


class ValidateErasureForm(PrivacyForm):
    """Who asks for the erasure, and a last yes, once it is clear what it means."""

    begins = ("request_data_erasure",)
    purpose = "erasure"

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What is under way must come to its end first: said before anything is agreed."""
        values: Dict[str, Any] = await super().known(turn)
        if turn.slot("given_up") or values.get("given_up"):
            return values
        if turn.moment == "answer" and turn.slot("requested_slot") == "confirmed" and turn.slot("confirmed") is None:
            values.update({"asked": "changed"} if WHY.search(turn.typed) else {"confirmed": plain_answer(turn.typed)})
        numbers = await _under_way(turn)
        if numbers:
            turn.say("utter_erasure_must_wait", numbers=turn.listed(numbers))
            return {**values, **leave()}
        return values


class ActionAskErasureFormConfirmed(TopicAction):
    """Says what is erased, what stays and why, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """For an account, or for this conversation only."""
        person = None if turn.slot("without_account") else await proved(turn, "erasure")
        what = "account" if person else "conversation"
        if person and not await _keeps_accounts(turn, person):
            what = "account_whole"
        yes, no = turn.button("affirm", name="erase", means="affirm"), turn.button("deny", name="keep", means="deny")
        return turn.say(f"utter_erasure_explained_{what}", buttons=[yes, no])


class ActionEraseData(TopicAction):
    """Has the data erased, and takes leave."""

    forgets = ("without_account", "code_sent", "code_state", "attempts_left", "confirmed", "later")

    async def handle(self, turn: Turn) -> Events:
        """The request's number; the conversation is not rated, for it is erased too."""
        if turn.slot("confirmed") is not True:
            turn.matter_ends = True
            return turn.say("utter_erasure_not_done")
        at = context().clock()
        person = None if turn.slot("without_account") else await proved(turn, "erasure")
        if person is None and not turn.slot("without_account"):
            return turn.say("utter_identity_stopped")

        def work(session: Session) -> Any:
            request = privacy.receive(
                session, kind="erasure", language=turn.language, key=turn.key, at=at, customer=person, conversation=turn.conversation
            )
            privacy.confirm(session, request.id, at=at)
            conversations.bar_rating(session, turn.conversation)
            return request.number, request.due_at

        done = await done_in_time(turn, work)
        if done is None:
            return await leave_to_people(turn, category="privacy.erasure")
        number, due = done
        minutes = int(privacy.ERASURE_WAIT.total_seconds() // 60)
        turn.say("utter_erasure_under_way" if person else "utter_erasure_of_conversation", number=number, by=turn.day(due), minutes=minutes)
        return [SlotSet("email", None), SlotSet("order_number", None)]


async def _under_way(turn: Turn) -> List[str]:
    person = await proved(turn, "erasure")
    if person is None or turn.slot("without_account"):
        return []
    return await turn.read(_of(person, privacy.stands_against))


async def _keeps_accounts(turn: Turn, person: str) -> bool:
    return bool(await turn.read(_of(person, privacy.keeps_accounts)))


def _of(customer: str, look: Callable[[Session, Any], Any]) -> Callable[[Session], Any]:
    def work(session: Session) -> Any:
        person: Optional[Any] = privacy.person_of(session, customer=customer)
        return look(session, person) if person is not None else []

    return work
