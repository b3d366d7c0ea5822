"""What people call spare parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import pytest

from actions.part_names import kind_in, named_in, quantity_in
from savoir.core.text import fold


@dataclass
class Part:
    id: str
    name_fr: str
    name_en: str


EARBUDS = [Part("left", "Écouteur gauche Murmure Mini", "Murmure Mini left earbud"), Part("right", "Écouteur droit Murmure Mini", "Murmure Mini right earbud")]
CHARGERS = [Part("65", "Chargeur 65 W", "65 W charger"), Part("25", "Chargeur 25 W", "25 W charger")]


@pytest.mark.parametrize(("text", "kind"), [
    ("il me faut un chargeur", "charger"), ("une batterie externe comme la mienne", "power_bank"), ("batterie de rechange ?", "battery"),
    ("le cordon secteur de ma télé", "power_supply"), ("the left earbud is lost", "earbud"), ("a longer strap for my watch", "strap"),
    ("un bouton", "button"), ("bonjour", None),
])  # fmt: skip
def test_the_kind_of_part_is_what_is_named_first(text: str, kind: Optional[str]) -> None:
    assert kind_in(fold(text)) == kind


@pytest.mark.parametrize(("text", "count"), [
    ("non, deux", 2), ("two please", 2), ("deux télécommandes", 2), ("horizon remote x2 please", 2), ("un chargeur 65 w", None), ("plutôt 3", 3),
    ("mettez-m'en quatre", 4), ("câble de 2 m", None), ("nine new remotes", None), ("le 25 w", None),
])  # fmt: skip
def test_how_many_is_said_in_figures_or_words_and_watts_are_no_count(text: str, count: Optional[int]) -> None:
    assert quantity_in(fold(text)) == count


def test_of_several_the_one_is_meant_whose_own_word_is_said() -> None:
    assert [part.id for part in named_in("l'ecouteur gauche", EARBUDS)] == ["left"]
    assert [part.id for part in named_in("celui de 25 w", CHARGERS)] == ["25"]
    assert [part.id for part in named_in("un chargeur", CHARGERS)] == ["65", "25"]
    assert named_in("bonjour", CHARGERS) == []
