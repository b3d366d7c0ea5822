"""Customers who write as soon as they are answered, and what that costs the processes."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from typing import Any, Awaitable, Callable

import aiohttp
import psutil

Say = Callable[[str, str], Awaitable[None]]
"""Sends a text with a message id and returns when the reply is there."""
Begin = Callable[[aiohttp.ClientSession], Awaitable[tuple[Say, Callable[[], Awaitable[None]]]]]
"""Opens a conversation: how to speak in it, and how to leave it."""


@dataclass
class Load:
    """One measurement. Times in milliseconds of wall clock, CPU in milliseconds a turn."""

    customers: int
    turns: int
    turns_a_second: float
    p50: float
    p95: float
    p99: float
    cpu_a_turn: dict[str, float]
    memory_mb: dict[str, float]


async def measure(begin: Begin, script: tuple[str, ...], customers: int, seconds: float, processes: dict[str, psutil.Process]) -> Load:
    """`customers` at once, each through the script again and again in new conversations, for that many seconds after a warm-up."""
    times: list[float] = []
    started = asyncio.Event()
    end = 0.0

    async def live(number: int, http: aiohttp.ClientSession) -> None:
        round_ = 0
        while not started.is_set() or time.monotonic() < end:
            say, leave = await begin(http)
            for turn, text in enumerate(script):
                began = time.monotonic()
                await say(text, f"{number}-{round_}-{turn}")
                if started.is_set() and time.monotonic() < end:
                    times.append((time.monotonic() - began) * 1000)
            await leave()
            round_ += 1

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), connector=connector) as http:
        tasks = [asyncio.create_task(live(n, http)) for n in range(customers)]
        await asyncio.sleep(min(3.0, seconds / 4))
        before = {name: _cpu(process) for name, process in processes.items()}
        began = time.monotonic()
        end = began + seconds
        started.set()
        await asyncio.sleep(seconds)
        after = {name: _cpu(process) for name, process in processes.items()}
        elapsed = time.monotonic() - began
        memory = {name: process.memory_info().rss / 1e6 for name, process in processes.items()}
        await asyncio.gather(*tasks)
    times.sort()
    return Load(
        customers, len(times), len(times) / elapsed, statistics.median(times), times[int(len(times) * 0.95)], times[int(len(times) * 0.99)],
        {name: (after[name] - before[name]) * 1000 / len(times) for name in processes}, memory,
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def savoir_customer(address: str) -> Begin:
    """A customer of the front door: POST, then the reply over the WebSocket."""

    async def begin(http: aiohttp.ClientSession) -> tuple[Say, Callable[[], Awaitable[None]]]:
        async with http.post(f"{address}/chat/conversations", json={"language": "fr"}) as response:
            begun = await response.json()
        url = f"{address}/chat/conversations/{begun['conversation']}"
        headers = {"Authorization": f"Bearer {begun['token']}"}
        socket = await http.ws_connect(f"{url}/stream", protocols=("savoir", begun["token"]))

        async def say(text: str, message_id: str) -> None:
            async with http.post(f"{url}/messages", json={"id": message_id, "text": text}, headers=headers) as response:
                seq = (await response.json())["seq"]
            while True:
                event = await socket.receive_json()
                if event["type"] == "message" and event["message"]["author"] == "assistant" and event["message"]["seq"] > seq:
                    return

        async def leave() -> None:
            await socket.close()

        return say, leave

    return begin


def bare_customer(address: str) -> Begin:
    """A customer of the bare bot's REST channel."""
    number = 0

    async def begin(http: aiohttp.ClientSession) -> tuple[Say, Callable[[], Awaitable[None]]]:
        nonlocal number
        number += 1
        sender = f"customer-{number}"

        async def say(text: str, message_id: str) -> None:
            async with http.post(f"{address}/webhooks/rest/webhook", json={"sender": sender, "message": text}) as response:
                answer: Any = await response.json()
                assert isinstance(answer, list)

        async def leave() -> None:
            return None

        return say, leave

    return begin
