"""The hand-over: one owner at a time, told to the customer, undone cleanly."""

from __future__ import annotations

from typing import Any

import pytest

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.handoff import accounts, service
from savoir.handoff.tables import Agent


@pytest.fixture
def agents(context: Context) -> list[Agent]:
    with context.database.writing() as session:
        return [
            accounts.add_agent(session, email=f"{name}@example.org", name=name, password="a long password", at=context.clock())
            for name in ("Marie", "Tom")
        ]


@pytest.fixture
def waiting(context: Context) -> str:
    with context.database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=context.clock())
        service.Queue(context.hours).hand_over(session, row, {"reason": "asked"}, context.clock())
        return str(row.id)


def do(context: Context, action: Any, conversation: str, agent: Agent, **more: Any) -> Any:
    with context.database.writing() as session:
        return action(session, conversation=conversation, agent=agent, at=context.clock(), **more)


def state(context: Context, conversation: str) -> tuple[str, Any]:
    with context.database.reading() as session:
        row = conversations.find(session, conversation)
        return row.state, row.agent


def test_the_second_agent_to_take_is_told_that_it_is_taken(context: Context, agents: list[Agent], waiting: str) -> None:
    do(context, service.take, waiting, agents[0])
    do(context, service.take, waiting, agents[0])
    with pytest.raises(Problem) as caught:
        do(context, service.take, waiting, agents[1])
    assert caught.value.code == "already-taken"
    assert state(context, waiting) == ("agent", agents[0].id)


def test_only_who_has_the_conversation_may_answer(context: Context, agents: list[Agent], waiting: str) -> None:
    for agent in agents:
        with pytest.raises(Problem, match="Take the conversation"):
            do(context, service.reply, waiting, agent, client_id="a", text="bonjour")
    do(context, service.take, waiting, agents[0])
    with pytest.raises(Problem):
        do(context, service.reply, waiting, agents[1], client_id="a", text="bonjour")


def test_a_reply_sent_twice_is_one_reply(context: Context, agents: list[Agent], waiting: str) -> None:
    do(context, service.take, waiting, agents[0])
    first = do(context, service.reply, waiting, agents[0], client_id="a", text="bonjour")
    again = do(context, service.reply, waiting, agents[0], client_id="a", text="bonjour")
    assert first.seq == again.seq


def test_a_note_is_private_and_anyone_may_leave_one(context: Context, agents: list[Agent], waiting: str) -> None:
    do(context, service.note, waiting, agents[1], client_id="n", text="déjà appelé hier")
    with context.database.reading() as session:
        assert all("appelé" not in m.text for m in conversations.read(session, waiting))


def test_handed_back_the_assistant_answers_the_next_message(context: Context, agents: list[Agent], waiting: str) -> None:
    do(context, service.take, waiting, agents[0])
    do(context, service.hand_back, waiting, agents[0])
    assert state(context, waiting) == ("bot", None)


def test_a_resolved_conversation_is_resolved_once(context: Context, agents: list[Agent], waiting: str) -> None:
    do(context, service.take, waiting, agents[0])
    with pytest.raises(Problem, match="Another agent"):
        do(context, service.resolve, waiting, agents[1])
    do(context, service.resolve, waiting, agents[0])
    do(context, service.resolve, waiting, agents[0])
    with context.database.reading() as session:
        closings = [m for m in conversations.read(session, waiting) if "close" in m.text]
    assert len(closings) == 1


def test_asked_for_twice_a_person_is_announced_once(context: Context, waiting: str) -> None:
    with context.database.writing() as session:
        service.Queue(context.hours).hand_over(session, conversations.lock(session, waiting), {"reason": "asked"}, context.clock())
    with context.database.reading() as session:
        assert len(conversations.read(session, waiting)) == 1


def test_sign_in_says_the_same_whatever_was_wrong(context: Context, agents: list[Agent]) -> None:
    said = set()
    for email, password in (("marie@example.org", "wrong password"), ("nobody@example.org", "a long password")):
        with pytest.raises(Problem) as caught, context.database.reading() as session:
            accounts.check_password(session, email=email, password=password)
        said.add((caught.value.status, caught.value.detail))
    assert len(said) == 1


def test_a_session_ends_after_its_hours_and_at_sign_out(context: Context, agents: list[Agent], clock: Any) -> None:
    with context.database.writing() as session:
        agent = accounts.check_password(session, email="MARIE@example.org", password="a long password")
        tokens = [accounts.begin_session(session, agent, clock()) for _ in range(2)]
        accounts.sign_out(session, tokens[1])
    with context.database.reading() as session:
        assert accounts.signed_in(session, tokens[0], clock()) is not None
        assert accounts.signed_in(session, tokens[1], clock()) is None
        assert accounts.signed_in(session, tokens[0], clock.forward(hours=accounts.SESSION_HOURS)) is None


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("email", "no address", "bad-email"), ("password", "short", "weak-password"), ("role", "king", "unknown-role"), ("email", "marie@example.org", "agent-exists")],
)
def test_an_account_that_cannot_be_is_refused(context: Context, agents: list[Agent], field: str, value: str, code: str) -> None:
    values = {"email": "new@example.org", "name": "New", "password": "a long password", "role": "agent", field: value}
    with pytest.raises(Problem) as caught, context.database.writing() as session:
        accounts.add_agent(session, at=context.clock(), **values)
    assert caught.value.code == code


def test_danger_and_fraud_go_before_all_others_in_the_queue(context: Context, clock: Any) -> None:
    queue, ids = service.Queue(context.hours), {}
    for reason in ("asked", "complaint", "safety"):
        clock.forward(minutes=1)
        with context.database.writing() as session:
            row = conversations.start(session, channel="web", language="fr", at=clock())
            queue.hand_over(session, row, {"reason": reason}, clock())
            ids[reason] = str(row.id)
    with context.database.reading() as session:
        assert [row.reason for row in conversations.in_state(session, "waiting")] == ["safety", "asked", "complaint"]
        assert [conversations.position(session, conversations.find(session, ids[r])) for r in ("safety", "asked", "complaint")] == [1, 2, 3]
        assert conversations.find(session, ids["safety"]).queue == "trust"
