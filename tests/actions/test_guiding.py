"""A diagnosis as the slot keeps it, and what customers say beside answers to it."""

from __future__ import annotations

import pytest

from actions import damage, guiding
from actions.device import Device
from actions.guiding import Guided
from savoir.core.text import fold

PHONE = Device("smartphone", "nova-6")


def test_a_diagnosis_is_begun_at_its_first_question() -> None:
    guided = guiding.begun(Guided(), PHONE, "charging", "fr")
    assert (guided.is_under_way, guided.end) == (True, None)
    assert guided.walk is not None
    assert guided.walk.tree == "smartphone-charging"


def test_without_a_tree_it_is_at_its_end() -> None:
    assert guiding.begun(Guided(), Device("speaker"), "noise", "fr").end == "none"
    assert guiding.begun(Guided(), PHONE, "water", "fr").end == "damage"


def test_facts_of_a_device_are_not_asked_again_and_not_taken_to_another() -> None:
    before = Guided(PHONE, "charging", facts={"phone_danger": "no", "home_wifi_works": "yes"})
    assert before.facts_for(Device("smartphone")) == {"phone_danger": "no", "home_wifi_works": "yes"}
    assert before.facts_for(Device("tablet")) == {"home_wifi_works": "yes"}
    assert before.facts_for(Device("smartphone", "nova-5")) == {"home_wifi_works": "yes"}


def test_the_usual_symptoms_of_a_device_are_those_with_a_tree_each_tree_once() -> None:
    assert guiding.usual_symptoms(Device("tablet")) == ["power", "screen"]


@pytest.mark.parametrize("text", ["plus tard", "je reviens demain", "not now", "I'll come back to this later"])
def test_a_pause_is_heard(text: str) -> None:
    assert guiding.typed_is(guiding.LATER, text)


@pytest.mark.parametrize("text", ["attendez, je vais essayer", "let me try", "une minute", "hold on"])
def test_trying_is_heard(text: str) -> None:
    assert guiding.typed_is(guiding.WAIT, text)


@pytest.mark.parametrize(("text", "happened"), [
    ("j'ai renversé du thé sur le clavier", "liquid"), ("I dropped it in the toilet", "liquid"), ("the screen is cracked", "screen"),
    ("il est tombé dans l'escalier", "fall"), ("my dog has chewed the cable", "shock"), ("I ruined the watch", None),
])  # fmt: skip
def test_what_happened_is_told_by_its_words(text: str, happened: str) -> None:
    class Typed:
        typed = fold(text)

    assert damage.damage_in(Typed()) == happened  # type: ignore[arg-type]
