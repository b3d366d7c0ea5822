"""Browsers for the desk's tests: signed-in agents on a stage of their own, and the check of a page's accessibility."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.web.desk_stage import CLAIRE, PASSWORD, DeskServer

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server",
]
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

OpenDesk = Callable[..., Page]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DeskServer]:
    folder = tmp_path / "var"
    folder.mkdir()
    made = DeskServer(folder).start()
    yield made
    made.stop()
    made.context.close()


@contextmanager
def browser(playwright: Playwright, chromium: str, folder: Path, **options: Any) -> Iterator[BrowserContext]:
    made = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=chromium, args=FLAGS, **{"viewport": {"width": 1440, "height": 900}, "locale": "fr-FR", **options}
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def open_desk(playwright: Playwright, chromium: str, server: DeskServer, tmp_path: Path) -> Iterator[OpenDesk]:
    """Opens the desk in a browser of its own, signed in; at the end no page may have logged a fault."""
    faults: list[str] = []
    with ExitStack() as stack:

        def open_(email: str = CLAIRE, path: str = "/desk", **options: Any) -> Page:
            folder = tmp_path / f"browser-{len(list(tmp_path.iterdir()))}"
            page = stack.enter_context(browser(playwright, chromium, folder, **options)).pages[0]
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
            page.goto(server.address + path)
            page.fill("#email", email)
            page.fill("#password", PASSWORD)
            page.click("button[type=submit]")
            expect(page.locator("#connection[data-state=live]")).to_be_visible()
            return page

        yield open_
    assert faults == []


def check_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:4], v["nodes"][0]["failureSummary"]) for v in found] == []


def choose(page: Page, conversation: str) -> None:
    page.click(f"#item-{conversation}")
    expect(page.locator(f".thread[data-conversation='{conversation}']")).to_be_visible()
