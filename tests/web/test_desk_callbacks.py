"""The desk's call-backs: who is to be called when, ticked off once, by keyboard, for everybody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from savoir.conversations import service as conversations
from savoir.handoff import callbacks
from savoir.handoff.tables import Callback
from tests.conftest import Clock
from tests.web.desk_browser import OpenDesk, check_accessible
from tests.web.desk_stage import CLAIRE, KARIM, DeskServer
from tests.web.test_desk_http import proof, sign_in

pytest_plugins = ["tests.web.desk_browser"]


@pytest.fixture
def quiet(tmp_path: Path, clock: Clock) -> Iterator[DeskServer]:
    """A desk without a browser, on the tests' clock."""
    (tmp_path / "quiet").mkdir()
    made = DeskServer(tmp_path / "quiet", clock=clock)
    yield made
    made.context.close()


def book(server: DeskServer, reason: str = "Écran noir depuis la mise à jour", key: str = "k", phone: str = "06 12 34 56 78") -> Callback:
    """The next window, in a conversation of its own."""
    with server.context.database.writing() as session:
        row = conversations.start(session, channel="web", language="fr", at=server.clock())
        conversations.receive(session, conversation=row.id, client_id="c", text=reason, at=server.clock())
        window = callbacks.offer_callbacks(session, at=server.clock(), hours=server.context.hours)[0]
        return callbacks.book_callback(
            session, key=key, conversation=str(row.id), starts_at=window.starts_at, phone=phone, reason=reason, at=server.clock(),
            hours=server.context.hours,
        )


def test_a_call_is_listed_with_when_who_number_and_matter_and_ticked_off(quiet: DeskServer, clock: Clock) -> None:
    door = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    assert door.get("/desk/callbacks").status_code == 303  # nobody has signed in
    sign_in(door)
    assert "Aucun appel à passer" in door.get("/desk/callbacks").text
    call = book(quiet, reason="Écran <b>noir</b>")
    page = door.get("/desk/callbacks").text
    for part in ("11:30", "12:00", "tel:+33612345678", "06 12 34 56 78", "Écran &lt;b&gt;noir&lt;/b&gt;", call.conversation):
        assert part in page
    assert "En retard" not in page
    clock.forward(hours=2)
    assert "En retard" in door.get("/desk/callbacks").text
    assert door.post(f"/desk/callbacks/{call.id}/done", data={"csrf": "forged"}).status_code == 403
    answer = door.post(f"/desk/callbacks/{call.id}/done", data={"csrf": proof(door)})
    assert answer.status_code == 303
    assert "L’appel est noté comme passé." in door.get(answer.headers["location"]).text
    assert "06 12 34 56 78" not in door.get("/desk/callbacks").text
    made = door.get("/desk/callbacks?show=done").text
    assert "06 12 34 56 78" in made
    assert "Claire Morvan" in made
    for unknown in ("999", "x", "1" * 30):
        assert door.post(f"/desk/callbacks/{unknown}/done", data={"csrf": proof(door)}).status_code == 404


def test_a_call_is_ticked_off_by_keyboard(server: DeskServer, open_desk: OpenDesk) -> None:
    call = book(server)
    page = open_desk(KARIM)
    page.goto(f"{server.address}/desk/callbacks")
    button = page.get_by_role("button", name="Call made")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("it => it === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The call is ticked off.")
    with server.context.database.reading() as session:
        assert session.get(Callback, call.id).state == "done"


@pytest.mark.parametrize(("email", "scheme"), [(CLAIRE, "light"), (KARIM, "dark")])
def test_the_pages_of_call_backs_and_tickets_are_accessible(server: DeskServer, open_desk: OpenDesk, email: str, scheme: str) -> None:
    page = open_desk(email, color_scheme=scheme)
    page.goto(f"{server.address}/desk/callbacks")
    check_accessible(page)
    call, other = book(server), book(server, key="late")
    with server.context.database.writing() as session:
        row = session.get(Callback, other.id)
        row.starts_at, row.ends_at = (moment - timedelta(days=1) for moment in (row.starts_at, row.ends_at))
    page.goto(f"{server.address}/desk/callbacks")
    expect(page.locator(".callback")).to_have_count(2)
    check_accessible(page)
    page.locator(f"#callback-{call.id} button").click()
    expect(page.get_by_role("status")).to_be_visible()
    check_accessible(page)
    page.goto(f"{server.address}/desk/callbacks?show=done")
    check_accessible(page)


def test_on_a_phone_nothing_is_wider_than_the_screen(server: DeskServer, open_desk: OpenDesk) -> None:
    book(server, reason="w" * 300)
    page = open_desk(viewport={"width": 390, "height": 844}, has_touch=True)
    for path in ("/desk", "/desk/callbacks", "/desk/tickets"):
        page.goto(server.address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
