"""What every form has: values checked, digressions let through, a change of mind followed, no question asked for ever."""

from __future__ import annotations

import asyncio
import re
from abc import ABC
from typing import Any, ClassVar, Dict, List, Optional, Set, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import LONGEST_SECONDS, Events, Turn, action_name
from actions.copy import form_slots
from actions.mood import heard
from actions.safety import hazard_in
from actions.unsure import ask_what_was_meant, is_unsure
from actions.wishes import wishes
from savoir.core.text import fold

MOST_MISSES = 2
"""So often a question is not answered before the form gives up and offers a person."""
SURE = 0.7
"""Another request as sure as this is a change of mind, even where the message also holds what was asked for."""
AT_ONCE = {"speak_to_human", "report_safety_issue", "report_fraud", "stop", "request_data_erasure"}
"""What goes before any form, even where any words would do as an answer."""
ANSWERS = {
    "inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "ask_repeat", "ask_for_help", "share_photo", "none_of_these", "", "decline",
}
"""Intents that are no request of their own while a question is open."""
NOT_KNOWN = re.compile(
    r"\b(?:(?:je )?(?:ne |n')?(?:sais|connais|vois|ai|trouve|retrouve)(?: vraiment)? (?:pas|plus)\b|j(?:e n|')?en sais rien|aucune idee|chais pas|"
    r"jsp|jpp savoir|pas sous (?:la main|les yeux)|pas (?:avec|sur) moi|not (?:got it )?with me|haven'?t got it|i (?:really )?(?:do ?n'?t|dont) (?:know|have|remember)|no (?:idea|clue)|not sure|idk|dunno|can'?t (?:find|remember))"
)
"""`I don't know` in its usual forms, in folded text."""


class TopicForm(Action, ABC):
    """The checks of a form, called `Validate…Form` after it; its slots are those of domain.yml.

    Write `check_<slot>(turn, value)`, which returns the slots to set (`{slot: None}` refuses the value: say why in the copy of the
    question for `asked: wrong`, or set `asked` to a word of your own), and, where not all slots are always asked, `needed`.
    """

    begins: ClassVar[Tuple[str, ...]] = ()
    """Intents that begin the form: they are no change of mind while it is under way. The first stands for it in `later`."""
    any_words: ClassVar[Tuple[str, ...]] = ()
    """Slots that take whatever is said."""
    fresh: ClassVar[Tuple[str, ...]] = ("confirmed",)
    """Slots that are emptied when the form begins."""

    @classmethod
    def form(cls) -> str:
        """`ValidateOrderForm` as `order_form`."""
        return action_name(cls.__name__).replace("validate_", "", 1)

    def name(self) -> str:
        """From the name of the class: `ValidateOrderForm` as `validate_order_form`."""
        return f"validate_{self.form()}"

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Which of the form's slots (all of them are in `slots`, in order) must be filled now."""
        return slots

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What need not be asked, because the message or what is on file says it: slots to set. Called at every step, after the checks."""
        return {}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """Whether a message that looks like another request answers the open question all the same."""
        return False

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """What follows from `I don't know`: slots to set (the question counts as answered), or None where an answer is needed."""
        return None

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> Events:
        """Called by the action server."""
        turn = Turn(self.name(), dispatcher, tracker)
        try:
            return await asyncio.wait_for(self._step(turn, tracker), LONGEST_SECONDS)
        except Exception as error:
            turn.log.error("form.failed", error=f"{type(error).__name__}: {error}"[:300], exc_info=error)
            turn.forget_replies()
            turn.say("utter_action_failed")
            return [*LEFT, SlotSet("action_status", "failed")]

    async def _step(self, turn: Turn, tracker: Tracker) -> Events:
        mood, is_over = heard(turn)
        if is_over:
            return [*mood, *LEFT]
        if turn.intent in self.begins and _moment(turn, self.form())[0] == "beginning" and turn.is_first and is_unsure(turn):
            return [*mood, *ask_what_was_meant(turn), *LEFT]
        taken = await self._take(turn, tracker)
        if any(event.get("event") == "action_execution_rejected" for event in taken):
            turn.forget_replies()  # who answers the message hears its mood
            return taken
        return [*mood, *taken]

    async def _take(self, turn: Turn, tracker: Tracker) -> Events:
        slots = list(form_slots(self.form()))
        moment, interrupted = _moment(turn, self.form())
        turn.moment = moment
        asked: Optional[str] = turn.slot("requested_slot") if moment != "beginning" else None
        found = {name: value for name, value in tracker.slots_to_validate().items() if name in slots}
        if moment == "answer" and self._is_left(turn, asked, found):
            return [ActionExecutionRejected(self.form())]
        emptied = [s for s in self.fresh if s in slots and turn.value_pressed(s) is None] if moment == "beginning" else []
        values: Dict[str, Any] = dict.fromkeys(emptied, None)
        turn.remember({**values, "asked": None})
        if moment == "answer" and asked and found.get(asked) is None and NOT_KNOWN.search(fold(turn.text)):
            given = await self.not_known(turn, asked)
            found = {**found, **(given or {})}
            values.update(given or {})
            turn.remember(given or {})
        for slot, value in found.items():
            if value is None or slot in values:
                continue
            check = getattr(self, f"check_{slot}", None)
            turn.remember({slot: value})
            got: Dict[str, Any] = await check(turn, value) if check else {slot: value}
            values.update(got)
            turn.remember(got)
        if not turn.slot("given_up"):
            further = await self.known(turn)
            values.update(further)
            turn.remember(further)
        if turn.slot("given_up"):
            return [*(SlotSet(name, value) for name, value in values.items() if name != "given_up"), *LEFT]
        following = next((s for s in await self.needed(turn, slots) if turn.slot(s) is None), None)
        misses, how = self._asked_again(turn, moment, asked, following, found)
        if misses >= MOST_MISSES:
            turn.say("utter_form_stuck")
            return [*(SlotSet(name, value) for name, value in values.items()), SlotSet("misses", 0.0), SlotSet("asked", None), *LEFT]
        return [
            *(SlotSet(name, value) for name, value in values.items() if name != "asked"), SlotSet("asked", turn.slot("asked") or how),
            SlotSet("misses", float(misses)), *wishes(turn, interrupted=interrupted), SlotSet("requested_slot", following),
        ]

    def _is_left(self, turn: Turn, asked: Optional[str], found: Dict[str, Any]) -> bool:
        """Whether the message is not an answer but a digression or another request, which rules then answer."""
        intent = turn.intent
        if intent not in ("stop", "speak_to_human") and (is_unsure(turn) or (turn.confidence < SURE and NOT_KNOWN.search(turn.typed))):
            return False
        if intent in AT_ONCE and not (asked in self.any_words and _is_alarm_by_chance(turn)):
            return intent not in self.begins
        if intent in ANSWERS or intent in self.begins or (asked and self.is_answer(turn, asked)):
            return False
        if asked in self.any_words:
            return False
        if asked and found.get(asked) is not None:
            return turn.confidence >= SURE and intent in _beginnings()
        return True

    def _asked_again(
        self, turn: Turn, moment: str, asked: Optional[str], following: Optional[str], found: Dict[str, Any]
    ) -> Tuple[int, Optional[str]]:
        """How often in a row the question has gone unanswered, and how it is asked now: `again`, `back`, `photo`, `wrong`, or as new.

        A check that changes what was agreed before says `changed`: the question is put anew."""
        misses = int(turn.slot("misses") or 0)
        if moment == "beginning" or following is None or following != asked or turn.slot("asked") == "changed":
            return 0, None
        if moment == "back":
            return misses, "back"
        if turn.intent == "share_photo":
            return misses, "photo"
        if found.get(asked) is not None:
            return misses + (0 if turn.slot("asked") else 1), "wrong"
        if found:  # something else was told: once or twice that is a correction, after a miss it is one more
            return misses + (misses > 0), "back"
        return misses + 1, "again"


LEFT: Events = [SlotSet("given_up", True), SlotSet("requested_slot", None), ActiveLoop(None)]
"""The form ends without its end: what would follow it does nothing."""


def leave(values: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
    """What `check_…` returns when the form can't go on; it has said why."""
    return {**(values or {}), "given_up": True}


