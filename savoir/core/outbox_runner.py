"""Sends what is in the outbox, in this process: some items at once, so that one slow receiver holds nobody else up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Awaitable, Callable, Mapping, Optional

from prometheus_client import Gauge

from . import outbox
from .context import Context
from .log import logger
from .outbox import Item, Undeliverable

log = logger(__name__)
WAITING = Gauge("savoir_outbox_items", "What is in the outbox and not sent, by state", ["state"])
Handler = Callable[[Item], Awaitable[None]]
"""Sends one item. Raises `Undeliverable` when no further attempt makes sense, anything else to be asked again."""

ATTEMPT_SECONDS = 60.0
ITEMS_AT_ONCE = 4
SWEEP_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
"""How long `stop` lets what is being sent come to its end."""


class OutboxRunner:
    """Runs the outbox of this desk process: `wake` it when something was put; a sweep each second finds the rest."""

    def __init__(self, context: Context, *, handlers: Mapping[str, Handler]) -> None:
        self.context, self.handlers, self.clock = context, dict(handlers), context.clock
        self.instance, self.attempts = context.settings.instance, context.settings.outbox_attempts
        self._awake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._task: Optional[asyncio.Task[None]] = None

    async def start(self) -> None:
        """Takes up what a former life of this process left, then serves."""
        freed = await self.context.write(lambda s: outbox.release(s, by=self.instance))
        if freed:
            log.info("outbox.resumed", count=freed)
        self._task = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Ends in a few seconds; what could not be finished is taken up at the next start."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=PATIENCE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def wake(self) -> None:
        """There may be something to send."""
        self._awake.set()

    async def _serve(self) -> None:
        sweeps = 0
        while True:
            self._awake.clear()
            try:
                await self._begin_what_is_due()
                if sweeps % 15 == 0:
                    for state, number in (await self.context.read(outbox.counts)).items():
                        WAITING.labels(state).set(number)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away, say
                log.error("outbox.sweep_failed", error=type(error).__name__)
            sweeps += 1
            # not `wait_for`: Python 3.10's may swallow the cancellation of `stop` when it is woken at the same moment
            alarm = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._awake.set)
            await self._awake.wait()
            alarm.cancel()

    async def _begin_what_is_due(self) -> None:
        free, kinds, at = ITEMS_AT_ONCE - len(self._running), list(self.handlers), self.clock()
        if free <= 0 or not await self.context.read(lambda s: outbox.is_due(s, kinds=kinds, at=at)):
            return
        for item in await self.context.write(lambda s: outbox.claim(s, kinds=kinds, by=self.instance, at=at, limit=free)):
            task = asyncio.create_task(self._send(item))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:  # not noted: its claim runs out, and it is tried again
            log.error("outbox.not_noted", error=type(task.exception()).__name__)
        self.wake()

    async def _send(self, item: Item) -> None:
        try:
            await asyncio.wait_for(self.handlers[item.kind](item), ATTEMPT_SECONDS)
        except Undeliverable as refusal:
            return await self._note_failure(item, str(refusal), is_final=True)
        except Exception as failure:
            return await self._note_failure(item, f"{type(failure).__name__}: {failure}", is_final=False)
        at = self.clock()
        is_noted = await self.context.write(lambda s: outbox.mark_sent(s, item, by=self.instance, at=at))
        log.info("outbox.sent", item=item.id, kind=item.kind, conversation=item.conversation, attempt=item.attempt, noted=is_noted)

    async def _note_failure(self, item: Item, error: str, *, is_final: bool) -> None:
        at = self.clock()
        again = await self.context.write(
            lambda s: outbox.mark_failed(s, item, error, by=self.instance, at=at, attempts=self.attempts, is_final=is_final)
        )
        # what the other side said may hold an address: it is kept with the item, and only its kind is logged
        say = log.warning if again else log.error
        say("outbox.failed" if again else "outbox.dead", item=item.id, kind=item.kind, conversation=item.conversation,
            attempt=item.attempt, error=error.split(":")[0][:80])
