"""What `savoir ask` says the assistant would answer, on the project as it is; the model itself is tested with the components."""

from __future__ import annotations

from savoir.core.settings import PROJECT
from savoir.learning.answering import Answer, fill_in, render, rule_for, slots_from
from savoir.learning.project_files import read_project
from tests.ports import free_port

READ = read_project(PROJECT)


def _answer(action: str, language: str, slots: dict[str, str]) -> Answer:
    answer = Answer(action)
    fill_in(READ, answer, language, slots, {"sender_id": "savoir-ask"}, free_port())
    return answer


def test_a_response_is_said_in_the_language_asked_for() -> None:
    french, english = (render(READ, "utter_greet", language, {}) for language in ("fr", "en"))
    assert french
    assert french["text"].startswith("Bonjour")
    assert english
    assert english["text"].startswith("Hello")
    assert english["buttons"][0] == {"title": "Track my order", "payload": "/track_order"}


def test_values_are_put_into_a_response_and_unknown_ones_stay_visible() -> None:
    said = render(READ, "utter_ticket_opened", "en", {"number": "SAV-000001"})
    assert said
    assert "**SAV-000001**" in said["text"]
    assert "{address}" in said["text"]


def test_a_form_asks_for_what_the_message_does_not_say() -> None:
    assert slots_from(READ, "track_order", [{"entity": "order_number", "value": "CMD-104233"}])["order_number"] == "CMD-104233"
    answer = _answer("track_order_form", "en", {})
    assert answer.replies[0]["text"].startswith("What is the order number?")
    assert "order_number" in (answer.note or "")
    assert "identity_proof" in (_answer("track_order_form", "en", {"order_number": "CMD-104233"}).note or "")


def test_a_form_that_needs_nothing_more_is_not_run() -> None:
    answer = _answer("track_order_form", "fr", {"order_number": "CMD-104233", "identity_proof": "44000"})
    assert answer.replies == []
    assert answer.note
    assert "does not run it" in answer.note


def test_an_action_is_named_when_no_server_runs() -> None:
    answer = _answer("action_answer_question", "fr", {})
    assert answer.replies == []
    assert answer.note
    assert "make run" in answer.note


def test_the_rule_of_an_intent_is_found_with_its_place() -> None:
    rule = rule_for(READ, "speak_to_human")
    assert rule
    assert rule.name == "a person is asked for"
    assert str(rule.place).startswith("data/rules/people.yml:")
    assert rule_for(READ, "affirm") is None
