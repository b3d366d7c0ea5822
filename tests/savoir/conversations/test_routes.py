"""The customer's side over HTTP: every refusal is a clear problem document, and nothing is lost, doubled or leaked."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any, Iterator

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from savoir.conversations import routes, service
from savoir.conversations.live import Live
from savoir.core.context import Context
from savoir.core.routes import install_problems
from savoir.core.security import sign_chat_token
from savoir.customers import service as customers
from savoir.customers.tables import Customer
from savoir.handoff import routes as handoff_routes
from tests.conftest import Clock


class Woken:
    """Stands where the runner stands: notes whom it should run."""

    def __init__(self) -> None:
        self.conversations: list[str] = []

    def claim_if_free(self, *_: object) -> None:
        return None

    def wake(self, conversation: str) -> None:
        self.conversations.append(conversation)


@pytest.fixture
def app(context: Context) -> FastAPI:
    app = FastAPI()
    app.state.context, app.state.live, app.state.runner = context, Live(), Woken()
    app.state.chat_limits = routes.ChatLimits(context)
    install_problems(app)
    app.include_router(routes.router)
    app.include_router(handoff_routes.router)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def chat(client: TestClient) -> dict[str, Any]:
    begun = client.post("/chat/conversations", json={"language": "fr"}).json()
    return {"url": f"/chat/conversations/{begun['conversation']}", "headers": {"Authorization": f"Bearer {begun['token']}"}, **begun}


def send(client: TestClient, chat: dict[str, Any], **body: Any) -> Any:
    return client.post(f"{chat['url']}/messages", json=body, headers=chat["headers"])


def test_a_message_is_accepted_once_and_known_the_second_time(client: TestClient, app: FastAPI, chat: dict[str, Any]) -> None:
    first, again = send(client, chat, id="a", text="bonjour"), send(client, chat, id="a", text="bonjour")
    assert (first.status_code, first.json()) == (202, {"seq": 1})
    assert (again.status_code, again.json()) == (200, {"seq": 1})
    assert app.state.runner.conversations == [chat["conversation"]], "one turn"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"id": "a", "text": ""}, 422, "message-empty"),
        ({"id": "a", "text": "x" * 4001}, 422, "message-too-long"),
        ({"text": "bonjour"}, 422, "bad-message-id"),
        ({"id": "a", "text": 12}, 422, "bad-request"),
        ({"id": "a", "payload": "/restart"}, 422, "unknown-payload"),
        ({"id": "a" * 81, "text": "x"}, 422, "bad-message-id"),
    ],
)
def test_what_is_wrong_is_said_as_a_problem_document(client: TestClient, chat: dict[str, Any], body: Any, status: int, code: str) -> None:
    answer = send(client, chat, **body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:savoir:problem:{code}"
    assert answer.json()["detail"].endswith((".", "photo."))


def test_a_body_that_is_no_json_or_too_large_is_refused(client: TestClient, chat: dict[str, Any]) -> None:
    url, headers = f"{chat['url']}/messages", chat["headers"]
    assert client.post(url, content=b"{oops", headers=headers).json()["type"].endswith("bad-json")
    assert client.post(url, content=b"[" * 100_000, headers=headers).status_code == 413


@pytest.mark.parametrize("token", ["", "nonsense", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
def test_a_missing_or_forged_token_is_refused(client: TestClient, chat: dict[str, Any], token: str) -> None:
    answer = client.get(f"{chat['url']}/messages", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["type"].endswith("token-invalid")


def test_an_expired_token_says_so(client: TestClient, chat: dict[str, Any], context: Context, clock: Clock) -> None:
    old = jwt.encode(
        {"sub": chat["conversation"], "aud": "chat", "exp": clock() - timedelta(seconds=1)}, context.settings.key("chat"), algorithm="HS256"
    )
    answer = client.get(f"{chat['url']}/messages", headers={"Authorization": f"Bearer {old}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:savoir:problem:token-expired")


def test_a_foreign_token_tells_the_same_as_an_unknown_conversation(client: TestClient, chat: dict[str, Any], context: Context, clock: Clock) -> None:
    other = client.post("/chat/conversations", json={}).json()
    foreign = client.get(f"{chat['url']}/messages", headers={"Authorization": f"Bearer {other['token']}"})
    unknown = sign_chat_token("nobody", context.settings.key("chat"), clock(), 1)
    missing = client.get("/chat/conversations/nobody/messages", headers={"Authorization": f"Bearer {unknown}"})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["type"] == missing.json()["type"]


def test_too_many_messages_are_told_when_to_come_back_and_lose_nothing(client: TestClient, chat: dict[str, Any], context: Context) -> None:
    answers = [send(client, chat, id=f"m{n}", text="x") for n in range(context.settings.messages_per_minute + 1)]
    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) >= 1
    log = client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"]
    assert len(log) == context.settings.messages_per_minute


def test_reading_after_a_place_gives_what_came_since(client: TestClient, chat: dict[str, Any]) -> None:
    for n in range(3):
        send(client, chat, id=f"m{n}", text=f"m{n}")
    answer = client.get(f"{chat['url']}/messages?after=1", headers=chat["headers"]).json()
    assert [m["seq"] for m in answer["messages"]] == [2, 3]
    assert answer["state"] == "bot"


def photo(form: str = "PNG", size: tuple[int, int] = (3000, 40)) -> bytes:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", size, "red").save(content, form, exif=exif)
    return content.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_photo_is_encoded_anew_without_its_metadata(client: TestClient, chat: dict[str, Any], form: str) -> None:
    answer = client.post(
        f"{chat['url']}/messages", data={"id": "p"}, files={"file": ("x.bin", photo(form), "image/png")}, headers=chat["headers"]
    )
    assert answer.status_code == 202, answer.text
    message = client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"][0]
    shown = client.get(f"{chat['url']}/attachments/{message['attachments'][0]['id']}?token={chat['token']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"where I live" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (2048, 27)


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_file_that_is_no_photo_is_refused(client: TestClient, chat: dict[str, Any], content: bytes) -> None:
    answer = client.post(
        f"{chat['url']}/messages", data={"id": "p"}, files={"file": ("photo.png", content, "image/png")}, headers=chat["headers"]
    )
    assert answer.status_code in (415, 422)
    assert client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"] == []


def test_a_photo_of_another_conversation_is_not_shown(client: TestClient, chat: dict[str, Any]) -> None:
    client.post(f"{chat['url']}/messages", data={"id": "p"}, files={"file": ("x.png", photo(), "image/png")}, headers=chat["headers"])
    attachment = client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"][0]["attachments"][0]["id"]
    other = client.post("/chat/conversations", json={}).json()
    answer = client.get(f"/chat/conversations/{other['conversation']}/attachments/{attachment}?token={other['token']}")
    assert answer.status_code == 404


def test_the_stream_gives_the_log_then_each_new_message(client: TestClient, app: FastAPI, chat: dict[str, Any], context: Context) -> None:
    send(client, chat, id="a", text="un")
    with client.websocket_connect(f"{chat['url']}/stream?after=0", subprotocols=["savoir", chat["token"]]) as socket:
        assert socket.receive_json()["message"]["text"] == "un"
        assert socket.receive_json()["type"] == "state"
        send(client, chat, id="b", text="deux")
        assert socket.receive_json()["message"]["text"] == "deux"


def test_the_stream_refuses_a_foreign_token(client: TestClient, chat: dict[str, Any]) -> None:
    other = client.post("/chat/conversations", json={}).json()
    with client.websocket_connect(f"{chat['url']}/stream", subprotocols=["savoir", other["token"]]) as socket:
        assert socket.receive_json() == {
            "type": "problem", "code": "not-found", "status": 404, "detail": "There is no such conversation here."
        }


def test_a_person_can_be_asked_for_twice_and_is_told_once(client: TestClient, chat: dict[str, Any]) -> None:
    send(client, chat, id="a", text="bonjour")
    for _ in range(2):
        answer = client.post(f"{chat['url']}/handoff", headers=chat["headers"])
        assert answer.json()["state"] == "waiting"
        assert answer.json()["position"] == 1
    messages = client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"]
    assert [m["author"] for m in messages] == ["customer", "system"]


def test_outside_hours_the_customer_hears_when_people_are_back(client: TestClient, chat: dict[str, Any], clock: Clock) -> None:
    clock.forward(hours=10)
    answer = client.post(f"{chat['url']}/handoff", headers=chat["headers"]).json()
    assert answer["open"] is False
    text = client.get(f"{chat['url']}/messages", headers=chat["headers"]).json()["messages"][-1]["text"]
    assert "mercredi 25 novembre à 9 h." in text


def test_a_rating_out_of_range_is_refused(client: TestClient, chat: dict[str, Any]) -> None:
    url = f"{chat['url']}/ratings"
    assert client.post(url, json={"score": 6}, headers=chat["headers"]).status_code == 422
    assert client.post(url, json={"comment": "bien"}, headers=chat["headers"]).status_code == 422
    assert client.post(url, json={"score": 5, "effort": 1, "recommend": 10, "comment": "bien"}, headers=chat["headers"]).status_code == 201


def test_an_unknown_language_is_refused(client: TestClient) -> None:
    assert client.post("/chat/conversations", json={"language": "de"}).json()["type"].endswith("unknown-language")


SECRET = "shared with the firm's own site, and long"


@pytest.fixture
def site(context: Context, clock: Clock) -> Any:
    """The firm's own site, which signs who is signed in there."""
    context.settings.identity_secret = SECRET
    with context.database.writing() as session:
        session.add(Customer(id="C-1", first_name="x", last_name="y", email="camille@example.org", language="fr"))

    def sign(secret: str = SECRET, minutes: float = 5, **claims: Any) -> str:
        return jwt.encode({"exp": clock() + timedelta(minutes=minutes), **claims}, secret, algorithm="HS256")

    return sign


