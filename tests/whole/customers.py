"""Simulated customers: they write, wait for the answer, and try again with the same id when the network or the server fails them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Optional

import aiohttp


@dataclass
class Customer:
    """One customer in one conversation of the house at `address`."""

    http: aiohttp.ClientSession
    address: str
    language: str = "fr"
    conversation: str = ""
    token: str = ""
    seen: int = 0
    state: str = "bot"
    messages: list[dict[str, Any]] = field(default_factory=list)

    async def begin(self) -> None:
        """Opens the conversation."""
        begun = await self._insist("POST", "/chat/conversations", {"language": self.language})
        self.conversation, self.token = begun["conversation"], begun["token"]

    async def write(self, text: str, message_id: str) -> int:
        """Sends a message until it is taken; its place in the log."""
        return int((await self._insist("POST", f"{self._path}/messages", {"id": message_id, "text": text}))["seq"])

    async def look(self) -> None:
        """Reads what is new."""
        news = await self._insist("GET", f"{self._path}/messages?after={self.seen}")
        self.state = news["state"]
        for message in news["messages"]:
            self.messages.append(message)
            self.seen = message["seq"]

    async def wait_for_answer(self, seq: int, seconds: float = 180) -> bool:
        """Waits until the message at `seq` is answered by the assistant or the conversation is people's; whether that came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await self.look()
            if self.state in ("waiting", "agent") or any(m["seq"] > seq and m["author"] == "assistant" for m in self.messages):
                return True
            await asyncio.sleep(0.4)
        return False

    @property
    def _path(self) -> str:
        return f"/chat/conversations/{self.conversation}"

    async def _insist(self, method: str, path: str, body: Optional[dict[str, Any]] = None, seconds: float = 180) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            try:
                headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                async with self.http.request(method, self.address + path, json=body, headers=headers) as response:
                    if response.status < 300:
                        return await response.json()
                    problem = await response.text()
                    if response.status < 500:
                        raise AssertionError(f"{method} {path}: {response.status} {problem}")
            except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError) as error:
                problem = repr(error)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: {problem}")
            await asyncio.sleep(0.2)
