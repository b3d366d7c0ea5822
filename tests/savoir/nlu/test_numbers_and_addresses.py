"""Numbers and addresses, however typed, to their canonical form."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from savoir.nlu.catalogue import Catalogue
from savoir.nlu.entity_extractor import find_entities
from savoir.nlu.reference_numbers import passes_luhn
from savoir.nlu.word_lookup import WordLookup

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=timezone.utc)


def found(text: str) -> list[tuple[str, str]]:
    return [(find.entity, find.value) for find in find_entities(text, WordLookup(), Catalogue(), NOW)]


@pytest.mark.parametrize(
    "text",
    [
        "cmd104233",
        "commande 104233",
        "#104233",
        "CMD 104 233",
        "n°104233",
        "order no. 104233",
        "CMD_104233",
        "Cmd-104.233",
        "104233",
    ],
)
def test_order_numbers_are_known_however_typed(text: str) -> None:
    assert found(text) == [("order_number", "CMD-104233")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon dossier 000042 svp", ("ticket_number", "SAV-000042")),
        ("sav004312", ("ticket_number", "SAV-004312")),
        ("my case is 001201", ("ticket_number", "SAV-001201")),
        ("la réparation 000101", ("repair_number", "REP-000101")),
        ("rep 011932", ("repair_number", "REP-011932")),
        ("BR 7712 0498 53", ("serial_number", "BR7712049853")),
        ("s/n kd3019284756", ("serial_number", "KD3019284756")),
        ("35 996030 824628 1", ("serial_number", "359960308246281")),
    ],
)
def test_the_word_beside_a_number_says_what_it_is(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


def test_fifteen_digits_with_a_wrong_check_digit_are_no_imei() -> None:
    assert passes_luhn("359960308246281")
    assert ("serial_number", "359960308246282") not in found("imei 359960308246282")


def test_amounts_are_no_order_numbers() -> None:
    assert found("elle coûte 120000 € neuve") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo.Martin@Example.ORG", "jo.martin@example.org"),
        ("nadia arobase example point org", "nadia@example.org"),
        ("a.b (at) example.com", "a.b@example.com"),
        ("jo at example dot co.uk", "jo@example.co.uk"),
    ],
)
def test_mail_addresses_are_found_written_or_spelt_out(text: str, expected: str) -> None:
    assert found(text) == [("email", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06.39.98.13.90", "+33639981390"),
        ("+33 6 39 98 21 09", "+33639982109"),
        ("0033 639982109", "+33639982109"),
        ("07700 900344", "+447700900344"),
        ("+44 7700 900344", "+447700900344"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_telephone_numbers_are_french_unless_they_say_otherwise(text: str, expected: str) -> None:
    assert found(text) == [("phone", expected)]


@pytest.mark.parametrize(("text", "expected"), [("44300", "44300"), ("59 000 Lille", "59000"), ("code postal 69007", "69007")])
def test_postal_codes_have_five_digits(text: str, expected: str) -> None:
    assert found(text) == [("postal_code", expected)]


@pytest.mark.parametrize("text", ["10000 mAh", "CMD-104233", "0639981245", "j'ai fait 12000 pas"])
def test_parts_of_other_numbers_and_amounts_are_no_postal_codes(text: str) -> None:
    assert all(entity != "postal_code" for entity, _ in found(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 3 mai 2025", "2025-05-03"),
        ("March 4th 2026", "2026-03-04"),
        ("12/03/2025", "2025-03-12"),
        ("2025-06-30", "2025-06-30"),
        ("hier", "2026-11-23"),
        ("tomorrow", "2026-11-25"),
        ("il y a deux semaines", "2026-11-10"),
        ("3 months ago", "2026-08-24"),
        ("next Tuesday", "2026-12-01"),
        ("acheté le 3 mai", "2026-05-03"),
        ("rendez-vous le 3 mai", "2027-05-03"),
    ],
)
def test_dates_are_days_as_of_now(text: str, expected: str) -> None:
    assert found(text) == [("date", expected)]


def test_several_values_in_one_message_keep_apart() -> None:
    text = "CMD-104233, 06 39 98 12 45, jo@example.org, 44000 Nantes, le 3 mai 2025"
    assert {entity for entity, _ in found(text)} == {"order_number", "phone", "email", "postal_code", "date"}
