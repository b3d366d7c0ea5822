"""Both sides at once in real browsers: a customer is answered, identified, taken over by an agent and handed back. In French, and in English on a phone.

With SAVOIR_PICTURES=docs/pictures the pictures of the documentation are made anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from savoir.core.clock import now
from savoir.handoff import accounts
from tests.house import House
from tests.web.desk_browser import AXE_RULES, FLAGS

PASSWORD = "a password for tests"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
ADVICE = {"fr": "marie@example.org", "en": "tom@example.org"}

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("house")]
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.start()
        with house.context.database.writing() as session:
            for language, name in (("fr", "Marie Lefort"), ("en", "Tom Baker")):
                accounts.add_agent(session, email=ADVICE[language], name=name, password=PASSWORD, language=language, at=now())
        yield house
    finally:
        house.stop()


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own; pages may not log a fault, nor ask a third party for anything."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []
    with sync_playwright() as playwright:

        def new(address: str, **options: Any) -> Page:
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path / f"browser-{len(contexts)}"), executable_path=chromium, args=FLAGS, **{"reduced_motion": "reduce", **options}
            )
            contexts.append(context)
            page = context.pages[0]
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: faults.append(line.text) if is_ours(line) else None)
            page.on("request", lambda request: faults.append(request.url) if not is_own(request.url, address) else None)
            return page

        yield new
        for context in contexts:
            context.close()
    assert faults == []


def is_ours(line: ConsoleMessage) -> bool:
    """An error of the page's own; what axe puts into the page has no address."""
    return line.type == "error" and bool(line.location.get("url"))


def is_own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:", "about:", "chrome"))


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SAVOIR_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_RULES).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:4], v["nodes"][0]["failureSummary"]) for v in found] == []


class Chat:
    """The chat on the help centre, as its customer uses it."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page = page
        page.goto(f"{address}/help/{language}")
        page.get_by_role("button", name=re.compile("Besoin d’aide|Need help")).click()
        self.box = page.get_by_role("textbox", name=re.compile("Votre message|Your message"))
        self.log = page.get_by_role("log")
        expect(self.box).to_be_visible()

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def hears(self, text: "str | re.Pattern[str]") -> Locator:
        found = self.log.locator(".bubble").filter(has_text=text)
        expect(found.last).to_be_visible()
        return found


class Desk:
    """An agent at the desk."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page = page
        page.goto(f"{address}/desk")
        page.fill("#email", ADVICE[language])
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        expect(page.locator("#connection[data-state=live]")).to_be_visible()

    def take_newest(self) -> None:
        self.page.locator("[id^=item-]").first.click()
        self.page.click("#do-take")
        expect(self.page.locator("#reply-text")).to_be_enabled()

    def reply(self, text: str) -> None:
        self.page.click("#tab-reply")
        self.page.fill("#reply-text", text)
        self.page.click("#send-reply")


def test_a_customer_is_served_in_french_from_article_to_person_and_back(house: House, browse: Callable[..., Page]) -> None:
    chat = Chat(browse(house.address, **DESKTOP, locale="fr-FR"), house.address, "fr")
    expect(chat.page.get_by_text(re.compile("assistant automatique", re.I)).first).to_be_visible()
    chat.say("comment transférer mes données de mon ancien téléphone vers le nouveau Nova ?")
    chat.hears("Cela répond à votre question ?")
    expect(chat.log.get_by_role("link").last).to_have_attribute("href", re.compile("/help/fr/nova-transfer-data$"))
    chat.page.get_by_role("button", name="Oui, merci").click()
    chat.hears("Tant mieux")
    chat.say("où est ma commande ?")
    chat.hears("Quel est le numéro de la commande")
    chat.say("cmd 104233")
    chat.hears(re.compile("l'adresse e-mail.* ou le code postal"))
    chat.say("75011")
    chat.hears("ne vont pas ensemble")
    chat.say("camille.rousseau@example.org")
    chat.hears("est en route avec Colivia")
    picture(chat.page, "chat-fr")
    accessible(chat.page)
    chat.say("je voudrais parler à quelqu'un")
    chat.hears("Un conseiller va vous répondre ici même")

    desk = Desk(browse(house.address, viewport={"width": 1440, "height": 900}, locale="fr-FR"), house.address, "fr")
    desk.take_newest()
    chat.hears("Marie Lefort a rejoint la conversation")
    expect(desk.page.locator("#context")).to_contain_text("Camille Rousseau")
    desk.reply("Bonjour Camille, je suis Marie. Que puis-je faire pour vous ?")
    chat.hears("je suis Marie")
    chat.say("Le colis peut-il être déposé chez le gardien ?")
    expect(desk.page.locator("#log")).to_contain_text("chez le gardien")
    desk.page.click("#tab-note")
    desk.page.fill("#note-text", "Cliente calme, colis prévu jeudi")
    desk.page.click("#send-note")
    expect(desk.page.locator("#log .message.note")).to_contain_text("Cliente calme")
    picture(desk.page, "desk-fr")
    accessible(desk.page)
    desk.reply("Oui, c'est noté pour le livreur.")
    chat.hears("noté pour le livreur")
    desk.page.click("#do-hand-back")
    chat.hears("L'assistant reprend la conversation")
    chat.say("merci beaucoup")
    chat.hears("Avec plaisir")
    assert "Cliente calme" not in chat.log.inner_text(), "a private note never reaches the customer"
    chat.page.reload()
    chat.hears("Avec plaisir")


