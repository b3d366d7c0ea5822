"""Getting back into one's account: a link to a new password, and what to do when it does not come."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

from rasa_sdk.events import SlotSet

from actions.base import Events, TopicAction, Turn, context
from actions.codes import NO_MAILBOX
from actions.forms import NOT_KNOWN, TopicForm, leave
from savoir.customers import service as customers

LOCKED = re.compile(r"\b(?:bloqu\w*|verrouill\w*|suspendu\w*|trop (?:de tentatives|d'essais)|locked|too many (?:tries|attempts)|come back later|wait \d+)\b")
MAILBOX = re.compile(r"\b(?:mail|mails|e-?mail|boite|messagerie|adresse|courriel|inbox|address)\b")
RETRY = re.compile(r"\b(?:renvo\w+|nouveau lien|autre lien|un lien|resend|another link|new link|again|expire\w*|mort|dead|broken)\b")


class ValidatePasswordForm(TopicForm):
    """The address of the account."""

    begins = ("reset_password",)
    fresh = ()

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """An address that is known is not asked for; who has lost the mailbox sees a person; who is locked out hears for how long."""
        values: Dict[str, Any] = {}
        if turn.moment != "back" and NO_MAILBOX.search(turn.typed) and MAILBOX.search(turn.typed):
            turn.say("utter_password_no_mailbox")
            return leave()
        if turn.moment != "beginning":
            return values
        wanted = turn.entity("link_help")
        if wanted == "other" or "@" not in str(turn.slot("email") or ""):
            values["email"] = None
        if wanted == "resend" or RETRY.search(turn.typed):
            values["link_sent_to"] = None
        if LOCKED.search(turn.typed):
            turn.say("utter_account_locked")
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`Which address did I sign up with?` is no answer, but no other request either."""
        return slot == "email" and bool(NOT_KNOWN.search(turn.typed))

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Where the address can be found, or a person."""
        turn.say("utter_code_no_address")
        turn.remember(leave())
        return leave()

    async def check_email(self, turn: Turn, value: Any) -> Dict[str, Any]:
        """An address that can be one."""
        address = customers.checked_email(str(value[-1] if isinstance(value, list) else value))
        return {"email": address} if isinstance(address, str) else {"email": None, "asked": "wrong"}


class ActionSendPasswordLink(TopicAction):
    """Mails the link; asked once more for the same address, tells what else helps, and then offers a person."""

    ends = True

    async def handle(self, turn: Turn) -> Events:
        """The answer is the same whether the address is a customer's or nobody's."""
        email, at = str(turn.slot("email")), context().clock()
        if turn.slot("link_sent_to") == email:
            return self._help(turn)
        sent = await turn.write(
            lambda s: customers.send_password_link(
                s, context().settings, conversation=turn.conversation, email=email, language=turn.language, key=turn.key, at=at
            )
        )
        if isinstance(sent, customers.TooManyCodes):
            turn.say("utter_password_too_many", time=turn.hour(sent.again_at))
            return []
        missing = turn.button("reset_password", name="nothing_came", means="deny", link_help="missing")
        turn.say("utter_password_link_sent", address=email, buttons=[turn.button("helped", name="got_it", means="affirm"), missing])
        return [SlotSet("link_sent_to", email), SlotSet("link_tips", None)]

    def _help(self, turn: Turn) -> Events:
        if turn.slot("link_tips"):
            return turn.say("utter_password_person")
        turn.say(
            "utter_password_tips", address=turn.slot("email"),
            buttons=[
                turn.button("reset_password", name="other_address", link_help="other"),
                turn.button("reset_password", name="resend_link", link_help="resend"), turn.button("speak_to_human"),
            ],
        )
        return [SlotSet("link_tips", "told")]
