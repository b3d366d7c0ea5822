"""Texts are alternated, know the firm's hours, and notice when a conversation goes round."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from connectors.wording import Wording, firm_values
from savoir.core.settings import Settings

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    responses:
      utter_one:
        - text: "Un."
        - text: "One."
          condition: [{type: slot, name: language, value: en}]
      utter_three:
        - {text: "A."}
        - {text: "B."}
        - {text: "C."}
      utter_ask_number:
        - text: "Le numéro ?"
      utter_hours:
        - text: "Nous répondons {opening_hours}, dit {firm}."
      utter_remark:
        - text: "Je vous comprends ;"
      utter_going_round:
        - text: "Nous tournons en rond."
          buttons: [{title: "Une personne", payload: "/speak_to_human"}]
        - text: "We're going round in circles."
          condition: [{type: slot, name: language, value: en}]
          buttons: [{title: "A person", payload: "/speak_to_human"}]
    """
)


class Conversation:
    """A tracker to which an answer is added, turn by turn."""

    def __init__(self, language: str = "fr") -> None:
        self.wording = Wording(None, DOMAIN)
        self.tracker = DialogueStateTracker.from_events("c", [SlotSet("language", language)], DOMAIN.slots)

    def turn(self, *responses: str, **values: Any) -> list[Optional[str]]:
        """The customer writes; the texts that these responses say."""
        self.tracker.update(UserUttered("…"))
        said = [asyncio.run(self.wording.generate(name, self.tracker, "desk", **values)) for name in responses]
        for one in said:
            self.tracker.update(BotUttered(one["text"] if one else None))
        return [one["text"] if one else None for one in said]


def test_wordings_take_turns() -> None:
    talk = Conversation()
    assert [talk.turn("utter_three")[0] for _ in range(7)] == ["A.", "B.", "C.", "A.", "B.", "C.", "A."]


def test_the_same_answer_is_not_given_a_third_time_running() -> None:
    talk = Conversation()
    assert [talk.turn("utter_one")[0] for _ in range(4)] == ["Un.", "Un.", "Nous tournons en rond.", "Nous tournons en rond."]
    assert talk.turn("utter_three") == ["A."]
    assert talk.turn("utter_one") == ["Un."]


def test_the_remark_is_in_the_customers_language() -> None:
    talk = Conversation("en")
    assert [talk.turn("utter_one")[0] for _ in range(3)] == ["One.", "One.", "We're going round in circles."]


def test_a_text_that_goes_with_different_answers_does_not_go_round() -> None:
    talk = Conversation()
    assert [talk.turn("utter_three", "utter_one")[1] for _ in range(4)] == ["Un."] * 4


def test_questions_of_forms_are_asked_as_often_as_the_form_will() -> None:
    talk = Conversation()
    assert [talk.turn("utter_ask_number")[0] for _ in range(4)] == ["Le numéro ?"] * 4


def test_texts_name_the_opening_hours_of_the_settings_in_words() -> None:
    the = Settings(_env_file=None, firm="Talvène", opening_hours="mo-fr 09:00-18:00")
    assert firm_values(the, "fr")["opening_hours"] == "du lundi au vendredi de 9 h à 18 h"
    assert firm_values(the, "en")["opening_hours"] == "Monday to Friday 9:00–18:00 (Paris time)"
    said = Conversation().turn("utter_hours")[0] or ""
    assert "{" not in said and "du lundi" in said


def test_a_remark_leads_an_answer_in() -> None:
    assert Conversation().turn("utter_ask_number", lead="utter_remark") == ["Je vous comprends ; le numéro ?"]
