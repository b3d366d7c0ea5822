"""The customer's chat in a real browser, against the real routers: what it shows, and how it behaves on other people's pages."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

import gzip
import re
from typing import Callable

from playwright.sync_api import Page, expect

from savoir.conversations.service import Reply
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
from tests.web.chat_stage import STATIC, ChatServer


def test_it_says_that_it_is_a_program_before_the_first_message_and_begins_no_conversation_until_then(chat: Chat, server: ChatServer) -> None:
    chat.open()
    expect(chat.panel.get_by_role("heading", name="Bonjour, je suis l’assistant automatique de Talvène")).to_be_visible()
    expect(chat.panel.get_by_text("Assistant automatique · une personne à un bouton")).to_be_visible()
    expect(chat.person).to_be_visible()
    assert server.conversations() == 0
    chat.say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    assert server.conversations() == 1


def test_each_message_names_its_author_and_time_and_is_marked_as_sent(chat: Chat) -> None:
    chat.open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")
    assert chat.log.locator(".author").all_inner_texts() == ["Vous", "Assistant"]
    for time in chat.log.locator("time").all():
        assert re.fullmatch(r"\d\d:\d\d", time.inner_text())
    expect(chat.log.get_by_text("Envoyé")).to_have_count(1)


def test_a_starter_is_sent_as_what_it_says(chat: Chat, server: ChatServer) -> None:
    chat.open()
    chat.page.get_by_role("button", name="Mon appareil ne marche plus").click()
    chat.hears("Vous avez dit : Mon appareil ne marche plus")
    assert server.said_by() == ["Mon appareil ne marche plus"]


def test_a_quick_reply_is_sent_as_its_payload_and_cannot_be_pressed_twice(chat: Chat, server: ChatServer) -> None:
    chat.open().say("buttons")
    yes = chat.page.get_by_role("button", name="Oui, c'est ça")
    yes.focus()
    chat.page.keyboard.press("Enter")
    chat.hears("Choisi : /affirm")
    expect(yes).to_be_disabled()
    expect(chat.page.get_by_role("button", name="Non, autre chose")).to_be_disabled()
    expect(chat.box).to_be_focused()
    assert [job.payload for job in server.assistant.jobs] == [None, "/affirm"]
    assert server.said_by() == ["buttons", "Oui, c'est ça"]


def test_quick_replies_are_out_of_date_once_the_customer_wrote_something_else(chat: Chat) -> None:
    chat.open().say("buttons")
    expect(chat.page.get_by_role("button", name="Oui, c'est ça")).to_be_enabled()
    chat.say("en fait non")
    expect(chat.page.get_by_role("button", name="Oui, c'est ça")).to_be_disabled()


def test_a_card_shows_title_lines_and_a_link_beside_the_page(chat: Chat) -> None:
    chat.open().say("card")
    card = chat.log.locator(".card")
    expect(card).to_contain_text("Commande TV-24817")
    expect(card).to_contain_text("Livraison prévue vendredi 13 mars")
    link = card.get_by_role("link", name="Suivre le colis")
    expect(link).to_have_attribute("href", "https://example.org/suivi/24817")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_the_assistant_is_seen_writing_until_it_answers_also_after_a_reload(chat: Chat, server: ChatServer) -> None:
    chat.open().say("slow")
    writing = chat.panel.get_by_text("L’assistant écrit…")
    expect(writing).to_be_visible()
    chat.page.reload()
    expect(writing).to_be_visible()
    server.assistant.go_on()
    chat.hears("Enfin : slow")
    expect(writing).to_have_count(0)


HOSTILE = [
    "<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>", "[clic](javascript:window.hit=1)", "[clic](JaVaScRiPt:window.hit=1)",
    "[clic](data:text/html,<script>window.hit=1</script>)", "[clic](vbscript:x)", "[clic](java\tscript:window.hit=1)", "javascript:window.hit=1",
    "[clic](//evil.example/x)", "[clic](file:///etc/passwd)", "![x](https://evil.example/pixel.png)", "<a href='javascript:window.hit=1'>x</a>",
    "**<svg onload=window.hit=1>**", "`<img src=x onerror=window.hit=1>`", "- <iframe src=https://evil.example></iframe>",
    "[a](https://example.org\"onmouseover=\"window.hit=1)", "[clic](&#106;avascript:window.hit=1)", "<style>*{display:none}</style>",
]


def test_hostile_text_stays_text_in_messages_buttons_and_cards(chat: Chat, server: ChatServer) -> None:
    requests: list[str] = []
    chat.page.on("request", lambda request: requests.append(request.url))
    server.assistant.replies["hostile"] = [
        *(Reply(text) for text in HOSTILE),
        Reply("boutons", [{"title": text, "payload": text} for text in HOSTILE]),
        Reply("cartes", None, [{"title": text, "lines": [text], "url": text, "link_label": text} for text in HOSTILE]),
        Reply("cartes", None, [{"title": "x", "lines": [], "url": text[7:-1], "link_label": "clic"} for text in HOSTILE if text.startswith("[clic]")]),
    ]
    chat.open().say("hostile")
    expect(chat.log.locator(".card").first).to_be_visible()
    for text in HOSTILE:
        chat.say(text)
    expect(chat.log.locator(".from-customer")).to_have_count(1 + len(HOSTILE))
    for link in chat.log.get_by_role("link").all():
        assert re.match(r"(https?://|mailto:|tel:)", link.get_attribute("href") or "")
        link.hover()
    assert chat.log.locator("img, script, iframe, style, svg:not(.icon)").count() == 0
    assert chat.page.evaluate("window.hit") is None
    assert all(url.startswith((server.address, "data:")) for url in requests)


def test_markdown_becomes_bold_italic_code_lists_and_links(chat: Chat, server: ChatServer) -> None:
    text = (
        "**gras** et *italique*, `code`, 2*3*4, CMD_12_B\n\n1. un\n2. deux\n\n- a\n- b\n\n"
        "[site](https://example.org/a_(b)), [mail](mailto:sav@example.org), [tel](tel:+33261910010), https://example.org/x."
    )
    server.assistant.replies["md"] = [Reply(text)]
    chat.open().say("md")
    bubble = chat.hears("gras et italique")
    assert bubble.locator("strong").all_inner_texts() == ["gras"]
    assert bubble.locator("em").all_inner_texts() == ["italique"]
    assert bubble.locator("code").all_inner_texts() == ["code"]
    assert bubble.locator("ol > li").all_inner_texts() == ["un", "deux"]
    assert bubble.locator("ul > li").all_inner_texts() == ["a", "b"]
    assert "2*3*4, CMD_12_B" in bubble.inner_text()
    assert [a.get_attribute("href") for a in bubble.locator("a").all()] == [
        "https://example.org/a_(b)", "mailto:sav@example.org", "tel:+33261910010", "https://example.org/x",
    ]


def test_what_a_customer_writes_is_shown_as_written(chat: Chat) -> None:
    chat.open().say("mon code est **1*2*3**")
    expect(chat.log.locator(".from-customer .bubble")).to_have_text("mon code est **1*2*3**")


def test_a_strict_policy_is_kept_and_nothing_is_asked_of_others(chat: Chat, server: ChatServer) -> None:
    violations: list[str] = []
    requests: list[str] = []
    chat.page.on("console", lambda message: violations.append(message.text) if "Content Security Policy" in message.text else None)
    chat.page.on("request", lambda request: requests.append(request.url))
    chat.page.on("websocket", lambda socket: requests.append(socket.url))
    chat.page.add_init_script("addEventListener('securitypolicyviolation', (event) => console.log('Content Security Policy', event.blockedURI))")
    chat.open().say("buttons")
    chat.page.get_by_role("button", name="Oui, c'est ça").click()
    chat.page.locator("input[type=file]").set_input_files(file(photo()))
    chat.say("photo")
    chat.hears("Vous avez dit : photo")
    expect(chat.log.get_by_role("img", name="Photo que vous avez envoyée")).to_be_visible()
    chat.page.set_viewport_size({"width": 390, "height": 700})
    assert chat.page.evaluate("document.querySelector('savoir-chat').shadowRoot.querySelectorAll('[style], style').length") == 0
    own = (server.address, server.address.replace("http", "ws"), f"blob:{server.address}")
    assert [url for url in requests if not url.startswith(own)] == []
    assert violations == []


def test_another_site_embeds_it_by_one_script_tag(serve: Callable[..., ChatServer], page: Page) -> None:
    site = serve()
    desk = serve(allowed_origins=site.address)
    page.goto(f"{site.address}/elsewhere?desk={desk.address}")
    chat = Chat(page, site.address, language="en")
    chat.launcher.click()
    page.locator("input[type=file]").set_input_files(file(photo()))
    chat.say("Hello")
    chat.hears("Vous avez dit : Hello")
    expect(chat.log.get_by_role("img", name="Photo that you sent")).to_have_js_property("naturalWidth", 640)
    assert (desk.conversations(), site.conversations()) == (1, 0)


def test_without_storage_it_works_as_long_as_the_page(page: Page, server: ChatServer) -> None:
    page.add_init_script("for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, { get() { throw new Error('no') } })")
    chat = Chat(page, server.address).open().say("Bonjour")
    chat.hears("Vous avez dit : Bonjour")


def test_all_of_it_is_under_forty_kilobytes_compressed() -> None:
    files = [f for f in (STATIC / "chat").iterdir() if f.suffix in (".js", ".css")]
    assert sum(len(gzip.compress(f.read_bytes())) for f in files) < 40_000


def test_an_odd_text_takes_no_time(page: Page, server: ChatServer) -> None:
    page.goto(f"{server.address}/page")
    milliseconds = page.evaluate(
        """async () => {
            const { markdown } = await import("/static/chat/markdown.js");
            const began = performance.now();
            for (const piece of ["**a", "*a ", "_a ", "`a", "[a](", "[", "((", "https://", "1. ", "- **", "**a**"]) markdown(piece.repeat(3000), "");
            return performance.now() - began;
        }"""
    )
    assert milliseconds < 3000