def test_a_customer_is_served_in_english_on_a_phone(house: House, browse: Callable[..., Page]) -> None:
    chat = Chat(browse(house.address, **PHONE, locale="en-GB"), house.address, "en")
    chat.say("how do I pair my Murmure Mini earbuds?")
    chat.hears("Which one looks right?")
    chat.page.get_by_role("button", name="Pair Murmure headphones or earbuds").tap()
    chat.hears("Does that answer your question?")
    chat.page.get_by_role("button", name="Yes, thanks").tap()
    chat.say("where is my order?")
    chat.hears("What is the order number")
    chat.say("CMD-104310")
    chat.hears(re.compile("the e-mail address.* or the postcode"))
    chat.say("69001")
    chat.hears("don't go together")
    chat.say("69003")
    chat.hears("arrives today")
    picture(chat.page, "chat-en-phone")
    accessible(chat.page)
    chat.page.get_by_role("button", name=re.compile("Talk to a person")).first.tap()
    chat.hears("An adviser will answer you right here")

    desk = Desk(browse(house.address, viewport={"width": 1440, "height": 900}, locale="en-GB", color_scheme="dark"), house.address, "en")
    desk.take_newest()
    chat.hears("Tom Baker has joined the conversation")
    desk.reply("Hello James, Tom here. The driver will be with you this afternoon.")
    chat.hears("The driver will be with you")
    chat.say("Brilliant, thanks")
    expect(desk.page.locator("#log")).to_contain_text("Brilliant, thanks")
    picture(desk.page, "desk-en-dark")
    accessible(desk.page)
    desk.page.click("#do-hand-back")
    chat.hears("The assistant is back with you")
    chat.say("my horizon 55 has no sound any more since yesterday")
    chat.hears("What do you hear?")
    chat.say("please just open a ticket for this")
    chat.hears(re.compile("your case number is SAV-"))
    chat.say("what about my ticket?")
    chat.hears("a person will take it by")


def test_the_assistant_is_never_out_of_the_loopback(house: House) -> None:
    for name in ("rasa", "actions"):
        process = house.process(name)
        assert process is not None
        listening = [c.laddr.ip for c in process.connections("tcp") if c.status == "LISTEN"]
        assert listening
        assert set(listening) == {"127.0.0.1"}, name


def test_rasas_channel_wants_its_token(house: House) -> None:
    import httpx

    url = f"http://127.0.0.1:{house.settings.rasa_port}/webhooks/desk/webhook"
    body = {"sender": "x", "message_id": "x:1", "text": "bonjour"}
    assert httpx.post(url, json=body).status_code == 401
    assert httpx.post(url, json=body, headers={"Authorization": "Bearer " + "0" * 64}).status_code == 401
    right = {"Authorization": f"Bearer {house.settings.key('rasa')}"}
    assert httpx.post(url, json={"text": "bonjour"}, headers=right).status_code == 400


def test_logs_hold_the_conversation_and_no_customer_text(house: House, browse: Callable[..., Page]) -> None:
    chat = Chat(browse(house.address, **DESKTOP, locale="fr-FR"), house.address, "fr")
    chat.say("bonjour, mon mot secret est zanzibar")
    expect(chat.log.locator(".bubble").nth(1)).to_be_visible()
    logs = "\n".join(path.read_text() for path in (house.folder / "log").glob("*.log"))
    assert "zanzibar" not in logs
    assert '"conversation"' in logs
