"""What is personal leaves as a mark, and comes back."""

from __future__ import annotations

import pytest

from connectors.masking import Mask


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Bonjour, je m'appelle camille rousseau, camille.rousseau@example.org, 06 12 34 56 78.", ["camille", "rousseau", "example.org", "56 78"]),
        ("J'habite 12 bis rue des Lilas, 44000 Nantes, commande CMD-104233 et dossier SAV 000042.", ["Lilas", "44000", "Nantes", "104233", "000042"]),
        ("My name is John Smith, I live at 12 High Street, London SW1A 1AA. Order 104310.", ["John", "Smith", "High", "SW1A", "104310"]),
        ("Mme Lefort a payé avec 4970 1012 3456 7890, IBAN FR76 3000 6000 0112 3456 7890 189.", ["Lefort", "4970", "FR76", "3456", "189"]),
        ("Série LX2204518837, né le 12/03/1985, mot de passe : Abc123!\nPaul Durand, merci.\nCordialement,\nAnne Petit", ["LX22", "1985", "Abc123", "Anne", "Petit"]),
        ("Voici https://mon.talvene.example/commande?jeton=abcdef et nadia arobase example point org", ["abcdef", "nadia"]),
    ],
)
def test_what_is_personal_does_not_leave_and_comes_back(text: str, secrets: list[str]) -> None:
    mask = Mask()
    hidden = mask.hide(text)
    assert [secret for secret in secrets if secret.lower() in hidden.lower()] == []
    assert mask.show(hidden) == text


def test_what_is_known_of_the_customer_is_hidden_however_it_is_typed() -> None:
    hidden = Mask(["Hélène", "Kerleau", "Le Pouliguen"]).hide("kerleau helene du pouliguen, enfin LE POULIGUEN")
    assert hidden == "<CUSTOMER_1> <CUSTOMER_2> du pouliguen, enfin <CUSTOMER_3>"


@pytest.mark.parametrize("text", [
    "Maintenez les deux touches 10 secondes : délai de 24 à 72 heures, batterie de 10 000 mAh, Nova 6, 30 jours.",
    "Le mot de passe est sur l'étiquette, sous la Passerelle AX3.", "Use a 65 W charger for 50 minutes; the Horizon 55 has HDMI 2.1.",
])
def test_what_an_article_says_stays_as_it_is(text: str) -> None:
    assert Mask().hide(text) == text


def test_the_same_value_has_the_same_mark() -> None:
    mask = Mask()
    assert mask.hide("a@example.org, b@example.org") == "<EMAIL_1>, <EMAIL_2>"
    assert mask.hide("encore b@example.org") == "encore <EMAIL_2>"


def test_a_mark_that_was_typed_or_invented_stands_for_nothing() -> None:
    mask = Mask()
    assert mask.hide("<EMAIL_1> a@example.org") == "(EMAIL_1) <EMAIL_1>"
    with pytest.raises(ValueError):
        mask.show("Écrivez à <EMAIL_2>.")
