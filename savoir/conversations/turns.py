"""The assistant's turns: rows that are claimed, run one at a time per conversation and in order, retried, and resumed after a crash."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Callable, Optional, Protocol, Union

import sqlalchemy as sa
from prometheus_client import Counter, Histogram
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.log import logger

from . import service
from .live import Live
from .pressing import pressed_by_typing
from .service import Reply
from .tables import Conversation, Message, Turn
from .view import message_json

log = logger(__name__)
Effect = Callable[[Session, Conversation, dict[str, Any], datetime], None]
"""What a reply asks for beside being shown (`{"effect": "hand_over", …}`), done in the transaction that stores it."""

TURNS = Counter("savoir_turns_total", "Turns of the assistant, by how they ended", ["outcome"])
TURN_SECONDS = Histogram(
    "savoir_turn_seconds", "From the customer's message in the log to the reply in the log",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


@dataclass(frozen=True)
class Job:
    """A claimed turn: everything that the assistant needs to run it."""

    turn: int
    conversation: str
    seq: int
    epoch: int
    attempt: int
    text: str
    payload: Optional[str]
    photos: int
    language: str
    channel: str
    created_at: datetime

    @property
    def message_id(self) -> str:
        """The id by which the assistant knows a repeated message."""
        return f"{self.conversation}:{self.seq}"


@dataclass(frozen=True)
class Answer:
    """What the assistant says to one message: replies in order, effects, and the language it now speaks."""

    replies: list[Reply] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    language: Optional[str] = None


class Assistant(Protocol):
    """Whoever answers. Idempotent by `Job.message_id`; raises any exception when it can't answer now."""

    async def answer(self, job: Job) -> Answer:
        """The answer to one message."""


def backoff(attempt: int) -> timedelta:
    """Wait before the next attempt: 0.25 s doubled each time, at most 5 s, with jitter of a quarter."""
    return timedelta(seconds=min(0.25 * 2 ** (attempt - 1), 5.0) * random.uniform(0.75, 1.25))


def claim(session: Session, conversation: str, *, by: str, at: datetime, seconds: float) -> Union[Job, datetime, None]:
    """The conversation's next turn, now claimed; or the time at which to ask again; or None if nothing is to be done."""
    row = service.lock(session, conversation)
    turns = session.execute(
        sa.select(Turn).where(Turn.conversation == conversation, Turn.state.in_(("pending", "running"))).order_by(Turn.seq)
    ).scalars()
    for turn in turns:
        if turn.state == "running" and turn.claimed_until > at:
            return turn.claimed_until  # type: ignore[no-any-return]
        if turn.epoch != row.epoch or row.state != "bot":
            turn.state, turn.done_at = "dropped", at
            TURNS.labels("dropped").inc()
            continue
        if turn.state == "pending" and turn.next_attempt_at > at:
            return turn.next_attempt_at  # type: ignore[no-any-return]
        turn.state, turn.claimed_by, turn.claimed_until = "running", by, at + timedelta(seconds=seconds)
        turn.attempts += 1
        turn.first_attempt_at = turn.first_attempt_at or at
        message = session.execute(
            sa.select(Message).where(Message.conversation == conversation, Message.seq == turn.seq)
        ).scalar_one()
        return Job(
            turn=turn.id, conversation=conversation, seq=turn.seq, epoch=turn.epoch, attempt=turn.attempts, text=message.text,
            payload=message.payload or pressed_by_typing(session, conversation, turn.seq, message.text), photos=len(message.attachments or ()), language=row.language, channel=row.channel,
            created_at=turn.created_at,
        )
    return None


def complete(session: Session, job: Job, answer: Answer, *, by: str, at: datetime, effects: dict[str, Effect]) -> Optional[list[Message]]:
    """Stores the answer and does its effects; what was stored, or None when the conversation has changed hands since."""
    row = service.lock(session, job.conversation)
    turn = session.get(Turn, job.turn, populate_existing=True)
    if turn is None or turn.state != "running" or turn.claimed_by != by or turn.attempts != job.attempt:
        return None  # its claim ran out, and somebody else has it
    turn.done_at = at
    if row.epoch != job.epoch or row.state != "bot":
        turn.state = "dropped"
        return None
    turn.state = "done"
    if answer.language:
        row.language = answer.language
    said = [
        service.speak(
            session, row, author="assistant", at=at, text=reply.text, buttons=reply.buttons, cards=reply.cards,
            client_id=f"turn:{job.seq}:{number}",
        )
        for number, reply in enumerate(answer.replies)
    ]
    for effect in answer.effects:
        effects[effect["effect"]](session, row, effect, at)
    return said


def fail(session: Session, job: Job, error: str, *, by: str, at: datetime, down_after: float, give_up: Effect) -> Optional[datetime]:
    """Notes a failed attempt. Returns when to try again, or None when the conversation was given to people instead."""
    row = service.lock(session, job.conversation)
    turn = session.get(Turn, job.turn, populate_existing=True)
    if turn is None or turn.state != "running" or turn.claimed_by != by or turn.attempts != job.attempt:
        return None
    turn.error, turn.claimed_by, turn.claimed_until = error[:200], None, None
    if row.epoch != job.epoch:
        turn.state, turn.done_at = "dropped", at
        return None
    if (at - turn.first_attempt_at).total_seconds() >= down_after:
        turn.state, turn.done_at = "failed", at
        give_up(session, row, {"effect": "hand_over", "reason": "assistant_down"}, at)
        return None
    turn.state, turn.next_attempt_at = "pending", at + backoff(turn.attempts)
    return turn.next_attempt_at  # type: ignore[no-any-return]


