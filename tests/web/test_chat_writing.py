"""The customer's chat where one writes: the composer and photos."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

import io
import re
from typing import Any, Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.chat_browser import (  # noqa: F401
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
from tests.web.chat_network import Network
from tests.web.chat_stage import ChatServer


def test_enter_sends_and_shift_enter_begins_a_line(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.box.click()
    before = chat.box.bounding_box()
    chat.page.keyboard.type("un")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("deux")
    after = chat.box.bounding_box()
    assert before and after and after["height"] > before["height"]
    chat.page.keyboard.press("Enter")
    chat.hears("Vous avez dit : un")
    assert server.said_by() == ["un\ndeux"]
    expect(chat.box).to_have_value("")
    expect(chat.box).to_be_focused()


def test_a_text_that_is_too_long_is_counted_and_stays_where_it_is(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.box.fill("é" * 3700)
    expect(chat.panel.get_by_text(re.compile(r"3\s700 / 4\s000 caractères"))).to_be_visible()
    chat.say("é" * 4001)
    expect(chat.panel.get_by_role("alert").filter(has_text="Votre message est trop long")).to_be_visible()
    expect(chat.box).to_have_value("é" * 4001)
    assert server.conversations() == 0


def test_a_text_that_the_server_refuses_comes_back_with_the_reason_in_the_customers_language(serve: Callable[..., ChatServer], page: Page) -> None:
    chat = Chat(page, serve(message_characters=20).address, language="en").open()
    chat.say("this is longer than twenty characters")
    expect(chat.panel.get_by_role("alert").filter(has_text="Your message is too long: 20 characters at most")).to_be_visible()
    expect(chat.box).to_have_value("this is longer than twenty characters")
    chat.say("this is shorter")
    chat.hears("Vous avez dit : this is shorter")


def test_a_photo_is_previewed_sent_and_shown_with_its_description(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.page.locator("input[type=file]").set_input_files(file(photo()))
    expect(chat.panel.get_by_role("img", name="Photo choisie")).to_be_visible()
    chat.say("voilà l'écran")
    chat.hears("Vous avez dit : voilà l'écran")
    shown = chat.log.get_by_role("img", name="Photo que vous avez envoyée à")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 640)
    assert server.assistant.jobs[0].photos == 1
    chat.page.reload()
    expect(shown).to_be_visible()


def test_a_photo_can_be_pasted_and_taken_back(chat: Chat) -> None:
    chat.open()
    for event, holder in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        chat.page.evaluate(
            """([bytes, event, holder]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([new Uint8Array(bytes)], "colle.png", { type: "image/png" }));
                const Kind = event === "paste" ? ClipboardEvent : DragEvent;
                document.querySelector("savoir-chat").shadowRoot.querySelector("textarea")
                    .dispatchEvent(new Kind(event, { [holder]: transfer, bubbles: true, cancelable: true, composed: true }));
            }""",
            [list(photo(20, 20, "PNG")), event, holder],
        )
        expect(chat.panel.get_by_role("img", name="Photo choisie : colle.png")).to_be_visible()
        chat.panel.get_by_role("button", name="Retirer la photo").click()
        expect(chat.panel.get_by_role("img", name="Photo choisie")).to_have_count(0)
        expect(chat.box).to_be_focused()


def test_what_only_the_server_finds_to_be_no_photo_is_told_and_the_text_comes_back(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.page.locator("input[type=file]").set_input_files(file(b"not a picture at all"))
    chat.say("mon texte")
    expect(chat.panel.get_by_role("alert").filter(has_text="n’est pas une photo lisible")).to_be_visible()
    expect(chat.box).to_have_value("mon texte")
    assert server.said_by() == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (file(b"%PDF-1.4 nothing", "facture.pdf", "application/pdf"), "n’est pas une photo lisible"),
        (file(b"\xff\xd8 no picture" + b"0" * 11_000_000, "grand.jpg"), "trop lourde"),
    ],
    ids=["another kind", "too large"],
)
def test_an_unfit_file_is_told_before_it_is_sent(chat: Chat, server: ChatServer, sent: Any, words: str) -> None:
    chat.open()
    chat.page.locator("input[type=file]").set_input_files(sent)
    expect(chat.panel.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert server.conversations() == 0


def test_a_large_photo_is_made_smaller_before_it_travels(chat: Chat) -> None:
    content = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(content, "JPEG", quality=95)
    assert len(content.getvalue()) > 3_000_000
    chat.open()
    chat.page.locator("input[type=file]").set_input_files(file(content.getvalue()))
    expect(chat.panel.get_by_role("img", name="Photo choisie")).to_be_visible()
    with chat.page.expect_request(lambda request: request.url.endswith("/messages") and request.method == "POST") as sent:
        chat.page.get_by_role("button", name="Envoyer", exact=True).click()
    assert int(sent.value.all_headers()["content-length"]) < len(content.getvalue())
    expect(chat.log.get_by_role("img", name="Photo que vous avez envoyée")).to_have_js_property("naturalWidth", 2048)


def test_a_photo_chosen_without_network_survives_a_reload(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address, more="retry-delay=60000 request-timeout=3000").open().say("un")
    chat.hears("Vous avez dit : un")
    network.cut()
    page.locator("input[type=file]").set_input_files(file(photo()))
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(chat.log.get_by_text("Non envoyé")).to_be_visible()
    network.restore()
    page.reload()
    chat.hears("J'ai bien reçu votre photo.")
    expect(chat.log.get_by_role("img", name="Photo que vous avez envoyée")).to_be_visible()
