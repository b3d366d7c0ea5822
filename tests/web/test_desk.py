"""The desk in a browser: two agents, live changes, nothing lost, doubled or sent to the wrong reader."""

from __future__ import annotations

import re
import threading

import httpx
from playwright.sync_api import Page, Route, expect

from tests.web.desk_browser import OpenDesk, choose
from tests.web.desk_stage import CLAIRE, KARIM, PASSWORD, DeskServer

pytest_plugins = ["tests.web.desk_browser"]


def settled(page: Page) -> None:
    """Waits until what was fetched is in the page and wired: nobody presses a key in the tenth of a second before."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_a_conversation_that_comes_is_counted_announced_and_shown_without_reloading(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    expect(page.locator(".empty")).to_contain_text("Personne n’attend.")
    conversation = server.waiting("Mon écran est noir")
    expect(page.locator(f"#item-{conversation}")).to_contain_text("Mon écran est noir")
    expect(page.locator("#list-waiting .count")).to_have_text("1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("#announce")).to_contain_text("Une conversation attend")
    expect(page.locator(f"#unread-{conversation}")).to_be_visible()
    choose(page, conversation)
    expect(page.locator(f"#unread-{conversation}")).to_be_hidden()


def test_two_agents_see_what_the_other_does(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Où est mon colis ?")
    claire, karim = open_desk(CLAIRE), open_desk(KARIM)
    choose(claire, conversation)
    choose(karim, conversation)
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    expect(karim.locator("#thread-head")).to_contain_text("With Claire Morvan")
    expect(karim.locator("#composer-notice")).to_contain_text("Claire Morvan is answering")
    expect(karim.locator("#list-team .count")).to_have_text("1")
    claire.fill("#reply-text", "Je regarde.")
    claire.click("#send-reply")
    expect(karim.locator("#log .message.agent")).to_contain_text("Je regarde.")
    karim.click("#tab-note")
    karim.fill("#note-text", "Colis bloqué à Lyon")
    karim.click("#send-note")
    expect(claire.locator("#log .message.note")).to_contain_text("Note privée")
    expect(claire.locator("#log .message.note")).to_contain_text("Colis bloqué à Lyon")
    claire.click("#do-resolve")
    expect(claire.locator("#do-resolve")).to_contain_text("Confirmer la clôture")
    assert server.state_of(conversation) == "agent"
    claire.click("#do-resolve")
    expect(karim.locator("#thread-head")).to_contain_text("Conversation closed")
    expect(karim.locator("#list-closed .count")).to_have_text("1")
    assert server.state_of(conversation) == "resolved"


def test_who_takes_second_is_told_who_was_first(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Où est mon colis ?")
    claire, karim = open_desk(CLAIRE), open_desk(KARIM)
    choose(claire, conversation)
    choose(karim, conversation)
    held: list[Route] = []
    is_held = threading.Event()
    karim.route("**/take", lambda route: (held.append(route), is_held.set()))
    karim.click("#do-take")
    expect(karim.locator("#do-take")).to_be_disabled()
    assert is_held.is_set()
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    with karim.expect_response("**/take") as answer:
        held[0].continue_()
    assert answer.value.status == 409
    expect(karim.locator("#toasts")).to_contain_text("Claire Morvan has taken this conversation before you.")
    expect(karim.locator("#reply-text")).to_be_disabled()


def test_a_double_click_on_send_sends_once(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour ?")
    page = open_desk()
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.fill("#reply-text", "Une seule fois")
    page.dblclick("#send-reply")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    expect(page.locator("#reply-text")).to_have_value("")
    page.fill("#reply-text", "Puis une autre")
    page.press("#reply-text", "Control+Enter")
    expect(page.locator("#log .message.agent")).to_have_count(2)
    assert [text for author, text, _ in server.log_of(conversation) if author == "agent"] == ["Une seule fois", "Puis une autre"]


def test_a_reply_whose_answer_was_lost_is_sent_again_as_the_same_message(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour ?")
    page = open_desk()
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/reply", lose_answer, times=1)
    page.fill("#reply-text", "Arrivé, mais sans réponse")
    page.click("#send-reply")
    expect(page.locator("#toasts")).to_contain_text("Votre texte est conservé")
    expect(page.locator("#reply-text")).to_have_value("Arrivé, mais sans réponse")
    page.click("#send-reply")
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    assert [author for author, _, _ in server.log_of(conversation)].count("agent") == 1


def test_a_note_never_reaches_the_customer(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation, key = server.start_chat()
    httpx.post(f"{server.address}/chat/conversations/{conversation}/handoff", headers=key)
    page = open_desk(path=f"/desk/conversations/{conversation}")
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.fill("#reply-text", "Pour le client")
    page.click("#tab-note")
    page.fill("#note-text", "SECRET entre nous")
    page.press("#note-text", "Control+Enter")
    expect(page.locator("#log .message.note")).to_contain_text("SECRET entre nous")
    page.click("#tab-reply")
    expect(page.locator("#reply-text")).to_have_value("Pour le client")
    page.click("#send-reply")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    said = server.customer_reads(conversation, key)
    assert "Pour le client" in [m["text"] for m in said]
    assert not any("SECRET" in str(m) for m in said)


def test_what_happened_while_the_connection_was_cut_is_caught_up_once(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Avant la coupure")
    page = open_desk()
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.fill("#reply-text", "À moitié écr")
    server.stop()
    expect(page.locator("#banner")).to_contain_text("Connexion interrompue")
    server.customer_writes(conversation, "Pendant la coupure 1")
    server.customer_writes(conversation, "Pendant la coupure 2")
    other = server.waiting("Une autre")
    server.start()
    expect(page.locator("#connection[data-state=live]")).to_be_visible(timeout=30_000)
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#log .words", has_text="Pendant la coupure")).to_have_count(2)
    expect(page.locator(f"#item-{other}")).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value("À moitié écr")
    sequence = page.locator("#log .message").evaluate_all("all => all.map(m => Number(m.dataset.seq))")
    assert sequence == list(range(1, len(server.log_of(conversation)) + 1))


def test_focus_caret_and_half_written_text_survive_what_comes(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour")
    page = open_desk()
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.locator("#reply-text").press_sequentially("Je regar")
    server.customer_writes(conversation, "Vous êtes là ?")
    expect(page.locator("#log")).to_contain_text("Vous êtes là ?")
    page.keyboard.type("de.")
    expect(page.locator("#reply-text")).to_have_value("Je regarde.")
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("Je regarde.")


def test_an_ended_session_is_said_and_the_draft_is_there_after_signing_in_again(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour")
    page = open_desk()
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.fill("#reply-text", "Un brouillon")
    page.context.clear_cookies()
    page.click("#send-reply")
    expect(page.locator("#banner")).to_contain_text("Votre session est terminée")
    expect(page.locator("#connection")).to_have_attribute("data-state", "over")
    page.click("#banner a")
    page.fill("#email", CLAIRE)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page).to_have_url(re.compile(f"/desk/conversations/{conversation}"))
    expect(page.locator("#reply-text")).to_have_value("Un brouillon")
    assert all(author != "agent" for author, _, _ in server.log_of(conversation))


def test_typing_is_passed_on_both_ways(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour")
    claire, karim = open_desk(CLAIRE), open_desk(KARIM)
    choose(claire, conversation)
    choose(karim, conversation)
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    server.publish(conversation, "typing", author="customer", on=True)
    expect(claire.locator("#typing")).to_contain_text("écrit…")
    claire.locator("#reply-text").press_sequentially("Bon")
    expect(karim.locator("#typing")).to_contain_text("Claire Morvan is typing…")


def test_letters_are_shortcuts_except_while_one_types_or_has_switched_them_off(server: DeskServer, open_desk: OpenDesk) -> None:
    first, second = server.waiting("La première", minutes=9), server.waiting("La seconde", minutes=2)
    page = open_desk()
    page.keyboard.press("j")
    expect(page.locator(f".thread[data-conversation='{first}']")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(f".thread[data-conversation='{second}']")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(f".thread[data-conversation='{first}']")).to_be_visible()
    settled(page)
    page.keyboard.press("t")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("jet en net")
    expect(page.locator("#reply-text")).to_have_value("jet en net")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-dialog")).to_be_visible()
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts-dialog")).to_be_hidden()
    assert server.state_of(first) == "agent"
    page.click(".account")
    page.uncheck("#shortcuts")
    page.keyboard.press("Escape")
    page.locator("#log").focus()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-dialog")).to_be_hidden()


def test_a_long_log_opens_at_its_end_and_goes_back_without_gap_or_double(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Bonjour")
    for number in range(420):
        server.customer_writes(conversation, f"Ligne {number}")
    page = open_desk(path=f"/desk/conversations/{conversation}")
    expect(page.locator("#log .message").last).to_be_in_viewport()
    total = len(server.log_of(conversation))
    while page.locator("#earlier button").count():
        shown = page.locator("#log .message").count()
        page.locator("#earlier button").click()
        expect(page.locator("#log .message").nth(shown)).to_be_attached()
        settled(page)
    expect(page.locator("#earlier")).to_have_count(0)
    sequence = page.locator("#log .message").evaluate_all("all => all.map(m => Number(m.dataset.seq))")
    assert sequence == list(range(1, total + 1))


def test_the_language_is_switched_and_kept(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(CLAIRE)
    page.click(".account")
    page.click("#account button[lang=en]")
    expect(page.locator("#list-waiting")).to_contain_text("Waiting")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("#list-waiting")).to_contain_text("Waiting")


def test_what_customers_write_is_text_and_photos_are_served_to_agents_only(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("<img src=x onerror=alert(1)> **pas gras** javascript:alert(1)")
    attachment = server.customer_sends_photo(conversation)
    page = open_desk(path=f"/desk/conversations/{conversation}")
    expect(page.locator("#log")).to_contain_text("<img src=x onerror=alert(1)> **pas gras**")
    photo = page.locator(".photo img")
    expect(photo).to_have_js_property("naturalWidth", 640)
    expect(photo).to_have_attribute("alt", re.compile("Photo"))
    address = f"{server.address}/desk/conversations/{conversation}/attachments/{attachment}"
    assert httpx.get(address).status_code == 303
