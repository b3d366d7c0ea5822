"""The help centre with manuals and pictures: cited by page, shown with the page's mark; articles come and go on their days."""

from __future__ import annotations

from datetime import date
from typing import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from savoir.core.context import Context
from savoir.core.database import Database
from savoir.core.routes import install_problems
from savoir.core.settings import Settings
from savoir.knowledge import pictures, routes, service
from tests.conftest import Clock
from tests.savoir.knowledge.files import png
from web import help
from web.headers import SecurityHeaders

BODY = (
    "<!-- page 12 -->\n\nOuvrez le cache gris au dos de la montre.\n\n![Le cache](picture:img/cache.png)\n\n<!-- page 13 -->\n\n## Remplacer la pile\n\n"
    "La pile bouton CR2032 se remplace avec un tournevis de 2 mm. ![ailleurs](https://a.example/x.png)"
)


@pytest.fixture
def visitor(database: Database, settings: Settings, clock: Clock) -> Iterator[TestClient]:
    context = Context(settings, database, clock=clock)
    app = FastAPI()
    app.state.context = context
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(routes.router)
    app.include_router(help.router)
    with database.writing() as session:
        pictures.keep(session, pictures.looked_at("img/cache.png", png()), clock())
        service.save_article(
            session, id="montre-pile", language="fr", title="Remplacer la pile – Manuel de la montre", body=BODY, updated=date(2026, 5, 3), source="montre.pdf",
            questions=["comment remplacer la pile de la montre"],
        )
        service.save_article(
            session, id="soldes", language="fr", title="Retours pendant les soldes", body="Soixante jours au lieu de trente.", updated=date(2026, 5, 3),
            valid_from=date(2026, 11, 26), valid_until=date(2026, 11, 30),
        )
    with TestClient(app) as made:
        yield made
    context.pool.shutdown(wait=True)


def test_a_passage_is_cited_by_its_page_and_the_link_leads_there(visitor: TestClient) -> None:
    found = visitor.get("/api/v1/knowledge/search", params={"q": "comment remplacer la pile de la montre", "language": "fr"}).json()["results"][0]
    assert found["article"] == "montre-pile"
    assert found["page"] == (12 if "cache gris" in found["passage"] else 13)
    assert found["url"].endswith(f"/help/fr/montre-pile#page-{found['page']}")
    assert "<!--" not in found["passage"]
    page = visitor.get("/help/fr/search", params={"q": "comment remplacer la pile de la montre"}).text
    assert f'href="/help/fr/montre-pile#page-{found["page"]}"' in page
    assert f"page {found['page']}<" in page


def test_an_article_shows_the_marks_of_its_pages_and_its_pictures(visitor: TestClient) -> None:
    page = visitor.get("/help/fr/montre-pile").text
    assert '<p class="page-mark" id="page-12">Page 12</p>' in page
    assert '<p class="page-mark" id="page-13">Page 13</p>' in page
    assert "&lt;!--" not in page
    assert 'src="/api/v1/knowledge/pictures/img/cache.png"' in page
    assert "https://a.example/x.png" not in page
    picture = visitor.get("/api/v1/knowledge/pictures/img/cache.png")
    assert (picture.status_code, picture.headers["content-type"], picture.content) == (200, "image/png", png())
    assert "immutable" in picture.headers["cache-control"]
    assert visitor.get("/api/v1/knowledge/pictures/../../etc/passwd").status_code == 404


def test_an_article_comes_and_goes_on_its_days(visitor: TestClient, clock: Clock) -> None:
    def is_there() -> tuple[int, bool, bool]:
        hits = visitor.get("/api/v1/knowledge/search", params={"q": "retours pendant les soldes", "language": "fr"}).json()["results"]
        listed = visitor.get("/api/v1/knowledge/articles").json()["articles"]
        return visitor.get("/help/fr/soldes").status_code, any(hit["article"] == "soldes" for hit in hits), any(one["id"] == "soldes" for one in listed)

    assert is_there() == (404, False, False)
    clock.forward(days=2)
    assert is_there() == (200, True, True)
    clock.forward(days=5)
    assert is_there() == (404, False, False)
