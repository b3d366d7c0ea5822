"""The editors' page: what the knowledge lacks, mended with one click or key, in both languages, for everybody."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Iterator, Optional

import httpx
import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from savoir.conversations import service as conversations
from savoir.customers.tables import Product
from savoir.handoff.accounts import add_agent
from savoir.knowledge import feedback, gaps, revisions
from savoir.knowledge import service as knowledge
from savoir.knowledge.answer import Answer, Hit
from savoir.knowledge.tables import Article
from savoir.tickets import service as tickets
from tests.conftest import Clock
from tests.web.desk_browser import OpenDesk, check_accessible
from tests.web.desk_stage import PASSWORD, DeskServer
from tests.web.test_desk_http import act as act_in
from tests.web.test_desk_http import proof, sign_in

pytest_plugins = ["tests.web.desk_browser"]
EMMA, EDGAR, NOBODY = "emma@talvene.example", "edgar@talvene.example", "karim@talvene.example"
"""Editors who read French and English, and an agent who is none."""
PAINT = "peut-on repeindre le <b>routeur</b> en vert ?"


@pytest.fixture
def quiet(tmp_path: Path, clock: Clock) -> Iterator[DeskServer]:
    """A desk without a browser, on the tests' clock."""
    (tmp_path / "quiet").mkdir()
    made = DeskServer(tmp_path / "quiet", clock=clock)
    yield made
    made.context.close()


@pytest.fixture
def door(quiet: DeskServer) -> TestClient:
    hire(quiet)
    made = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    sign_in(made, EMMA)
    return made


def hire(server: DeskServer) -> None:
    """The editors."""
    with server.context.database.writing() as session:
        for email, name, language in ((EMMA, "Emma Roy", "fr"), (EDGAR, "Edgar Poole", "en")):
            add_agent(session, email=email, name=name, password=PASSWORD, at=server.clock(), language=language, role="editor")


def shelve(server: DeskServer) -> None:
    """Three articles, one of them in both languages."""
    with server.context.database.writing() as session:
        for id, language, title, body in (
            ("router-password", "fr", "Mot de passe Wi-Fi oublié", "Le mot de passe est sur l'étiquette, sous le routeur."),
            ("router-password", "en", "Forgotten Wi-Fi password", "The password is on the label, under the router."),
            ("camera-underwater", "en", "Use the camera in water", "Without a case the camera goes down to 10 metres."),
            ("tv-no-sound", "fr", "Mon téléviseur n'a plus de son", "Vérifiez la sortie audio du téléviseur."),
        ):
            knowledge.save_article(session, id=id, language=language, title=title, body=body, updated=date(2026, 11, 1), products=["passerelle-ax3"])
    knowledge.encode_missing(server.context.database)


def ask(server: DeskServer, question: str, *, shown: Optional[str] = None, helped: Optional[bool] = None, language: str = "fr") -> int:
    """A question in a conversation of its own; `shown` is the article that answered."""
    at = server.clock()
    with server.context.database.writing() as session:
        row = conversations.start(session, channel="web", language=language, at=at)
        answer = Answer("direct", Hit(shown, language, "", "", 1, 1), "", (), language) if shown else Answer("none", None, "", (), language)
        kept = feedback.asked(session, key=str(row.id), question=question, language=language, answer=answer, at=at, conversation=str(row.id))
        if helped is not None:
            feedback.answered(session, conversation=str(row.id), helped=helped)
        assert kept is not None
        return int(kept.id)


def solve(server: DeskServer) -> str:
    """A ticket that an agent has solved; its number."""
    at = server.clock()
    with server.context.database.writing() as session:
        session.add(Product(id="nova-6", name="Nova 6", type="smartphone"))
        new = tickets.NewTicket(
            "web", "fr", "Écran noir après la mise à jour", "Bonjour, écran noir depuis mardi. Je suis Mme Rousseau.", category="hardware.screen",
            product_model="nova-6",
        )
        ticket = tickets.open_ticket(session, new, key="t", at=at)
        tickets.add_note(session, ticket, text="Maintenez Marche et Volume bas pendant 15 secondes. Vu avec Claire Morvan.", actor="Claire Morvan", at=at)
        tickets.set_state(session, ticket, state="solved", actor="Claire Morvan", at=at)
        return str(ticket.number)


def act(door: TestClient, path: str, **fields: str) -> httpx.Response:
    return door.post(f"/desk/knowledge/{path}", data={"csrf": proof(door), **fields})


def samples(server: DeskServer, id: str, language: str = "fr") -> list[str]:
    with server.context.database.reading() as session:
        return list(session.get(Article, (id, language)).questions)  # type: ignore[union-attr]


def test_every_list_says_what_it_would_hold_while_it_is_empty(quiet: DeskServer) -> None:
    door = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    assert door.get("/desk/knowledge").status_code == 303  # nobody has signed in
    hire(quiet)
    sign_in(door, EMMA)
    for show, said in (
        ("gaps", "Chaque question a trouvé sa réponse."), ("candidates", "Rien à ajouter."), ("unhelpful", "Aucun article n’a déçu."),
        ("unfound", "Personne n’a rien demandé"), ("duplicates", "Aucun article n’en répète un autre."), ("outdated", "Tous les articles sont à jour."),
        ("untranslated", "Tous les articles existent dans les deux langues."), ("tickets", "Aucun dossier résolu"), ("drafts", "Aucun brouillon n’attend."),
        ("nonsense", "Chaque question a trouvé sa réponse."),
    ):
        answer = door.get(f"/desk/knowledge?show={show}")
        assert answer.status_code == 200
        assert said in answer.text, show


