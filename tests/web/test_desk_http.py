"""The desk's doors over HTTP and WebSocket: sessions, forged requests, rates, what notes and fragments give away."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterator, Optional

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from savoir.core.settings import PROJECT
from savoir.tickets import service as tickets
from tests.conftest import Clock
from tests.web.desk_stage import CLAIRE, KARIM, PASSWORD, DeskServer
from web import vendor
from web.desk import stream
from web.desk.text import excerpt, plain, rich


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[DeskServer]:
    (tmp_path / "var").mkdir()
    made = DeskServer(tmp_path / "var", clock=clock)
    yield made
    made.context.close()


@pytest.fixture
def door(server: DeskServer) -> Iterator[TestClient]:
    with TestClient(server.application(), base_url="http://desk.test", follow_redirects=False) as client:
        yield client


def sign_in(door: TestClient, email: str = CLAIRE, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return door.post("/desk/sign-in", data={"email": email, "password": password, **fields})


def proof(door: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', door.get("/desk").text)
    assert found
    return found[1]


def act(door: TestClient, conversation: str, what: str, *, csrf: Optional[str] = None, **fields: str) -> httpx.Response:
    headers = {"HX-Request": "true", "X-CSRF-Token": proof(door) if csrf is None else csrf}
    return door.post(f"/desk/conversations/{conversation}/{what}", data=fields, headers=headers)


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(door: TestClient) -> None:
    answer = sign_in(door, next="/desk/conversations/abc?list=mine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/conversations/abc?list=mine")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_by_https_the_cookie_is_secure(server: DeskServer) -> None:
    with TestClient(server.application(), base_url="https://desk.test", follow_redirects=False) as door:
        assert "Secure" in sign_in(door).headers["set-cookie"]


def test_the_refusal_is_the_same_for_an_unknown_address_and_a_wrong_password(door: TestClient) -> None:
    wrong = sign_in(door, password="not this one")
    unknown = sign_in(door, email="nobody@talvene.example")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(CLAIRE, "") == unknown.text.replace("nobody@talvene.example", "")


def test_trying_again_and_again_is_stopped_even_with_the_right_password(door: TestClient) -> None:
    answers = [sign_in(door, password="wrong").status_code for _ in range(10)]
    assert answers == [401] * 10
    answer = sign_in(door)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert sign_in(door, email=KARIM).status_code == 303


def test_without_a_session_a_page_leads_to_signing_in_and_back(door: TestClient) -> None:
    assert door.get("/desk").headers["location"] == "/desk/sign-in"
    answer = door.get("/desk/conversations/abc?list=mine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in?next=%2Fdesk%2Fconversations%2Fabc%3Flist%3Dmine")


def test_without_a_session_a_script_gets_a_clear_answer(door: TestClient) -> None:
    answer = door.get("/desk/lists", headers={"HX-Request": "true", "Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed-out"
    assert "Sign in again" in answer.json()["detail"]


def test_a_session_ends_after_its_hours(door: TestClient, clock: Clock) -> None:
    sign_in(door)
    assert door.get("/desk").status_code == 200
    clock.forward(hours=12, seconds=1)
    assert door.get("/desk").status_code == 303


def test_signing_out_ends_the_session_on_the_server(door: TestClient) -> None:
    sign_in(door)
    token = door.cookies["savoir_session"]
    assert door.post("/desk/sign-out", data={"csrf": proof(door)}).status_code == 303
    door.cookies.set("savoir_session", token)
    assert door.get("/desk").status_code == 303


@pytest.mark.parametrize("csrf", ["", "wrong", "é"])
def test_a_change_without_the_sessions_proof_is_refused(server: DeskServer, door: TestClient, csrf: str) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    answer = door.post(f"/desk/conversations/{conversation}/take", data={"csrf": csrf})
    assert answer.status_code == 403
    assert server.state_of(conversation) == "waiting"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_change_from_another_site_is_refused_even_with_the_proof(server: DeskServer, door: TestClient, headers: dict[str, str]) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    answer = door.post(f"/desk/conversations/{conversation}/take", data={"csrf": proof(door)}, headers=headers)
    assert answer.status_code == 403
    assert server.state_of(conversation) == "waiting"
    assert door.post("/desk/sign-in", data={"email": CLAIRE, "password": PASSWORD}, headers=headers).status_code == 403


def test_without_scripts_forms_work_and_lead_back(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    answer = door.post(f"/desk/conversations/{conversation}/take", data={"csrf": proof(door)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/conversations/{conversation}")
    assert server.state_of(conversation) == "agent"


def test_the_same_id_sends_once_and_a_reply_needs_the_conversation(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    refused = act(door, conversation, "reply", client_id="1", text="Trop tôt")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-yours")
    act(door, conversation, "take")
    assert [act(door, conversation, "reply", client_id="1", text="Une fois").status_code for _ in range(2)] == [204, 204]
    assert [text for author, text, _ in server.log_of(conversation) if author == "agent"] == ["Une fois"]
    assert act(door, conversation, "hand-back").status_code == 204
    assert server.state_of(conversation) == "bot"


def test_a_refusal_is_said_in_the_agents_language_and_names_the_colleague(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door, email=KARIM)
    act(door, conversation, "take")
    door.cookies.clear()
    sign_in(door, email=CLAIRE)
    assert act(door, conversation, "take").json()["detail"] == "Karim Bel a pris cette conversation avant vous."
    assert act(door, conversation, "reply", client_id="1", text="x").json()["detail"].startswith("Cette conversation est maintenant avec Karim Bel.")
    assert act(door, "nowhere", "take").status_code == 404
    empty = act(door, conversation, "note", client_id="2", text="   ")
    assert (empty.status_code, empty.json()["code"]) == (422, "message-empty")


def test_a_note_is_in_the_desks_log_and_not_in_the_customers(server: DeskServer, door: TestClient) -> None:
    begun = door.post("/chat/conversations", json={"language": "fr"}).json()
    conversation, key = begun["conversation"], {"Authorization": f"Bearer {begun['token']}"}
    sign_in(door)
    act(door, conversation, "note", client_id="1", text="SECRET")
    assert "SECRET" in door.get(f"/desk/conversations/{conversation}").text
    assert "SECRET" not in door.get(f"/chat/conversations/{conversation}/messages", headers=key).text
    assert "SECRET" not in door.get("/desk/lists?list=assistant").text


def test_news_brings_only_what_stands_after_and_whose_it_is_now(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    seen = len(server.log_of(conversation))
    server.customer_writes(conversation, "Du nouveau")
    text = door.get(f"/desk/conversations/{conversation}/news?after={seen}").text
    assert re.findall(r'data-seq="(\d+)"', text) == [str(seen + 1)]
    assert all(f'id="{part}"' in text for part in ("thread-head", "composer-notice", "package", "card"))
    assert '<h2 class="day">' not in text


def test_a_day_that_begins_is_marked_once(server: DeskServer, door: TestClient, clock: Clock) -> None:
    conversation = server.waiting("Bonjour")
    clock.forward(hours=-72)
    server.customer_writes(conversation, "Le lendemain")
    clock.forward(hours=72)
    sign_in(door)
    assert len(re.findall('<h2 class="day">', door.get(f"/desk/conversations/{conversation}").text)) == 2


def test_who_waits_longest_stands_first_and_lists_show_what_people_said(server: DeskServer, door: TestClient) -> None:
    late, early = server.waiting("Depuis peu", minutes=1), server.waiting("Depuis longtemps", minutes=42)
    sign_in(door)
    text = door.get("/desk/lists?list=waiting").text.replace("\u00a0", " ")
    assert re.findall(r'id="item-(\w+)"', text) == [early, late]
    assert "Depuis longtemps" in text
    assert "42 min" in text
    assert "Un conseiller va vous répondre" not in text
    waiting = re.search(r"data-waiting='([^']+)'", text)
    assert waiting
    assert [entry[0] for entry in json.loads(waiting[1].replace("&#34;", '"'))] == [early, late]


def test_the_stream_wants_our_own_origin_and_a_session(server: DeskServer, door: TestClient) -> None:
    for origin in ({}, {"origin": "https://evil.example"}):
        with pytest.raises(WebSocketDisconnect), door.websocket_connect("ws://desk.test/desk/stream", headers=origin):
            pass
    with door.websocket_connect("ws://desk.test/desk/stream", headers={"origin": "http://desk.test"}) as socket:
        assert socket.receive_json() == {"type": "problem", "code": "signed-out"}
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_json()
        assert ended.value.code == stream.SIGNED_OUT


def test_the_stream_says_what_changed_and_ends_with_the_session(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    csrf = proof(door)
    with door.websocket_connect("ws://desk.test/desk/stream", headers={"origin": "http://desk.test"}) as socket:
        assert socket.receive_json() == {"type": "ready"}
        act(door, conversation, "take", csrf=csrf)
        assert socket.receive_json() == {"type": "changed", "conversation": conversation}
        door.post("/desk/sign-out", data={"csrf": csrf})
        assert socket.receive_json() == {"type": "problem", "code": "signed-out"}


def test_only_the_owners_typing_reaches_the_customer(server: DeskServer, door: TestClient) -> None:
    begun = door.post("/chat/conversations", json={"language": "fr"}).json()
    conversation = begun["conversation"]
    sign_in(door)
    csrf = proof(door)
    with (
        door.websocket_connect(f"ws://desk.test/chat/conversations/{conversation}/stream?token={begun['token']}") as customer,
        door.websocket_connect("ws://desk.test/desk/stream", headers={"origin": "http://desk.test"}) as agent,
    ):
        assert customer.receive_json()["type"] == "state"
        assert agent.receive_json() == {"type": "ready"}
        agent.send_json({"type": "watch", "conversation": conversation})
        agent.send_json({"type": "typing", "on": True})
        act(door, conversation, "take", csrf=csrf)
        assert agent.receive_json()["type"] == "changed"
        agent.send_json({"type": "typing", "on": True})
        said = [customer.receive_json() for _ in range(3)]
        assert [event["type"] for event in said] == ["message", "state", "typing"]
        assert said[2] == {"type": "typing", "author": "agent", "on": True}


def test_pages_obey_the_strict_policy(server: DeskServer, door: TestClient) -> None:
    conversation = server.waiting("Bonjour")
    sign_in(door)
    for path in ("/desk", f"/desk/conversations/{conversation}"):
        answer = door.get(path)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r'\sstyle="|<style|\son\w+="|hx-on|<script(?![^>]*\bsrc=)', answer.text)


def test_words_become_safe_html() -> None:
    shown = str(rich("**gras** [ici](javascript:alert(1)) [là](https://a.example/?x=1&y=2)\n\n- un\n- <b>deux</b>"))
    assert "<strong>gras</strong>" in shown
    assert "<li>&lt;b&gt;deux&lt;/b&gt;</li>" in shown
    assert 'href="javascript' not in shown
    assert 'href="https://a.example/?x=1&amp;y=2"' in shown
    assert str(plain('<i> https://a.example/"onmouseover="x')) == (
        '&lt;i&gt; <a href="https://a.example/" rel="noopener noreferrer nofollow" target="_blank">https://a.example/</a>'
        "&#34;onmouseover=&#34;x"
    )
    assert excerpt("**Nova 6** : [suivre](https://a.example)\n- un") == "Nova 6 : suivre un"


def test_libraries_are_copied_from_what_npm_installed_and_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="npm ci"):
        vendor.copy(tmp_path)
    package = json.loads((PROJECT / "package.json").read_text())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
    lock = (PROJECT / "package-lock.json").read_text()
    assert "http" not in lock
    assert "integrity" in lock


def test_a_waiting_time_is_said_in_the_agents_language(server: DeskServer, door: TestClient, clock: Clock) -> None:
    server.waiting("Hello", minutes=60 * 26)
    sign_in(door)
    assert "1 j" in door.get("/desk/lists").text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_ticket_is_listed_read_changed_and_noted(server: DeskServer, door: TestClient, clock: Clock) -> None:
    with server.context.database.writing() as session:
        new = tickets.NewTicket(channel="web", language="fr", subject="Nova 6 – <b>écran</b> noir", body="écran noir\n<script>", email="x@example.org")
        number = tickets.open_ticket(session, new, key="k", at=clock()).number
    sign_in(door)
    assert number in door.get("/desk/tickets").text
    page = door.get(f"/desk/tickets/{number}").text
    assert "&lt;script&gt;" in page
    assert "<b>écran</b>" not in page
    refused = door.post(f"/desk/tickets/{number}", data={"state": "solved", "csrf": "forged"})
    assert refused.status_code == 403
    door.post(f"/desk/tickets/{number}", data={"state": "solved", "text": "rappelé, réglé", "csrf": proof(door)})
    assert "rappelé, réglé" in door.get(f"/desk/tickets/{number}").text
    assert number not in door.get("/desk/tickets").text
    assert number in door.get("/desk/tickets?show=done").text
    assert door.get("/desk/tickets/SAV-999999").status_code == 404
