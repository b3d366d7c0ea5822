"""What the tests of the customer's chat share: the browser, the server, the network, and the chat as a customer sees it."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect, sync_playwright

from savoir.conversations import routes as conversation_routes
from tests.web.chat_network import Network
from tests.web.chat_stage import ChatServer

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server",
]
expect.set_options(timeout=15_000)
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
QUICK = "retry-delay=60 heartbeat-timeout=900 request-timeout=1500"
"""Timings by which a test need not wait."""


class Chat:
    """The chat on one page, by what a customer sees."""

    def __init__(self, page: Page, address: str, language: str = "fr", more: str = QUICK) -> None:
        self.page = page
        self.url = f'{address}/page?language={language}&attributes=language="{language}" firm="Talvène" privacy-url="/privacy" {more}'
        self.launcher = page.get_by_role("button", name=re.compile("Besoin d’aide|Need help"))
        self.panel = page.get_by_role("dialog", name=re.compile("Conversation (avec|with) Talvène"))
        self.box = page.get_by_role("textbox", name=re.compile("Votre message|Your message"))
        self.person = page.get_by_role("button", name=re.compile("Parler à une personne|Talk to a person"))
        self.log = page.get_by_role("log")

    def visit(self) -> "Chat":
        """Opens the page."""
        self.page.goto(self.url)
        return self

    def open(self) -> "Chat":
        """Opens the page and the panel."""
        self.visit()
        expect(self.launcher.or_(self.panel)).to_be_visible()
        if self.launcher.is_visible():  # another tab of this browser may have had it open
            self.launcher.click()
        expect(self.box).to_be_visible()
        return self

    def say(self, text: str) -> "Chat":
        """Writes and sends."""
        self.box.fill(text)
        self.box.press("Enter")
        return self

    def hears(self, text: str) -> Locator:
        """Expects a text in the log exactly once."""
        found = self.log.locator(".bubble").filter(has_text=text)
        expect(found).to_have_count(1)
        expect(found).to_be_visible()
        return found

    def bubbles(self) -> list[str]:
        """All texts of the log, in order."""
        return self.log.locator(".bubble").all_inner_texts()


@pytest.fixture(scope="module")
def playwright_here() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def browse(playwright_here: Playwright, chromium: str, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers, each with an empty profile."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        profile = tmp_path / f"profile-{len(contexts)}"
        context = playwright_here.chromium.launch_persistent_context(
            str(profile), executable_path=chromium, args=ARGUMENTS, **{"reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ChatServer]]:
    """Starts servers with some settings; heartbeats come quickly."""
    monkeypatch.setattr(conversation_routes, "HEARTBEAT_SECONDS", 0.2)
    servers: list[ChatServer] = []

    def new(**settings: Any) -> ChatServer:
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(ChatServer(folder, **settings))
        servers[-1].start()
        return servers[-1]

    yield new
    for server in servers:
        server.stop()


@pytest.fixture
def server(serve: Callable[..., ChatServer]) -> ChatServer:
    return serve()


@pytest.fixture
def network(server: ChatServer) -> Iterator[Network]:
    wire = Network(server)
    yield wire
    wire.close()


@pytest.fixture(scope="module")
def browser_here(playwright_here: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One browser for the tests that need nothing special of it: each has its own server, hence its own origin and storage."""
    context = playwright_here.chromium.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")), executable_path=chromium, args=ARGUMENTS, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_here: BrowserContext) -> Iterator[Page]:
    page = browser_here.new_page()
    yield page
    with suppress(Error):
        page.evaluate("localStorage.clear()")  # a later test's server may get the same port
    page.close()


@pytest.fixture
def chat(page: Page, server: ChatServer) -> Chat:
    return Chat(page, server.address)


def photo(width: int = 640, height: int = 480, kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 60)).save(content, kind)
    return content.getvalue()


def file(content: bytes, name: str = "panne.jpg", kind: str = "image/jpeg") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


