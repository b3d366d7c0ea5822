"""Articles and search over HTTP."""

from __future__ import annotations

from typing import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from savoir.core.context import Context
from savoir.core.database import Database
from savoir.core.routes import RateLimit, install_problems
from savoir.core.settings import Settings
from savoir.knowledge import routes


@pytest.fixture
def client(library: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    context = Context(settings, library)
    app = FastAPI()
    app.state.context = context
    install_problems(app)
    app.include_router(routes.router)
    monkeypatch.setattr(routes, "_limit", RateLimit(routes.RATE))
    with TestClient(app) as made:
        yield made
    context.pool.shutdown(wait=True)


def test_search_gives_articles_with_their_passages(client: TestClient) -> None:
    body = client.get("/api/v1/knowledge/search", params={"q": "mon téléphone ne charge plus", "language": "fr", "limit": 2}).json()
    assert body["answerable"] is True
    assert len(body["results"]) == 2
    first = body["results"][0]
    assert (first["article"], first["title"], first["language"]) == ("phone-not-charging", "Mon téléphone ne charge plus", "fr")
    assert first["passage"].startswith("Nettoyez la prise")
    assert first["score"] > body["results"][1]["score"]
    assert first["url"].endswith("/help/fr/phone-not-charging")


def test_a_question_about_something_else_is_not_answerable(client: TestClient) -> None:
    assert client.get("/api/v1/knowledge/search", params={"q": "un poème sur la mer"}).json()["answerable"] is False


@pytest.mark.parametrize(
    ("query", "code"),
    [("q=", "question-missing"), ("q=x&language=de", "unknown-language"), ("q=x&limit=0", "bad-limit"), ("q=x&limit=51", "bad-limit"), ("q=x&limit=y", "bad-request")],
)
def test_a_bad_request_says_what_was_expected(client: TestClient, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/knowledge/search?{query}")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(code)


def test_articles_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/api/v1/knowledge/articles", params={"language": "en"}).json()["articles"]
    assert {a["id"] for a in listed} == {"phone-not-charging", "return-product", "camera-underwater"}
    assert "body" not in listed[0]
    read = client.get("/api/v1/knowledge/articles/phone-not-charging", params={"language": "fr"}).json()
    assert (read["title"], read["languages"], read["updated"]) == ("Mon téléphone ne charge plus", ["fr", "en"], "2026-05-03")
    assert client.get("/api/v1/knowledge/articles/camera-underwater").json()["language"] == "en"
    assert client.get("/api/v1/knowledge/articles/camera-underwater", params={"language": "fr"}).status_code == 404


def test_too_many_searches_are_asked_to_wait(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_limit", RateLimit("2/minute"))
    codes = [client.get("/api/v1/knowledge/search?q=prise").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
