"""Adding to tickets: once however often, reopened, followed up, and no second ticket for the same matter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Optional

import pytest

from savoir.conversations import service as conversations
from savoir.core.context import Context
from savoir.customers.tables import Customer
from savoir.tickets import service
from savoir.tickets.service import Filed, NewTicket


def request(**more: Any) -> NewTicket:
    return NewTicket(**{
        "channel": "web", "language": "fr", "subject": "Nova 6 – écran noir", "body": "écran noir", "category": "hardware.screen", **more
    })


def begin(context: Context, **more: Any) -> str:
    with context.database.writing() as session:
        return str(conversations.start(session, channel="web", language="fr", at=context.clock(), **more).id)


def photo(context: Context, conversation: str) -> str:
    with context.database.writing() as session:
        return conversations.add_attachment(
            session, conversation=conversation, content_type="image/jpeg", width=4, height=3, content=b"x", at=context.clock()
        )


def opened(context: Context, key: str = "k", state: Optional[str] = None, **more: Any) -> str:
    with context.database.writing() as session:
        ticket = service.open_ticket(session, request(**more), key=key, at=context.clock())
        if state:
            service.set_state(session, ticket, state=state, actor="marie", at=context.clock())
        return str(ticket.number)


def add(context: Context, number: str, text: str = "ça recommence", key: str = "add", **more: Any) -> Filed:
    with context.database.writing() as session:
        return service.add_to_ticket(session, service.by_number(session, number), text=text, key=key, at=context.clock(), **more)


def file(context: Context, key: str = "again", after: timedelta = timedelta(minutes=5), **more: Any) -> Filed:
    with context.database.writing() as session:
        return service.open_or_add(session, request(**more), key=key, at=context.clock() + after)


def lines(context: Context, number: str) -> list[tuple[str, str, str]]:
    with context.database.reading() as session:
        return [(e.kind, e.actor, e.text) for e in service.history(session, service.by_number(session, number))][1:]


def test_words_are_added_once_however_often(context: Context) -> None:
    number = opened(context)
    first, again = add(context, number), add(context, number, "something else")
    assert (first.how, again.how, again.ticket.number) == ("added", "added", number)
    assert lines(context, number) == [("added", "customer", "ça recommence")]


def test_photos_of_the_conversation_come_with_the_ticket_and_later_ones_are_added(context: Context) -> None:
    conversation, elsewhere = begin(context), begin(context)
    first = photo(context, conversation)
    number = opened(context, conversation=conversation)
    second, third = photo(context, elsewhere), photo(context, conversation)
    added = add(context, number, conversation=elsewhere)
    with context.database.reading() as session:
        ticket = service.by_number(session, number)
        assert [p["id"] for p in ticket.photos] == [first, second]
        assert [(p["id"], p["conversation"]) for p in service.history(session, ticket)[-1].photos] == [(second, elsewhere)]
        assert [p["id"] for p in service.photos_of(session, ticket)] == [first, second, third]
    assert added.how == "added"


@pytest.mark.parametrize(
    ("state", "after", "how"),
    [("solved", "open", "reopened"), ("pending_customer", "open", "added"), ("pending_third_party", "pending_third_party", "added"), ("new", "new", "added")],
)
def test_what_a_customer_adds_opens_what_waited_for_it(context: Context, state: str, after: str, how: str) -> None:
    number = opened(context, state=state)
    filed = add(context, number)
    assert (filed.how, filed.ticket.state) == (how, after)


def test_a_closed_ticket_stays_closed_and_a_new_one_names_it(context: Context) -> None:
    conversation = begin(context)
    number = opened(context, state="closed", email="x@example.org", urgency="p2")
    filed, again = add(context, number, conversation=conversation), add(context, number, conversation=conversation)
    assert (filed.how, again.how, again.ticket.id) == ("followed_up", "followed_up", filed.ticket.id)
    assert filed.earlier is not None
    assert again.earlier is not None
    assert filed.earlier.number == again.earlier.number == number
    assert filed.ticket.subject == f"Suite de {number} : Nova 6 – écran noir"
    assert (filed.ticket.state, filed.ticket.urgency, filed.ticket.email, filed.ticket.conversation) == ("new", "p2", "x@example.org", conversation)
    with context.database.writing() as session:
        old, new = service.by_number(session, number), service.by_number(session, filed.ticket.number)
        assert old.state == "closed"
        assert [t.id for t in service.followed_by(session, old)] == [new.id]
        service.set_state(session, new, state="closed", actor="marie", at=context.clock())
    assert lines(context, number)[-1] == ("followed", "customer", filed.ticket.number)
    third = add(context, filed.ticket.number, key="third")
    assert third.ticket.subject == f"Suite de {filed.ticket.number} : Nova 6 – écran noir"


def test_a_customer_closes_a_ticket_once(context: Context) -> None:
    number = opened(context)
    with context.database.writing() as session:
        assert service.close_by_customer(session, service.by_number(session, number), at=context.clock())
        assert not service.close_by_customer(session, service.by_number(session, number), at=context.clock())
    assert lines(context, number) == [("state", "customer", "new → closed")]


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ({"product_model": "nova-6"}, {"product_model": "nova-6", "category": "hardware.battery"}, True),
        ({"product_model": "nova-6"}, {"product_model": "nova-6", "category": "order.return"}, False),  # another queue's matter
        ({"product_model": "nova-6"}, {"product_model": "murmure"}, False),
        ({}, {}, True),
        ({"product_type": "smartphone"}, {"product_type": "tablet"}, False),
        ({"category": "order.refund"}, {"category": "billing.invoice"}, False),
        ({"category": "general.other"}, {"category": "general.other"}, False),  # says nothing of the matter
        ({"category": "hardware.screen"}, {"category": "safety.danger"}, False),
    ],
)
def test_the_same_matter_is_the_same_product_or_category(context: Context, before: dict[str, Any], now: dict[str, Any], same: bool) -> None:
    opened(context, email="x@example.org", conversation=begin(context), **before)
    assert file(context, email="X@example.org", conversation=begin(context), body="autre chose", **now).how == ("added" if same else "opened")
    with context.database.reading() as session:
        assert len(service.in_states(session, service.OPEN)) == (1 if same else 2)


def test_within_one_conversation_an_unnamed_matter_is_the_same(context: Context) -> None:
    conversation = begin(context)
    opened(context, conversation=conversation, category="general.other")
    assert file(context, conversation=conversation, category="general.other", body="et aussi ceci").how == "added"


@pytest.mark.parametrize("state", ["solved", "closed"])
def test_only_open_and_recent_tickets_of_the_same_person_are_added_to(context: Context, state: str) -> None:
    opened(context, key="done", state=state, email="x@example.org")
    opened(context, key="other", email="y@example.org")
    assert file(context, key="a", email="x@example.org").how == "opened"
    assert file(context, key="b").how == "opened"  # nobody is known: nothing to compare
    assert file(context, key="c", email="x@example.org", body="plus tard", after=timedelta(days=29)).how == "added"
    assert file(context, key="d", email="x@example.org", body="bien plus tard", after=timedelta(days=60)).how == "opened"


def test_only_what_is_new_is_added_and_nothing_new_is_known(context: Context) -> None:
    conversation = begin(context)
    number = opened(context, conversation=conversation, body="écran noir\ndepuis hier")
    assert file(context, "a", conversation=conversation, body="écran noir\ndepuis hier\nil vibre encore").how == "added"
    assert lines(context, number) == [("added", "customer", "il vibre encore")]
    assert file(context, "b", conversation=conversation, body="depuis hier\nil vibre encore").how == "known"
    assert file(context, "a", conversation=conversation, body="whatever").how == "added"  # a repeated turn
    assert len(lines(context, number)) == 1


def test_what_is_more_urgent_makes_the_ticket_so_and_fills_what_was_not_known(context: Context) -> None:
    conversation = begin(context)
    opened(context, conversation=conversation, urgency="p3")
    filed = file(context, conversation=conversation, urgency="p2", body="c'est urgent", product_model="nova-6", email="x@example.org")
    assert (filed.ticket.urgency, filed.ticket.product_model, filed.ticket.email) == ("p2", "nova-6", "x@example.org")


def test_who_only_typed_the_address_is_not_told_the_number_and_changes_no_facts(context: Context) -> None:
    with context.database.writing() as session:
        session.add(Customer(id="C-1", first_name="x", last_name="y", email="x@example.org", language="fr"))
    opened(context, email="x@example.org", customer="C-1", conversation=begin(context))
    stranger = file(context, "a", email="x@example.org", conversation=begin(context), body="un", symptom="screen")
    assert (stranger.how, stranger.number_may_be_told, stranger.ticket.symptom) == ("added", False, None)
    themselves = file(context, "b", email="x@example.org", customer="C-1", conversation=begin(context), body="deux")
    assert (themselves.how, themselves.number_may_be_told) == ("added", True)


@pytest.mark.parametrize("category", ["fraud.report", "privacy.erasure"])
def test_after_a_fraud_or_an_erasure_no_rating_is_asked_for(context: Context, category: str) -> None:
    conversation = begin(context)
    with context.database.writing() as session:
        conversations.receive(session, conversation=conversation, client_id="c", text="bonjour", at=context.clock())
        assert conversations.should_offer_rating(session, conversation)
        service.open_ticket(session, request(category=category, conversation=conversation), key="k", at=context.clock())
        assert not conversations.should_offer_rating(session, conversation)
