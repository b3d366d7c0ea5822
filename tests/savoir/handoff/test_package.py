"""The hand-over package: out of what was said and known, in the agent's language, and nothing of whom nobody has checked."""

from __future__ import annotations

from datetime import timedelta

from savoir.conversations import service as conversations
from savoir.core.clock import OpeningHours
from savoir.core.database import Database
from savoir.customers.tables import Customer, Order, OwnedProduct, Product
from savoir.handoff import package
from savoir.handoff.service import Queue
from tests.conftest import Clock

HOURS = OpeningHours.parse("mo-su 00:00-23:59:59", "Europe/Paris", "")


def conversation_of(database: Database, clock: Clock, *texts: str, language: str = "fr", reason: str = "asked", **known: object) -> str:
    with database.writing() as session:
        row = conversations.start(session, channel="web", language=language, at=clock())
        for number, text in enumerate(texts):
            conversations.receive(session, conversation=row.id, client_id=f"c{number}", text=text, at=clock())
        package.with_facts(Queue(HOURS).hand_over)(session, row, {"reason": reason, "known": known}, clock())
        return str(row.id)


def identified(database: Database, clock: Clock, conversation: str, status: str = "delivered") -> None:
    with database.writing() as session:
        session.add_all([
            Product(id="nova-6", name="Nova 6", type="smartphone", warranty_months=24),
            Customer(id="C-1", first_name="Marie", last_name="Dupont", email="marie@example.org", language="fr", created_at=clock()),
        ])
        session.flush()
        session.add(Order(number="CMD-104512", customer="C-1", placed_at=clock(), status=status, lines=[{"product": "nova-6", "quantity": 1}]))
        session.flush()
        session.add(OwnedProduct(serial_number="NV2605694669", customer="C-1", product="nova-6", purchased_at=clock() - timedelta(days=9)))
        conversations.set_customer(session, conversation, "C-1")


def built(database: Database, clock: Clock, conversation: str, language: str = "fr") -> package.Package:
    with database.reading() as session:
        return package.build(session, conversations.find(session, conversation), language=language, at=clock())


def test_who_what_product_tried_wanted_and_mood_stand_in_the_agents_language(database: Database, clock: Clock) -> None:
    conversation = conversation_of(
        database, clock, "Bonjour", "Mon Nova 6 ne s'allume plus depuis hier. J'ai déjà essayé de le brancher toute la nuit.",
        "C'est inadmissible ! Je veux un remboursement.", intent="report_fault", product_model="Nova 6", symptom="power",
        diagnosis={"fr": "Diagnostic guidé : panne\n- Essayé : le bouton → sans effet", "en": "Guided diagnosis: fault\n- Tried: the button → no effect"},
        diagnosis_end="repair",
    )
    identified(database, clock, conversation)
    french, english = built(database, clock, conversation), built(database, clock, conversation, "en")
    assert french.who == "Marie Dupont, identité vérifiée"
    assert english.who == "Marie Dupont, identity verified"
    assert french.what == "Ne s'allume pas : «\u00a0Mon Nova 6 ne s'allume plus depuis hier.\u00a0»"
    assert english.what.startswith("Does not start: “Mon Nova 6")
    assert french.product == "Nova 6 · sous garantie jusqu'au 15 novembre 2028"
    assert "Tried: the button → no effect" in english.tried
    assert "«\u00a0J'ai déjà essayé de le brancher toute la nuit.\u00a0»" in french.tried
    assert "Je veux un remboursement." in french.wanted
    assert (french.mood, english.mood) == ("En colère", "Angry")
    assert (french.category.code, french.urgency.code, french.sentiment.code) == ("hardware.power", "p2", "negative")
    assert "proposez la réparation" in french.next_action


def test_nothing_of_an_account_is_told_before_the_identity_is_checked(database: Database, clock: Clock) -> None:
    conversation = conversation_of(database, clock, "Où est ma commande CMD-104512 ? Mon adresse est marie@example.org", intent="track_order")
    made = built(database, clock, conversation)
    assert made.who == "Client inconnu, identité non vérifiée (écrit sous marie@example.org)"
    assert ("order", "CMD-104512") in made.extracted
    assert "Dupont" not in str(made)
    assert made.next_action.startswith("Demandez le numéro de commande")


def test_a_late_order_is_what_comes_next(database: Database, clock: Clock) -> None:
    conversation = conversation_of(database, clock, "Where is my parcel?", language="en", intent="track_order")
    identified(database, clock, conversation, status="delayed")
    assert "CMD-104512 is late or lost" in built(database, clock, conversation, "en").next_action


def test_danger_goes_before_all(database: Database, clock: Clock) -> None:
    made = built(database, clock, conversation_of(database, clock, "La batterie gonfle et ça sent le brûlé", reason="safety"))
    assert (made.category.code, made.urgency.code) == ("safety.danger", "p1")
    assert made.next_action.startswith("Assurez-vous que la personne est hors de danger")


def test_who_only_asks_for_a_person_has_a_package_too(database: Database, clock: Clock) -> None:
    made = built(database, clock, conversation_of(database, clock, "je veux parler à un conseiller"))
    assert made.what == "N'a pas encore dit pourquoi"
    assert made.next_action == "Demandez ce qui amène le client : rien n'a été dit encore."


def test_a_second_hand_over_knows_what_is_known_now(database: Database, clock: Clock) -> None:
    conversation = conversation_of(database, clock, "mon casque grésille", intent="report_fault", symptom="sound")
    with database.writing() as session:
        row = conversations.lock(session, conversation)
        package.keep(session, row, {"intent": "ask_refund", "unheard": "of", "email": ""}, clock())
    with database.reading() as session:
        facts = session.get(package.HandoverFacts, conversation)
        assert facts is not None
        assert facts.known == {"intent": "ask_refund"}
    assert built(database, clock, conversation).category.code == "order.refund"
