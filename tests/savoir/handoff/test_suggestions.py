"""Suggested replies: how the same was answered before, without a word about the customer of then; each outcome counted once."""

from __future__ import annotations

import pytest

from savoir.conversations import service as conversations
from savoir.core.database import Database
from savoir.customers.tables import Customer
from savoir.handoff import suggestions
from tests.conftest import Clock

QUESTION = "Comment désactiver le verrouillage parental de ma tablette Brume ?"
GENERAL = "Bonjour Paul,\n\nOuvrez Réglages, puis Famille, et désactivez le verrouillage parental avec le code de l'adulte."


def solved(database: Database, clock: Clock, asked: str, answered: str, language: str = "fr", state: str = "resolved") -> str:
    with database.writing() as session:
        if session.get(Customer, "C-2") is None:
            session.add(Customer(id="C-2", first_name="Paul", last_name="Lenoir", email="p@example.org", city="Brest", language="fr", created_at=clock()))
            session.flush()
        row = conversations.start(session, channel="web", language=language, at=clock(), customer="C-2")
        conversations.receive(session, conversation=row.id, client_id="1", text=asked, at=clock())
        conversations.speak(session, row, author="agent", text=answered, at=clock())
        conversations.change_owner(session, row, state=state, at=clock())
        return str(row.id)


def before(database: Database, clock: Clock, question: str = QUESTION) -> suggestions.Suggestion | None:
    with database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=clock())
        return suggestions.answered_before(session, row, question)


def test_the_same_question_brings_the_answer_of_then_without_its_greeting(database: Database, clock: Clock) -> None:
    solved(database, clock, "Mon colis est perdu, que faites-vous ?", "Nous le cherchons auprès du transporteur et revenons vers vous sous deux jours.")
    then = solved(database, clock, "Comment désactiver le verrouillage parental de la tablette ?", GENERAL)
    found = before(database, clock)
    assert found is not None
    assert (found.source, found.reference) == ("before", then)
    assert found.text.startswith("Ouvrez Réglages")
    assert "Paul" not in found.text
    assert before(database, clock, "Quels sont vos horaires d'ouverture le samedi ?") is None


@pytest.mark.parametrize(
    "answer",
    [
        "Votre commande CMD-104512 part demain avec une tablette sans verrouillage parental.",
        "Écrivez-moi à claire@talvene.example pour le verrouillage parental de la tablette.",
        "Monsieur Lenoir, le verrouillage parental de la tablette se désactive dans les réglages.",
        "Le technicien passe à Brest pour le verrouillage parental de votre tablette, c'est entendu.",
        "Votre code de verrouillage parental pour la tablette est le 48213, gardez-le pour vous.",
    ],
)
def test_an_answer_that_tells_something_of_its_customer_is_never_suggested(database: Database, clock: Clock, answer: str) -> None:
    solved(database, clock, QUESTION, answer)
    assert before(database, clock) is None


def test_open_conversations_and_other_languages_are_left_out(database: Database, clock: Clock) -> None:
    solved(database, clock, QUESTION, GENERAL, state="bot")
    solved(database, clock, QUESTION, GENERAL, language="en")
    assert before(database, clock) is None


def test_an_outcome_counts_once_and_what_is_no_suggestion_not_at_all(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        conversation = str(conversations.start(session, channel="web", language="fr", at=clock()).id)
        for source, outcome in (("article", "refused"), ("article", "accepted"), ("before", "edited"), ("rumour", "accepted"), ("canned", "loved")):
            suggestions.decide(
                session, conversation=conversation, seq=3, source=source, reference="x", outcome=outcome, agent="a", at=clock()
            )
        assert suggestions.outcomes(session) == {("article", "refused"): 1, ("before", "edited"): 1}
