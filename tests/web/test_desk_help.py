"""What helps an agent to answer, in a browser: package, canned replies, suggestions, articles, photos, corrections, palette, transcript."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect

from savoir.conversations import service as conversations
from savoir.core.settings import PROJECT
from savoir.core.tables import OutboxItem
from savoir.handoff import canned, package, suggestions
from savoir.knowledge import service as knowledge
from savoir.learning import corrections
from tests.web.desk_browser import OpenDesk, check_accessible, choose
from tests.web.desk_stage import CLAIRE, KARIM, SOFIA, DeskServer

pytest_plugins = ["tests.web.desk_browser"]
TRANSFER = "Comment transférer mes données vers mon nouveau Nova ?"


@pytest.fixture
def helped(server: DeskServer) -> DeskServer:
    """A desk with canned replies."""
    with server.context.database.writing() as session:
        canned.import_replies(session, PROJECT / "data" / "demo" / "canned_replies.csv")
    return server


@pytest.fixture
def taught(server: DeskServer) -> DeskServer:
    """A desk with two articles."""
    with server.context.database.writing() as session:
        for id, title, body in (
            ("transfer", "Transférer mes données vers un nouveau Nova", "Au premier démarrage du Nova, choisissez de reprendre un ancien téléphone."),
            ("battery", "Préserver la batterie", "Gardez la charge de la batterie entre 20 et 80 %."),
        ):
            knowledge.save_article(
                session, id=id, language="fr", title=title, body=body, updated=date(2026, 5, 3), questions=[TRANSFER] if id == "transfer" else [],
            )
    knowledge.prepare(server.context.database)
    return server


def taken(server: DeskServer, page: Page, text: str = "Mon écran est noir") -> str:
    """A conversation of Marie Dupont's that the page's agent has taken."""
    conversation = server.waiting(text)
    server.add_customer(conversation)
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    return conversation


def sent(server: DeskServer, conversation: str) -> list[str]:
    return [text for author, text, private in server.log_of(conversation) if author == "agent" and not private]


def test_the_package_is_there_when_the_conversation_is_opened(server: DeskServer, open_desk: OpenDesk) -> None:
    conversation = server.waiting("Mon Nova 6 ne s'allume plus depuis hier, je veux un remboursement !")
    with server.context.database.writing() as session:
        package.keep(session, conversations.lock(session, conversation), {"intent": "report_fault", "symptom": "power"}, server.clock())
    page = open_desk(KARIM)
    choose(page, conversation)
    expect(page.locator("#package")).to_contain_text("Does not start: “Mon Nova 6 ne s'allume plus depuis hier")
    expect(page.locator("#package")).to_contain_text("identity not verified")
    expect(page.locator("#context")).not_to_contain_text("Dupont")
    server.add_customer(conversation)
    server.changed(conversation)
    expect(page.locator("#package")).to_contain_text("Marie Dupont, identity verified")
    expect(page.locator("#card")).to_contain_text("Under warranty")


def test_a_slash_puts_in_a_filled_reply_by_keyboard_alone(helped: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    conversation = taken(helped, page)
    page.locator("#reply-text").press_sequentially("/bien")
    expect(page.locator("#canned-list [role=option]")).to_have_count(1)
    check_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value(
        "Bonjour Marie, ici Claire, de Talvène. J’ai lu votre échange avec notre assistant, vous n’avez rien à répéter. Je regarde tout de suite."
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    assert sent(helped, conversation)[0].startswith("Bonjour Marie, ici Claire")
    page.locator("#reply-text").press_sequentially("et/ou")
    expect(page.locator("#canned")).to_be_hidden()
    with helped.context.database.reading() as session:
        assert [r.shortcut for r in canned.all_replies(session) if r.used] == ["bienvenue"]


def test_a_gap_must_be_filled_before_it_is_sent(helped: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    conversation = helped.waiting("Où est mon colis ?")
    choose(page, conversation)
    page.click("#do-take")
    expect(page.locator("#reply-text")).to_be_enabled()
    page.locator("#reply-text").press_sequentially("/retard")
    expect(page.locator("#canned-list [role=option]").first).to_contain_text("/retard")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Complétez [numéro de commande]")
    assert sent(helped, conversation) == []
    page.keyboard.type("CMD-104733")  # the gap is selected
    page.keyboard.press("Control+Enter")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    assert "Votre commande CMD-104733 a pris du retard" in sent(helped, conversation)[0]


def test_supervisors_write_canned_replies_and_agents_read_them(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk(SOFIA)
    page.goto(f"{server.address}/desk/replies")
    expect(page.locator("main")).to_contain_text("Il n’y a pas encore de réponse type.")
    check_accessible(page)
    page.click("text=Nouvelle réponse type")
    page.fill("#shortcut", "/Garde à vous")
    page.fill("#title_fr", "Essai")
    page.fill("#title_en", "Trial")
    page.fill("#text_fr", "Bonjour {prénom}")
    page.fill("#text_en", "Hello {customer}")
    page.click("main button[type=submit]")
    expect(page.locator("[role=alert]")).to_contain_text("{prénom} n’est pas une variable")
    check_accessible(page)
    page.fill("#text_fr", "Bonjour {client}")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("/garde-a-vous")
    check_accessible(page)
    agent = open_desk(KARIM)
    agent.goto(f"{server.address}/desk/replies")
    expect(agent.locator("text=New canned reply")).to_have_count(0)
    agent.click("text=/garde-a-vous")
    expect(agent.locator("main")).to_contain_text("Hello Camille")
    expect(agent.locator("main form")).to_have_count(0)
    page.click("text=/garde-a-vous")
    page.click("summary")
    page.click(".danger")
    expect(page.locator("[role=status]")).to_contain_text("La réponse type est supprimée.")


def test_a_suggestion_is_accepted_edited_or_refused_and_each_is_counted(taught: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    conversation = taken(taught, page, TRANSFER)
    expect(page.locator("#suggestion")).to_contain_text("Transférer mes données vers un nouveau Nova")
    check_accessible(page)
    page.click("#use-suggestion")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#log .message.agent")).to_have_count(1)
    expect(page.locator("#use-suggestion")).to_have_count(0)
    taught.customer_writes(conversation, TRANSFER)
    expect(page.locator("#use-suggestion")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#reply-text")).not_to_have_value("")
    page.keyboard.type(" Bon courage !")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#log .message.agent")).to_have_count(2)
    expect(page.locator("#use-suggestion")).to_have_count(0)
    taught.customer_writes(conversation, TRANSFER)
    expect(page.locator("#use-suggestion")).to_be_visible()
    page.click("#refuse-suggestion")
    expect(page.locator("#suggestion")).not_to_contain_text("D’après un article")
    with taught.context.database.reading() as session:
        assert suggestions.outcomes(session) == {("article", "accepted"): 1, ("article", "edited"): 1, ("article", "refused"): 1}


def test_an_article_is_found_and_put_in(taught: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    taken(taught, page)
    page.fill("#reply-text", "Voyez ici :")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.type("préserver la batterie")
    expect(page.locator("#articles-found li").first).to_be_visible()
    check_accessible(page)
    page.locator("#articles-found button[data-insert]").first.click()
    expect(page.locator("#articles-dialog")).to_be_hidden()
    assert "Voyez ici : [" in page.input_value("#reply-text")
    assert "/help/fr/" in page.input_value("#reply-text")


def test_a_photo_goes_with_the_reply_once(server: DeskServer, open_desk: OpenDesk, tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("RGB", (300, 200), (20, 90, 80)).save(content, "PNG")
    (tmp_path / "where.png").write_bytes(content.getvalue())
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4")
    page = open_desk()
    conversation = taken(server, page)
    page.set_input_files("#photo-file", tmp_path / "letter.pdf")
    expect(page.locator("#toasts")).to_contain_text("n’est pas une photo")
    page.set_input_files("#photo-file", tmp_path / "where.png")
    expect(page.locator("#photo-chosen")).to_contain_text("where.png")
    check_accessible(page)
    page.fill("#reply-text", "Le bouton est ici")
    page.click("#send-reply")
    expect(page.locator("#log .message.agent img")).to_have_count(1)
    expect(page.locator("#photo-chosen")).to_be_hidden()
    page.set_input_files("#photo-file", tmp_path / "where.png")
    page.click("#send-reply")
    expect(page.locator("#log .message.agent img")).to_have_count(2)
    page.fill("#reply-text", "Sans photo")
    page.click("#send-reply")
    expect(page.locator("#log .message.agent")).to_have_count(3)
    assert sent(server, conversation) == ["Le bouton est ici", "", "Sans photo"]


def test_one_choice_corrects_and_a_wrong_answer_is_put_right(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    conversation = server.waiting("Bonjour à tous")
    choose(page, conversation)
    page.select_option("#correct-category-value", "billing.invoice")
    expect(page.locator("#because-category")).to_contain_text("corrigé par Claire Morvan")
    page.select_option("#correct-product-value", "tablet")
    expect(page.locator("#because-product")).to_contain_text("corrigé par Claire Morvan")
    page.locator(".mark-wrong").first.click()
    check_accessible(page)
    page.fill("#wrong-right", "Il fallait demander le numéro de facture.")
    page.click("#wrong-form button")
    expect(page.locator(".mark-wrong").first).to_contain_text("Signalée fausse")
    page.reload()
    expect(page.locator(".mark-wrong").first).to_contain_text("Signalée fausse")
    expect(page.locator("#correct-category-value")).to_have_value("billing.invoice")
    with server.context.database.reading() as session:
        found = [(c["field"], c["corrected"]) for c in corrections.training_material(session)]
    assert found == [("category", "billing.invoice"), ("product", "tablet"), ("answer", "Il fallait demander le numéro de facture.")]


@pytest.mark.parametrize(("email", "word", "heading"), [(CLAIRE, "note", "Note privée"), (KARIM, "private note", "Private note")])
def test_the_palette_does_everything_and_can_be_switched_off(server: DeskServer, open_desk: OpenDesk, email: str, word: str, heading: str) -> None:
    page = open_desk(email)
    taken(server, page)
    page.keyboard.press("Control+k")  # also while one writes
    expect(page.locator("#palette-search")).to_be_focused()
    check_accessible(page)
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    expect(page.locator("#note-text")).to_be_focused()
    expect(page.locator("#tab-note")).to_contain_text(heading)
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(page.locator("#palette-list [role=option]")).to_have_count(0)
    page.keyboard.press("Escape")
    page.click(".account")
    page.uncheck("#shortcuts")
    page.keyboard.press("Escape")
    page.locator("#log").focus()
    page.keyboard.press("Control+k")
    page.keyboard.press("r")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#reply-text")).not_to_be_focused()


def test_the_transcript_comes_as_pdf_and_goes_by_mail_without_notes(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    taken(server, page)
    with page.expect_download() as download:
        page.click("#transcript-pdf")
    assert Path(str(download.value.path())).read_bytes().startswith(b"%PDF")
    expect(page.locator("#transcript-to")).to_have_value("marie.dupont@example.org")
    page.click("#transcript-form button")
    expect(page.locator("#log .message.note")).to_contain_text("Transcription envoyée à marie.dupont@example.org.")
    with server.context.database.reading() as session:
        item = session.execute(sa.select(OutboxItem)).scalar_one()
    assert item.payload["to"] == "marie.dupont@example.org"
    assert [e["content_type"] for e in item.payload["enclosures"]] == ["application/pdf"]


def test_a_notification_of_the_system_comes_when_wanted_and_not_looked_at(server: DeskServer, open_desk: OpenDesk) -> None:
    page = open_desk()
    page.evaluate(
        """() => { window.shown = []; window.Notification = class extends EventTarget { static permission = "granted";
        constructor(text) { super(); window.shown.push(text); } close() {} };
        Object.defineProperty(document, "visibilityState", { get: () => "hidden" }); }"""
    )
    server.waiting("Personne ne regarde")
    expect(page.locator("#list-waiting .count")).to_have_text("1")
    assert page.evaluate("window.shown") == []
    page.click(".account")
    page.check("#notify")
    page.keyboard.press("Escape")
    server.waiting("Une autre")
    expect(page.locator("#list-waiting .count")).to_have_text("2")
    expect(page.locator("#announce")).to_contain_text("attend")
    assert [text for text in page.evaluate("window.shown") if "attend quelqu’un" in text] != []


@pytest.mark.parametrize(("width", "email"), [(375, CLAIRE), (820, KARIM)])
def test_small_screens_are_enough(taught: DeskServer, open_desk: OpenDesk, width: int, email: str) -> None:
    page = open_desk(email, viewport={"width": width, "height": 812}, color_scheme="dark")
    with taught.context.database.writing() as session:
        canned.import_replies(session, PROJECT / "data" / "demo" / "canned_replies.csv")
    taken(taught, page, TRANSFER)
    expect(page.locator("#use-suggestion")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_accessible(page)
    page.click("#show-context")
    expect(page.locator("#next-action")).to_be_in_viewport()
    check_accessible(page)
    page.click("#hide-context")
    page.locator("#reply-text").press_sequentially("/re")
    expect(page.locator("#canned")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