@pytest.mark.parametrize(("claims", "is_known"), [({"sub": "C-1"}, True), ({"email": "Camille@example.org"}, True), ({"sub": "C-9"}, False)])
def test_a_signed_identity_says_whose_conversation_it_is(
    client: TestClient, site: Any, context: Context, clock: Clock, claims: dict[str, str], is_known: bool
) -> None:
    begun = client.post("/chat/conversations", json={"identity": site(**claims)})
    assert (begun.status_code, begun.json()["identified"]) == (201, is_known)
    with context.database.reading() as session:
        row = service.find(session, begun.json()["conversation"])
        assert row.customer == ("C-1" if is_known else None)
        assert customers.is_verified(session, conversation=row.id, at=clock()) is is_known


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        ({"secret": "somebody else's secret, quite long too", "sub": "C-1"}, "identity-invalid"), ({"minutes": -1, "sub": "C-1"}, "identity-expired"),
        ({"minutes": 3000, "sub": "C-1"}, "identity-invalid"), ({}, "identity-invalid"), ({"sub": 7}, "identity-invalid"),
        ({"token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJDLTEifQ."}, "identity-invalid"), ({"token": "nonsense"}, "identity-invalid"),
    ],
)
def test_an_identity_that_is_forged_expired_or_empty_is_refused(client: TestClient, site: Any, signed: dict[str, Any], code: str) -> None:
    answer = client.post("/chat/conversations", json={"identity": signed.get("token") or site(**signed)})
    assert (answer.status_code, answer.json()["type"]) == (401, f"urn:savoir:problem:{code}")


def test_without_a_secret_no_identity_is_taken(client: TestClient, site: Any, context: Context) -> None:
    context.settings.identity_secret = None
    answer = client.post("/chat/conversations", json={"identity": site(sub="C-1")})
    assert answer.json()["type"] == "urn:savoir:problem:identity-not-set-up"
