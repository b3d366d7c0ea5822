"""Which text is said, and how a question is led in when it is asked again."""

from __future__ import annotations

from typing import Any, Optional

from savoir.learning.wording import led_in, most_exact


def text(words: str, channel: Optional[str] = None, **conditions: Any) -> dict[str, Any]:
    return {"text": words, "channel": channel, "condition": [{"type": "slot", "name": n, "value": v} for n, v in conditions.items()]}


QUESTION = [
    text("Numéro ?"), text("Number?", language="en"), text("Le numéro du mail ?", asked="again"),
    text("The number in the e-mail?", asked="again", language="en"),
]


def said(variations: list[dict[str, Any]], channel: Optional[str] = None, **slots: Any) -> list[str]:
    return [found["text"] for found in most_exact(variations, slots, channel)]


def test_french_is_said_without_a_language_and_english_on_its_condition() -> None:
    assert said(QUESTION) == ["Numéro ?"]
    assert said(QUESTION, language="fr") == ["Numéro ?"]
    assert said(QUESTION, language="en") == ["Number?"]


def test_the_text_with_most_conditions_that_hold_is_said() -> None:
    assert said(QUESTION, language="fr", asked="again") == ["Le numéro du mail ?"]
    assert said(QUESTION, language="en", asked="again") == ["The number in the e-mail?"]
    assert said(QUESTION, language="en", asked="wrong") == ["Number?"]


def test_texts_with_the_same_conditions_are_all_candidates() -> None:
    assert said([text("Très bien."), text("D'accord."), text("Fine.", language="en")], language="fr") == ["Très bien.", "D'accord."]


def test_another_language_is_better_than_silence() -> None:
    assert said([text("Only English", language="en")], language="fr") == ["Only English"]


def test_a_text_for_the_channel_goes_before_others_and_never_to_another_channel() -> None:
    variations = [text("Cliquez."), text("Répondez 1.", channel="sms")]
    assert said(variations, "sms") == ["Répondez 1."]
    assert said(variations, "desk") == ["Cliquez."]


def test_a_question_is_led_in_as_one_sentence_after_a_colon_and_as_two_after_a_full_stop() -> None:
    assert led_in("Pour reprendre :", "Quel est le numéro ?") == "Pour reprendre : quel est le numéro ?"
    assert led_in("Je n'ai pas compris.", "Quel est le numéro ?") == "Je n'ai pas compris. Quel est le numéro ?"
    assert led_in("Back to it:", "CMD or SAV?") == "Back to it: CMD or SAV?"
