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
from savoir.core.security import new_id

from .company import Company
from .session import Asker, check_origin, signed_in

router = APIRouter()
HEARTBEAT_SECONDS = 15.0
SIGNED_OUT = 4401
"""Close code: the session has ended, connecting again is of no use."""


@router.websocket("/desk/stream")
async def stream(socket: WebSocket) -> None:
    """Sends `changed`, `typing`, `here`, `told`, `heartbeat`; takes `watch` with a conversation, `typing` and `writing` with `on`, and `seen`."""
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
        page.company.move("")
        for task in (*tasks, page.watching, page.hearing):
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
        self.hearing: Optional[asyncio.Task[None]] = None
        self.company = Company(socket, asker, new_id())

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
                elif event["kind"] == "told":
                    await self.socket.send_json({"type": "told"})
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
            self.company.again()

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
                await self._watch(event["conversation"][:40])
            elif event.get("type") == "writing":
                self.company.writes(bool(event.get("on")))
            elif event.get("type") == "seen":
                await self.company.seen()
            elif event.get("type") == "typing" and self.conversation:
                await self._typing(bool(event.get("on")))

    async def _watch(self, conversation: str) -> None:
        for task in (self.watching, self.hearing):
            if task is not None:
                task.cancel()
        self.conversation = conversation
        self.watching = asyncio.create_task(self._tell_typing(conversation)) if conversation else None
        self.hearing = asyncio.create_task(self.company.hear(conversation)) if conversation else None
        await asyncio.sleep(0)  # so that the answers to the question below are heard
        self.company.move(conversation)
        if conversation:
            await self.company.notice(conversation)

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
