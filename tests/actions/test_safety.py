"""Hazards that words tell, and those that they only seem to tell."""

from __future__ import annotations

import pytest

from actions.safety import clear_hazard, hazard_in


@pytest.mark.parametrize(("text", "hazard"), [
    ("mon fils a avalé la pile de la télécommande", "swallowed"), ("my baby swallowed a button cell", "swallowed"),
    ("la batterie externe a pris feu", "fire"), ("my phone is on fire", "fire"),
    ("j'ai pris une décharge avec le chargeur", "shock"), ("I got an electric shock", "shock"), ("la prise fait des étincelles", "shock"),
    ("la batterie gonfle", "swollen"), ("the back is bulging", "swollen"), ("ma tablette est toute bombée", "swollen"),
    ("ça sent le brûlé", "smoke"), ("ça fume !!!", "smoke"), ("there is a burning smell", "smoke"),
    ("la montre m'a brûlé le poignet", "burn"), ("la pile coule dans la télécommande", "leak"),
    ("il y a de l'eau sur la multiprise", "wet"), ("le chargeur a fondu", None),
])  # fmt: skip
def test_a_hazard_is_told_by_its_words(text: str, hazard: str) -> None:
    assert hazard_in(text) == hazard


@pytest.mark.parametrize("text", [
    "non, pas gonflé, pas d'odeur de brûlé", "no smoke, not swollen", "ça fume pas mais c'est chaud", "le lecteur avale le disque",
    "the ATM swallowed my card", "la batterie se décharge vite", "l'écran a explosé en tombant", "it is hot but there is no burning smell",
])  # fmt: skip
def test_no_hazard_is_seen_where_there_is_none(text: str) -> None:
    assert clear_hazard(text) is None


def test_what_is_wet_or_burnt_waits_for_the_intent_and_the_rest_does_not() -> None:
    assert clear_hazard("j'ai renversé de l'eau sur la prise") is None
    assert clear_hazard("non, mais ça fume") == "smoke"
