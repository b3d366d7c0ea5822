"""Silence after a question: one reminder, then a kind close, however many desks look; nothing where people have the conversation."""

from __future__ import annotations

import asyncio
from threading import Barrier, Thread
from typing import Any, Optional

import pytest

from savoir.conversations import service, silence
from savoir.conversations.live import Live
from savoir.conversations.silence import FAREWELL, REMINDER, Patience, SilenceKeeper
from savoir.conversations.tables import Message
from savoir.core.context import Context

QUESTION = "Quel appareil avez-vous ?"


def begin(context: Context, asks: str = QUESTION, *, says: str = "bonjour", language: str = "fr", **more: Any) -> str:
    with context.database.writing() as session:
        row = service.start(session, channel="web", language=language, at=context.clock())
        if says:
            service.receive(session, conversation=row.id, client_id="c", text=says, at=context.clock())
        service.speak(session, row, author="assistant", text=asks, at=context.clock(), **more)
        return str(row.id)


def look(context: Context, **settings: float) -> None:
    keeper = SilenceKeeper(context, Live())
    if settings:
        keeper.patience = Patience.of(context.settings.copy(update=settings))
    asyncio.run(keeper.look())


def texts(context: Context, conversation: str) -> list[str]:
    with context.database.reading() as session:
        return [m.text for m in service.read(session, conversation)]


def state(context: Context, conversation: str) -> str:
    with context.database.reading() as session:
        return str(service.find(session, conversation).state)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_reminder_then_a_kind_close(context: Context, clock: Any, language: str) -> None:
    conversation = begin(context, language=language)
    for minutes, said in ((9, []), (1, [REMINDER[language]]), (59, [REMINDER[language]]), (1, [REMINDER[language], FAREWELL[language]]), (90, None)):
        clock.forward(minutes=minutes)
        look(context)
        if said is not None:
            assert texts(context, conversation)[2:] == said
    assert len(texts(context, conversation)) == 4
    assert state(context, conversation) == "resolved"
    with context.database.reading() as session:
        assert [m.author for m in service.read(session, conversation)[2:]] == ["assistant", "assistant"]


def test_an_answer_begins_a_new_silence(context: Context, clock: Any) -> None:
    conversation = begin(context)
    clock.forward(minutes=10)
    look(context)
    with context.database.writing() as session:
        service.receive(session, conversation=conversation, client_id="d", text="un Nova 6", at=clock.forward(minutes=5))
        service.speak(session, service.lock(session, conversation), author="assistant", text="Depuis quand ?", at=clock())
    look(context)
    clock.forward(minutes=61)
    look(context)
    assert texts(context, conversation).count(REMINDER["fr"]) == 2
    assert state(context, conversation) == "bot"


def test_a_message_opens_a_closed_conversation_again(context: Context, clock: Any) -> None:
    conversation = begin(context)
    for minutes in (10, 60):
        clock.forward(minutes=minutes)
        look(context)
    with context.database.writing() as session:
        service.receive(session, conversation=conversation, client_id="d", text="me revoilà", at=clock())
    assert state(context, conversation) == "bot"


@pytest.mark.parametrize("owner", ["waiting", "agent", "resolved"])
def test_where_people_have_the_conversation_nothing_is_said(context: Context, clock: Any, owner: str) -> None:
    conversation = begin(context)
    with context.database.writing() as session:
        service.change_owner(session, service.lock(session, conversation), state=owner, agent="A-1" if owner == "agent" else None, at=clock())
    for minutes in (10, 60):
        clock.forward(minutes=minutes)
        look(context)
    assert len(texts(context, conversation)) == 2
    assert state(context, conversation) == owner


@pytest.mark.parametrize(
    ("text", "more", "is_asking"),
    [
        ("Quel modèle ?", {}, True), ("**Quel modèle ?**", {}, True), ("C'est noté.", {}, False), ("Ça va ? Très bien.", {}, False),
        ("Choisissez.", {"buttons": [{"title": "Oui", "payload": "/affirm"}]}, True), ("Un avis ?", {"cards": [{"kind": "rating"}]}, False),
    ],
)
def test_only_a_question_or_buttons_wait_for_an_answer(context: Context, clock: Any, text: str, more: dict[str, Any], is_asking: bool) -> None:
    conversation = begin(context, text, **more)
    clock.forward(minutes=10)
    look(context)
    assert (REMINDER["fr"] in texts(context, conversation)) is is_asking


def test_who_never_wrote_is_not_reminded(context: Context, clock: Any) -> None:
    conversation = begin(context, says="")
    clock.forward(minutes=10)
    look(context)
    assert texts(context, conversation) == [QUESTION]


def test_while_the_assistant_has_not_answered_nobody_is_reminded(context: Context, clock: Any) -> None:
    conversation = begin(context)
    with context.database.writing() as session:
        service.receive(session, conversation=conversation, client_id="d", text="un Nova 6", at=clock())
    clock.forward(minutes=10)
    look(context)
    assert REMINDER["fr"] not in texts(context, conversation)


@pytest.mark.parametrize(("changed", "said"), [({"silence_reminder_minutes": 0}, []), ({"silence_close_minutes": 0}, [REMINDER["fr"]])])
def test_zero_switches_it_off(context: Context, clock: Any, changed: dict[str, float], said: list[str]) -> None:
    conversation = begin(context)
    for minutes in (10, 60, 600):
        clock.forward(minutes=minutes)
        look(context, **changed)
    assert texts(context, conversation)[2:] == said
    assert state(context, conversation) == "bot"


def test_a_reminder_that_comes_hours_too_late_is_not_spoken(context: Context, clock: Any) -> None:
    conversation = begin(context)
    clock.forward(hours=5)
    look(context)
    assert texts(context, conversation)[2:] == []


def test_two_desks_at_once_remind_once_and_close_once(context: Context, clock: Any) -> None:
    conversation = begin(context)
    patience, outcomes = Patience.of(context.settings), []
    for minutes in (10, 60):
        at, ready = clock.forward(minutes=minutes), Barrier(2)

        def act(at: Any = at, ready: Barrier = ready) -> None:
            ready.wait()
            outcome: Optional[str]
            with context.database.writing() as session:
                outcome = silence.break_silence(session, conversation, at=at, patience=patience)
            outcomes.append(outcome)

        threads = [Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(filter(None, outcomes)) == ["closed", "reminded"]
    assert len(texts(context, conversation)) == 4


def test_a_message_that_came_meanwhile_stops_the_reminder(context: Context, clock: Any) -> None:
    conversation = begin(context)
    at = clock.forward(minutes=10)
    with context.database.writing() as session:
        assert silence.silent(session, at=at, patience=Patience.of(context.settings)) == [conversation]
        service.receive(session, conversation=conversation, client_id="d", text="un Nova 6", at=at)
        assert silence.break_silence(session, conversation, at=at, patience=Patience.of(context.settings)) is None
        assert session.query(Message).filter_by(text=REMINDER["fr"]).count() == 0