def test_a_gap_becomes_a_sample_at_once_and_is_gone(quiet: DeskServer, door: TestClient) -> None:
    shelve(quiet)
    first, second = ask(quiet, PAINT), ask(quiet, "repeindre mon routeur en vert, c'est possible ?")
    page = door.get("/desk/knowledge").text
    assert "repeindre le &lt;b&gt;routeur&lt;/b&gt; en vert" in page
    assert "questions\u00a0: 2" in page
    assert 'value="router-password"' in page, "search proposes it"
    ids = f"{first},{second}"
    assert door.post("/desk/knowledge/questions", data={"csrf": "forged", "act": "add", "questions": ids, "article": "router-password"}).status_code == 403
    assert act(door, "questions", act="add", questions=ids, article="no-such-article").status_code == 404
    answer = act(door, "questions", act="add", questions=ids, article="Mot de passe Wi-Fi oublié", show="gaps")
    assert answer.status_code == 303
    after = door.get(answer.headers["location"]).text
    assert "l’assistant le sait dès la prochaine question" in after
    assert "Chaque question a trouvé sa réponse." in after
    assert samples(quiet, "router-password") == [PAINT, "repeindre mon routeur en vert, c'est possible ?"]
    assert act(door, "questions", act="add", questions=ids, article="router-password").status_code == 404, "once is enough"


def test_what_is_dismissed_can_be_taken_back(quiet: DeskServer, door: TestClient) -> None:
    shelve(quiet)
    asked = ask(quiet, PAINT)
    after = door.get(act(door, "questions", act="dismiss", questions=str(asked)).headers["location"]).text
    assert "Chaque question a trouvé sa réponse." in after
    undo = re.search(r'name="questions" value="(\d+)"', after)
    assert undo and undo[1] == str(asked)
    back = act(door, "questions", act="reopen", questions=undo[1])
    assert "C’est de retour dans la liste." in door.get(back.headers["location"]).text
    for bad in ({"act": "add"}, {"act": "paint", "questions": str(asked)}, {"act": "dismiss", "questions": "x,-1"}):
        assert act(door, "questions", **bad).status_code in (404, 422)


def test_a_draft_begins_with_the_questions_that_lack_an_answer(quiet: DeskServer, door: TestClient) -> None:
    asked = ask(quiet, PAINT)
    answer = act(door, "questions", act="draft", questions=str(asked))
    assert answer.headers["location"] == "/desk/articles/peut-on-repeindre-le-b-routeur-b-en/fr?said=draft"
    assert door.get(answer.headers["location"]).status_code == 200
    assert "Peut-on repeindre le" in door.get("/desk/knowledge?show=drafts").text
    with quiet.context.database.reading() as session:
        (row,) = revisions.every_article(session)
        assert (revisions.state_of(row), row.questions) == ("draft", [PAINT])
        assert gaps.gaps(session) == []


def test_a_helpful_answers_question_waits_to_be_added(quiet: DeskServer, door: TestClient) -> None:
    shelve(quiet)
    asked = ask(quiet, "le code du wifi je l'ai perdu", shown="router-password", helped=True)
    assert "le code du wifi je l&#39;ai perdu" in door.get("/desk/knowledge?show=candidates").text
    act(door, "questions", act="add", questions=str(asked), article="router-password", show="candidates")
    assert "Rien à ajouter." in door.get("/desk/knowledge?show=candidates").text
    assert samples(quiet, "router-password") == ["le code du wifi je l'ai perdu"]


def test_ailing_articles_are_listed_and_mended(quiet: DeskServer, door: TestClient, clock: Clock) -> None:
    shelve(quiet)
    ask(quiet, "le code du wifi je l'ai perdu", shown="router-password", helped=False)
    unhelpful = door.get("/desk/knowledge?show=unhelpful").text
    assert "Mot de passe Wi-Fi oublié" in unhelpful or "Forgotten Wi-Fi password" in unhelpful
    assert "le code du wifi" in unhelpful
    assert "Mon téléviseur n&#39;a plus de son" in door.get("/desk/knowledge?show=unfound").text
    act(door, "articles", act="dismiss", kind="unfound", subject="tv-no-sound/fr", show="unfound")
    assert "tv-no-sound/fr" not in door.get("/desk/knowledge?show=unfound").text
    assert "Use the camera in water" in door.get("/desk/knowledge?show=untranslated").text
    begun = act(door, "articles", act="translate", article="camera-underwater", language="fr", show="untranslated")
    assert begun.status_code == 303
    with quiet.context.database.reading() as session:
        row = session.get(Article, ("camera-underwater", "fr"))
        assert row is not None and revisions.state_of(row) == "draft"
    assert begun.headers["location"] == "/desk/articles/camera-underwater/fr?said=draft"
    assert "Use the camera in water" not in door.get("/desk/knowledge?show=untranslated").text.split("<datalist")[0]
    clock.forward(days=400)
    sign_in(door, EMMA)
    assert "Mon téléviseur n&#39;a plus de son" in door.get("/desk/knowledge?show=outdated").text
    assert act(door, "articles", act="still-right", article="tv-no-sound", language="fr", show="outdated").status_code == 303
    assert "tv-no-sound" not in door.get("/desk/knowledge?show=outdated").text.split("<datalist")[0]
    assert act(door, "articles", act="dismiss", kind="nonsense", subject="x").status_code == 422