def _moment(turn: Turn, form: str) -> Tuple[str, Optional[str]]:
    """`beginning`, `answer`, or `back` from a digression; and the intent of the form that this one cut off."""
    since: Set[str] = {e.get("name") or "" for e in turn.this_turn if e.get("event") == "action"}
    loops = [e.get("name") for e in turn.events if e.get("event") == "active_loop"]
    if any(e.get("event") == "active_loop" and e.get("name") == form for e in turn.this_turn):
        before = loops[-2] if len(loops) > 1 and loops[-1] == form else None
        return "beginning", _intent_of().get(before) if before and before != form else None
    return ("back" if since - {form, "action_listen"} else "answer"), None


def _forms() -> List[type]:
    found, left = [], list(TopicForm.__subclasses__())
    while left:
        form = left.pop()
        found.append(form)
        left += form.__subclasses__()
    return found


def _is_alarm_by_chance(turn: Turn) -> bool:
    """Whether free words were taken for danger or fraud without being sure, and name no danger: `le câble de charge`, for what is missing."""
    return turn.intent in ("report_safety_issue", "report_fraud") and turn.confidence < SURE and hazard_in(turn.text) is None


def form_of(intent: str) -> Optional[str]:
    """The form that an intent begins, or None."""
    return next((form.form() for form in _forms() if intent in form.begins), None)  # type: ignore[attr-defined]


def _beginnings() -> Set[str]:
    """Intents that begin some form."""
    return {intent for form in _forms() for intent in form.begins}  # type: ignore[attr-defined]


def _intent_of() -> Dict[str, str]:
    """Forms with the intent that stands for each."""
    return {form.form(): form.begins[0] for form in _forms() if form.begins}  # type: ignore[attr-defined]
