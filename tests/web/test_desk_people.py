"""Three agents at work in browsers: they see each other, pass on, lose the network in the middle of a reply, and are all away."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Iterator

import pytest
from playwright.sync_api import expect

from savoir.conversations import service as conversations
from savoir.core.audit import changes
from tests.web.desk_browser import OpenDesk, check_accessible, open_desk, playwright  # noqa: F401
from tests.web.desk_stage import CLAIRE, KARIM
from tests.web.people_stage import NADIA, PeopleServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PeopleServer]:
    folder = tmp_path / "var"
    folder.mkdir()
    made = PeopleServer(folder).start()
    yield made
    made.stop()
    made.context.close()


def row_of(server: PeopleServer, conversation: str) -> Any:
    with server.context.database.reading() as session:
        return conversations.find(session, conversation)


def test_two_who_look_at_one_conversation_see_each_other_and_only_one_takes_it(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    conversation = server.waiting("Je voudrais un conseiller")
    claire, karim, nadia = (open_desk(email, f"/desk/conversations/{conversation}") for email in (CLAIRE, KARIM, NADIA))
    expect(claire.locator("#company")).to_contain_text("Karim Bel")
    expect(claire.locator("#company")).to_contain_text("Nadia Roy")
    karim.click("#tab-note")
    karim.type("#note-text", "Je m")
    expect(claire.locator("#company")).to_contain_text("Karim Bel écrit en ce moment")
    claire.click("#tab-note")
    claire.type("#note-text", "Moi aussi")
    expect(claire.locator("#company.is-clash")).to_contain_text("Attention")
    for page in (karim, nadia):
        page.locator("#do-take").evaluate("button => setTimeout(() => button.click(), 50)")
    expect(claire.locator("#thread-head .state")).to_contain_text("Avec ")
    owner = row_of(server, conversation).agent
    assert owner in (server.karim.id, server.nadia.id)
    loser = nadia if owner == server.karim.id else karim
    expect(loser.locator("#reply-text")).to_be_disabled()
    joined = [text for author, text, _ in server.log_of(conversation) if author == "system" and "a rejoint" in text]
    assert len(joined) == 1


def test_passed_on_with_a_note_while_a_reply_is_on_its_way_nothing_is_lost_or_said_by_two(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    conversation = server.waiting("Je voudrais un conseiller")
    claire, karim = open_desk(CLAIRE, f"/desk/conversations/{conversation}"), open_desk(KARIM)
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    claire.fill("#reply-text", "Je regarde tout de suite.")
    claire.click("#people-pass")
    dialog = claire.locator("#people-dialog")
    dialog.locator("label.choice", has_text="Karim Bel").locator("input").check()
    dialog.locator("textarea[name=words]").fill("Attend son remboursement.")
    check_accessible(claire)
    dialog.locator("button.primary").click()
    expect(karim.locator("#open-news .count")).to_contain_text("1")
    expect(claire.locator("#reply-text")).to_be_disabled()
    expect(claire.locator("#reply-text")).to_have_value("Je regarde tout de suite.")  # not lost: it can be copied or sent later
    karim.goto(f"{server.address}/desk/conversations/{conversation}")
    expect(karim.locator("#log")).to_contain_text("Attend son remboursement.")
    expect(karim.locator("#open-news .count")).to_have_count(0)
    karim.fill("#reply-text", "Bonjour, je prends la suite.")
    karim.click("#send-reply")
    expect(karim.locator("#log .agent").last).to_contain_text("je prends la suite")
    assert [text for author, text, private in server.log_of(conversation) if author == "agent" and not private] == ["Bonjour, je prends la suite."]


def test_a_reply_whose_answer_the_network_swallowed_is_sent_once(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    conversation = server.waiting("Je voudrais un conseiller")
    claire = open_desk(CLAIRE, f"/desk/conversations/{conversation}")
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    tries = itertools.count()

    def swallow(route: Any) -> None:
        if next(tries) == 0:
            route.fetch()  # it arrives …
            route.abort("connectionreset")  # … and nobody hears so
        else:
            route.continue_()

    claire.route("**/reply", swallow)
    claire.fill("#reply-text", "Votre colis part demain.")
    claire.click("#send-reply")
    expect(claire.locator("#toasts")).not_to_be_empty()
    expect(claire.locator("#reply-text")).to_have_value("Votre colis part demain.")
    claire.click("#send-reply")
    expect(claire.locator("#reply-text")).to_have_value("")
    assert [text for author, text, _ in server.log_of(conversation) if author == "agent"] == ["Votre colis part demain."]


def test_everyone_away_the_customer_is_told_and_a_second_hand_over_finds_people_again(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    claire = open_desk(CLAIRE)
    expect(claire.locator("#presence")).to_have_value("available")
    first = server.waiting("Je voudrais un conseiller")
    claire.select_option("#presence", "away")
    expect(claire.locator(".presence-form .presence-dot.is-away")).to_have_count(1)
    server.look()
    assert "Aucun conseiller n'est à son poste" in server.log_of(first)[-1][1]
    claire.select_option("#presence", "available")
    expect(claire.locator(".presence-form .presence-dot.is-available")).to_have_count(1)
    server.give_by_load()
    server.look()
    assert row_of(server, first).agent == server.claire.id
    expect(claire.locator("#open-news .count")).to_contain_text("1")
    claire.goto(f"{server.address}/desk/conversations/{first}")
    claire.click("#people-back")
    claire.locator("#people-dialog textarea[name=agreed]").fill("un remboursement sous cinq jours")
    claire.locator("#people-dialog button.primary").click()
    expect(claire.locator("#log")).to_contain_text("Convenu avec Claire Morvan : un remboursement sous cinq jours")
    assert row_of(server, first).state == "bot"
    with server.context.database.writing() as session:
        server.queue.hand_over(session, conversations.lock(session, first), {"reason": "asked"}, server.clock())
    server.changed(first)
    expect(claire.locator("#thread-head .state")).to_contain_text("Avec vous")
    assert row_of(server, first).epoch == 6  # handed over, given, handed back, handed over, given


def test_put_off_closed_with_an_outcome_and_opened_again(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    conversation = server.waiting("Je voudrais un conseiller")
    claire = open_desk(CLAIRE, f"/desk/conversations/{conversation}")
    claire.click("#do-take")
    claire.click("#people-later")
    claire.locator("#people-dialog button.primary").click()
    expect(claire.locator(".people-snoozed")).to_contain_text("réponse du client")
    server.customer_writes(conversation, "voici la photo")
    expect(claire.locator(".people-snoozed")).to_have_count(0)
    claire.click("#people-close")
    claire.locator("#people-dialog label.choice", has_text="Non résolu").locator("input").check()
    claire.locator("#people-dialog button.primary").click()
    expect(claire.locator("#thread-head")).to_contain_text("Non résolu")
    claire.click("#do-take")
    expect(claire.locator("#reply-text")).to_be_enabled()
    assert row_of(server, conversation).outcome is None


def test_a_supervisor_sees_and_moves_all_and_the_administration_is_written_down(server: PeopleServer, open_desk: OpenDesk) -> None:  # noqa: F811
    conversation = server.waiting("Je voudrais un conseiller")
    nadia = open_desk(NADIA)
    nadia.goto(f"{server.address}/desk/people")
    check_accessible(nadia)
    nadia.locator(f"#open-{conversation} select").select_option(f"agent:{server.karim.id}")
    nadia.locator(f"#open-{conversation} button").click()
    expect(nadia.locator(f"#open-{conversation}")).to_contain_text("Karim Bel")
    assert row_of(server, conversation).agent == server.karim.id
    nadia.goto(f"{server.address}/desk/administration/queues/care")
    check_accessible(nadia)
    nadia.check("input[name=hours][value=own]")
    nadia.fill("#day-mo", "09:00-12:30, 14:00-18:00")
    nadia.locator("form.fields").first.locator("button.primary").click()
    expect(nadia.locator(".sheet-said")).to_contain_text("enregistrée")
    nadia.fill("#day-day", "2026-12-24")
    nadia.fill("#day-hours", "mauvais")
    nadia.locator("form.fields").last.locator("button").click()
    expect(nadia.locator("body")).to_contain_text("Ces horaires ne sont pas lisibles")
    nadia.goto(f"{server.address}/desk/administration")
    check_accessible(nadia)
    nadia.fill("#agent-email", "dina@talvene.example")
    nadia.fill("#agent-name", "Dina Petit")
    nadia.locator("button.primary").click()
    link = nadia.locator("#invitation-link").inner_text()
    nadia.goto(f"{server.address}/desk/administration/log")
    check_accessible(nadia)
    expect(nadia.locator("main")).to_contain_text("Invitation · Conseiller Dina Petit")
    nadia.goto(f"{server.address}{link[link.index('/desk/'):]}")
    nadia.fill("#password", "un mot de passe long")
    nadia.locator("button.primary").click()
    with server.context.database.reading() as session:
        assert [event.action for event in changes(session)] == ["accept", "invite", "change"]