def test_a_solved_ticket_becomes_a_draft_that_names_nobody(quiet: DeskServer, door: TestClient) -> None:
    number = solve(quiet)
    page = door.get("/desk/knowledge?show=tickets").text
    assert "Maintenez Marche et Volume bas pendant 15 secondes." in page
    assert "Claire Morvan" not in page.split("<main")[1]
    assert act(door, "tickets/SAV-999999").status_code == 404
    answer = act(door, f"tickets/{number}", show="tickets")
    assert "Ce qui a aidé" not in door.get(answer.headers["location"]).text
    assert "Aucun dossier résolu" in door.get("/desk/knowledge?show=tickets").text
    with quiet.context.database.reading() as session:
        (row,) = revisions.every_article(session)
        assert (row.products, row.categories, revisions.state_of(row)) == (["nova-6"], ["hardware.screen"], "draft")
        assert "Rousseau" not in row.body and "Morvan" not in row.body
        assert "Nova 6" in row.body


def test_an_agents_reply_with_an_article_makes_the_question_a_candidate(quiet: DeskServer, door: TestClient) -> None:
    shelve(quiet)
    waiting = quiet.waiting("je ne retrouve plus le code de ma box, camille@example.org")
    act_in(door, waiting, "take")
    text = "Voici : https://aide.example.org/help/fr/router-password#ou et https://aide.example.org/help/fr/nothing-here"
    for _ in range(2):
        assert act_in(door, waiting, "reply", client_id="r1", text=text).status_code == 204
    assert act_in(door, waiting, "reply", client_id="r2", text="Bonne journée !").status_code == 204
    page = door.get("/desk/knowledge?show=candidates").text
    assert page.count("je ne retrouve plus le code de ma box, [e-mail]</q>") == 1
    assert "envoyé par un conseiller" in page


def test_who_is_no_editor_reads_the_page_and_changes_nothing(quiet: DeskServer) -> None:
    shelve(quiet)
    asked = ask(quiet, PAINT)
    door = TestClient(quiet.application(), base_url="http://desk.test", follow_redirects=False)
    sign_in(door, NOBODY)
    page = door.get("/desk/knowledge").text.split("<main")[1]
    assert "repeindre" in page and "Editors act on it." in page
    assert "<form" not in page
    for path, fields in (("questions", {"act": "dismiss", "questions": str(asked)}), ("articles", {"act": "still-right"}), ("tickets/SAV-000001", {})):
        assert act(door, path, **fields).status_code == 403


def test_gaps_are_mended_by_keys_alone(server: DeskServer, open_desk: OpenDesk) -> None:
    shelve(server)
    ask(server, "repeindre mon routeur en vert ?")
    ask(server, "où acheter des fraises ?")
    hire(server)
    page = open_desk(EDGAR)
    page.goto(f"{server.address}/desk/knowledge")
    cards = page.locator(".gap")
    expect(cards).to_have_count(2)
    page.keyboard.press("j")
    expect(cards.first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.get_by_role("status")).to_contain_text("the assistant knows it from the next question on")
    expect(cards).to_have_count(1)
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("d")
    expect(page.get_by_text("Every question has found its answer.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(1)
    page.get_by_label("Another article").fill("Forgotten")
    page.keyboard.press("j")
    expect(page.get_by_label("Another article")).to_be_focused()  # letters are letters while one types


@pytest.mark.parametrize(("email", "width", "scheme"), [(EMMA, 1440, "light"), (EDGAR, 375, "dark")])
def test_the_page_is_accessible_and_fits_a_phone(server: DeskServer, open_desk: OpenDesk, email: str, width: int, scheme: str) -> None:
    shelve(server)
    solve(server)
    ask(server, PAINT)
    ask(server, "repeindre mon routeur en vert, c'est possible ?")
    ask(server, "le code du wifi je l'ai perdu", shown="router-password", helped=True)
    ask(server, "le code du wifi, je l'ai oublié", shown="router-password", helped=True)
    ask(server, "plonger avec ?", shown="camera-underwater", helped=False)
    hire(server)
    page = open_desk(email)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for show in ("gaps", "candidates", "unhelpful", "unfound", "duplicates", "outdated", "untranslated", "tickets", "drafts"):
        page.goto(f"{server.address}/desk/knowledge?show={show}&said=dismissed&undo=1")
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), show
    page.goto(f"{server.address}/desk/knowledge")
    page.locator("summary").first.click()
    check_accessible(page)
