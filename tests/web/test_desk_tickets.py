"""The desk's ticket page: category in words, photos, what the customer added, the tickets before and after; for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from savoir.tickets import service as tickets
from tests.web.desk_browser import OpenDesk, check_accessible
from tests.web.desk_stage import CLAIRE, KARIM, DeskServer

pytest_plugins = ["tests.web.desk_browser"]


@pytest.mark.parametrize(("email", "scheme"), [(CLAIRE, "light"), (KARIM, "dark")])
def test_a_ticket_shows_all_that_the_customer_gave(server: DeskServer, open_desk: OpenDesk, email: str, scheme: str) -> None:
    conversation, later = server.waiting("Mon écran est noir"), server.waiting("Ça recommence")
    photo, another = server.customer_sends_photo(conversation), server.customer_sends_photo(later)
    new = tickets.NewTicket(
        channel="web", language="fr", subject="Nova 6 – écran noir", body="écran noir", category="hardware.screen", conversation=conversation
    )
    with server.context.database.writing() as session:
        ticket = tickets.open_ticket(session, new, key="k", at=server.clock())
        tickets.set_state(session, ticket, state="solved", actor="Claire Morvan", at=server.clock())
        tickets.add_to_ticket(session, ticket, text="ça <b>recommence</b>", key="a", at=server.clock(), conversation=later)
        tickets.close_by_customer(session, ticket, at=server.clock())
        following = tickets.add_to_ticket(session, ticket, text="encore", key="f", at=server.clock()).ticket
    page = open_desk(email, color_scheme=scheme)
    page.goto(f"{server.address}/desk/tickets/{ticket.number}")
    french = email == CLAIRE
    main = page.locator("main")
    expect(main).to_contain_text("Écran" if french else "Screen")
    expect(main).to_contain_text("Rouvert par le client" if french else "Reopened by the customer")
    expect(main).to_contain_text("Résolu → Ouvert" if french else "Solved → Open")
    expect(main).to_contain_text("ça <b>recommence</b>")
    expect(main).not_to_contain_text("pending_customer")
    for number, attachment in enumerate((photo, another)):
        picture = page.locator(".photos img").nth(number)
        assert attachment in picture.get_attribute("src")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("it => it.naturalWidth") == 640
    check_accessible(page)
    page.get_by_role("link", name=following.number).first.click()
    expect(page.locator("h1")).to_contain_text(following.number)
    expect(main).to_contain_text(f"Fait suite à {ticket.number}" if french else f"Goes on from {ticket.number}")
    check_accessible(page)
