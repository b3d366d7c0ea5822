"""The outbox: what is put is sent after the commit, by one process at a time, tried again, given up in the end, and never lost."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from typing import Any, Optional

import pytest

from savoir.core import outbox
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.outbox import Item, Undeliverable
from savoir.core.outbox_runner import OutboxRunner
from savoir.core.tables import OutboxItem
from tests.conftest import Clock


def put(context: Context, key: str = "k", **more: Any) -> bool:
    with context.database.writing() as session:
        return outbox.put(session, kind="mail", key=key, payload={"to": "a@example.org", "text": key}, at=context.clock(), **more)


def claim(context: Context, by: str = "desk-1", limit: int = 10) -> list[Item]:
    with context.database.writing() as session:
        return outbox.claim(session, kinds=["mail"], by=by, at=context.clock(), limit=limit)


def fail(context: Context, item: Item, attempts: int = 36, **more: Any) -> Optional[datetime]:
    with context.database.writing() as session:
        return outbox.mark_failed(session, item, "refused", by="desk-1", at=context.clock(), attempts=attempts, **more)


def sent(context: Context, item: Item, by: str = "desk-1") -> bool:
    with context.database.writing() as session:
        return outbox.mark_sent(session, item, by=by, at=context.clock())


def rows(context: Context) -> list[OutboxItem]:
    with context.database.reading() as session:
        return session.query(OutboxItem).order_by(OutboxItem.id).all()


def test_what_is_put_in_a_transaction_that_fails_is_never_sent(context: Context) -> None:
    def fails() -> None:
        with context.database.writing() as session:
            outbox.put(session, kind="mail", key="k", payload={}, at=context.clock())
            raise RuntimeError("the effect that caused it failed")

    with pytest.raises(RuntimeError):
        fails()
    assert claim(context) == []


def test_the_same_key_again_is_nothing_even_when_it_was_sent(context: Context) -> None:
    assert put(context)
    assert not put(context)
    sent(context, claim(context)[0])
    assert not put(context)
    assert claim(context) == []


def test_the_same_key_put_at_once_by_many_is_one_item(context: Context) -> None:
    new: list[bool] = []
    threads = [threading.Thread(target=lambda: new.append(put(context, "same"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(new), len(rows(context))) == (1, 1)


def test_two_processes_never_have_the_same_item(context: Context) -> None:
    for number in range(30):
        put(context, f"k{number}")
    claimed: list[str] = []

    def work(name: str) -> None:
        while items := claim(context, name, 3):
            claimed.extend(item.key for item in items)

    threads = [threading.Thread(target=work, args=(f"desk-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"k{n}" for n in range(30))


def test_an_item_whose_process_died_is_taken_over_when_its_claim_runs_out(context: Context, clock: Clock) -> None:
    put(context)
    lost = claim(context)[0]
    assert claim(context, "desk-2") == []
    clock.forward(seconds=outbox.LEASE_SECONDS + 1)
    taken = claim(context, "desk-2")[0]
    assert (taken.key, taken.attempt) == (lost.key, 2)
    assert not sent(context, lost), "who lost the claim notes nothing"
    assert sent(context, taken, "desk-2")


def test_a_restarted_process_takes_up_its_own_items_at_once(context: Context) -> None:
    put(context)
    claim(context)
    with context.database.writing() as session:
        assert outbox.release(session, by="desk-1") == 1
    assert claim(context)[0].attempt == 2


def test_what_was_sent_keeps_its_key_and_none_of_its_content(context: Context) -> None:
    put(context)
    sent(context, claim(context)[0])
    assert [(row.state, row.key, row.payload) for row in rows(context)] == [("sent", "k", {})]


def test_a_failed_item_is_tried_again_later_and_later_then_given_up(context: Context, clock: Clock) -> None:
    put(context)
    waits = []
    for _ in range(11):
        again = fail(context, claim(context)[0], attempts=12)
        assert again is not None
        waits.append((again - clock()).total_seconds())
        assert claim(context) == [], "not before its time"
        clock.at = again
    assert waits[0] < 7
    assert 2700 <= waits[-1] <= 4500
    assert fail(context, claim(context)[0], attempts=12) is None
    assert [(row.state, row.error) for row in rows(context)] == [("dead", "refused")]


def test_a_dead_item_can_be_tried_again_and_no_other(context: Context, clock: Clock) -> None:
    put(context)
    fail(context, claim(context)[0], is_final=True)
    with context.database.writing() as session:
        assert [row.key for row in outbox.dead(session)] == ["k"]
        outbox.retry(session, rows(context)[0].id, clock())
    assert claim(context)[0].attempt == 1
    with pytest.raises(Problem, match="sending"), context.database.writing() as session:
        outbox.retry(session, rows(context)[0].id, clock())
    with pytest.raises(Problem, match="no outbox item"), context.database.writing() as session:
        outbox.retry(session, 999, clock())


def test_what_comes_too_late_is_not_sent_any_more(context: Context, clock: Clock) -> None:
    put(context, until=clock.at.replace(minute=10))
    clock.forward(minutes=11)
    assert claim(context) == []
    assert [(row.state, row.payload) for row in rows(context)] == [("dead", {})]
    with pytest.raises(Problem, match="too late"), context.database.writing() as session:
        outbox.retry(session, rows(context)[0].id, clock())


def test_what_is_put_for_later_waits_for_its_time(context: Context, clock: Clock) -> None:
    put(context, not_before=clock.at.replace(minute=15))
    assert claim(context) == []
    clock.forward(minutes=16)
    assert len(claim(context)) == 1


def test_the_erasure_of_a_person_takes_their_items_and_no_others(context: Context) -> None:
    put(context, "theirs", conversation="c-1")
    put(context, "unsent")
    with context.database.writing() as session:
        outbox.put(session, kind="mail", key="others", payload={"to": "b@example.org"}, at=context.clock(), conversation="c-2")
        assert outbox.forget(session, conversations=["c-1"], address="A@example.org") == 2
    assert [row.key for row in rows(context)] == ["others"]


class Post:
    """A receiver that fails some times, refuses some for good, and notes what it got."""

    def __init__(self, failures: int = 0, refuses: str = "") -> None:
        self.failures, self.refuses, self.got = failures, refuses, []  # type: ignore[var-annotated]

    async def send(self, item: Item) -> None:
        await asyncio.sleep(0)
        if item.key == self.refuses:
            raise Undeliverable("nobody lives here")
        if self.failures:
            self.failures -= 1
            raise ConnectionError("refused")
        self.got.append(item.key)


async def run_until(context: Context, post: Post, done: Any, **more: Any) -> None:
    runner = OutboxRunner(context, handlers={"mail": post.send, **more})
    await runner.start()
    for _ in range(400):
        if done():
            break
        await asyncio.sleep(0.02)
    await runner.stop()


def test_the_runner_sends_everything_once_and_gives_up_what_is_refused(settings: Any, database: Any) -> None:
    context = Context(settings, database)
    for number in range(12):
        put(context, f"k{number}")
    post = Post(refuses="k7")
    asyncio.run(run_until(context, post, lambda: {row.state for row in rows(context)} <= {"sent", "dead"}))
    assert sorted(post.got) == sorted(f"k{n}" for n in range(12) if n != 7)
    assert [(row.key, row.error) for row in rows(context) if row.state == "dead"] == [("k7", "nobody lives here")]
    context.pool.shutdown()


def test_a_receiver_that_does_not_answer_does_not_hold_up_another_kind(settings: Any, database: Any) -> None:
    context = Context(settings, database)
    put(context, "mail")
    with database.writing() as session:
        outbox.put(session, kind="hook", key="hook", payload={}, at=context.clock())

    async def never(item: Item) -> None:
        await asyncio.Event().wait()

    async def run() -> None:
        post = Post()
        runner = OutboxRunner(context, handlers={"mail": post.send, "hook": never})
        await runner.start()
        while "sent" not in {row.state for row in rows(context)}:
            await asyncio.sleep(0.02)
        for task in list(runner._running):
            task.cancel()  # as `stop` does after its patience
        await runner.stop()

    asyncio.run(asyncio.wait_for(run(), 20))
    assert {row.key: row.state for row in rows(context)} == {"mail": "sent", "hook": "sending"}, "taken up at the next start"
    context.pool.shutdown()


def test_items_without_a_handler_here_are_left_to_others(settings: Any, database: Any) -> None:
    context = Context(settings, database)
    with database.writing() as session:
        outbox.put(session, kind="elsewhere", key="e", payload={}, at=context.clock())
    put(context, "k")
    post = Post()
    asyncio.run(run_until(context, post, lambda: post.got == ["k"]))
    assert {row.key: row.state for row in rows(context)} == {"e": "pending", "k": "sent"}
    context.pool.shutdown()
