"""Triage of requests: what is read of a mail, what rules catch, and what a model learnt from a part of the data says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from savoir.command.main import app
from savoir.tickets.categories import CATEGORIES, queue_of
from savoir.triage.cleaning import newest
from savoir.triage.language import language_of
from savoir.triage.model import Model, requests_of, train
from savoir.triage.products import catalogue
from savoir.triage.reading import QUEUES, Request, read
from savoir.triage.rules import is_automatic_mail, tells_danger, tells_fraud, tells_law

LEARNT = ("billing", "safety")


@pytest.fixture(scope="module")
def trained() -> Model:
    return train([request for request in requests_of() if request["group"] in LEARNT])


def test_quoted_mail_and_disclaimers_are_cut_off_and_a_forwarded_request_stays() -> None:
    quoted = newest("Toujours rien reçu malgré votre promesse, où est-il ?\n\nLe 18 nov. 2026 à 14:02, Talvène <a@b.example> a écrit :\n> Votre facture est jointe.")
    assert quoted.text == "Toujours rien reçu malgré votre promesse, où est-il ?"
    forwarded = newest("Please help my aunt with this.\n---------- Forwarded message ---------\nFrom: Ann <a@b.example>\nSubject: tablet\n\nMy tablet will not start.")
    assert "will not start" in forwarded.text


def test_a_form_is_read_whole_and_nothing_stays_nothing() -> None:
    assert newest("Thanks,\nit works", "form").text == "Thanks,\nit works"
    assert newest("", "mail").text == ""


@pytest.mark.parametrize("text", ["Il y a de la fumée qui sort du chargeur", "my battery is swollen", "une odeur de brûlé", "the charger melted"])
def test_danger_is_heard_by_rule(text: str) -> None:
    assert tells_danger(text)


def test_denied_danger_is_none() -> None:
    assert not tells_danger("The phone gets hot, no smoke, no swelling.")


def test_fraud_and_law_are_heard_by_rule() -> None:
    assert tells_fraud("I never ordered this") and tells_fraud("quelqu'un paie avec ma carte")
    assert tells_law("je saisis le médiateur") and not tells_law("bonjour")


def test_automatic_mail_is_known_by_its_headers_and_by_its_words() -> None:
    assert is_automatic_mail("Hello", "Back soon", {"Auto-Submitted": "auto-replied"})
    assert is_automatic_mail("Réponse automatique : Votre demande", "", {})
    assert not is_automatic_mail("Hello", "My phone is dead", {"Auto-Submitted": "no"})


def test_products_are_found_by_alias_and_misspelt() -> None:
    for text, product in (("mon Nova 6 Pro est mort", "nova-6-pro"), ("the murmurre studio hisses", "murmure-studio"), ("mon téléphone", None)):
        found = catalogue().find(text)
        assert (found.product if found else None) == product


def test_language_is_that_of_the_text_not_of_the_subject() -> None:
    assert language_of("Re: Your order", "Bonjour, je n'ai toujours pas reçu mon colis, merci de me répondre")[0] == "fr"
    assert language_of("Facture", "Hello, I would like a copy of the invoice for my order, please")[0] == "en"


def test_queues_are_those_of_tickets() -> None:
    assert {category: QUEUES[category.split(".")[0]] for category in CATEGORIES} == {category: queue_of(category) for category in CATEGORIES}


def test_requests_are_read_in_their_order_and_danger_is_urgent_whatever_it_is_filed_under(trained: Model) -> None:
    results = read([Request("Merci de m'envoyer ma facture", "Facture"), Request("Smoke came out of my charger, I want an invoice", "Invoice")], trained)
    assert [(result.language, result.category) for result in results] == [("fr", "billing.invoice"), ("en", "safety.danger")]
    assert (results[1].urgency, results[1].queue, results[1].automatic) == ("p1", "trust", False)
    assert results[0].reasons and all(set(reason) == {"text", "weight"} for reason in results[0].reasons)
    assert json.loads(json.dumps(results[0].json()))["category"] == "billing.invoice"
    assert read([], trained) == []


def test_a_bad_line_is_named_and_nothing_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text('{"body": "bonjour"}\n{"subject": "no body"}\n', "utf-8")
    run = CliRunner().invoke(app, ["triage", str(file)])
    assert run.exit_code != 0 and run.stdout == "" and "line 2" in str(run.exception)
