"""`savoir doctor` says of a language model whether it answers, keeps to the text, and is quick enough."""

from __future__ import annotations

import asyncio
from typing import Any, Iterator

import pytest
from aiohttp import web

from connectors.llm_check import check, is_readable_on_the_way, state_of
from savoir.core.settings import Settings
from tests.connectors.chat_server import ChatServer, completion, status
from tests.ports import free_port


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.stop()


def with_model(settings: Settings, url: str, **more: Any) -> Settings:
    return settings.copy(update={"llm_url": url, "llm_model": "mistral-small", **more})


@pytest.mark.parametrize(("language", "text"), [
    ("fr", "Maintenez le bouton d'alimentation pendant 10 secondes, jusqu'à ce que le voyant soit blanc [1]."),
    ("en", "Hold the power button for 10 seconds, until the light is white [1]. The pairings are then forgotten [1]."),
])
def test_a_model_that_keeps_to_the_text_is_well(
    server: ChatServer, settings: Settings, capsys: pytest.CaptureFixture[str], language: str, text: str
) -> None:
    server.answer = text
    assert check(with_model(settings, server.url, default_language=language)).startswith("ok (mistral-small, ")
    assert capsys.readouterr().out == ""  # `--json` prints one object


def test_a_model_that_does_not_is_said_to(server: ChatServer, settings: Settings) -> None:
    server.answer = "Maintenez le bouton pendant 30 secondes [1]."
    assert check(with_model(settings, server.url)) == "doubted: number – it does not keep to the text: a larger model may"


@pytest.mark.parametrize(("code", "hint"), [(401, "SAVOIR_LLM_KEY"), (404, "SAVOIR_LLM_MODEL"), (429, "limit")])
def test_what_is_to_be_done_is_said(server: ChatServer, settings: Settings, code: int, hint: str) -> None:
    server.answer = status(code)
    assert hint in check(with_model(settings, server.url))


def test_a_server_that_is_away_is_named(settings: Settings) -> None:
    assert "SAVOIR_LLM_URL" in check(with_model(settings, f"http://127.0.0.1:{free_port()}"))


def test_a_model_that_is_slow_at_first_is_asked_again(server: ChatServer, settings: Settings) -> None:
    passed = [0.0]

    async def loads(request: web.Request, asked: dict[str, Any]) -> web.Response:
        passed[0] += 25.0 if len(server.bodies) == 1 else 1.5
        return completion("Les associations sont alors oubliées [1].")

    server.answer = loads
    assert asyncio.run(state_of(with_model(settings, server.url), lambda: passed[0])) == "ok (mistral-small, 1.5 s)"
    assert len(server.bodies) == 2


def test_a_model_that_stays_slow_is_said_to(server: ChatServer, settings: Settings) -> None:
    passed = [0.0]

    async def crawls(request: web.Request, asked: dict[str, Any]) -> web.Response:
        passed[0] += 9.2
        return completion("Les associations sont alors oubliées [1].")

    server.answer = crawls
    said = asyncio.run(state_of(with_model(settings, server.url), lambda: passed[0]))
    assert said.startswith("answers after 9.2 s, and SAVOIR_LLM_TIMEOUT is 6")


def test_nothing_is_sent_in_the_clear_over_a_public_network(settings: Settings) -> None:
    assert "https" in check(with_model(settings, "http://llm.example.org"))
    assert not any(is_readable_on_the_way(url) for url in ("http://127.0.0.1:1", "http://10.0.0.3:8000", "http://ollama:11434", "https://llm.example.org"))
