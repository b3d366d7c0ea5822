"""The desk's articles: list, editor with preview, history, differences, two editors at one article; by keyboard, on a phone, for everybody."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from savoir.core import audit
from savoir.core.encoder import encoder
from savoir.handoff.accounts import add_agent
from savoir.knowledge import pictures, revisions, service
from tests.conftest import Clock
from tests.savoir.knowledge.files import png
from tests.web.desk_browser import OpenDesk, check_accessible
from tests.web.desk_stage import CLAIRE, KARIM, PASSWORD, DeskServer
from tests.web.test_desk_http import proof, sign_in

pytest_plugins = ["tests.web.desk_browser"]
ELISE, EDDA = "elise@talvene.example", "edda@talvene.example"
BODY = "Il charge en une heure.\n\n## Voyant\n\n- **Vert** : la charge est finie.\n- Rouge : il chauffe."


def prepare(server: DeskServer) -> None:
    """Two editors, and an article in each state."""
    encoder()
    at = server.clock()
    with server.context.database.writing() as session:
        add_agent(session, email=ELISE, name="Élise Pons", password=PASSWORD, at=at, language="fr", role="editor")
        add_agent(session, email=EDDA, name="Edda Lund", password=PASSWORD, at=at, language="en", role="editor")
        for id, language, title in (("chargeur", "fr", "Le chargeur"), ("chargeur", "en", "The charger"), ("prise", "fr", "La prise murale")):
            service.save_article(session, id=id, language=language, title=title, body=BODY, updated=date(2026, 5, 3), categories=["usage.how_to"], at=at)
        service.save_article(session, id="cable", language="en", title="The cable", body="It connects.", updated=date(2026, 5, 3), published=False, at=at)


@pytest.fixture
def quiet(tmp_path: Path, clock: Clock) -> Iterator[DeskServer]:
    """A desk without a browser, on the tests' clock."""
    (tmp_path / "quiet").mkdir()
    made = DeskServer(tmp_path / "quiet", clock=clock)
    prepare(made)
    yield made
    made.context.close()


@pytest.fixture
def stage(server: DeskServer) -> DeskServer:
    prepare(server)
    return server


def door(quiet: DeskServer, email: str = EDDA) -> TestClient:
    made = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    sign_in(made, email)
    return made


def send(one: TestClient, path: str, **fields: object) -> httpx.Response:
    return one.post(path, data={"csrf": proof(one), "title": "Le chargeur", "body": BODY, "action": "draft", **fields})


def listed(one: TestClient, query: str = "") -> list[str]:
    return re.findall(r'class="entry-title">([^<]+)<', one.get(f"/desk/articles?{query}").text)


def test_the_list_is_narrowed_by_words_language_state_and_missing_translation(quiet: DeskServer) -> None:
    one = door(quiet)
    assert listed(one) == ["La prise murale", "The cable", "The charger"]
    assert listed(one, "q=VOYANT prise") == ["La prise murale"]
    assert listed(one, "language=en") == ["The cable", "The charger"]
    assert listed(one, "state=draft") == ["The cable"]
    assert listed(one, "missing=en") == ["La prise murale"]
    assert listed(one, "missing=fr&state=published") == []
    assert "No article fits" in one.get("/desk/articles?q=zzz").text
    assert one.get("/desk/articles?page=99&state=x").status_code == 200


def test_agents_read_and_only_editors_write(quiet: DeskServer) -> None:
    agent = door(quiet, KARIM)
    page = agent.get("/desk/articles/chargeur/fr")
    assert page.status_code == 200
    assert 'name="body"' not in page.text
    assert "New article" not in agent.get("/desk/articles").text
    for path in ("/desk/articles", "/desk/articles/chargeur/fr", "/desk/articles/chargeur/fr/restore", "/desk/articles/preview"):
        refused = send(agent, path, based_on="1", id="x", language="fr", number="1")
        assert refused.status_code == 403
    assert agent.get("/desk/articles/new").status_code == 403
    nobody = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    assert nobody.get("/desk/articles").status_code == 303
    assert door(quiet).post("/desk/articles/chargeur/fr", data={"csrf": "forged", "based_on": "1"}).status_code == 403


