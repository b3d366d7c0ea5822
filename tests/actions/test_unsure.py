"""What is too vague to act on, and what is not doubted all the same."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.unsure import ask_what_was_meant, is_unsure

RANKING = [("track_repair", 0.3), ("greet", 0.2), ("book_repair", 0.15), ("nlu_fallback", 0.1), ("report_fault", 0.08), ("return_product", 0.06), ("thank", 0.01)]


def turn(text: str, intent: str, confidence: float, before: Tuple[Tuple[str, float], ...] = (), said: str = "utter_greet", doubts: float = 0.0) -> Turn:
    """The customer's message after others; `said` is the response to the one before, with a yes and a no below it if it is an offer."""
    events: List[Dict[str, Any]] = []
    for name, sure in before or (("greet", 0.9),):
        events += [
            {"event": "user", "text": "…", "parse_data": {"intent": {"name": name, "confidence": sure}}},
            {"event": "bot", "text": said, "metadata": {"utter_action": said}, "data": {"buttons": [{"title": "Oui", "payload": "/affirm"}] if said == "offer" else None}},
        ]
    latest = {
        "text": text, "intent": {"name": intent, "confidence": confidence}, "entities": [], "intent_ranking": [{"name": n, "confidence": c} for n, c in RANKING],
    }
    events.append({"event": "user", "text": text, "parse_data": latest})
    return Turn("action_x", CollectingDispatcher(), Tracker("c", {"language": "fr", "doubts": doubts}, latest, events, False, None, {}, "action_listen"))


def spoken(one: Turn) -> Tuple[str, List[str]]:
    message = one._dispatcher.messages[-1]
    return message["response"], [button["payload"] for button in message["buttons"]]


@pytest.mark.parametrize(
    ("one", "unsure"),
    [
        (turn("le bidule", "track_repair", 0.3), True), (turn("ma réparation", "track_repair", 0.9), False), (turn("/track_repair", "track_repair", 0.3), False),
        (turn("le bidule", "report_safety_issue", 0.2), True), (turn("ça fume", "report_safety_issue", 0.2), False),
        (turn("mouais", "affirm", 0.3, said="offer"), False), (turn("mouais", "affirm", 0.3), True),
        (turn("et alors", "track_repair", 0.3, before=(("track_repair", 0.9), ("thank", 0.9))), False),
        (turn("et alors", "track_repair", 0.3, before=(("track_repair", 0.3),)), True),
    ],
)
def test_what_is_vague_is_not_acted_on(one: Turn, unsure: bool) -> None:
    assert is_unsure(one) is unsure


def test_the_best_guesses_that_are_requests_are_named() -> None:
    one = turn("le bidule", "track_repair", 0.3)
    ask_what_was_meant(one)
    assert spoken(one) == ("utter_did_you_mean", ["/track_repair", "/book_repair", "/report_fault", "/none_of_these"])


def test_after_guesses_other_words_are_asked_for_and_then_a_person_offered() -> None:
    second = turn("le bidule", "track_repair", 0.3, said="utter_did_you_mean", doubts=1.0)
    ask_what_was_meant(second)
    assert spoken(second)[0] == "utter_please_rephrase"
    third = turn("le bidule", "track_repair", 0.3, said="utter_please_rephrase", doubts=2.0)
    ask_what_was_meant(third)
    assert spoken(third)[0] == "utter_offer_person"


def test_a_doubt_after_something_understood_begins_anew() -> None:
    one = turn("le bidule", "track_repair", 0.3, said="utter_am_bot", doubts=2.0)
    ask_what_was_meant(one)
    assert spoken(one)[0] == "utter_did_you_mean"
