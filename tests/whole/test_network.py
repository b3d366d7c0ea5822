"""The customer's network fails in all its ways: nothing lost, doubled or leaked."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Awaitable, Callable, Iterator

import aiohttp
import pytest
import uvicorn

from savoir.conversations.service import Reply
from savoir.conversations.turns import Answer, Job
from savoir.core.context import Context
from savoir.core.settings import Settings
from tests.ports import free_port
from tests.whole.customers import Customer
from web.app import create_app


class Slow:
    """An assistant that answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = threading.Event()

    async def answer(self, job: Job) -> Answer:
        self.asked.append(job.text)
        while not self.may_answer.is_set():
            await asyncio.sleep(0.01)
        return Answer([Reply(f"re: {job.text}")])


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def address(settings: Settings, database: Any, slow: Slow) -> Iterator[str]:
    port = free_port()
    settings = settings.copy(update={"port": port, "messages_per_minute": 1000})
    app = create_app(settings, assistant=slow, context=Context(settings, database))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{port}"
    slow.may_answer.set()
    server.should_exit = True
    thread.join(10)


def run(test: Callable[[aiohttp.ClientSession], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
            await test(http)

    asyncio.run(inside())


def stream(http: aiohttp.ClientSession, customer: Customer, after: int = 0) -> Any:
    url = f"{customer.address}/chat/conversations/{customer.conversation}/stream?after={after}"
    return http.ws_connect(url, protocols=("savoir", customer.token))


async def next_message(socket: aiohttp.ClientWebSocketResponse, author: str) -> dict[str, Any]:
    while True:
        event = await socket.receive_json(timeout=15)
        if event["type"] == "message" and event["message"]["author"] == author:
            return dict(event["message"])


def test_a_socket_cut_while_the_answer_is_pending_finds_it_when_it_is_back(address: str, slow: Slow) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        customer = Customer(http, address)
        await customer.begin()
        async with stream(http, customer) as socket:
            await customer.write("bonjour", "a")
            assert (await next_message(socket, "customer"))["seq"] == 1
            socket._response.connection.transport.abort()  # type: ignore[union-attr]
        slow.may_answer.set()
        async with stream(http, customer, after=1) as socket:
            answer = await next_message(socket, "assistant")
        assert (answer["seq"], answer["text"]) == (2, "re: bonjour")
        assert slow.asked == ["bonjour"]

    run(test)


def test_a_post_whose_answer_never_arrived_is_sent_again_and_counts_once(address: str, slow: Slow) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        slow.may_answer.set()
        customer = Customer(http, address)
        await customer.begin()
        seqs = await asyncio.gather(*(customer.write("bonjour", "same") for _ in range(10)))
        assert set(seqs) == {1}
        assert await customer.wait_for_answer(1)
        assert [m["author"] for m in customer.messages] == ["customer", "assistant"]
        assert slow.asked == ["bonjour"]

    run(test)


def test_a_black_holed_socket_holds_nobody_up_and_loses_nothing(address: str, slow: Slow) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        slow.may_answer.set()
        customer = Customer(http, address)
        await customer.begin()
        async with stream(http, customer) as dead:
            dead._response.connection.transport.pause_reading()  # type: ignore[union-attr]
            for n in range(20):
                assert await customer.write("x" * 3000, f"m{n}") >= 1
            async with stream(http, customer) as alive:
                for _ in range(20):
                    last = await next_message(alive, "assistant")
        assert last["seq"] == 40

    run(test)


def test_a_second_tab_is_in_step_with_the_first(address: str, slow: Slow) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        slow.may_answer.set()
        customer = Customer(http, address)
        await customer.begin()
        async with stream(http, customer) as one, stream(http, customer) as two:
            await customer.write("bonjour", "a")
            for tab in (one, two):
                assert (await next_message(tab, "customer"))["text"] == "bonjour"
                assert (await next_message(tab, "assistant"))["text"] == "re: bonjour"

    run(test)


def test_a_stranger_with_another_token_hears_nothing(address: str, slow: Slow) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        slow.may_answer.set()
        customer, stranger = Customer(http, address), Customer(http, address)
        await customer.begin()
        await stranger.begin()
        stranger.conversation, own = customer.conversation, stranger.conversation
        async with stream(http, stranger) as socket:
            event = await socket.receive_json(timeout=10)
            assert (event["type"], event["status"]) == ("problem", 404)
            assert (await socket.receive(timeout=10)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        stranger.conversation = own
        async with stream(http, stranger) as socket:
            await customer.write("un secret", "a")
            assert await customer.wait_for_answer(1)
            assert (await socket.receive_json(timeout=10))["type"] == "state", "only its own state"

    run(test)


def test_a_server_that_stops_in_the_middle_of_a_turn_takes_it_up_again(settings: Settings, database: Any, slow: Slow) -> None:
    """The claim of the stopped process is released at the next start of the same instance."""
    port = free_port()
    settings = settings.copy(update={"port": port})

    def serve() -> tuple[uvicorn.Server, threading.Thread]:
        app = create_app(settings, assistant=slow, context=Context(settings, database))
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        return server, thread

    async def test(http: aiohttp.ClientSession) -> None:
        server, thread = serve()
        customer = Customer(http, f"http://127.0.0.1:{port}")
        await customer.begin()
        await customer.write("bonjour", "a")
        while not slow.asked:
            await asyncio.sleep(0.01)
        server.should_exit = True
        await asyncio.to_thread(thread.join, 15)
        slow.may_answer.set()
        server, thread = serve()
        assert await customer.wait_for_answer(1)
        assert [m["author"] for m in customer.messages] == ["customer", "assistant"]
        server.should_exit = True
        await asyncio.to_thread(thread.join, 15)

    run(test)
