"""A failed call of the action server: it is waited for, and if it stays away the turn is neither saved nor answered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import ClientResponseError

from connectors import action_calls
from connectors.action_calls import ActionEndpoint
from connectors.desk import DeskInput
from connectors.trackers import LiveTrackerStore
from tests.ports import free_port


async def serve(port: int, status: int = 200) -> web.AppRunner:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"events": [], "responses": []}, status=status)

    application = web.Application()
    application.router.add_post("/webhook", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def endpoint(port: int) -> ActionEndpoint:
    return ActionEndpoint(url=f"http://127.0.0.1:{port}/webhook")


async def said(store: LiveTrackerStore) -> list[str]:
    tracker = await store.retrieve("c")
    return [str(event.text) for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def test_a_call_waits_for_an_action_server_that_is_starting_again() -> None:
    async def test() -> None:
        port, faults = free_port(), action_calls.watch()
        call = asyncio.create_task(endpoint(port).request(json={}))
        await asyncio.sleep(0.3)
        runner = await serve(port)
        assert await call == {"events": [], "responses": []}
        assert not faults and not action_calls.has_failed()
        await runner.cleanup()

    asyncio.run(test())


@pytest.mark.parametrize(("status", "is_fault"), [(400, False), (404, True), (500, True)])
def test_what_an_action_refuses_is_no_fault_but_an_error_is(status: int, is_fault: bool) -> None:
    async def test() -> None:
        port, faults = free_port(), action_calls.watch()
        runner = await serve(port, status)
        with pytest.raises(ClientResponseError):
            await endpoint(port).request(json={})
        assert bool(faults) is is_fault
        await runner.cleanup()

    asyncio.run(test())


def test_a_turn_in_which_a_call_failed_is_not_saved_and_is_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_calls, "PATIENCE", 0.1)
    domain = Domain.from_yaml("version: '3.1'\nintents: [greet]")
    store = LiveTrackerStore(domain, host=f"sqlite:///{tmp_path / 'rasa.db'}")
    port, desk = free_port(), DeskInput("t" * 32)

    class Agent:
        tracker_store = store

    async def handle(message: Any) -> None:
        """As Rasa does: the failed call is logged, the turn goes on."""
        tracker = await store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        try:
            await endpoint(port).request(json={})
            await message.output_channel.send_text_message(message.sender_id, "done")
        except Exception:
            pass
        try:
            await store.save(tracker)
        except RuntimeError:
            pass  # Rasa's fail-safe store logs it

    async def test() -> None:
        turn = {"sender": "c", "message_id": "c:1", "attempt": 1, "text": "hello"}
        with pytest.raises(RuntimeError, match="an action failed"):
            await desk._answer(Agent(), handle, turn)
        assert await said(store) == [], "nothing of it was kept"
        runner = await serve(port)
        assert (await desk._answer(Agent(), handle, {**turn, "attempt": 2}))["messages"] == [{"text": "done"}]
        assert await said(store) == ["hello"]
        await runner.cleanup()

    asyncio.run(test())