def release(session: Session, *, by: str) -> int:
    """Makes the turns that a former life of this process had claimed free again; returns how many."""
    result = session.execute(
        sa.update(Turn).where(Turn.state == "running", Turn.claimed_by == by)
        .values(state="pending", claimed_by=None, claimed_until=None).execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def due(session: Session, *, at: datetime, limit: int = 500) -> list[str]:
    """Conversations with a turn that could be run now."""
    return list(
        session.execute(
            sa.select(Turn.conversation)
            .where(
                sa.or_(
                    sa.and_(Turn.state == "pending", Turn.next_attempt_at <= at),
                    sa.and_(Turn.state == "running", Turn.claimed_until <= at),
                )
            )
            .distinct()
            .limit(limit)
        ).scalars()
    )


class TurnRunner:
    """Runs the turns of this desk process: `wake` it when a message was stored; a sweep each second finds the rest."""

    def __init__(
        self, context: Context, *, assistant: Assistant, live: Live, effects: dict[str, Effect]
    ) -> None:
        settings = context.settings
        self.context, self.assistant, self.live, self.effects, self.clock = context, assistant, live, effects, context.clock
        self.instance, self.claim_seconds, self.down_after = settings.instance, settings.claim_seconds, settings.assistant_down_after
        self._waiting: asyncio.Queue[Union[str, Job]] = asyncio.Queue()
        self._queued: set[str] = set()
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._worker_count = settings.assistant_workers
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Takes up what a former life of this process left, then serves."""
        freed = await self.context.write(lambda s: release(s, by=self.instance))
        if freed:
            log.info("turns.resumed", count=freed)
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._worker_count)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        """Ends at once; what was running is taken up at the next start."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def wake(self, conversation: str) -> None:
        """There may be a turn to run in this conversation."""
        if conversation in self._busy:
            self._again.add(conversation)
        elif conversation not in self._queued:
            self._queued.add(conversation)
            self._waiting.put_nowait(conversation)

    def claim_if_free(self, session: Session, conversation: str, at: datetime) -> Optional[Job]:
        """The conversation's turn, claimed in the transaction that stored its message, if a worker is free to run it at once."""
        if len(self._busy) + self._waiting.qsize() >= self._worker_count:
            return None  # what waits is claimed when its time comes, so that no claim runs out meanwhile
        found = claim(session, conversation, by=self.instance, at=at, seconds=self.claim_seconds)
        return found if isinstance(found, Job) else None

    def run(self, job: Job) -> None:
        """Runs a turn that was claimed."""
        self._waiting.put_nowait(job)

    async def _work(self) -> None:
        while True:
            item = await self._waiting.get()
            conversation = item.conversation if isinstance(item, Job) else item
            self._queued.discard(conversation)
            self._busy.add(conversation)
            try:
                await self._run(item)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away, say: the sweep brings the conversation back
                log.error("turns.runner_failed", conversation=conversation, error=repr(error))
            finally:
                self._busy.discard(conversation)
                if conversation in self._again:
                    self._again.discard(conversation)
                    self.wake(conversation)

    async def _run(self, item: Union[str, Job]) -> None:
        found: Union[Job, datetime, None]
        if isinstance(item, Job):
            found, conversation = item, item.conversation
        else:
            conversation = item
            found = await self.context.write(lambda s: self._claim(s, conversation, self.clock()))
        while isinstance(found, Job):
            found = await self._run_one(found)
        if found is not None:
            self._wake_later(conversation, found)

    def _claim(self, session: Session, conversation: str, at: datetime) -> Union[Job, datetime, None]:
        return claim(session, conversation, by=self.instance, at=at, seconds=self.claim_seconds)

    async def _run_one(self, job: Job) -> Union[Job, datetime, None]:
        """Runs a turn; returns what is to be done next in its conversation, as `claim` does."""
        self.live.publish(job.conversation, "typing", author="assistant", on=True)
        try:
            answer = await self.assistant.answer(job)
        except asyncio.CancelledError:
            raise
        except Exception as failure:
            return await self._note_failure(job, f"{type(failure).__name__}: {failure}")
        at = self.clock()

        def store(session: Session) -> tuple[Optional[list[Message]], Union[Job, datetime, None]]:
            said = complete(session, job, answer, by=self.instance, at=at, effects=self.effects)
            return said, self._claim(session, job.conversation, at)

        said, following = await self.context.write(store)
        is_more_than_words = answer.effects or answer.language not in (None, job.language)
        self.live.changed(job.conversation, None if said is None or is_more_than_words else [message_json(m) for m in said])
        TURNS.labels("dropped" if said is None else "answered").inc()
        if said is not None:
            TURN_SECONDS.observe((at - job.created_at).total_seconds())
        log.info("turn.done", conversation=job.conversation, seq=job.seq, attempt=job.attempt, stored=said is not None, replies=len(answer.replies))
        return following

    async def _note_failure(self, job: Job, error: str) -> Optional[datetime]:
        at = self.clock()
        again = await self.context.write(
            lambda s: fail(s, job, error, by=self.instance, at=at, down_after=self.down_after, give_up=self.effects["hand_over"])
        )
        log.warning("turn.failed", conversation=job.conversation, seq=job.seq, attempt=job.attempt, error=error[:200])
        TURNS.labels("retried" if again else "failed").inc()
        if again is None:
            self.live.changed(job.conversation)
        return again

    def _wake_later(self, conversation: str, at: datetime) -> None:
        delay = max(0.0, (at - self.clock()).total_seconds())
        asyncio.get_running_loop().call_later(min(delay, 30.0) + 0.005, self.wake, conversation)

    async def _sweep(self) -> None:
        while True:
            try:
                at = self.clock()
                for conversation in await self.context.read(partial(due, at=at)):
                    self.wake(conversation)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.error("turns.sweep_failed", error=repr(error))
            await asyncio.sleep(1.0)
