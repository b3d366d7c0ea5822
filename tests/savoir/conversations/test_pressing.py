"""Buttons pressed by typing."""

from __future__ import annotations

import pytest

from savoir.conversations.pressing import match, of_signs

BUTTONS = [
    {"title": "Suivre ma commande", "payload": "/track_order"}, {"title": "Signaler une panne", "payload": "/report_fault"},
    {"title": "Parler à une personne", "payload": "/speak_to_human"},
]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("suivre ma commande", "/track_order"), ("Parler a une personne !", "/speak_to_human"), ("2", "/report_fault"), ("la deuxième", "/report_fault"),
        ("the last one", "/speak_to_human"), ("n°3", "/speak_to_human"), ("premier choix", "/track_order"), ("first", "/track_order"),
    ],
)
def test_a_title_or_a_place_presses_the_button(text: str, payload: str) -> None:
    assert match(BUTTONS, text) == payload


@pytest.mark.parametrize("text", ["9", "4", "je veux suivre ma commande et la deuxième", "oui", "104233", "", "…"])
def test_other_words_press_nothing(text: str) -> None:
    assert match(BUTTONS, text) is None


def test_a_title_that_is_a_number_goes_before_places() -> None:
    scores = [{"title": str(n), "payload": f"/rate{n}"} for n in (5, 4, 3, 2, 1)]
    assert match(scores, "5") == "/rate5"
    assert match(scores, "1") == "/rate1"


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("👍", "/affirm"), ("👍🏽", "/affirm"), ("👌 👌", "/affirm"), ("✅", "/affirm"), ("✔️", "/affirm"), ("👎", "/deny"), ("❌", "/deny"), ("🙅‍♀️", "/deny"),
        ("🙏", "/thank"), ("❤️", "/thank"), ("😊❤️", "/thank"), ("😡", "/show_anger"), ("🤬🤬🤬!", "/show_anger"), ("👋", "/greet"), ("🙂", "/thank"), ("🤔", "/ask_for_help"),
    ],
)
def test_a_sign_alone_stands_for_what_it_means(text: str, payload: str) -> None:
    assert of_signs(text) == payload


@pytest.mark.parametrize("text", ["", "👍 merci", "👍👎", "🐸", "!!!", "ok", "123"])
def test_other_signs_and_words_stand_for_nothing(text: str) -> None:
    assert of_signs(text) is None


MISSING = [{"title": "C'est arrivé", "payload": "/helped"}, {"title": "Je n'ai rien reçu", "payload": "/missing"}]


def test_a_title_among_few_other_words_is_pressed() -> None:
    assert match(MISSING, "je n'ai toujours rien reçu") == "/missing"
    assert match(BUTTONS, "je voudrais parler à une personne") == "/speak_to_human"


@pytest.mark.parametrize("text", ["je ne veux pas parler à une personne", "parler à une personne et suivre ma commande CMD-104233", "je n'ai pas reçu la facture"])
def test_words_that_change_a_title_press_nothing(text: str) -> None:
    assert match(BUTTONS, text) is None
    assert match(MISSING, text) is None
