"""The customer's chat in a real browser, against the real routers: what it shows, what it survives, and who can use it."""

from __future__ import annotations

import gzip
import io
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_stage import STATIC, ChatServer, Network, opens_in_days
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, Route, expect, sync_playwright

from savoir.conversations import routes as conversation_routes
from savoir.conversations.service import Reply
from savoir.core.routes import RateLimit

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
        self.page, self.address, self.french = page, address, language == "fr"
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
def browse(playwright_here: Playwright, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers, each with an empty profile."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        profile = tmp_path / f"profile-{len(contexts)}"
        context = playwright_here.chromium.launch_persistent_context(
            str(profile), executable_path="/usr/bin/chromium", args=ARGUMENTS, **{"reduced_motion": "reduce", **options}
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
def browser_here(playwright_here: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One browser for the tests that need nothing special of it: each has its own server, hence its own origin and storage."""
    context = playwright_here.chromium.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")), executable_path="/usr/bin/chromium", args=ARGUMENTS, reduced_motion="reduce"
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


# ---- beginning, and what is shown ----


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


# ---- connection ----


def test_an_answer_given_while_the_connection_was_dead_arrives_once(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address).open().say("slow")
    expect(chat.panel.get_by_text("L’assistant écrit…")).to_be_visible()
    network.cut()
    server.assistant.go_on()
    expect(chat.panel.get_by_text("Connexion perdue")).to_be_visible()
    network.restore()
    chat.hears("Enfin : slow")
    expect(chat.panel.get_by_text("Connexion perdue")).to_have_count(0)


def test_a_connection_that_swallows_everything_is_noticed_and_replaced(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address).open().say("un")
    chat.hears("Vous avez dit : un")
    network.swallow()
    server.assistant_says("Poussé pendant le silence")
    chat.hears("Poussé pendant le silence")
    network.swallow()
    chat.say("deux")
    chat.hears("Vous avez dit : deux")
    assert server.said_by() == ["un", "deux"]


def test_messages_written_without_network_are_kept_over_a_reload_and_sent_once_in_order(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address, more="retry-delay=60000 request-timeout=3000").open().say("un")
    chat.hears("Vous avez dit : un")
    network.cut()
    chat.say("deux").say("trois")
    expect(chat.log.get_by_text("Non envoyé")).to_be_visible()
    expect(chat.log.get_by_role("button", name="Réessayer")).to_be_visible()
    network.restore()
    page.reload()
    chat.hears("Vous avez dit : trois")
    assert server.said_by() == ["un", "deux", "trois"]
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('unsent')).length") == 0


def test_retry_sends_an_unsent_message_at_once(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address, more="retry-delay=60000 request-timeout=3000").open().say("un")
    chat.hears("Vous avez dit : un")
    network.cut()
    chat.say("deux")
    retry = chat.log.get_by_role("button", name="Réessayer")
    expect(retry).to_be_visible()
    network.restore()
    retry.click()
    expect(chat.log.get_by_text("Envoyé", exact=True)).to_be_visible()
    assert server.said_by() == ["un", "deux"]


def test_the_first_message_may_be_written_without_network(page: Page, server: ChatServer, network: Network) -> None:
    chat = Chat(page, network.address).open()
    network.cut()
    chat.say("premier")
    expect(chat.log.get_by_text("Non envoyé")).to_be_visible()
    network.restore()
    chat.hears("Vous avez dit : premier")
    assert (server.conversations(), server.said_by()) == (1, ["premier"])


def test_a_message_whose_acknowledgement_was_lost_is_one_message(chat: Chat, server: ChatServer) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data or "")
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    chat.open()
    chat.page.route("**/messages", lose)
    chat.say("une fois")
    chat.hears("Vous avez dit : une fois")
    expect(chat.log.get_by_text("Envoyé", exact=True)).to_be_visible()
    assert lost
    assert server.said_by() == ["une fois"]


def test_a_restart_of_the_server_loses_nothing(chat: Chat, server: ChatServer) -> None:
    chat.open().say("avant")
    chat.hears("Vous avez dit : avant")
    server.stop()
    chat.say("pendant")
    expect(chat.log.get_by_text("Non envoyé")).to_be_visible()
    server.start()
    chat.hears("Vous avez dit : pendant")
    assert server.said_by() == ["avant", "pendant"]


def test_where_sockets_are_barred_it_asks_instead(page: Page, server: ChatServer) -> None:
    page.route_web_socket(re.compile("/stream"), lambda socket: socket.close())
    chat = Chat(page, server.address).open().say("un")
    chat.hears("Vous avez dit : un")
    server.assistant_says("Poussé")
    chat.hears("Poussé")


def test_a_log_longer_than_one_answer_of_the_server_is_read_to_its_end(chat: Chat, server: ChatServer) -> None:
    chat.open().say("un")
    chat.hears("Vous avez dit : un")
    server.assistant_says(*(f"numéro {number}." for number in range(1100)))
    chat.page.reload()
    chat.hears("numéro 1099.")
    chat.hears("numéro 0.")


def test_when_messages_come_too_quickly_they_wait_and_arrive_in_order(chat: Chat, server: ChatServer) -> None:
    server.limits.messages = RateLimit("2/second")
    chat.open()
    for word in ("un", "deux", "trois", "quatre", "cinq"):
        chat.say(word)
    expect(chat.log.get_by_text("Trop de messages à la suite").first).to_be_visible()
    chat.hears("Vous avez dit : cinq")
    assert server.said_by() == ["un", "deux", "trois", "quatre", "cinq"]


# ---- tabs, reload, tokens ----


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


# ---- people ----


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


# ---- language ----


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


# ---- composer and photos ----


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


# ---- everybody ----


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


# ---- guests on other people's pages ----


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
