"""The customer's chat for everybody: keyboard, screen reader, phone, contrast, motion."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

from typing import Any, Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from savoir.conversations.service import Reply
from tests.web.chat_browser import (  # noqa: F401
    PHONE,
    Chat,
    browse,
    browser_here,
    chat,
    file,
    network,
    page,
    photo,
    playwright_here,
    serve,
    server,
)
from tests.web.chat_stage import ChatServer


def test_focus_goes_in_on_opening_and_back_on_escape(chat: Chat) -> None:
    chat.visit()
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_have_count(0)
    expect(chat.launcher).to_be_focused()


def test_the_tab_key_goes_through_the_panel_in_reading_order(chat: Chat) -> None:
    chat.open().say("buttons")
    expect(chat.page.get_by_role("button", name="Oui, c'est ça")).to_be_visible()
    chat.page.evaluate("document.querySelector('savoir-chat').shadowRoot.querySelector('.title').focus()")
    names = []
    for _ in range(9):
        chat.page.keyboard.press("Tab")
        names.append(chat.page.evaluate(
            """() => { const at = document.querySelector('savoir-chat').shadowRoot.activeElement;
                return at ? at.getAttribute('aria-label') ?? (at.labels?.[0] ?? at).textContent : null }"""
        ))
    assert names == [
        "English", "Fermer la conversation", "Parler à une personne", "Conversation", "Vos données (s’ouvre dans un nouvel onglet)",
        "Oui, c'est ça", "Non, autre chose", "Joindre une photo", "Votre message",
    ]


def test_the_log_is_announced_politely_and_a_rerender_takes_no_focus(chat: Chat, server: ChatServer) -> None:
    chat.open().say("buttons")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    reply = chat.page.get_by_role("button", name="Oui, c'est ça")
    reply.focus()
    server.assistant_says("Autre chose encore")
    chat.hears("Autre chose encore")
    expect(reply).to_be_focused()


def test_a_message_in_the_other_language_says_so(chat: Chat, server: ChatServer) -> None:
    server.assistant.replies["x"] = [Reply("Your parcel is on its way and will be with you on Friday.")]
    chat.open().say("x")
    bubble = chat.hears("Your parcel is on its way")
    expect(bubble.locator("xpath=..")).to_have_attribute("lang", "en")


def test_on_a_phone_the_panel_is_the_screen_a_modal_and_every_target_is_large(browse: Callable[..., BrowserContext], server: ChatServer) -> None:
    chat = Chat(browse(**PHONE).pages[0], server.address).open().say("buttons")
    expect(chat.page.get_by_role("button", name="Oui, c'est ça")).to_be_visible()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert chat.page.evaluate("document.querySelector('savoir-chat').shadowRoot.querySelector('dialog').matches(':modal')")
    for target in chat.panel.get_by_role("button").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
    chat.page.get_by_role("button", name="Oui, c'est ça").tap()
    chat.hears("Choisi : /affirm")
    chat.page.get_by_role("button", name="Fermer la conversation").tap()
    expect(chat.launcher).to_be_focused()


def test_turning_the_window_into_a_phones_keeps_focus_and_text(chat: Chat) -> None:
    chat.open()
    chat.box.fill("en cours")
    for width in (390, 1100):
        chat.page.set_viewport_size({"width": width, "height": 800})
        expect(chat.panel).to_be_visible()
        expect(chat.box).to_be_focused()
        expect(chat.box).to_have_value("en cours")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("look", ["light", "dark", "phone", "phone dark"])
def test_axe_finds_nothing(browse: Callable[..., BrowserContext], server: ChatServer, language: str, look: str) -> None:
    options: dict[str, Any] = {**(PHONE if "phone" in look else {}), "color_scheme": "dark" if "dark" in look else "light"}
    page = browse(bypass_csp=True, **options).pages[0]
    chat = Chat(page, server.address, language=language).visit()
    expect(chat.launcher).to_be_visible()
    found = [("launcher", Axe().run(page))]
    chat.launcher.click()
    expect(chat.box).to_be_visible()
    found.append(("welcome", Axe().run(page)))
    server.assistant.replies["md"] = [Reply("**Gras**, `code`, [lien](https://example.org)\n\n1. un\n2. deux")]
    for word in ("md", "card", "buttons"):
        chat.say(word)
    expect(chat.log.locator(".reply").first).to_be_visible()
    chat.page.locator("input[type=file]").set_input_files(file(photo()))
    chat.box.fill("x" * 4100)
    chat.box.press("Enter")
    found.append(("refused", Axe().run(page)))
    chat.box.fill("ok")
    chat.box.press("Enter")
    expect(chat.log.locator(".photo img")).to_be_visible()
    chat.hears("Vous avez dit : ok")
    found.append(("messages", Axe().run(page)))
    chat.person.click()
    expect(chat.panel.locator(".standing")).to_be_visible()
    found.append(("waiting", Axe().run(page)))
    server.agent_takes()
    server.agent_says("Bonjour !", "a1")
    server.agent_types()
    expect(chat.panel.locator(".typing")).to_contain_text("Claire")
    found.append(("agent", Axe().run(page)))
    server.agent_resolves()
    expect(chat.panel.locator(".rating")).to_be_visible()
    chat.panel.locator(".score").nth(3).click()
    found.append(("rating", Axe().run(page)))
    for state, result in found:
        assert result.violations_count == 0, f"{state}: {result.generate_report()}"


def test_forced_colours_leave_borders_to_see(browse: Callable[..., BrowserContext], server: ChatServer) -> None:
    chat = Chat(browse(forced_colors="active").pages[0], server.address).open().say("Bonjour")
    bubble = chat.hears("Vous avez dit : Bonjour")
    assert bubble.evaluate("node => getComputedStyle(node).borderTopWidth") == "1px"


def test_reduced_motion_stops_every_animation(chat: Chat) -> None:
    chat.open().say("slow")
    expect(chat.panel.get_by_text("L’assistant écrit…")).to_be_visible()
    assert chat.page.evaluate("document.querySelector('savoir-chat').shadowRoot.getAnimations().length") == 0