def test_a_change_is_for_customers_at_once_and_in_the_audit_log(quiet: DeskServer) -> None:
    one = door(quiet)
    kept = send(one, "/desk/articles/chargeur/fr", based_on="1", title="Le nouveau socle violet", action="draft")
    assert kept.headers["location"] == "/desk/articles/chargeur/fr?said=draft"
    with quiet.context.database.reading() as session:
        assert service.search(session, question="socle violet", language="fr").hits[0].title != "Le nouveau socle violet"
    send(one, "/desk/articles/chargeur/fr", based_on="2", title="Le nouveau socle violet", action="publish", questions="où est le socle\r\n\r\noù est le socle")
    with quiet.context.database.reading() as session:
        hit = service.search(session, question="socle violet", language="fr").hits[0]
        assert (hit.article, hit.title) == ("chargeur", "Le nouveau socle violet")
        row = revisions.article_row(session, id="chargeur", language="fr")
        assert row is not None
        assert (row.questions, row.categories, row.updated) == (["où est le socle"], [], quiet.context.today())
        noted = audit.changes(session, kind="article")
        assert [(event.actor_name, event.action, event.subject) for event in noted] == [
            ("Edda Lund", "publish", "chargeur/fr"), ("Edda Lund", "draft", "chargeur/fr"),
        ]
    send(one, "/desk/articles/chargeur/fr", based_on="3", action="withdraw", title="Écrit juste avant")
    with quiet.context.database.reading() as session:
        assert service.article(session, id="chargeur", language="fr") is None
        assert revisions.article_row(session, id="chargeur", language="fr").title == "Écrit juste avant"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "one of them is empty"), ({"valid_from": "tomorrow"}, "A date has the form"), ({"title": "x" * 300}, "This is too long"),
        ({"valid_from": "2026-05-03", "valid_until": "2026-05-02"}, "lies before the first"), ({"based_on": ""}, "small letters"), ({"based_on": "", "id": "chargeur"}, "already"),
    ],
)
def test_what_can_not_be_saved_is_said_and_the_text_stays_in_the_form(quiet: DeskServer, fields: dict[str, str], sentence: str) -> None:
    one = door(quiet)
    is_new = fields.get("based_on") == ""
    path = "/desk/articles" if is_new else "/desk/articles/chargeur/fr"
    refused = send(one, path, **{"based_on": "1", "id": "Mauvais Id", "language": "fr", "body": "Un texte <précieux>.", "categories": ["usage.how_to"], **fields})
    assert refused.status_code in (409, 422)
    assert sentence in refused.text
    assert "Un texte &lt;précieux&gt;." in refused.text
    assert 'value="usage.how_to" checked' in refused.text


def test_a_text_of_another_size_is_taken_and_one_far_too_large_is_not(quiet: DeskServer) -> None:
    one = door(quiet)
    assert send(one, "/desk/articles/chargeur/fr", based_on="1", body="é" * 100_000).status_code == 303
    assert send(one, "/desk/articles/chargeur/fr", based_on="2", body="é" * 250_000).status_code == 413


