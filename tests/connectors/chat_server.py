"""A server that speaks OpenAI's chat protocol and says what a test wants: also wrongly, slowly, or not to the end."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any, Callable, Optional

from aiohttp import web

from tests.ports import free_port

Answer = Callable[[web.Request, dict[str, Any]], Any]


class ChatServer:
    """Runs in a thread. `answer` is what it says: a text, or a coroutine function that makes the whole response."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.bodies: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Any = "SANS_REPONSE"
        self.ending = "stop"
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """Ends it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The requests, as JSON."""
        return [json.loads(body) for body in self.bodies]

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", self.port).start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        if callable(self.answer):
            return await self.answer(request, json.loads(body))  # type: ignore[no-any-return]
        return completion(self.answer, self.ending)


def completion(content: Optional[str], ending: str = "stop") -> web.Response:
    """A response as servers give it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": ending}
    return web.json_response({"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice]})


def status(code: int, body: Any = None, **headers: str) -> Answer:
    """An answer that refuses."""

    async def answer(request: web.Request, asked: dict[str, Any]) -> web.Response:
        return web.json_response(body or {"error": {"message": "no"}}, status=code, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def raw(text: str) -> Answer:
    """An answer in these bytes."""

    async def answer(request: web.Request, asked: dict[str, Any]) -> web.Response:
        return web.Response(text=text, content_type="application/json")

    return answer


async def never(request: web.Request, asked: dict[str, Any]) -> web.Response:
    """No answer as long as somebody waits."""
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.01)
    return completion("trop tard")


async def half(request: web.Request, asked: dict[str, Any]) -> web.StreamResponse:
    """The first half of an answer; then the connection closes."""
    whole = completion("Maintenez les deux touches 10 secondes [1].").body
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
    await response.prepare(request)
    await response.write(bytes(whole)[: len(whole) // 2])
    assert request.transport is not None
    request.transport.close()
    return response
