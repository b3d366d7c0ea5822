"""A customer's question, from the action to the language model and back: written where it can be trusted, the article's words where not."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import ActionAnswerQuestion, ActionShowArticle
from actions.turn import context
from actions.written_answers import writer
from savoir.conversations import service as conversations
from savoir.core.database import Base
from savoir.core.settings import settings
from savoir.knowledge import service as knowledge
from tests.connectors.chat_server import ChatServer, never, status

BODY = (
    "Maintenez les deux touches 10 secondes, jusqu'à l'éclat blanc du voyant. Toutes les associations sont oubliées.\n\n"
    "## Avant d'appuyer\n\nSupprimez « Murmure » de la liste Bluetooth de chacun de vos appareils."
)
ENGLISH = "Hold both buttons for 10 seconds, until the light flashes white. All pairings are forgotten."


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.stop()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ChatServer) -> Iterator[pytest.MonkeyPatch]:
    """The action server's own context, on an empty database with one article in both languages."""
    monkeypatch.setenv("SAVOIR_VAR", str(tmp_path))
    monkeypatch.setenv("SAVOIR_DATABASE_URL", f"sqlite:///{tmp_path / 'savoir.db'}")
    monkeypatch.setenv("SAVOIR_LLM_URL", server.url)
    monkeypatch.setenv("SAVOIR_LLM_MODEL", "test")
    for kept in (settings, context, writer):
        kept.cache_clear()
    database = context().database
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        for language, title, body in (("fr", "Réinitialiser un Murmure", BODY), ("en", "Reset a Murmure", ENGLISH)):
            knowledge.save_article(session, id="murmure-reset", language=language, title=title, body=body, updated=date(2026, 11, 1))
        knowledge.save_article(
            session, id="television", language="en", title="Mount the television on the wall", body="Use the four screws of the bracket.", updated=date(2026, 11, 1)
        )
    knowledge.prepare(database)
    yield monkeypatch
    context().close()
    for kept in (settings, context, writer):
        kept.cache_clear()


def asked(text: str, language: str = "fr", action: Any = ActionAnswerQuestion, **slots: Any) -> List[Dict[str, Any]]:
    """What is said to a message."""
    latest = {"text": text, "intent": {"name": "ask_question", "confidence": 0.95}, "entities": [], "intent_ranking": []}
    events = [{"event": "user", "text": text, "parse_data": latest}]
    with context().database.writing() as session:
        conversation = str(conversations.start(session, channel="web", language=language, at=context().clock()).id)
    dispatcher = CollectingDispatcher()
    tracker = Tracker(conversation, {"language": language, **slots}, latest, events, False, None, {}, "action_listen")
    asyncio.run(action().run(dispatcher, tracker, {}))
    return dispatcher.messages


def test_a_written_answer_says_that_an_ai_wrote_it_and_links_to_the_article(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    server.answer = "Pour réinitialiser un Murmure, maintenez les deux touches 10 secondes, jusqu'à l'éclat blanc du voyant [1]."
    said, helped = asked("Comment réinitialiser mon Murmure ?")[:2]
    text = said["text"]
    assert text.startswith("Pour réinitialiser un Murmure, maintenez les deux touches 10 secondes, jusqu'à l'éclat blanc du voyant. [(1)](/help/fr/murmure-reset)")
    assert "intelligence artificielle" in text
    assert said["custom"]["cards"] == [
        {"title": "1. Réinitialiser un Murmure", "lines": [], "url": "/help/fr/murmure-reset", "link_label": "Lire l'article"}
    ]
    assert helped["response"] == "utter_did_it_help"


def test_the_same_in_english(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    server.answer = "All pairings are forgotten [1]."
    text = asked("How do I reset my Murmure?", "en")[0]["text"]
    assert text.startswith("All pairings are forgotten. [(1)](/help/en/murmure-reset)")
    assert "written by an AI" in text


@pytest.mark.parametrize("answer", ["Maintenez les deux touches 30 secondes [1].", "Retirez la batterie [1].", "SANS_REPONSE", "", status(500), status(429)])
def test_the_articles_own_words_are_told_where_the_model_is_no_good(house: pytest.MonkeyPatch, server: ChatServer, answer: Any) -> None:
    server.answer = answer
    said = asked("Comment réinitialiser mon Murmure ?")[0]
    assert said["text"].startswith("Maintenez les deux touches 10 secondes")
    assert "artificielle" not in said["text"]
    assert len(server.bodies) == 1


def test_nobody_waits_for_a_model_that_does_not_answer(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    house.setenv("SAVOIR_LLM_TIMEOUT", "0.3")
    settings.cache_clear()
    context.cache_clear()
    server.answer = never
    assert asked("Comment réinitialiser mon Murmure ?")[0]["text"].startswith("Maintenez les deux touches 10 secondes")


def test_without_a_setting_no_model_is_called(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    house.delenv("SAVOIR_LLM_URL")
    settings.cache_clear()
    context.cache_clear()
    assert asked("Comment réinitialiser mon Murmure ?")[0]["text"].startswith("Maintenez les deux touches 10 secondes")
    assert server.bodies == []


def test_an_article_in_the_other_language_is_told_in_its_own_words(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    asked("Comment fixer la télévision au mur avec le support ?")
    asked("la télévision au mur", action=ActionShowArticle, article="television")
    assert server.bodies == []


def test_an_article_that_was_chosen_answers_the_question_that_was_asked(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    server.answer = "Supprimez « Murmure » de la liste Bluetooth de chacun de vos appareils [2]."
    text = asked("que faire dans la liste Bluetooth ?", action=ActionShowArticle, article="murmure-reset")[0]["text"]
    assert text.startswith("Supprimez « Murmure » de la liste Bluetooth de chacun de vos appareils. [(1)](/help/fr/murmure-reset)")
    assert "television" not in server.bodies[0]


def test_a_question_about_nothing_that_is_known_is_not_sent(house: pytest.MonkeyPatch, server: ChatServer) -> None:
    asked("Quelle est la capitale de la Mongolie ?")
    assert server.bodies == []
