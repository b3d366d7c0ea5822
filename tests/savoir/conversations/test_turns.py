"""The assistant's turns: claimed, run in order, retried, resumed, dropped when the conversation changed hands."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Optional

import pytest
from sqlalchemy.orm import Session

from savoir.conversations import service, turns
from savoir.conversations.live import Live
from savoir.conversations.service import Reply
from savoir.conversations.tables import Conversation, Turn
from savoir.conversations.turn_runner import TurnRunner
from savoir.conversations.turns import Answer, Job
from savoir.core.context import Context
from tests.conftest import Clock
from tests.savoir.conversations.test_log import receive, start


def hand_over(session: Session, row: Conversation, effect: dict[str, Any], at: datetime) -> None:
    service.change_owner(session, row, state="waiting", at=at, reason=effect["reason"])


EFFECTS = {"hand_over": hand_over}


def claim(context: Context, conversation: str, by: str = "desk-1") -> Any:
    with context.database.writing() as session:
        return turns.claim(session, conversation, by=by, at=context.clock(), seconds=30)


def complete(context: Context, job: Job, *texts: str, by: str = "desk-1", effects: Optional[list[dict[str, Any]]] = None) -> Any:
    with context.database.writing() as session:
        answer = Answer([Reply(t) for t in texts], effects or [])
        return turns.complete(session, job, answer, by=by, at=context.clock(), effects=EFFECTS)


def fail(context: Context, job: Job, by: str = "desk-1") -> Optional[datetime]:
    with context.database.writing() as session:
        return turns.fail(session, job, "down", by=by, at=context.clock(), down_after=60, give_up=hand_over)


def log_of(context: Context, conversation: str) -> list[tuple[str, str]]:
    with context.database.reading() as session:
        return [(m.author, m.text) for m in service.read(session, conversation)]


def test_turns_are_claimed_one_at_a_time_and_in_order(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a", "one")
    receive(context, conversation, "b", "two")
    first = claim(context, conversation)
    assert first.text == "one"
    assert isinstance(claim(context, conversation, "desk-2"), datetime), "the second waits for the first"
    complete(context, first, "answer one")
    assert claim(context, conversation, "desk-2").text == "two"


def test_a_turn_whose_process_died_is_taken_over_when_its_claim_runs_out(context: Context, clock: Clock) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    lost = claim(context, conversation)
    clock.forward(seconds=31)
    taken = claim(context, conversation, "desk-2")
    assert (taken.turn, taken.attempt) == (lost.turn, 2)
    assert not complete(context, lost, "too late"), "who lost the claim says nothing"
    assert complete(context, taken, "in time", by="desk-2")
    assert log_of(context, conversation)[1:] == [("assistant", "in time")]


def test_a_restarted_process_takes_up_its_own_turns_at_once(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    claim(context, conversation)
    with context.database.writing() as session:
        assert turns.release(session, by="desk-1") == 1
    assert claim(context, conversation).attempt == 2


def test_a_reply_for_an_older_epoch_is_dropped(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    job = claim(context, conversation)
    with context.database.writing() as session:
        service.change_owner(session, service.lock(session, conversation), state="agent", agent="x", at=context.clock())
    assert not complete(context, job, "both at once")
    assert log_of(context, conversation) == [("customer", "bonjour")]


def test_even_when_it_is_the_assistants_again_by_then(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    job = claim(context, conversation)
    with context.database.writing() as session:
        row = service.lock(session, conversation)
        service.change_owner(session, row, state="agent", agent="x", at=context.clock())
        service.change_owner(session, row, state="bot", at=context.clock())
    assert not complete(context, job, "an old answer")


def test_a_completed_turn_cannot_be_completed_again(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    job = claim(context, conversation)
    assert complete(context, job, "once")
    assert not complete(context, job, "twice")
    assert log_of(context, conversation)[1:] == [("assistant", "once")]


def test_an_effect_is_done_with_the_reply_that_asks_for_it(context: Context) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    complete(context, claim(context, conversation), "someone comes", effects=[{"effect": "hand_over", "reason": "asked"}])
    with context.database.reading() as session:
        row = service.find(session, conversation)
    assert (row.state, row.reason) == ("waiting", "asked")
    assert ("assistant", "someone comes") in log_of(context, conversation)


def test_a_failed_turn_is_tried_again_later_and_later(context: Context, clock: Clock) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    waits = []
    for _ in range(6):
        again = fail(context, claim(context, conversation))
        assert again is not None
        waits.append((again - clock()).total_seconds())
        assert claim(context, conversation) == again, "not before its time"
        clock.at = again
    assert waits[0] < 0.4
    assert 3.5 < waits[-1] < 6.5


def test_after_a_minute_without_the_assistant_people_get_the_conversation(context: Context, clock: Clock) -> None:
    conversation = start(context)
    receive(context, conversation, "a")
    fail(context, claim(context, conversation))
    clock.forward(seconds=61)
    assert fail(context, claim(context, conversation)) is None
    with context.database.reading() as session:
        row = service.find(session, conversation)
        states = [t.state for t in session.query(Turn)]
    assert (row.state, row.reason, states) == ("waiting", "assistant_down", ["failed"])


class Scripted:
    """An assistant that fails some times, then answers with what it was asked."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.asked = failures, []  # type: ignore[var-annotated]

    async def answer(self, job: Job) -> Answer:
        self.asked.append(job.text)
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("refused")
        return Answer([Reply(f"re: {job.text}")])


@pytest.mark.parametrize("failures", [0, 1])
def test_the_runner_answers_every_message_of_many_conversations_in_order(settings: Any, database: Any, failures: int) -> None:
    context = Context(settings, database)
    conversations = [start(context) for _ in range(5)]
    for n in range(4):
        for conversation in conversations:
            receive(context, conversation, f"m{n}", f"m{n}")

    async def run() -> None:
        live = Live()
        runner = TurnRunner(context, assistant=Scripted(failures), live=live, effects=EFFECTS)
        await runner.start()
        for _ in range(400):
            await asyncio.sleep(0.02)
            if all(len(log_of(context, c)) == 8 for c in conversations):
                break
        await runner.stop()

    asyncio.run(run())
    for conversation in conversations:
        said = [text for author, text in log_of(context, conversation) if author == "assistant"]
        assert said == [f"re: m{n}" for n in range(4)]
    context.pool.shutdown()
