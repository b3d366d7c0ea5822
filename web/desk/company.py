"""Who else looks at a conversation, and who writes in it, live: two agents see each other before they both write."""

from __future__ import annotations

from fastapi import WebSocket
from sqlalchemy.orm import Session
from starlette.websockets import WebSocketDisconnect

from savoir.conversations.live import DESK
from savoir.conversations.tables import Conversation
from savoir.handoff import news, presence
from savoir.handoff import service as handoff

from .session import Asker


class Company:
    """Who else looks at the conversation that a page shows, and who writes. They tell each other; nothing of it is kept."""

    def __init__(self, socket: WebSocket, asker: Asker, page: str) -> None:
        self.socket, self.asker, self.page, self.conversation, self.is_writing = socket, asker, page, "", False

    def move(self, conversation: str) -> None:
        """The page shows another conversation, or none."""
        self._say(False)
        self.conversation, self.is_writing = conversation, False
        self._say(True, asks=True)

    def again(self) -> None:
        """Still here: who does not hear this for a while forgets it."""
        self._say(True)

    def writes(self, on: bool) -> None:
        """Begins or stops to write, a reply or a note."""
        if on != self.is_writing:
            self.is_writing = on
            self._say(True)

    async def hear(self, conversation: str) -> None:
        """Passes on who comes, writes and goes, for as long as it runs."""
        async with self.asker.live.subscription(company(conversation)) as events:
            while True:
                event = await events.get()
                if event["kind"] != "here" or event["page"] == self.page:
                    continue
                if event["asks"] or (event["agent"] == self.asker.agent.id and not event["on"]):
                    self._say(True)
                if event["agent"] != self.asker.agent.id:
                    said = {name: event[name] for name in ("agent", "name", "on", "writing")}
                    try:
                        await self.socket.send_json({"type": "here", "conversation": conversation, **said})
                    except (RuntimeError, WebSocketDisconnect):
                        return

    async def notice(self, conversation: str) -> None:
        """What was given to the agent, or told of this conversation, is seen now."""
        the, agent, live = self.asker.the, str(self.asker.agent.id), self.asker.live
        at = the.clock()
        if await the.read(lambda s: _is_news(s, conversation, agent)):
            await the.write(lambda s: (handoff.notice_own(s, conversation=conversation, agent=agent, at=at), news.mark_read(s, agent=agent, at=at, conversation=conversation)))
            live.publish(f"agent:{agent}", "told")

    async def seen(self) -> None:
        """Somebody uses the page."""
        the, agent = self.asker.the, str(self.asker.agent.id)
        at = the.clock()
        if await the.read(lambda s: presence.should_be_written(s, agent=agent, at=at)) and await the.write(lambda s: presence.seen(s, agent=agent, at=at)):
            self.asker.live.publish(DESK, "changed", conversation="")
            self.asker.live.publish(f"agent:{agent}", "told")

    def _say(self, on: bool, asks: bool = False) -> None:
        if self.conversation:
            agent = self.asker.agent
            self.asker.live.publish(
                company(self.conversation), "here", agent=str(agent.id), name=str(agent.name), page=self.page, on=on,
                writing=on and self.is_writing, asks=asks,
            )


def company(conversation: str) -> str:
    """The topic on which agents who look at a conversation tell each other."""
    return f"company:{conversation}"


def _is_news(session: Session, conversation: str, agent: str) -> bool:
    row = session.get(Conversation, conversation)
    if row is None:
        return False
    return bool(row.agent == agent and row.noticed_at is None) or news.is_unread(session, agent, conversation)
