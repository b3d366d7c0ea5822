"""The page's one WebSocket: says that lists or a conversation changed, who types, and that the connection lives."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Optional

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from savoir.conversations import service as conversations
from savoir.conversations.live import DESK
from savoir.core.errors import Problem

from .session import Asker, check_origin, signed_in

router = APIRouter()
HEARTBEAT_SECONDS = 15.0
SIGNED_OUT = 4401
"""Close code: the session has ended, connecting again is of no use."""


@router.websocket("/desk/stream")
async def stream(socket: WebSocket) -> None:
    """Sends `changed`, `typing`, `heartbeat`; takes `{"type": "watch", conversation}` and `{"type": "typing", on}`."""
    try:
        check_origin(socket, is_required=True)
    except Problem:
        await socket.close(4403)
        return
    await socket.accept()
    try:
        asker = await signed_in(socket)
    except Problem:
        await _say_signed_out(socket)
        return
    page = _Page(socket, asker)
    tasks = [asyncio.create_task(work()) for work in (page.tell, page.hear, page.beat)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, page.watching):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await task
        with suppress(RuntimeError):
            await socket.close()


async def _say_signed_out(socket: WebSocket) -> None:
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.send_json({"type": "problem", "code": "signed-out"})
        await socket.close(SIGNED_OUT)


class _Page:
    """One open page of an agent."""

    def __init__(self, socket: WebSocket, asker: Asker) -> None:
        self.socket, self.asker = socket, asker
        self.conversation = ""
        self.watching: Optional[asyncio.Task[None]] = None

    async def tell(self) -> None:
        """Passes on that something changed."""
        async with self.asker.live.subscription(DESK, f"agent:{self.asker.agent.id}") as events:
            await self.socket.send_json({"type": "ready"})
            while True:
                event = await events.get()
                if event["kind"] == "signed_out":
                    if not await self._is_signed_in():
                        await _say_signed_out(self.socket)
                        return
                else:
                    await self.socket.send_json({"type": "changed", "conversation": event.get("conversation", "")})

    async def beat(self) -> None:
        """Says that the connection lives, while the session does."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            if not await self._is_signed_in():
                await _say_signed_out(self.socket)
                return
            await self.socket.send_json({"type": "heartbeat"})

    async def hear(self) -> None:
        """Takes what the page says; ends when the socket does."""
        while True:
            try:
                event = await self.socket.receive_json()
            except (ValueError, KeyError):
                continue
            if not isinstance(event, dict):
                continue
            if event.get("type") == "watch" and isinstance(event.get("conversation"), str):
                self._watch(event["conversation"][:40])
            elif event.get("type") == "typing" and self.conversation:
                await self._typing(bool(event.get("on")))

    def _watch(self, conversation: str) -> None:
        if self.watching is not None:
            self.watching.cancel()
        self.conversation = conversation
        self.watching = asyncio.create_task(self._tell_typing(conversation)) if conversation else None

    async def _tell_typing(self, conversation: str) -> None:
        async with self.asker.live.subscription(conversation) as events:
            while True:
                event = await events.get()
                if event["kind"] != "typing" or event.get("agent") == self.asker.agent.id:
                    continue
                said: dict[str, Any] = {"type": "typing", "conversation": conversation, "author": event["author"], "on": event["on"]}
                with suppress(RuntimeError, WebSocketDisconnect):
                    await self.socket.send_json({**said, "name": event.get("name", "")})

    async def _typing(self, on: bool) -> None:
        """Tells customer and colleagues that the agent types, if the conversation is theirs."""
        agent, conversation = self.asker.agent, self.conversation
        try:
            row = await self.asker.the.read(lambda s: conversations.find(s, conversation))
        except Problem:
            return
        if row.state == "agent" and row.agent == agent.id:
            self.asker.live.publish(conversation, "typing", author="agent", on=on, agent=agent.id, name=agent.name)

    async def _is_signed_in(self) -> bool:
        try:
            await signed_in(self.socket)
        except Problem:
            return False
        return True
