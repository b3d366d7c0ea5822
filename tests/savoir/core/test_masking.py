"""What is taken out of a customer's words before they are kept, and what must stay in them."""

from __future__ import annotations

import pytest

from savoir.core.masking import masked


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("je suis camille@example.org, commande CMD-104233, 06 39 98 12 34", "je suis [e-mail], commande [n°], [tel]"),
        ("nadia arobase example point org", "[e-mail]"),
        ("J'habite 12 rue du Port, 44000 Nantes", "J'habite [adresse], [adresse]"),
        ("je m'appelle Camille Rousseau et mon NV2605694669 chauffe", "je m'appelle [nom] et mon [n°] chauffe"),
        ("Mme Dupont, IBAN FR76 3000 6000 0112 3456 7890 189", "Mme [nom], IBAN [n°]"),
        ("carte 4970 1012 3456 7890", "carte [n°]"),
        ("le code 483920 ne marche pas", "le code [n°] ne marche pas"),
        ("call me on 07700 900123, I'm at 21 Baker Street", "call me on [tel], I'm at [adresse]"),
        ("+44 7700 900123", "[tel]"),
    ],
)
def test_who_somebody_is_and_how_to_reach_them_is_taken_out(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "mon Nova 6 de 128 Go affiche E-12 depuis le 24/11/2026 à 14 h 30", "une batterie de 10000 mAh à 549,00 €", "wifi 802.11, adresse 192.168.1.1, port 8080",
        "comment régler l'heure sur le Passerelle AX3 ?", "does the Horizon 55 show 4K at 120 Hz?",
    ],
)
def test_what_the_question_is_about_stays(text: str) -> None:
    assert masked(text) == text


def test_what_is_known_of_the_customer_is_taken_out_as_words_of_its_own() -> None:
    assert masked("Marie ici : la marieuse de Rousseau chauffe", ["marie", "Rousseau", ""]) == "[nom] ici : la marieuse de [nom] chauffe"