def test_a_picture_is_taken_in_and_another_file_is_refused(quiet: DeskServer) -> None:
    one = door(quiet)
    headers = {"X-CSRF-Token": proof(one), "HX-Request": "true"}
    name = one.post("/desk/articles/pictures", files={"picture": ("la prise.png", png())}, headers=headers).json()["name"]
    assert name == "pictures/la-prise.png"
    with quiet.context.database.reading() as session:
        assert pictures.find(session, name) is not None
    refused = one.post("/desk/articles/pictures", files={"picture": ("x.svg", b"<svg onload='x()'/>")}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-picture")


def test_what_nobody_knows_is_not_found(quiet: DeskServer) -> None:
    one = door(quiet)
    for path in ("/desk/articles/nichts/fr", "/desk/articles/chargeur/de", "/desk/articles/nichts/fr/history"):
        assert one.get(path).status_code == 404
    assert send(one, "/desk/articles/chargeur/fr/restore", number="99").status_code == 404
    assert send(one, "/desk/articles/nichts/fr", based_on="1").status_code == 404
    assert one.get("/desk/articles/chargeur/fr/history?old=x&new=77").status_code == 200


def errors(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_an_article_is_written_previewed_published_and_gone_back_on(stage: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(EDDA)
    faults = errors(page)
    page.goto(f"{stage.address}/desk/articles")
    page.get_by_role("link", name="New article").click()
    page.get_by_label("Address, the same").fill("watch-strap")
    page.locator("#language").select_option("en")
    page.locator("#title").fill("Change the strap")
    page.locator("#body").fill("Push the pin.\n\n## Sizes\n\n**22 mm** <script>alert(1)</script> ![x](https://a.example/x.png)")
    preview = page.locator("#preview")
    expect(preview.locator("h2").first).to_have_text("Change the strap")
    expect(preview.locator("strong")).to_have_text("22 mm")
    expect(preview).to_contain_text("<script>alert(1)</script>")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("status").first).to_contain_text("The draft is saved")
    page.locator("#body").fill("Push the pin, then slide.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").first).to_contain_text("Customers see it from now on")
    page.get_by_role("link", name="History").click()
    expect(page.locator(".diff-changed").first).to_be_visible()
    expect(page.locator(".diff mark").first).to_be_visible()
    page.get_by_role("button", name="Restore 1").click()
    expect(page.get_by_role("status").first).to_contain_text("newest draft now")
    expect(page.locator("#body")).to_have_value(re.compile("22 mm"))
    with stage.context.database.reading() as session:
        assert service.article(session, id="watch-strap", language="en").body == "Push the pin, then slide."  # type: ignore[union-attr]
    assert faults == []


def test_when_somebody_else_saved_meanwhile_nobody_s_text_is_lost(stage: DeskServer, open_desk: OpenDesk) -> None:
    mine = open_desk(EDDA, "/desk")
    mine.goto(f"{stage.address}/desk/articles/chargeur/fr")
    with stage.context.database.writing() as session:
        row = revisions.article_row(session, id="chargeur", language="fr")
        said = revisions.newest(session, row)
        revisions.publish(
            session, id="chargeur", language="fr", content=type(said)("Le chargeur d'Élise", said.body, said.updated), author="Élise Pons", at=stage.clock(), based_on=1,
        )
    mine.locator("#title").fill("Le chargeur d'Edda")
    mine.get_by_role("button", name="Save as a draft").click()
    expect(mine.get_by_role("alert").first).to_contain_text("Somebody else has saved")
    expect(mine.locator(".conflict")).to_contain_text("Élise Pons")
    expect(mine.locator("#title")).to_have_value("Le chargeur d'Edda")
    check_accessible(mine)
    mine.get_by_role("button", name="Save as a draft").click()
    expect(mine.get_by_role("status").first).to_contain_text("The draft is saved")
    with stage.context.database.reading() as session:
        assert [one.title for one in revisions.history(session, id="chargeur", language="fr")] == [
            "Le chargeur d'Edda", "Le chargeur d'Élise", "Le chargeur",
        ]


def test_text_that_was_not_saved_comes_back_after_the_session_ended(stage: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(EDDA)
    address = f"{stage.address}/desk/articles/chargeur/fr"
    page.goto(address)
    page.locator("#title").fill("Un titre précieux")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("#password")).to_be_visible()
    page.fill("#email", EDDA)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.goto(address)
    expect(page.locator("#title")).to_have_value("Un titre précieux")
    expect(page.locator("#kept")).to_be_visible()
    page.get_by_role("button", name="Drop it").click()
    expect(page.locator("#title")).to_have_value("Le chargeur")


def test_all_of_it_works_by_keyboard(stage: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(EDDA)
    page.goto(f"{stage.address}/desk/articles/prise/fr")
    title = page.locator("#title")
    for _ in range(30):
        page.keyboard.press("Tab")
        if title.evaluate("it => it === document.activeElement"):
            break
    expect(title).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" et la fiche")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("The draft is saved")
    with stage.context.database.reading() as session:
        assert revisions.drafts(session) == {("prise", "fr"): "La prise murale et la fiche"}


def test_both_languages_stand_side_by_side_and_a_picture_is_put_in(stage: DeskServer, open_desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "prise.png").write_bytes(png())
    page = open_desk(EDDA)
    faults = errors(page)
    page.goto(f"{stage.address}/desk/articles/chargeur/fr")
    expect(page.locator("#translation")).to_be_hidden()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#translation")).to_contain_text("The charger")
    expect(page.locator("#preview")).to_be_hidden()
    page.get_by_role("button", name="Preview").click()
    page.set_input_files("#picture", str(tmp_path / "prise.png"))
    expect(page.locator("#body")).to_have_value(re.compile(r"!\[what it shows\]\(picture:pictures/prise\.png\)"))
    expect(page.locator("#preview img")).to_have_attribute("src", "/api/v1/knowledge/pictures/pictures/prise.png")
    (tmp_path / "x.png").write_bytes(b"no picture")
    page.set_input_files("#picture", str(tmp_path / "x.png"))
    expect(page.locator("#picture-refused")).to_contain_text("not a picture that can be shown")
    assert [fault for fault in faults if "404" not in fault and "422" not in fault] == []


@pytest.mark.parametrize(("email", "scheme"), [(ELISE, "light"), (EDDA, "dark"), (CLAIRE, "light")])
def test_the_pages_of_articles_are_accessible(stage: DeskServer, open_desk: OpenDesk, email: str, scheme: str) -> None:
    with stage.context.database.writing() as session:
        revisions.withdraw(session, id="chargeur", language="fr", author="Edda", at=stage.clock())
        row = revisions.article_row(session, id="prise", language="fr")
        said = revisions.newest(session, row)
        other = type(said)("La prise au mur", said.body + "\n\n| Type | Volts |\n|---|---|\n| E | 230 |", said.updated, valid_from=date(2027, 1, 1))
        revisions.publish(session, id="prise", language="fr", content=other, author="Edda", at=stage.clock(), based_on=1)
    page = open_desk(email, color_scheme=scheme)
    paths = ["/desk/articles", "/desk/articles?q=zzz", "/desk/articles/chargeur/en", "/desk/articles/prise/fr", "/desk/articles/prise/fr/history"]
    for path in paths + (["/desk/articles/new"] if email != CLAIRE else []):
        page.goto(stage.address + path)
        check_accessible(page)


def test_on_a_phone_nothing_is_wider_than_the_screen(stage: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(EDDA, viewport={"width": 390, "height": 844}, has_touch=True)
    for path in ("/desk/articles", "/desk/articles/new", "/desk/articles/chargeur/fr", "/desk/articles/chargeur/fr/history"):
        page.goto(stage.address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{stage.address}/desk/articles/chargeur/fr")
    page.locator("#title").fill("Le chargeur de poche")
    page.get_by_role("button", name="Publish").tap()
    expect(page.get_by_role("status").first).to_contain_text("Customers see it")
