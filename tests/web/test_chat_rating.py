"""The rating in the customer's chat: offered once, by keyboard and voice, in both languages; and the ways out of the queue."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

from typing import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from savoir.conversations.service import RATING_CARD, Reply
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
from tests.web.chat_stage import ChatServer, opens_in_days

QUESTION = "Cette conversation vous a-t-elle aidé"


def ask(chat: Chat, server: ChatServer) -> None:
    """The assistant asks how it went, by a card."""
    server.assistant.replies["merci"] = [Reply("Avec plaisir. Un avis ?", None, [RATING_CARD])]
    chat.open().say("merci")
    chat.hears("Avec plaisir. Un avis ?")
    expect(chat.panel.locator(".rating")).to_be_visible()


def test_a_card_asks_how_it_went_and_shows_no_empty_box(chat: Chat, server: ChatServer) -> None:
    ask(chat, server)
    expect(chat.log.locator(".card")).to_have_count(0)
    chat.panel.get_by_role("radio", name="5 / 5").check()
    chat.panel.get_by_role("radio", name="6 / 7").check()
    chat.panel.get_by_role("button", name="Envoyer mon avis").click()
    expect(chat.panel.get_by_role("status").filter(has_text="Merci, votre avis est enregistré.")).to_be_visible()
    rating = server.rating()
    assert rating is not None
    assert (rating.score, rating.effort, rating.comment) == (5, 6, None)
    chat.say("au revoir")
    chat.hears("Vous avez dit : au revoir")
    expect(chat.panel.locator(".thanks")).to_have_count(0)
    server.agent_takes()
    server.agent_resolves()
    chat.hears("La conversation est close.")
    expect(chat.panel.locator(".rating")).to_have_count(0)


def test_who_writes_on_is_not_asked_again_even_when_it_is_resolved(chat: Chat, server: ChatServer) -> None:
    ask(chat, server)
    chat.say("encore une chose")
    expect(chat.panel.locator(".rating")).to_have_count(0)
    chat.hears("Vous avez dit : encore une chose")
    server.agent_takes()
    server.agent_resolves()
    chat.hears("La conversation est close.")
    chat.page.reload()
    chat.hears("La conversation est close.")
    expect(chat.panel.locator(".rating")).to_have_count(0)
    assert server.rating() is None


def test_where_no_rating_may_be_asked_for_a_resolved_conversation_does_not(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    server.bar_rating()
    server.agent_takes()
    server.agent_resolves()
    chat.hears("La conversation est close.")
    expect(chat.panel.get_by_text("Conversation close. Écrivez pour la rouvrir.")).to_be_visible()
    expect(chat.panel.locator(".rating")).to_have_count(0)


def test_the_rating_is_given_by_keyboard_alone_and_names_its_scales(chat: Chat, server: ChatServer) -> None:
    ask(chat, server)
    chat.panel.get_by_role("radio", name="1 / 5, Pas du tout").focus()
    for _ in range(3):
        chat.page.keyboard.press("ArrowRight")
    chat.page.keyboard.press("Tab")
    expect(chat.panel.get_by_role("radio", name="1 / 7, Très difficile")).to_be_focused()
    chat.page.keyboard.press("ArrowLeft")  # round to the other end
    expect(chat.panel.get_by_role("radio", name="7 / 7, Très facile")).to_be_checked()
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.type("parfait")
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.panel.locator(".thanks")).to_be_visible()
    expect(chat.box).to_be_focused()
    rating = server.rating()
    assert rating is not None
    assert (rating.score, rating.effort, rating.comment) == (4, 7, "parfait")
    assert chat.panel.get_by_role("group", name=QUESTION).count() == 0


def test_switching_the_language_keeps_what_was_chosen(chat: Chat, server: ChatServer) -> None:
    ask(chat, server)
    chat.panel.get_by_role("radio", name="4 / 5").check()
    chat.panel.get_by_role("radio", name="2 / 7").check()
    chat.panel.get_by_label("Un mot pour nous aider").fill("bien")
    chat.page.get_by_role("button", name="English").click()
    chat.hears("Let's speak English.")
    expect(chat.panel.get_by_role("group", name="Did this conversation help you?")).to_be_visible()
    expect(chat.panel.get_by_role("radio", name="4 / 5, Mostly")).to_be_checked()
    expect(chat.panel.get_by_role("radio", name="2 / 7")).to_be_checked()
    expect(chat.panel.get_by_label("A word to help us")).to_have_value("bien")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_rating_is_accessible(browse: Callable[..., object], server: ChatServer, language: str, scheme: str) -> None:
    chat = Chat(browse(color_scheme=scheme).pages[0], server.address, language=language)  # type: ignore[attr-defined]
    ask(chat, server)
    chat.panel.get_by_role("radio", name="3 / 5").check()
    chat.panel.get_by_role("radio", name="4 / 7").check()
    found = Axe().run(chat.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
    title = "How easy was it" if language == "en" else "A-t-il été facile"
    expect(chat.panel.get_by_role("group", name=title)).to_be_visible()


@pytest.mark.parametrize(("language", "title", "payload"), [("fr", "Laisser un message", "/open_ticket"), ("en", "Book a call-back", "/ask_callback")])
def test_who_waits_out_of_hours_can_press_a_way_out_even_after_writing_on(
    serve: Callable[..., ChatServer], page: Page, language: str, title: str, payload: str
) -> None:
    server = serve(opening_hours=opens_in_days(2))
    chat = Chat(page, server.address, language=language).open()
    chat.person.click()
    way_out = chat.log.get_by_role("button", name=title)
    expect(way_out).to_be_enabled()
    chat.say("mon écran est noir")
    expect(chat.log.get_by_text("mon écran est noir")).to_be_visible()
    expect(way_out).to_be_enabled()
    way_out.click()
    chat.hears(f"Choisi : {payload}")
    expect(way_out).to_be_disabled()
    expect(chat.person).to_be_visible()
    assert [job.payload for job in server.assistant.jobs] == [payload]
