"""The customer's chat over tabs, reloads and tokens that are void."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

import json
import re
from typing import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.chat_browser import (  # noqa: F401
    Chat,
    browse,
    browser_here,
    chat,
    network,
    page,
    playwright_here,
    serve,
    server,
)
from tests.web.chat_network import Network
from tests.web.chat_stage import ChatServer


def test_tabs_show_the_same_conversation_whichever_began_it(browse: Callable[..., BrowserContext], server: ChatServer) -> None:
    context = browse()
    first, second = Chat(context.pages[0], server.address), Chat(context.new_page(), server.address)
    first.open()
    second.open()
    first.say("du premier")
    second.hears("Vous avez dit : du premier")
    second.say("du second")
    first.hears("Vous avez dit : du second")
    second.hears("Vous avez dit : du second")
    assert first.bubbles() == second.bubbles()
    assert server.conversations() == 1


def test_two_tabs_that_write_first_at_the_same_time_begin_one_conversation(browse: Callable[..., BrowserContext], server: ChatServer) -> None:
    context = browse()
    tabs = [Chat(context.pages[0], server.address).open(), Chat(context.new_page(), server.address).open()]
    for number, tab in enumerate(tabs):
        tab.box.fill(f"onglet {number}")
    for tab in tabs:
        tab.page.evaluate("setTimeout(() => document.querySelector('savoir-chat').shadowRoot.querySelector('.send').click(), 50)")
    for tab in tabs:
        tab.hears("Vous avez dit : onglet 0")
        tab.hears("Vous avez dit : onglet 1")
    assert server.conversations() == 1


def test_a_reload_brings_back_conversation_open_panel_language_and_draft(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    chat.page.get_by_role("button", name="English").click()
    chat.hears("Let's speak English.")
    chat.box.fill("not yet sent")
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    expect(chat.box).to_have_value("not yet sent")
    expect(chat.page.get_by_role("button", name="Talk to a person")).to_be_visible()
    chat.hears("Vous avez dit : Bonjour")
    assert server.conversations() == 1


@pytest.mark.parametrize("kind", ["expired", "forged", "another's"])
def test_a_void_token_begins_a_new_conversation_says_so_and_keeps_what_is_unsent(chat: Chat, server: ChatServer, kind: str) -> None:
    chat.open().say("ancien")
    chat.hears("Vous avez dit : ancien")
    old = server.the_conversation()
    tokens = {"expired": server.expired_token(), "forged": "a.b.c", "another's": None}
    key = next(key for key in chat.page.evaluate("Object.keys(localStorage)") if key.endswith(":conversation"))
    if tokens[kind] is None:
        tokens[kind] = chat.page.evaluate(
            "fetch('/chat/conversations', {method: 'POST', body: '{}'}).then((answer) => answer.json()).then((begun) => begun.token)"
        )
    chat.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, json.dumps({"conversation": old, "token": tokens[kind]})])
    chat.page.reload()
    expect(chat.panel.get_by_text("Votre conversation précédente n’est plus accessible")).to_be_visible()
    chat.say("nouveau")
    chat.hears("Vous avez dit : nouveau")
    assert chat.bubbles() == ["nouveau", "Vous avez dit : nouveau"]


def test_a_message_unsent_when_the_token_expires_goes_into_the_new_conversation(chat: Chat, server: ChatServer) -> None:
    chat.open().say("ancien")
    chat.hears("Vous avez dit : ancien")
    old = server.the_conversation()
    chat.page.evaluate(
        """([token, conversation]) => {
            const key = Object.keys(localStorage).find((name) => name.endsWith(":conversation"));
            localStorage.setItem(key, JSON.stringify({ conversation, token }));
            const start = key.slice(0, -"conversation".length);
            localStorage.setItem(`${start}unsent:000000000000001:abc`, JSON.stringify({ id: "abc", order: "000000000000001", text: "gardé", at: new Date() }));
        }""",
        [server.expired_token(), old],
    )
    chat.page.reload()
    chat.hears("Vous avez dit : gardé")
    expect(chat.panel.get_by_text("Votre conversation précédente n’est plus accessible")).to_be_visible()
    assert server.the_conversation() != old


def test_the_launcher_counts_what_came_while_it_was_closed(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    chat.page.get_by_role("button", name="Fermer la conversation").click()
    server.assistant_says("Votre colis est parti.", "Il arrive demain.")
    expect(chat.launcher).to_have_accessible_name(re.compile("2 nouveaux messages"))
    chat.page.reload()
    expect(chat.launcher).to_have_accessible_name(re.compile("2 nouveaux messages"))
    chat.launcher.click()
    chat.hears("Il arrive demain.")
    chat.page.keyboard.press("Escape")
    expect(chat.launcher).not_to_have_accessible_name(re.compile("nouveau"))


def test_what_an_agent_wrote_while_the_customer_was_offline_arrives(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address).open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    chat.person.click()
    network.cut()
    server.agent_takes()
    server.agent_says("Je regarde votre dossier.", "a1")
    network.restore()
    chat.hears("Je regarde votre dossier.")
