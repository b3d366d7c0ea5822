"""The assistant's turns: rows that are claimed, run one at a time per conversation and in order, retried, and resumed after a crash."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Callable, Optional, Protocol, Union

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session

from savoir.core.log import logger

from . import service
from .pressing import pressed_by_typing
from .service import Reply
from .tables import Conversation, Message, Turn

log = logger(__name__)
Effect = Callable[[Session, Conversation, dict[str, Any], datetime], None]
"""What a reply asks for beside being shown (`{"effect": "hand_over", …}`), done in the transaction that stores it."""

TURNS = Counter("savoir_turns_total", "Turns of the assistant, by how they ended", ["outcome"])


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
