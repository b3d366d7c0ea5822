"""Search and answers on a small library."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from savoir.knowledge import service


@pytest.mark.parametrize(
    ("question", "language", "article"),
    [
        ("mon telephone ne se recharge plus", "fr", "phone-not-charging"),
        ("MON PORTABLE NE CHARGE PLUS !!!", "fr", "phone-not-charging"),
        ("quand est-ce que je récupère mon argent", "fr", "refund-delays"),
        ("j'ai perdu le code du wifi", "fr", "router-password"),
        ("plus de son à la télé", "fr", "tv-no-sound"),
        ("I want to send this back", "en", "return-product"),
        ("battery stuck at 3 percent", "en", "phone-not-charging"),
    ],
)
def test_the_right_article_comes_first(reading: Session, question: str, language: str, article: str) -> None:
    assert service.search(reading, question=question, language=language).hits[0].article == article


def test_the_article_is_shown_in_the_askers_language(reading: Session) -> None:
    for language in ("fr", "en"):
        assert service.search(reading, question="phone does not charge", language=language).hits[0].language == language


def test_an_article_that_the_askers_language_lacks_is_offered_in_the_other(reading: Session) -> None:
    hit = service.search(reading, question="puis-je plonger avec la caméra ?", language="fr").hits[0]
    assert (hit.article, hit.language, hit.path) == ("camera-underwater", "en", "/help/en/camera-underwater")


def test_each_article_is_found_once_whatever_its_languages(reading: Session) -> None:
    found = [hit.article for hit in service.search(reading, question="retour produit return", language="fr", limit=20).hits]
    assert len(found) == len(set(found)) == 6


def test_the_language_is_told_from_the_question(reading: Session) -> None:
    assert service.search(reading, question="how do I send it back?").hits[0].language == "en"
    assert service.search(reading, question="je veux renvoyer mon article").hits[0].language == "fr"


def test_a_sure_answer_is_the_opening_of_its_article(reading: Session) -> None:
    answer = service.answer_question(reading, question="mon téléphone ne charge plus", language="fr")
    assert answer.kind == "direct"
    assert answer.passage == "Nettoyez la prise du téléphone, puis essayez un autre câble et un autre chargeur."
    assert (answer.title, answer.url) == ("Mon téléphone ne charge plus", "/help/fr/phone-not-charging")


def test_a_section_that_the_question_names_is_the_answer(reading: Session) -> None:
    answer = service.answer_question(reading, question="mon téléphone chauffe quand il charge", language="fr")
    assert answer.passage.startswith("**Le téléphone chauffe**\n\nLa charge s'arrête au-dessus de 45 degrés.")


def test_links_in_a_passage_lead_to_the_help_centre(reading: Session) -> None:
    answer = service.article_answer(reading, article="refund-delays", language="fr")
    assert answer is not None
    assert "[le retour](/help/fr/return-product)" in answer.passage


@pytest.mark.parametrize("question", ["quelle est la capitale de l'Australie", "écris-moi un poème sur la mer", "xkcd qwzx"])
def test_a_question_about_something_else_gets_no_answer(reading: Session, question: str) -> None:
    answer = service.answer_question(reading, question=question, language="fr")
    assert answer.kind == "none"
    assert not service.search(reading, question=question, language="fr").is_answerable


def test_an_unsure_answer_is_up_to_three_choices(reading: Session) -> None:
    answer = service.answer_question(reading, question="renvoyer et être remboursé", language="fr")
    assert answer.kind == "choices"
    assert {"refund-delays", "return-product"} <= {choice.article for choice in answer.choices}
    assert len(answer.choices) <= 3


def test_the_product_talked_about_counts(reading: Session) -> None:
    plain = service.search(reading, question="mot de passe", language="fr").hits
    about = service.search(reading, question="mot de passe", language="fr", product="Passerelle AX3").hits
    assert about[0].article == "router-password"
    assert about[0].score > plain[0].score


@pytest.mark.parametrize("question", ["", "   ", "?", "🙂", "le la les", "a" * 5000, "'; drop table article; --", "%_\x00"])
def test_no_text_breaks_search(reading: Session, question: str) -> None:
    assert len(service.search(reading, question=question, language="fr").hits) == 6


def test_an_article_chosen_by_id_comes_in_a_language_it_exists_in(reading: Session) -> None:
    answer = service.article_answer(reading, article="camera-underwater", language="fr")
    assert answer is not None
    assert answer.language == "en"
    assert service.article_answer(reading, article="nothing", language="fr") is None
