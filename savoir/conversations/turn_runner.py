"""Runs the assistant's turns in this process: workers that claim them, a sweep that finds what was left."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Optional, Union

from prometheus_client import Histogram
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.log import logger

from .live import Live
from .tables import Message
from .turns import TURNS, Assistant, Effect, Job, claim, complete, due, fail, release
from .view import message_json

log = logger(__name__)
TURN_SECONDS = Histogram(
    "savoir_turn_seconds", "From the customer's message in the log to the reply in the log",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
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
