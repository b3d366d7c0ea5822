"""Tickets: opened once however often, seen only by whose they are."""

from __future__ import annotations

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.customers.tables import Customer
from savoir.tickets import service
from savoir.tickets.service import NewTicket


def open_one(context: Context, key: str = "k", **more: object) -> str:
    with context.database.writing() as session:
        new = NewTicket(channel="web", language="fr", subject="Nova 6", body="ne s'allume plus", **more)  # type: ignore[arg-type]
        return str(service.open_ticket(session, new, key=key, at=context.clock()).number)


def begin(context: Context, **more: object) -> str:
    with context.database.writing() as session:
        return str(conversations.start(session, channel="web", language="fr", at=context.clock(), **more).id)  # type: ignore[arg-type]


def seen(context: Context, number: str, conversation: str, email: str = "") -> bool:
    with context.database.reading() as session:
        return service.visible_ticket(session, number=number, conversation=conversation, email=email or None) is not None


def test_the_same_key_opens_one_ticket(context: Context) -> None:
    assert open_one(context) == open_one(context) == "SAV-000001"
    assert open_one(context, key="other") == "SAV-000002"


def test_a_ticket_goes_to_the_queue_of_its_category(context: Context) -> None:
    number = open_one(context, category="hardware.screen")
    with context.database.reading() as session:
        assert service.by_number(session, number).queue == "technical"


def test_a_ticket_is_seen_in_its_conversation_with_its_address_or_by_its_customer(context: Context) -> None:
    with context.database.writing() as session:
        session.add(Customer(id="C-1", first_name="x", last_name="y", email="x@example.org", language="fr"))
    own, stranger, identified = begin(context), begin(context), begin(context, customer="C-1")
    number = open_one(context, conversation=own, email="Camille@example.org", customer="C-1")
    assert seen(context, number, own)
    assert seen(context, number, stranger, "camille@EXAMPLE.org")
    assert seen(context, number, identified)
    assert not seen(context, number, stranger)
    assert not seen(context, number, stranger, "james@example.com")
    assert not seen(context, "SAV-999999", own)
    assert not seen(context, "nonsense", own)


def test_the_history_says_what_happened_and_who_did_it(context: Context) -> None:
    number = open_one(context)
    with context.database.writing() as session:
        ticket = service.by_number(session, number)
        service.set_state(session, ticket, state="open", actor="marie", at=context.clock())
        service.add_note(session, ticket, text="rappelé", actor="marie", at=context.clock())
    with context.database.reading() as session:
        history = service.history(session, service.by_number(session, number))
    assert [(e.kind, e.actor, e.text) for e in history] == [
        ("opened", "assistant", ""), ("state", "marie", "new → open"), ("note", "marie", "rappelé")
    ]
