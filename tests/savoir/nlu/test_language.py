"""The language of a message: spoken of only when sure."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from savoir.core.settings import PROJECT
from savoir.nlu.evaluation.measuring import training_phrases
from savoir.nlu.language import detect
from savoir.nlu.language_detector import LanguageDetector, asked_for


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("jcapte pa ma cmd est ou", "fr"),
        ("où est ma commande ?", "fr"),
        ("where is my parcel", "en"),
        ("CMD-104233", None),
        ("nova 5", None),
        ("ok", None),
        ("", None),
        ("wo ist mein paket", None),
        ("¿dónde está mi pedido?", None),
    ],
)
def test_the_language_is_named_only_when_sure(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_on_the_training_phrases_it_errs_less_than_once_in_two_hundred() -> None:
    texts, _, languages = training_phrases(PROJECT / "data" / "nlu")
    said = [(detect(text), language) for text, language in zip(texts, languages, strict=True) if language]
    spoken = [(found, language) for found, language in said if found]
    assert sum(found == language for found, language in spoken) / len(spoken) >= 0.995
    assert len(spoken) / len(said) >= 0.75


@pytest.mark.parametrize(
    ("text", "language"),
    [("parle anglais s'il te plaît", "en"), ("can we speak French?", "fr"), ("pas en anglais svp", "fr"), ("english please", "en")],
)
def test_a_request_to_switch_names_the_language_asked_for(text: str, language: str) -> None:
    find = asked_for(text)
    assert find is not None
    assert find.value == language


def test_a_request_to_switch_is_not_taken_for_its_own_language() -> None:
    message = Message({"text": "est-ce que vous pouvez parler anglais avec moi", "intent": {"name": "switch_language"}})
    LanguageDetector(LanguageDetector.get_default_config()).process([message])
    assert [entity["value"] for entity in message.get("entities")] == ["en"]
