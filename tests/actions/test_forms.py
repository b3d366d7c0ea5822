"""What every form does by itself."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List, Optional

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.orders  # noqa: F401  its forms are requests that a message may change to
from actions.forms import TopicForm, leave

FORM = "callback_form"
SLOTS = ["callback_window", "phone"]


class ValidateCallbackForm(TopicForm):
    """The form of domain.yml with checks of the test's own."""

    begins = ("ask_callback",)

    async def check_phone(self, turn: Any, value: str) -> Dict[str, Any]:
        if value == "stop":
            turn.say("utter_identity_stopped")
            return leave({"phone": None})
        return {"phone": value if value.startswith("0") else None}

    async def not_known(self, turn: Any, slot: str) -> Optional[Dict[str, Any]]:
        return {"phone": "none"} if slot == "phone" else None


class Conversation:
    """A tracker that grows as Rasa's would."""

    def __init__(self) -> None:
        self.events: List[Dict[str, Any]] = []
        self.slots: Dict[str, Any] = {"language": "fr", "requested_slot": None, "misses": 0.0, "later": None, "anger": 0.0}
        self.loop: Optional[str] = None
        self.latest: Dict[str, Any] = {}

    def customer(self, text: str, intent: str, confidence: float = 0.95, further: tuple[str, ...] = (), **slots: Any) -> "Conversation":
        self.latest = {
            "text": text, "intent": {"name": intent, "confidence": confidence}, "entities": [], "further_intents": [{"name": f} for f in further]
        }
        self.events += [
            {"event": "action", "name": "action_listen"},
            {"event": "user", "text": text, "metadata": {}, "message_id": f"m{len(self.events)}", "parse_data": self.latest},
        ]
        self.events += [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        self.slots.update(slots)
        self._found = slots
        return self

    def did(self, action: str) -> "Conversation":
        self.events.append({"event": "action", "name": action})
        self._found = {}
        return self

    def form(self) -> List[Dict[str, Any]]:
        """Runs the form's checks, and takes up what they say."""
        if self.loop != FORM:
            self.events.append({"event": "active_loop", "name": FORM})
            self.loop = FORM
        own = [{"event": "action", "name": FORM}, *({"event": "slot", "name": n, "value": v} for n, v in self._found.items() if n in SLOTS)]
        tracker = Tracker("c", dict(self.slots), self.latest, [*self.events, *own], False, None, {"name": FORM}, "action_listen")
        self.said = CollectingDispatcher()
        answer = asyncio.run(ValidateCallbackForm().run(self.said, tracker, {}))
        for event in answer:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.events += answer
        return answer

    def responses(self) -> List[str]:
        return [message["response"] for message in self.said.messages if message.get("response")]


@pytest.fixture
def begun() -> Conversation:
    conversation = Conversation().customer("rappelez-moi", "ask_callback")
    conversation.form()
    assert conversation.slots["requested_slot"] == "callback_window"
    return conversation


def rejected(events: List[Dict[str, Any]]) -> bool:
    return [e["event"] for e in events] == ["action_execution_rejected"]


def test_the_first_empty_slot_is_asked_and_then_the_next(begun: Conversation) -> None:
    begun.customer("demain 9 h", "inform", callback_window="w").form()
    assert begun.slots["requested_slot"] == "phone" and begun.slots["asked"] is None
    begun.customer("0612345678", "inform", phone="0612345678").form()
    assert begun.slots["requested_slot"] is None and not begun.slots.get("given_up")


def test_a_question_without_an_answer_is_asked_again_and_then_given_up(begun: Conversation) -> None:
    begun.customer("bof", "nlu_fallback").form()
    assert (begun.slots["asked"], begun.slots["requested_slot"]) == ("again", "callback_window")
    events = begun.customer("hmm", "nlu_fallback").form()
    assert begun.responses() == ["utter_form_stuck"]
    assert begun.slots["given_up"] and {"event": "active_loop", "name": None, "timestamp": None} in events


def test_a_value_that_a_check_refuses_is_asked_again_as_wrong(begun: Conversation) -> None:
    begun.customer("w", "inform", callback_window="w").form()
    begun.customer("12", "inform", phone="12").form()
    assert (begun.slots["asked"], begun.slots["requested_slot"], begun.slots["phone"]) == ("wrong", "phone", None)


def test_a_digression_is_left_to_its_rule_and_the_question_taken_up(begun: Conversation) -> None:
    assert rejected(begun.customer("t'es un robot ?", "ask_if_bot").form())
    begun.did("utter_am_bot").form()
    assert (begun.slots["asked"], begun.slots["requested_slot"], begun.slots["misses"]) == ("back", "callback_window", 0.0)


def test_another_request_is_a_change_of_mind_even_with_a_value_in_it(begun: Conversation) -> None:
    assert rejected(begun.customer("annulez CMD-104233", "cancel_order", callback_window="w").form())


def test_an_unsure_other_request_with_the_value_that_was_asked_for_is_an_answer(begun: Conversation) -> None:
    begun.customer("le matin", "cancel_order", confidence=0.4, callback_window="w").form()
    assert begun.slots["requested_slot"] == "phone"


@pytest.mark.parametrize("intent", ["speak_to_human", "report_safety_issue", "stop"])
def test_a_person_danger_and_stop_go_before_every_form(begun: Conversation, intent: str) -> None:
    assert rejected(begun.customer("…", intent).form())


def test_not_knowing_is_an_answer_where_the_form_can_do_without(begun: Conversation) -> None:
    begun.customer("w", "inform", callback_window="w").form()
    begun.customer("je ne sais pas", "nlu_fallback").form()
    assert begun.slots["phone"] == "none" and begun.slots["requested_slot"] is None


def test_a_photo_is_kept_without_counting_as_a_miss(begun: Conversation) -> None:
    begun.customer("", "share_photo").form()
    assert (begun.slots["asked"], begun.slots["misses"]) == ("photo", 0.0)


def test_a_check_may_leave_the_form_having_said_why(begun: Conversation) -> None:
    begun.customer("w", "inform", callback_window="w").form()
    begun.customer("stop", "inform", phone="stop").form()
    assert begun.responses() == ["utter_identity_stopped"] and begun.slots["given_up"]


def test_a_second_request_in_the_message_is_kept_for_later(begun: Conversation) -> None:
    begun.customer("demain, et ma facture ?", "inform", further=("request_invoice",), callback_window="w").form()
    assert begun.slots["later"] == ["request_invoice"]


def test_a_second_angry_message_ends_the_form_with_a_person(begun: Conversation) -> None:
    begun.customer("c'est scandaleux, vous vous foutez de moi !!!", "nlu_fallback").form()
    begun.customer("j'en ai marre, bande d'incapables !!!", "nlu_fallback").form()
    assert begun.responses() == ["utter_anger_heard"] and begun.slots["given_up"]
