"""Tells whoever looks at a conversation that something happened. It only wakes them: the truth is the log."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import asynccontextmanager, suppress
from typing import Any, AsyncIterator, Optional

from savoir.core.log import logger

log = logger(__name__)
DESK = "desk"
"""Topic of what changes the agents' lists."""
LONGEST_BACKLOG = 200


class Subscription:
    """The events of some topics that have not been taken yet; an equal one already waiting is not added again."""

    def __init__(self) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=LONGEST_BACKLOG)  # one that lags reads the log anyway
        self._arrived = asyncio.Event()

    def put(self, event: dict[str, Any]) -> None:
        """Adds an event."""
        if event not in self._events:
            self._events.append(event)
            self._arrived.set()

    async def get(self, timeout: Optional[float] = None) -> dict[str, Any]:
        """The next event. Raises asyncio.TimeoutError after `timeout` seconds."""
        while not self._events:
            self._arrived.clear()
            await asyncio.wait_for(self._arrived.wait(), timeout)
        return self._events.popleft()


class Live:
    """Publish and subscribe by topic, in this process; with a Redis URL, between all desk processes."""

    def __init__(self, redis_url: Optional[str] = None) -> None:
        self._subscribers: dict[str, set[Subscription]] = {}
        self._redis_url = redis_url
        self._redis: Any = None
        self._listener: Optional[asyncio.Task[None]] = None

    async def start(self) -> None:
        """Connects to Redis, where it is set."""
        if self._redis_url:
            import redis.asyncio

            self._redis = redis.asyncio.Redis.from_url(self._redis_url)
            self._listener = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Ends the connection."""
        if self._listener:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
            await self._redis.close()

    def publish(self, topic: str, kind: str, **event: Any) -> None:
        """Wakes the subscribers of a topic with `{"kind": kind, …}`. Never waits, never raises."""
        message = {"kind": kind, **event}
        if self._redis is None:
            self._deliver(topic, message)
        else:
            task = asyncio.ensure_future(self._send(topic, message))
            task.add_done_callback(lambda t: t.exception() and log.warning("live.redis_failed", error=str(t.exception())))

    def changed(self, conversation: str, messages: Optional[list[dict[str, Any]]] = None) -> None:
        """Something new stands in the log of a conversation, or its owner changed.

        `messages`: what is new, as customers see it, where nothing else changed: who has read up to there need not read again.
        """
        self.publish(conversation, "changed", **({"messages": messages} if messages else {}))
        self.publish(DESK, "changed", conversation=conversation)

    @asynccontextmanager
    async def subscription(self, *topics: str) -> AsyncIterator[Subscription]:
        """The events of the topics, for the length of the block."""
        subscription = Subscription()
        for topic in topics:
            self._subscribers.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            for topic in topics:
                listeners = self._subscribers.get(topic, set())
                listeners.discard(subscription)
                if not listeners:
                    self._subscribers.pop(topic, None)

    def audience(self, topic: str) -> int:
        """How many in this process listen to a topic."""
        return len(self._subscribers.get(topic, ()))

    def _deliver(self, topic: str, message: dict[str, Any]) -> None:
        for subscription in self._subscribers.get(topic, ()):
            subscription.put(message)

    async def _send(self, topic: str, message: dict[str, Any]) -> None:
        try:
            await self._redis.publish("savoir:live", json.dumps([topic, message]))
        except Exception:
            self._deliver(topic, message)  # at least this process's own
            raise

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe("savoir:live")
                    async for item in pubsub.listen():
                        if item["type"] == "message":
                            self._deliver(*json.loads(item["data"]))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("live.redis_lost", error=str(error))
                await asyncio.sleep(1)
