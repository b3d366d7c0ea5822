"""What the assistant knows when it hands a conversation over: slots and the diagnosis in words, for whoever takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict

from actions import guiding
from savoir.diagnosis import service as diagnosis

if TYPE_CHECKING:
    from actions.turn import Turn

SLOTS = (
    "order_number", "ticket_number", "repair_number", "email", "phone", "product_type", "product_model", "symptom", "damage", "description",
    "delivery_problem", "return_reason", "wanted_model", "payment_problem", "amount", "fault_words", "problem_details", "vulnerable",
)
SAYS_NOTHING = {
    "speak_to_human", "wait_here", "greet", "goodbye", "thank", "affirm", "deny", "stop", "inform", "ask_capabilities", "ask_if_bot", "ask_repeat",
    "ask_for_help", "switch_language", "out_of_scope", "show_anger", "nlu_fallback", "share_photo", "",
}
"""Intents that do not tell what the customer came for."""


def known_to(turn: "Turn") -> Dict[str, Any]:
    """What is known, by name; what is not known is left out."""
    known: Dict[str, Any] = {name: turn.slot(name) for name in SLOTS if turn.slot(name) not in (None, "")}
    for event in reversed(turn.events):
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
        if event.get("event") == "user" and intent not in SAYS_NOTHING:
            known["intent"] = intent
            break
    guided = guiding.kept(turn)
    if guided.walk is not None:
        known["diagnosis"] = {language: diagnosis.summary(guided.walk, language=language) for language in ("fr", "en")}
        known["diagnosis_end"] = guided.end
    return known
