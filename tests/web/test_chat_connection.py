"""The customer's chat on bad networks: nothing is lost, nothing comes twice."""

# ruff: noqa: F811 (fixtures are imported)

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from savoir.core.routes import RateLimit
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
