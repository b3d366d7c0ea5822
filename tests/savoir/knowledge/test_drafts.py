"""Drafts out of what was said: the problem, what helped, the product; nobody's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.knowledge import drafts, revisions, service
from savoir.knowledge.drafts import Said, SolvedCase

from .library import fill
from .test_feedback import AT

BLACK = SolvedCase(
    "SAV-000001", "fr", "Écran noir après la mise à jour",
    "Bonjour, mon Nova 6 a l'écran noir depuis mardi. Camille Rousseau, 06 39 98 12 34",
    (
        Said("Bonjour Camille, merci de votre message. Je regarde votre dossier."),
        Said("Maintenez le bouton Marche et Volume bas pendant 15 secondes. Ensuite ouvrez Réglages > Mise à jour.\nEst-ce que l'écran revient ?"),
        Said("Parfait ! Je vous souhaite une bonne journée, Mme Rousseau."),
        Said("C'était la version 6.2.0 qui coupait l'affichage.", is_note=True),
    ),
    "hardware.screen", "nova-6", "Nova 6", ("Camille", "Rousseau"),
)


def test_what_helped_is_what_was_to_be_done_and_what_it_was_in_their_order() -> None:
    assert drafts.what_helped(BLACK) == [
        "Maintenez le bouton Marche et Volume bas pendant 15 secondes.", "Ensuite ouvrez Réglages > Mise à jour.",
        "C'était la version 6.2.0 qui coupait l'affichage.",
    ]
    english = replace(BLACK, language="en", problem="My Murmure won't pair", subject="Murmure", said=(
        Said("Hello James, sorry about that. I'll check."), Said("- Please hold the power button for 7 seconds\n- Pair them again\nHave a nice day!"),
    ))
    assert drafts.what_helped(english) == ["Please hold the power button for 7 seconds", "Pair them again"]


def test_courtesy_alone_makes_no_draft() -> None:
    assert drafts.what_helped(replace(BLACK, said=(Said("Bonjour, merci de votre appel. Cordialement, Claire."),))) == []
    assert drafts.what_helped(replace(BLACK, said=())) == []


def test_a_draft_says_problem_remedy_and_product_and_names_nobody() -> None:
    content = drafts.draft_of_case(BLACK, AT)
    assert content.title == "Écran noir après la mise à jour"
    assert content.body.startswith("1. Maintenez le bouton")
    assert "## Le problème\n\n> Mon Nova 6 a l'écran noir depuis mardi.\n" in content.body
    assert content.body.endswith("## Produit concerné\n\nNova 6")
    assert (content.products, content.categories) == (("nova-6",), ("hardware.screen",))
    assert content.questions == ("Mon Nova 6 a l'écran noir depuis mardi.",)
    for secret in ("Camille", "Rousseau", "06 39"):
        assert secret not in content.title + content.body


def test_a_draft_is_read_by_nobody_and_has_an_id_of_its_own(database: Database) -> None:
    with database.writing() as session:
        fill(session)
        content = drafts.draft_of_questions(["peut-on peindre le boîtier ?", "Peut-on peindre le boîtier ?"], "fr", AT, "nova-6")
        assert content.questions == ("Peut-on peindre le boîtier ?",)
        first, second = (drafts.begin(session, content=content, language="fr", author="Claire", at=AT) for _ in range(2))
        assert (first.id, second.id) == ("peut-on-peindre-le-boitier", "peut-on-peindre-le-boitier-2")
        assert revisions.state_of(first) == "draft"
        assert service.article(session, id=str(first.id), language="fr") is None


def test_a_translation_begins_with_what_is_to_be_translated(database: Database) -> None:
    with database.writing() as session:
        fill(session)
        content = drafts.draft_of_translation(session, article="camera-underwater", language="fr", on=AT)
        assert content is not None
        assert content.title == "Use the camera in water"
        drafts.begin(session, content=content, language="fr", author="Claire", at=AT, id="camera-underwater")
        with pytest.raises(Problem, match="already"):
            drafts.begin(session, content=content, language="fr", author="Claire", at=AT, id="camera-underwater")
        assert drafts.draft_of_translation(session, article="nothing", language="fr", on=AT) is None
