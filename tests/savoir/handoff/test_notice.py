"""What who waits is told: the place, an estimate where one is honest, and what can be done instead."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message, Turn
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.handoff import accounts, service
from savoir.handoff.tables import Agent

NIGHT = datetime(2026, 11, 24, 22, 0, tzinfo=timezone.utc)


def begin(context: Context, *, language: str = "fr", reason: str = "asked", **effect: Any) -> str:
    with context.database.writing() as session:
        row = conversations.start(session, channel="web", language=language, at=context.clock())
        service.Queue(context.hours).hand_over(session, row, {"reason": reason, **effect}, context.clock())
        return str(row.id)


def said(context: Context, conversation: str) -> Message:
    with context.database.reading() as session:
        return conversations.read(session, conversation)[-1]


def payloads(message: Message) -> list[str]:
    return [button["payload"] for button in message.buttons or ()]


@pytest.fixture
def agent(context: Context) -> Agent:
    with context.database.writing() as session:
        return accounts.add_agent(session, email="marie@example.org", name="Marie", password="a long password", at=context.clock())


def wait(context: Context, clock: Any, agent: Agent, minutes: float, reason: str = "asked") -> None:
    """Somebody waits so long and is taken."""
    conversation = begin(context, reason=reason)
    clock.forward(minutes=minutes)
    with context.database.writing() as session:
        service.take(session, conversation=conversation, agent=agent, at=clock())


def test_in_opening_hours_the_place_is_told_and_nothing_is_offered_instead(context: Context) -> None:
    first, second = begin(context), begin(context, language="en")
    assert said(context, first).text == (
        "Un conseiller va vous répondre ici même. Vous êtes en tête de la file. Nous ne pouvons pas encore dire combien de temps cela prendra."
    )
    assert said(context, first).buttons is None
    assert said(context, second).text in (  # begun in the same instant
        "An adviser will answer you right here. 1 person ahead of you. We can't tell yet how long it will take.",
        "An adviser will answer you right here. You are next in line. We can't tell yet how long it will take.",
    )


def test_the_wait_is_estimated_from_todays_waits_and_only_from_enough_of_them(context: Context, clock: Any, agent: Agent) -> None:
    for minutes in (4, 7):
        wait(context, clock, agent, minutes)
    assert "minutes" not in said(context, begin(context)).text
    wait(context, clock, agent, 20)
    wait(context, clock, agent, 40, reason="safety")  # goes before all others: says nothing of their waits
    with context.database.writing() as session:  # nobody else waits
        session.query(Conversation).filter_by(state="waiting").update({"state": "resolved"})
    assert "environ 10 minutes" in said(context, begin(context)).text
    with context.database.writing() as session:
        session.query(Conversation).filter_by(state="waiting").update({"state": "resolved"})
    assert "about 10 minutes" in said(context, begin(context, language="en")).text


def test_a_night_in_the_queue_is_no_wait_for_people(context: Context, clock: Any, agent: Agent) -> None:
    clock.at = NIGHT
    waiting = [begin(context) for _ in range(4)]
    clock.forward(hours=11)
    with context.database.writing() as session:
        for conversation in waiting:
            service.take(session, conversation=conversation, agent=agent, at=clock())
    assert "minutes" not in said(context, begin(context)).text


def test_the_estimate_is_never_shorter_than_the_first_in_line_waits_already(context: Context, clock: Any, agent: Agent) -> None:
    for _ in range(3):
        wait(context, clock, agent, 2)
    begin(context)
    clock.forward(minutes=25)
    message = said(context, begin(context))
    assert "1 personne avant vous. Comptez environ 30 minutes" in message.text
    assert payloads(message) == ["/open_ticket", "/ask_callback"]  # a long wait may be spared


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "absents pour l'instant, de retour mercredi 25 novembre à 9 h. Votre demande est gardée"), ("en", "away right now, back on Wednesday 25 November at 09:00. Your request is kept")],
)
def test_out_of_hours_people_are_named_their_return_and_two_ways_not_to_wait(context: Context, clock: Any, language: str, words: str) -> None:
    clock.at = NIGHT
    conversation = begin(context, language=language)
    assert words in said(context, conversation).text
    assert payloads(said(context, conversation)) == ["/open_ticket", "/ask_callback"]
    with context.database.reading() as session:
        assert conversations.find(session, conversation).state == "waiting"


@pytest.mark.parametrize("reason", ["safety", "fraud", "assistant_down"])
def test_urgent_matters_and_a_dead_assistant_offer_nothing_else_at_any_hour(context: Context, clock: Any, reason: str) -> None:
    clock.at = NIGHT
    conversation = begin(context, reason=reason)
    assert said(context, conversation).buttons is None
    assert ("112" in said(context, conversation).text) is (reason == "safety")
    with context.database.reading() as session:
        assert conversations.find(session, conversation).state == "waiting"


def test_who_asks_for_no_offers_gets_none(context: Context, clock: Any) -> None:
    clock.at = NIGHT
    assert said(context, begin(context, offers=False)).buttons is None


def press(context: Context, conversation: str, payload: str) -> Optional[Message]:
    with context.database.writing() as session:
        return conversations.receive(
            session, conversation=conversation, client_id=f"press {payload}", payload=payload, at=context.clock()
        ).message


def test_a_press_under_the_notice_takes_the_conversation_out_of_the_queue_and_the_assistant_answers(context: Context, clock: Any) -> None:
    clock.at = NIGHT
    conversation = begin(context)
    press(context, conversation, "/open_ticket")
    with context.database.reading() as session:
        row = conversations.find(session, conversation)
        turn = session.query(Turn).filter_by(conversation=conversation).one()
        assert (row.state, turn.state, turn.epoch) == ("bot", "pending", row.epoch)
        assert conversations.read(session, conversation)[-1].text == "Laisser un message"


def test_plain_words_and_other_buttons_leave_the_conversation_in_the_queue(context: Context, clock: Any) -> None:
    clock.at = NIGHT
    with context.database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=clock())
        conversations.speak(session, row, author="assistant", text="Oui ?", buttons=[{"title": "Suivre", "payload": "/track_order"}], at=clock())
        service.Queue(context.hours).hand_over(session, row, {"reason": "asked"}, clock())
        conversation = str(row.id)
    press(context, conversation, "/track_order")
    press(context, conversation, '/switch_language{"language":"en"}')
    with context.database.writing() as session:
        conversations.receive(session, conversation=conversation, client_id="w", text="c'est pour ma commande", at=clock())
    with context.database.reading() as session:
        assert conversations.find(session, conversation).state == "waiting"
        assert session.query(Turn).count() == 0


def test_once_an_agent_has_it_a_press_only_says_what_it_says(context: Context, clock: Any, agent: Agent) -> None:
    clock.at = NIGHT
    conversation = begin(context)
    with context.database.writing() as session:
        service.take(session, conversation=conversation, agent=agent, at=clock())
    press(context, conversation, "/ask_callback")
    with context.database.reading() as session:
        assert conversations.find(session, conversation).state == "agent"
        assert session.query(Turn).count() == 0


def test_a_button_that_was_never_offered_is_refused_in_the_queue_too(context: Context) -> None:
    with pytest.raises(Problem, match="not offered"):
        press(context, begin(context), "/open_ticket")


def test_taken_from_the_assistant_nobody_has_waited(context: Context, clock: Any, agent: Agent) -> None:
    wait(context, clock, agent, 3)
    with context.database.writing() as session:
        row = session.query(Conversation).one()
        assert row.waited_seconds == 180
        service.hand_back(session, conversation=row.id, agent=agent, at=clock.forward(minutes=1))
        service.take(session, conversation=row.id, agent=agent, at=clock() + timedelta(minutes=5))
        assert row.waited_seconds is None
