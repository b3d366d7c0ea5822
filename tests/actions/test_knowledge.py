"""What is kept of an answer from the articles, and whose question an opinion is about."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Optional

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import base, knowledge, turn
from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.knowledge import feedback
from savoir.knowledge import service as articles
from savoir.knowledge.feedback_tables import AskedQuestion

QUESTION = "le mot de passe du Wi-Fi ?"


@pytest.fixture
def here(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The action server works with the test's database, which has one article."""
    for module in (turn, base, knowledge):
        monkeypatch.setattr(module, "context", lambda: context)
    with context.database.writing() as session:
        articles.save_article(
            session, id="router-password", language="fr", title="Mot de passe Wi-Fi oublié", body="Sur l'étiquette, sous le routeur.",
            updated=date(2026, 11, 1), questions=[QUESTION],
        )
    articles.prepare(context.database)  # a model that is loaded only now would use up the action's time
    with context.database.writing() as session:
        feedback.asked(session, key="first", question="06 39 98 00 01", language="fr", answer=articles.Answer("none", None, "", (), "fr"), at=context.clock())
    return context


def user(text: str, intent: str = "ask_how_to") -> dict[str, Any]:
    return {"event": "user", "text": text, "message_id": text[:20], "metadata": {}, "parse_data": {"intent": {"name": intent, "confidence": 0.9}}}


def said(action: str, response: str) -> list[dict[str, Any]]:
    return [{"event": "action", "name": action}, {"event": "bot", "text": "…", "metadata": {"utter_action": response}, "data": {}}]


def run(action: Any, conversation: str, *events: dict[str, Any], article: Optional[str] = None) -> None:
    last = next(event for event in reversed(events) if event["event"] == "user")
    entities = [{"entity": "article", "value": article, "start": 0, "end": 0}] if article else []
    latest = {"text": last["text"], "entities": entities, **last["parse_data"]}
    slots = {"language": "fr", "anger": 0.0, "doubts": 0.0, "product_model": None, "article": article, "given_up": None, "action_status": None}
    asyncio.run(action.run(CollectingDispatcher(), Tracker(conversation, slots, latest, list(events), False, None, {}, "action_listen"), {}))


def begun(here: Context) -> str:
    with here.database.writing() as session:
        return str(conversations.start(session, channel="web", language="fr", at=here.clock()).id)


def kept(here: Context, conversation: str) -> AskedQuestion:
    with here.database.reading() as session:
        row = feedback.last_asked(session, conversation)
        assert row is not None
        return row


def test_a_question_and_the_opinion_of_its_answer_are_kept(here: Context) -> None:
    conversation = begun(here)
    run(knowledge.ActionAnswerQuestion(), conversation, user(QUESTION))
    assert (kept(here, conversation).question, kept(here, conversation).helped) == (QUESTION, None)
    after = said("action_answer_question", "utter_did_it_help")
    run(knowledge.ActionDidNotHelp(), conversation, user(QUESTION), *after, user("/did_not_help", "did_not_help"))
    assert kept(here, conversation).helped is False
    run(knowledge.ActionHelped(), conversation, user(QUESTION), *after, user("/helped", "helped"))
    assert kept(here, conversation).helped is True


def test_an_opinion_of_the_article_that_ends_a_diagnosis_is_not_one_of_an_earlier_question(here: Context) -> None:
    conversation = begun(here)
    run(knowledge.ActionAnswerQuestion(), conversation, user(QUESTION))
    events = [
        user(QUESTION), *said("action_answer_question", "utter_did_it_help"), user("il chauffe", "report_fault"), *said("action_conclude", "utter_did_it_help"),
        user("/did_not_help", "did_not_help"),
    ]
    run(knowledge.ActionDidNotHelp(), conversation, *events)
    assert kept(here, conversation).helped is None


def test_the_title_that_is_chosen_is_kept(here: Context) -> None:
    conversation = begun(here)
    with here.database.writing() as session:
        choices = articles.Answer("choices", None, "", tuple(articles.search(session, question=QUESTION, language="fr").hits), "fr")
        feedback.asked(session, key="k", question="le truc du bas ?", language="fr", answer=choices, at=here.clock(), conversation=conversation)
    after = said("action_answer_question", "utter_choose_article")
    run(knowledge.ActionShowArticle(), conversation, user("le truc du bas ?"), *after, user("/choose_article", "choose_article"), article="router-password")
    assert kept(here, conversation).chosen == "router-password"


def test_a_guess_that_is_pressed_is_searched_by_the_words_typed_before(here: Context) -> None:
    conversation = begun(here)
    run(knowledge.ActionAnswerQuestion(), conversation, user(QUESTION, "nlu_fallback"), *said("action_doubt", "utter_did_you_mean"), user("/ask_how_to"))
    assert kept(here, conversation).question == QUESTION


def test_an_answer_is_given_though_it_could_not_be_kept(here: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(turn.Turn, "write", refused)
    dispatcher, last = CollectingDispatcher(), user(QUESTION)
    tracker = Tracker(begun(here), {"language": "fr"}, {"text": QUESTION, "entities": [], **last["parse_data"]}, [last], False, None, {}, "action_listen")
    asyncio.run(knowledge.ActionAnswerQuestion().run(dispatcher, tracker, {}))
    assert "sous le routeur" in str(dispatcher.messages)
