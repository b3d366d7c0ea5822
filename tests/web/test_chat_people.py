"""The customer's chat between assistant, people and languages."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

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
from tests.web.chat_stage import ChatServer, opens_in_days


def test_a_person_can_be_asked_for_before_anything_was_written(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.person.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.panel.get_by_text("Vous êtes la prochaine personne")).to_be_visible()
    expect(chat.person).to_have_count(0)
    assert chat.page.evaluate("document.querySelector('savoir-chat').shadowRoot.activeElement.className").startswith("standing")
    server.agent_takes("Claire")
    server.agent_says("Bonjour, que puis-je pour vous ?", "a1")
    chat.hears("Bonjour, que puis-je pour vous ?")
    expect(chat.panel.get_by_text("Claire vous répond")).to_be_visible()
    assert chat.log.locator(".from-agent .author").all_inner_texts() == ["Claire"]
    server.agent_types()
    expect(chat.panel.get_by_text("Claire écrit…")).to_be_visible()


def test_the_place_in_the_queue_is_told(browse: Callable[..., BrowserContext], server: ChatServer) -> None:
    first = Chat(browse().pages[0], server.address).open()
    first.person.click()
    expect(first.panel.get_by_text("Vous êtes la prochaine personne")).to_be_visible()
    second = Chat(browse().pages[0], server.address, language="en").open()
    second.person.click()
    expect(second.panel.get_by_text("1 person ahead of you.").first).to_be_visible()


def test_an_agent_is_told_that_the_customer_writes_and_a_program_is_not(chat: Chat, server: ChatServer) -> None:
    frames: list[str] = []
    chat.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(str(frame))))
    chat.open().say("un")
    chat.hears("Vous avez dit : un")
    chat.box.fill("deux")
    assert frames == []
    chat.say("deux")
    chat.hears("Vous avez dit : deux")
    chat.person.click()
    server.agent_takes("Claire")
    expect(chat.log.get_by_text("Claire a rejoint la conversation.")).to_be_visible()
    with chat.page.expect_event("console", lambda _: len(frames) > 0):
        chat.box.fill("trois")
        chat.page.evaluate("setTimeout(() => console.log('a moment later'), 200)")
    assert '"on":true' in frames[0].replace(" ", "")


@pytest.mark.parametrize(("language", "words"), [("fr", "Nos conseillers reviennent"), ("en", "Our advisers are back")])
def test_outside_opening_hours_it_says_when_people_are_back(
    serve: Callable[..., ChatServer], page: Page, language: str, words: str
) -> None:
    chat = Chat(page, serve(opening_hours=opens_in_days(2)).address, language=language).open()
    chat.person.click()
    expect(chat.panel.locator(".standing")).to_contain_text(words)
    expect(chat.panel.locator(".standing")).to_contain_text("09:00")


def test_without_network_the_wish_for_a_person_is_not_silently_lost(page: Page, network: Network) -> None:
    chat = Chat(page, network.address).open()
    network.cut()
    chat.person.click()
    expect(chat.panel.get_by_role("alert").filter(has_text="Pas de connexion")).to_be_visible()
    expect(chat.person).to_be_visible()


def test_a_resolved_conversation_asks_how_it_went_once(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    server.agent_takes()
    server.agent_resolves()
    form = chat.panel.get_by_role("group", name="Cette conversation vous a-t-elle aidé")
    expect(form).to_be_visible()
    chat.panel.get_by_role("button", name="Envoyer mon avis").click()
    expect(chat.panel.get_by_role("alert").filter(has_text="Choisissez d’abord une note")).to_be_visible()
    chat.panel.get_by_role("radio", name="4 / 5").check()
    chat.panel.get_by_label("Un mot pour nous aider").fill("Rapide, merci")
    chat.panel.get_by_role("button", name="Envoyer mon avis").click()
    expect(chat.panel.get_by_text("Merci, votre avis est enregistré.")).to_be_visible()
    rating = server.rating()
    assert rating is not None
    assert (rating.score, rating.comment) == (4, "Rapide, merci")
    chat.page.reload()
    chat.hears("La conversation est close.")
    expect(form).to_have_count(0)


def test_the_rating_can_be_skipped(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    server.agent_takes()
    server.agent_resolves()
    chat.panel.get_by_role("button", name="Passer").click()
    expect(chat.panel.locator(".rating")).to_have_count(0)
    assert server.rating() is None
    chat.say("Encore une question")
    chat.hears("Vous avez dit : Encore une question")


def test_switching_the_language_changes_all_words_at_once_and_tells_the_assistant(chat: Chat, server: ChatServer) -> None:
    chat.open().say("Bonjour, je suis là pour mon colis")
    chat.hears("Vous avez dit : Bonjour")
    chat.page.get_by_role("button", name="English").click()
    expect(chat.panel.get_by_text("Automated assistant · a person is one button away")).to_be_visible()
    expect(chat.box).to_have_attribute("placeholder", "Write your message…")
    chat.hears("Let's speak English.")
    assert server.assistant.jobs[-1].payload == '/switch_language{"language":"en"}'
    assert chat.log.locator(".author").first.inner_text() == "You"
    expect(chat.log.locator(".from-customer .body")).to_have_attribute("lang", "fr")
    expect(chat.log.get_by_text("Language: English")).to_be_visible()


def test_switching_before_the_first_message_begins_the_conversation_in_that_language(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.page.get_by_role("button", name="English").click()
    assert server.conversations() == 0
    chat.say("Hello")
    chat.hears("Vous avez dit : Hello")
    assert [job.language for job in server.assistant.jobs] == ["en"]


def test_it_follows_the_language_in_which_the_assistant_goes_on(chat: Chat) -> None:
    chat.open().say("english")
    chat.hears("Of course, I can help you in English.")
    expect(chat.person).to_have_text("Talk to a person")
    expect(chat.page.get_by_role("button", name="Français")).to_be_visible()
