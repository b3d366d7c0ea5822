"""The help centre, over HTTP and without a browser."""

from __future__ import annotations

import re
from datetime import date
from typing import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from savoir.core.clock import OpeningHours
from savoir.core.context import Context
from savoir.core.database import Base, Database
from savoir.core.routes import RateLimit, install_problems
from savoir.core.settings import PROJECT, Settings
from savoir.customers.importing import import_products
from savoir.knowledge import service as knowledge
from savoir.knowledge.importing import import_folder
from web import help
from web.headers import SecurityHeaders
from web.help import pages
from web.help.copy import COPY
from web.help.hours import spoken_hours
from web.help.markdown import render
from web.help.typography import typeset

WANTED = ("nova-not-charging", "nova-battery-drains-fast", "refund-delays", "warranty-explained", "cap-4k-underwater", "paiement-plusieurs-fois")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A few of the demo firm's articles, and its catalogue."""
    folder = tmp_path_factory.mktemp("help")
    for language in ("fr", "en"):
        (folder / "articles" / language).mkdir(parents=True)
        for id in WANTED:
            source = PROJECT / "data" / "knowledge" / language / f"{id}.md"
            if source.exists():
                elsewhere = rf"\[([^\]]*)\]\(article:(?!(?:{'|'.join(WANTED)})\))[^)]*\)"
                text = re.sub(elsewhere, r"\1", source.read_text("utf-8"))
                (folder / "articles" / language / f"{id}.md").write_text(text, encoding="utf-8")
    made = Database(f"sqlite:///{folder / 'savoir.db'}")
    Base.metadata.create_all(made.engine)
    with made.writing() as session:
        import_products(session, PROJECT / "data" / "demo" / "products.csv")
        import_folder(session, folder / "articles")
        knowledge.save_article(
            session, id="hostile", language="fr", title="<script>alert(1)</script>", updated=date(2026, 1, 2),
            body="<img src=x onerror=alert(1)> [clic](javascript:alert(1)) [//](//evil.example) **gras**",
        )
    knowledge.prepare(made)
    yield made
    made.close()


@pytest.fixture
def client(shelf: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    context = Context(settings, shelf)
    app = FastAPI()
    app.state.context = context
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(help.router)
    monkeypatch.setattr(pages, "_searches", RateLimit("60/minute"))
    with TestClient(app) as made:
        yield made
    context.pool.shutdown(wait=True)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("en-GB,en;q=0.9", "en"), ("de, en;q=0.5, fr;q=0.4", "en"), ("de", "fr"), ("", "fr"), ("fr;q=0, en;q=0.1", "en"), ("x;q=y", "fr")],
)
def test_a_visitor_is_sent_to_their_language(client: TestClient, accepted: str, language: str) -> None:
    for path in ("/", "/help"):
        answer = client.get(path, headers={"accept-language": accepted}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (302, f"/help/{language}", "Accept-Language")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["", "/search", "/search?q=batterie", "/nova-not-charging", "/topics/phones", "/nothing-here"])
def test_every_page_has_its_language_and_the_chat(client: TestClient, language: str, path: str) -> None:
    text = client.get(f"/help/{language}{path}").text
    assert f'<html lang="{language}">' in text
    assert f'<savoir-chat language="{language}" firm="Talvène"></savoir-chat>\n<script type="module" src="/static/chat/savoir-chat.js"></script>' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1


@pytest.mark.parametrize("path", ["", "/search?q=batterie", "/nova-not-charging", "/topics/phones", "/nothing-here"])
def test_no_page_has_style_or_script_in_it(client: TestClient, path: str) -> None:
    text = client.get(f"/help/fr{path}").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text)


def test_the_first_page_shows_what_is_often_asked_and_topics_that_have_articles(client: TestClient) -> None:
    text = client.get("/help/fr").text
    assert 'href="/help/fr/refund-delays"' in text
    assert 'href="/help/fr/topics/phones"' in text
    assert "/topics/consoles" not in text
    assert 'href="tel:+33261910010"' in text


