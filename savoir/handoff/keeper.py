"""Looks after those who wait: gives conversations to agents, takes them back from who is gone, wakes what was put off, tells news."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Callable, Optional

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.live import DESK, Live
from savoir.conversations.tables import Conversation
from savoir.core.context import Context
from savoir.core.log import logger
from savoir.core.settings import Settings

from . import news, presence, transferring
from .notice import standing_of
from .routing import rules_of
from .service import Queue
from .tables import AgentPresence

log = logger(__name__)
DONE = Counter("savoir_handoffs_total", "What was done about conversations that wait for people", ["done"])
EVERY_SECONDS = 5.0
SHORTEST_PAUSE = 0.5
"""Seconds between two looks, however much happens."""
AT_ONCE = 200


@dataclass(frozen=True)
class Patience:
    """How long agents and customers are waited for. Zero is for ever."""

    notice: timedelta
    offline: timedelta
    abandoned: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        """As the settings say."""
        return cls(
            timedelta(minutes=settings.notice_minutes), timedelta(minutes=settings.offline_minutes), timedelta(minutes=settings.abandoned_minutes)
        )


def to_look_at(session: Session, queue: Queue, at: datetime) -> list[str]:
    """Conversations about which something may have to be done now, those that wait first, by their place."""
    standing: dict[tuple[str, str], str] = {}
    waiting = []
    for row in conversations.in_state(session, "waiting", limit=AT_ONCE, with_empty=True):
        kind = (str(row.queue), str(row.language))
        if kind not in standing:
            standing[kind] = standing_of(session, row, queue.hours_of(session, row.queue), at, queue.away_after)
        is_given = rules_of(session, row.queue).assignment == "least_loaded" and standing[kind] != "away"
        if is_given or row.told is None or row.customer_left_at is not None or (row.told == "open" and standing[kind] != "open"):
            waiting.append(str(row.id))
    due = sa.and_(Conversation.snoozed_until.isnot(None), Conversation.snoozed_until <= at)
    gone = list(presence.gone_since(session, at, queue.away_after))
    with_agents = session.execute(
        sa.select(Conversation.id).where(
            Conversation.state == "agent",
            sa.or_(due, Conversation.noticed_at.is_(None), sa.and_(Conversation.snoozed_at.is_(None), Conversation.agent.in_(gone))),
        ).limit(AT_ONCE)
    ).scalars()
    return waiting + [str(id) for id in with_agents]


def look_at(session: Session, conversation: str, *, queue: Queue, patience: Patience, at: datetime) -> Optional[str]:
    """Does what is due, under the conversation's lock: `given`, `told`, `abandoned`, `due`, `unnoticed`, `offline`, or None."""
    row = conversations.lock(session, conversation)
    if row.state == "waiting":
        return _look_at_waiting(session, row, queue, patience, at)
    if row.state != "agent":
        return None
    if row.snoozed_until is not None and row.snoozed_until <= at:
        conversations.wake(session, row, at=at)
        news.tell(session, agent=str(row.agent), kind="due", conversation=conversation, seq=row.last_seq, by="", at=at)
        return "due"
    if row.snoozed_at is not None:
        return None
    own = rules_of(session, row.queue).notice_minutes
    limit = timedelta(minutes=own) if own is not None else patience.notice
    if row.noticed_at is None and limit and row.taken_at <= at - limit:
        ignored = str(row.agent)
        held = session.get(AgentPresence, ignored)
        if held is not None:  # else the next one would come to them too, and wait as long
            held.chosen, held.chosen_at = "away", at
        transferring.requeue(session, queue, row, at, without=ignored)
        return "unnoticed"
    since = presence.gone_since(session, at, queue.away_after).get(str(row.agent))
    has_left = since is not None and _has_left(session, str(row.agent))
    if since is None or not (has_left or (patience.offline and since <= at - patience.offline)):
        return None
    if not conversations.customer_waits(session, conversation):
        return None
    transferring.requeue(session, queue, row, at, without=str(row.agent))
    return "offline"


def _has_left(session: Session, agent: str) -> bool:
    row = session.get(AgentPresence, agent)
    return row is not None and row.left_at is not None


def _look_at_waiting(session: Session, row: Conversation, queue: Queue, patience: Patience, at: datetime) -> Optional[str]:
    if queue.give(session, row, at) is not None:
        return "given"
    hours = queue.hours_of(session, row.queue)
    left = row.customer_left_at
    if patience.abandoned and left is not None and row.reason not in conversations.URGENT:
        gone_by = hours.add_time(left, patience.abandoned)  # a night is no sign: they were told to come back
        if gone_by is not None and gone_by <= at:
            conversations.change_owner(session, row, state="abandoned", at=at)
            return "abandoned"
    standing = standing_of(session, row, hours, at, queue.away_after)
    if row.told is None or (row.told == "open" and standing != "open"):
        queue.tell(session, row, at)
        return "told"
    return None


class PeopleKeeper:
    """Looks every few seconds, and soon after something changed. Several processes do no harm: locks decide."""

    def __init__(self, context: Context, live: Live, queue: Queue) -> None:
        self.context, self.live, self.queue, self.patience = context, live, queue, Patience.of(context.settings)
        self._tasks: list[asyncio.Task[None]] = []
        self._nudged = asyncio.Event()

    async def start(self) -> None:
        """Begins to look."""
        self._tasks = [asyncio.create_task(self._sweep()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        """Ends at once."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def look(self) -> None:
        """Does once what is to be done now."""
        at = self.context.clock()
        found, has_news = await self.context.read(lambda s: (to_look_at(s, self.queue, at), news.has_watched(s)))
        for conversation in found:
            work = partial(look_at, conversation=conversation, queue=self.queue, patience=self.patience, at=at)
            done, told = await self.context.write(partial(_with_news, work=work))
            if done:
                DONE.labels(done).inc()
                log.info("people.looked", conversation=conversation, done=done)
                self.live.changed(conversation)
            self._wake(told)
        if has_news:
            _, told = await self.context.write(partial(_with_news, work=partial(news.tell_watchers, at=at)))
            self._wake(told)

    def _wake(self, agents: set[str]) -> None:
        for agent in agents:
            self.live.publish(f"agent:{agent}", "told")

    async def _listen(self) -> None:
        async with self.live.subscription(DESK) as events:
            while True:
                await events.get()
                self._nudged.set()

    async def _sweep(self) -> None:
        while True:
            try:
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away, say
                log.error("people.look_failed", error=repr(error))
            await asyncio.sleep(SHORTEST_PAUSE)
            self._nudged.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), EVERY_SECONDS - SHORTEST_PAUSE)


def _with_news(session: Session, work: Callable[[Session], Any]) -> tuple[Any, set[str]]:
    done = work(session)
    return done, news.told(session)
