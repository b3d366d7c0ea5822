"""Addresses as customers type them."""

from __future__ import annotations

from typing import Optional

import pytest

from savoir.customers.typed_address import TypedAddress, read_address


@pytest.mark.parametrize(
    ("text", "street", "postal_code", "city"),
    [
        ("12 rue des Lilas, 35000 Rennes", "12 rue des Lilas", "35000", "Rennes"),
        ("12 bis avenue Foch 59800 lille svp", "12 bis avenue Foch", "59800", "Lille"),
        ("j'ai déménagé au 9 quai des Brumes à 44 000 Nantes", "9 quai des Brumes", "44000", "Nantes"),
        ("envoyez ma commande CMD-700001 chez ma sœur, 3 impasse du Port, 29200 Brest, merci", "3 impasse du Port", "29200", "Brest"),
        ("c'est le 14 place Saint-Jean, 69005 Lyon 5e", "14 place Saint-Jean", "69005", "Lyon 5e"),
        ("lieu-dit Kerguen, 56400 Pluneret", "lieu-dit Kerguen", "56400", "Pluneret"),
        ("75011 Paris", None, "75011", "Paris"),
        ("9 quai des Brumes", "9 quai des Brumes", None, None),
        ("12 rue des Lilas, Rennes", "12 rue des Lilas", None, "Rennes"),
        ("16 High Street, 31000 Toulouse please", "16 High Street", "31000", "Toulouse"),
        ("my new address is 5 rue du Four, 75006 Paris, thanks", "5 rue du Four", "75006", "Paris"),
        ("mon téléphone ne marche plus", None, None, None),
        ("je voudrais changer mon adresse", None, None, None),
    ],
)
def test_the_parts_of_an_address_are_found_in_a_message(text: str, street: Optional[str], postal_code: Optional[str], city: Optional[str]) -> None:
    assert read_address(text) == TypedAddress(street, postal_code, city)


def test_a_country_is_heard_and_its_postal_codes_are_shorter() -> None:
    assert read_address("rue de la Loi 16, 1000 Bruxelles, Belgique") == TypedAddress("rue de la Loi 16", "1000", "Bruxelles", "BE")
    assert read_address("12 rue du Rhône, 1204 Genève", country="CH") == TypedAddress("12 rue du Rhône", "1204", "Genève")


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Rennes", "city", TypedAddress(city="Rennes")),
        ("à saint-malo", "city", TypedAddress(city="Saint-Malo")),
        ("35400", "postal_code", TypedAddress(postal_code="35400")),
        ("Les Quatre Vents", "street", TypedAddress(street="Les Quatre Vents")),
    ],
)
def test_a_part_that_was_asked_for_needs_no_sign_of_its_own(text: str, asked: str, expected: TypedAddress) -> None:
    assert read_address(text, asked=asked) == expected


def test_what_is_said_later_goes_before_and_another_code_drops_the_town() -> None:
    first = TypedAddress("12 rue des Lilas", "35000", "Rennes")
    assert first.with_more(TypedAddress(street="14 rue des Lilas")) == TypedAddress("14 rue des Lilas", "35000", "Rennes")
    assert first.with_more(TypedAddress(postal_code="29200")).missing == "city"
    assert TypedAddress("5 rue du Four", city="Paris").with_more(TypedAddress(postal_code="75006")).missing is None