def test_an_article_is_read_with_its_links_and_its_other_language(client: TestClient) -> None:
    text = client.get("/help/fr/nova-not-charging").text
    assert '<a href="/help/en/nova-not-charging" lang="en" hreflang="en">Read in English</a>' in text
    assert "<table>" in text
    assert 'href="/help/fr/topics/phones"' in text
    assert "Nova 6 Pro" in text
    assert 'hreflang="en" href="' in client.get("/help/fr/warranty-explained").text
    assert 'href="article:' not in client.get("/help/fr/refund-delays").text


def test_an_article_that_exists_only_in_english_is_shown_so_and_says_it_in_french(client: TestClient) -> None:
    answer = client.get("/help/fr/cap-4k-underwater")
    assert answer.url.path == "/help/en/cap-4k-underwater"
    assert '<p class="note" lang="fr">' in answer.text
    assert COPY["fr"]["only_other_note"] in answer.text
    assert '<p class="note"' not in client.get("/help/en/cap-4k-underwater").text


def test_search_shows_the_answer_and_near_articles(client: TestClient) -> None:
    text = client.get("/help/fr/search", params={"q": "mon nova ne charge plus"}).text
    assert COPY["fr"]["best_answer"] in text
    assert "Mon Nova ne charge pas" in text
    assert client.get("/help/fr/search", params={"q": "un poème sur la mer"}).text.count(COPY["fr"]["none_title"]) == 1


def test_what_was_asked_is_shown_as_text(client: TestClient) -> None:
    text = client.get("/help/fr/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_an_article_can_bring_no_html_and_no_hostile_link(client: TestClient) -> None:
    text = client.get("/help/fr/hostile").text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert "evil.example" not in re.findall(r'href="([^"]*)"', text)
    assert "<strong>gras</strong>" in text


def test_a_missing_page_helps(client: TestClient) -> None:
    answer = client.get("/help/en/nova-charging-problems")
    assert answer.status_code == 404
    assert 'href="/help/en/nova-not-charging"' in answer.text
    assert client.get("/help/de", headers={"accept-language": "en"}).status_code == 404
    assert client.get("/help/fr/topics/nothing").status_code == 404


def test_too_many_searches_get_a_page_that_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_searches", RateLimit("1/minute"))
    client.get("/help/fr/search?q=batterie")
    answer = client.get("/help/fr/search?q=batterie")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert COPY["fr"]["busy_title"] in answer.text


def test_both_languages_have_the_same_words() -> None:
    assert COPY["fr"].keys() == COPY["en"].keys()


def test_headings_can_be_linked_to_even_when_two_are_the_same() -> None:
    page = render("# Un\n\n## Étape\n\n## Étape\n", language="fr", table_label="Tableau")
    assert [anchor for anchor, _ in page.headings] == ["un", "etape", "etape-2"]
    assert "<h1" not in page.html


def test_french_punctuation_does_not_stand_alone_on_a_line() -> None:
    assert typeset("Où est « l'appareil » ? Il fait 30 minutes", "fr") == "Où est «\u00a0l’appareil\u00a0»\u00a0? Il fait 30\u00a0minutes"
    assert typeset("It isn't on ?", "en") == "It isn’t on ?"


def test_opening_hours_are_said_in_words() -> None:
    hours = OpeningHours.parse("mo-fr 09:00-12:30,14:00-19:00; sa 10:00-17:00", "Europe/Paris")
    assert spoken_hours(hours, "en") == "Monday to Friday 9am\u2009–\u200912.30pm, 2pm\u2009–\u20097pm, Saturday 10am\u2009–\u20095pm"
    assert spoken_hours(hours, "fr").startswith("du lundi au vendredi 9\u00a0h\u2009–\u200912\u00a0h\u00a030, ")
