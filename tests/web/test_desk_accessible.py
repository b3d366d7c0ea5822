"""The desk for everybody: axe finds nothing on any page, in both languages, light and dark; a phone is enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.web.desk_browser import OpenDesk, browser, check_accessible, choose
from tests.web.desk_stage import CLAIRE, KARIM, DeskServer

pytest_plugins = ["tests.web.desk_browser"]


@pytest.mark.parametrize(("email", "scheme"), [(CLAIRE, "light"), (KARIM, "light"), (CLAIRE, "dark"), (KARIM, "dark")])
def test_pages_are_accessible(server: DeskServer, open_desk: OpenDesk, email: str, scheme: str) -> None:
    page = open_desk(email, color_scheme=scheme)
    check_accessible(page)
    conversation = server.waiting("Mon écran est noir", reason="safety", minutes=20)
    server.waiting("Fraude", reason="fraud", minutes=7)
    server.add_customer(conversation)
    server.customer_sends_photo(conversation)
    page.goto(f"{server.address}/desk/conversations/{conversation}")
    check_accessible(page)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.fill("#reply-text", "Bonjour, **regardez** ceci : https://talvene.example/aide")
    page.click("#send-reply")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    page.click("#tab-note")
    page.fill("#note-text", "Une note")
    page.click("#send-note")
    expect(page.locator("#log .message.note")).to_have_count(1)
    page.click("#do-resolve")
    check_accessible(page)
    page.click(".account")
    check_accessible(page)
    page.keyboard.press("Escape")
    page.locator("#open-shortcuts").click()
    check_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_signing_in_is_accessible(
    server: DeskServer, playwright: Playwright, chromium: str, tmp_path: Path, scheme: str, language: str
) -> None:
    with browser(playwright, chromium, tmp_path / "browser", color_scheme=scheme) as context:
        page = context.pages[0]
        page.goto(f"{server.address}/desk/sign-in?language={language}")
        check_accessible(page)
        page.fill("#email", "nobody@talvene.example")
        page.fill("#password", "wrong")
        page.click("button[type=submit]")
        expect(page.locator("[role=alert]")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        check_accessible(page)


def test_on_a_phone_the_panes_are_steps(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour")
    page = open_desk(viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator("#workspace")).to_be_hidden()
    choose(page, conversation)
    expect(page.locator("#lists")).to_be_hidden()
    page.click("#show-context")
    expect(page.locator("#context")).to_be_in_viewport()
    page.click("#hide-context")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_accessible(page)
    page.click("#step-back")
    expect(page.locator(f"#item-{conversation}")).to_be_visible()
