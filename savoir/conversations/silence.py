"""When the customer leaves a question of the assistant unanswered: one reminder, and later the conversation is closed, kindly."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Optional

import sqlalchemy as sa
from prometheus_client import Counter
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.log import logger
from savoir.core.settings import Settings

from . import service
from .live import Live
from .tables import Conversation, Message

log = logger(__name__)
SILENCES = Counter("savoir_silences_total", "Questions of the assistant that stayed unanswered, by what was done", ["done"])
SWEEP_SECONDS = 15.0
LATEST = timedelta(hours=1)
"""A reminder that is later than this (the process was down) is not spoken any more."""
AT_ONCE = 200

REMINDER = {
    "fr": "Vous êtes toujours là ? Prenez votre temps : ma question est juste au-dessus, vous pouvez y répondre quand vous voulez.",
    "en": "Are you still there? Take your time: my question is just above, and you can answer it whenever you like.",
}
FAREWELL = {
    "fr": "Sans nouvelles de vous, je ferme cette conversation. Rien n'est perdu : un message de vous la rouvre.",
    "en": "I haven't heard from you, so I'm closing this conversation. Nothing is lost: a message from you opens it again.",
}


@dataclass(frozen=True)
class Patience:
    """How long a question may stay unanswered: before the reminder, and after it until the conversation is closed. Zero is for ever."""

    reminder: timedelta
    close: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        """As the settings say."""
        return cls(timedelta(minutes=settings.silence_reminder_minutes), timedelta(minutes=settings.silence_close_minutes))


def silent(session: Session, *, at: datetime, patience: Patience) -> list[str]:
    """Conversations in which something is to be done about the customer's silence."""
    if not patience.reminder:
        return []
    to_remind = sa.and_(
        Conversation.reminded_at.is_(None), Conversation.updated_at <= at - patience.reminder,
        Conversation.updated_at > at - patience.reminder - LATEST,
    )
    to_close = sa.and_(Conversation.reminded_at.isnot(None), Conversation.reminded_at <= at - patience.close)
    rows = session.execute(
        sa.select(Conversation).where(Conversation.state == "bot", sa.or_(to_remind, to_close) if patience.close else to_remind)
        .order_by(Conversation.updated_at).limit(AT_ONCE)
    ).scalars()
    return [str(row.id) for row in rows if row.reminded_at is not None or _waits_for_an_answer(session, row)]


def break_silence(session: Session, conversation: str, *, at: datetime, patience: Patience) -> Optional[str]:
    """Reminds or closes, whichever is due, under the conversation's lock: `reminded`, `closed`, or None when nothing is (any more)."""
    row = service.lock(session, conversation)
    language = "fr" if row.language == "fr" else "en"
    if row.state != "bot" or not patience.reminder:
        return None
    if row.reminded_at is not None:
        if not patience.close or row.reminded_at > at - patience.close:
            return None
        service.speak(session, row, author="assistant", at=at, text=FAREWELL[language])
        service.change_owner(session, row, state="resolved", at=at)
        return "closed"
    if row.updated_at > at - patience.reminder or not _waits_for_an_answer(session, row):
        return None
    service.speak(session, row, author="assistant", at=at, text=REMINDER[language])
    row.reminded_at = at
    return "reminded"


def asks(message: Message) -> bool:
    """Whether a message of the assistant waits for an answer: it offers buttons, or ends in a question. A request for a rating does not."""
    if message.author != "assistant" or service.has_rating_card(message.cards):
        return False
    return bool(message.buttons) or message.text.rstrip(" \t\n*_»\"'”)").endswith("?")


def _waits_for_an_answer(session: Session, row: Conversation) -> bool:
    of_this = sa.select(Message).where(Message.conversation == row.id, Message.private.is_(False))
    last = session.execute(of_this.order_by(Message.seq.desc()).limit(1)).scalar_one_or_none()
    if last is None or not asks(last):
        return False
    return session.execute(of_this.where(Message.author == "customer").limit(1)).first() is not None


class SilenceKeeper:
    """Looks for silent customers, in this desk process. Several processes do no harm: the conversation's lock decides."""

    def __init__(self, context: Context, live: Live) -> None:
        self.context, self.live, self.patience = context, live, Patience.of(context.settings)
        self._task: Optional[asyncio.Task[None]] = None

    async def start(self) -> None:
        """Looks every quarter of a minute, unless the settings say never."""
        if self.patience.reminder:
            self._task = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Ends at once."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> None:
        """Does once what is to be done now."""
        at = self.context.clock()
        for conversation in await self.context.read(partial(silent, at=at, patience=self.patience)):
            done = await self.context.write(partial(break_silence, conversation=conversation, at=at, patience=self.patience))
            if done:
                SILENCES.labels(done).inc()
                log.info("silence.broken", conversation=conversation, done=done)
                self.live.changed(conversation)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away, say
                log.error("silence.sweep_failed", error=repr(error))
            await asyncio.sleep(SWEEP_SECONDS)
