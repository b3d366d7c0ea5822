"""Camille, about whom every room holds something, and James, whose data must not be touched."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from savoir.conversations import service as conversations
from savoir.conversations.service import Reply
from savoir.conversations.tables import Conversation
from savoir.core.context import Context
from savoir.core.personal_data import Person
from savoir.customers import service as customers
from savoir.customers.tables import (
    Cancellation,
    ContactChange,
    Customer,
    DeliveryClaim,
    Order,
    OwnedProduct,
    PaymentReport,
    Product,
    ReturnRequest,
    Shipment,
)
from savoir.diagnosis.tables import PartNotice, PartOrder, SparePart
from savoir.handoff import package
from savoir.handoff.tables import Callback
from savoir.knowledge import feedback
from savoir.knowledge.service import Answer
from savoir.privacy import service as privacy
from savoir.repairs.tables import Appointment, Repair
from savoir.tickets.service import NewTicket, add_note, open_ticket

SECRETS = (
    "Rousseau", "camille@example.org", "+33639980001", "12 rue du Port", "44000", "CV1", "NV2204518837", "s'éteint toute seule", "je vous ai écrit",
    "parce que trop petit", "le carton était ouvert", "je suis débitée", "14 rue des Lilas", "note secrète", "trop lent",
)
"""Everything by which one could know Camille again."""


class People:
    """The two people: their conversations, and the trackers' database."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.camille = self._live("C-1", "Camille", "Rousseau", "camille@example.org", "1")
        self.james = self._live("C-2", "James", "Porter", "james@example.org", "2")
        context.settings.var.mkdir(parents=True, exist_ok=True)
        self.trackers = sa.create_engine(context.settings.trackers)
        with self.trackers.begin() as connection:
            connection.execute(sa.text("create table events (id integer primary key, sender_id varchar(255), data text)"))
            for number, conversation in enumerate((self.camille, self.camille, self.james)):
                connection.execute(
                    sa.text("insert into events values (:id, :sender, :data)"),
                    {"id": number, "sender": conversation, "data": json.dumps({"event": "user", "text": "je vous ai écrit"})},
                )

    def _live(self, id: str, first: str, last: str, email: str, n: str) -> str:
        at, is_camille = self.context.clock(), n == "1"
        with self.context.database.writing() as s:
            if is_camille:
                s.add(Product(id="nova-6", name="Nova 6", type="smartphone"))
                s.add(SparePart(id="p", kind="battery", name_fr="x", name_en="x", products=[], price_cents=1, stock=1, is_self_fit=True))
            s.add(
                Customer(
                    id=id, first_name=first, last_name=last, email=email, phone=f"+3363998000{n}", language="fr", street=f"{n}2 rue du Port",
                    postal_code="44000", city="Nantes", country="FR", created_at=at,
                )
            )
            s.flush()
            order = f"CMD-10000{n}"
            s.add(
                Order(
                    number=order, customer=id, placed_at=at, status="delivered", recipient=f"{first} {last}", street=f"{n}2 rue du Port",
                    postal_code="44000", city="Nantes", country="FR", tracking_number=f"CV{n}", total_cents=54900, shipping_cents=0,
                    lines=[{"product": "nova-6", "quantity": 1, "unit_cents": 54900}],
                )
            )
            s.flush()
            s.add(OwnedProduct(serial_number=f"NV220451883{6 + int(n)}", customer=id, product="nova-6", order_number=order, purchased_at=at))
            s.add(Shipment(order_number=order, parcel=1, status="delivered", tracking_number=f"CV{n}", lines=[]))
            s.add(Cancellation(order_number=order, key=f"a{n}", refund_cents=0, reason="parce que trop petit", at=at))
            s.add(
                ReturnRequest(
                    key=f"b{n}", kind="return", order_number=order, line=0, product="nova-6", quantity=1, reason="parce que trop petit", right="x",
                    label="x", product_cents=54900, delivery_cents=0, state="requested", requested_at=at, state_at=at,
                )
            )
            s.add(
                DeliveryClaim(
                    key=f"c{n}", order_number=order, kind="damaged", products=[], note="le carton était ouvert", remedy="x", is_in_time=True,
                    opened_at=at,
                )
            )
            s.add(PaymentReport(key=f"d{n}", kind="double_charge", customer=id, order_number=order, note="je suis débitée deux fois", at=at))
            s.add(ContactChange(key=f"e{n}", customer=id, field="address", old="14 rue des Lilas", new=f"{n}2 rue du Port", at=at))
            repair = f"REP-00000{n}"
            s.add(
                Repair(
                    number=repair, customer=id, serial_number=f"NV220451883{6 + int(n)}", product="nova-6", opened_at=at, status="closed",
                    symptom="s'éteint toute seule", quote_cents=9900,
                )
            )
            s.flush()
            s.add(
                Appointment(
                    key=f"f{n}", repair=repair, department="44", postal_code="44000", day=date(2026, 11, 20), starts_at=at, ends_at=at, state="cancelled",
                    created_at=at,
                )
            )
            s.add(
                PartOrder(
                    key=f"g{n}", part="p", quantity=1, customer=id, recipient=f"{first} {last}", street=f"{n}2 rue du Port", postal_code="44000",
                    city="Nantes", unit_cents=2900, shipping_cents=0, total_cents=2900, state="delivered", ordered_at=at,
                )
            )
            s.add(PartNotice(part="p", customer=id, asked_at=at))
            conversation = str(conversations.start(s, channel="web", language="fr", at=at).id)
            conversations.receive(s, conversation=conversation, client_id="m1", text=f"je vous ai écrit, {last}", at=at)
            row = conversations.lock(s, conversation)
            conversations.speak(s, row, author="assistant", text=Reply(f"Bonjour {first}").text, at=at)
            conversations.speak(s, row, author="agent", text="note secrète", private=True, at=at)
            photo = conversations.add_attachment(s, conversation=conversation, content_type="image/jpeg", width=1, height=1, content=b"JPEG" + n.encode(), at=at)
            conversations.receive(s, conversation=conversation, client_id="m2", attachments=[photo], at=at)
            conversations.rate(s, conversation=conversation, score=2, comment="trop lent", at=at)
            customers.identify(s, conversation=conversation, order_number=order, proof=email, key=f"h{n}", at=at)
            conversations.set_customer(s, conversation, id)
            ticket = open_ticket(
                s, NewTicket("web", "fr", "s'éteint toute seule", f"je vous ai écrit, {last}", email=email, customer=id, conversation=conversation), key=f"i{n}",
                at=at,
            )
            add_note(s, ticket, text=f"note secrète sur {last}", actor="agent-1", at=at)
            s.add(
                Callback(
                    key=f"j{n}", state="booked", starts_at=at, ends_at=at + timedelta(hours=1), place=int(n), phone=f"+3363998000{n}", language="fr",
                    reason="s'éteint toute seule", conversation=conversation, created_at=at,
                )
            )
            s.flush()
            feedback.asked(
                s, key=f"l{n}", conversation=conversation, question=f"je vous ai écrit : quel chargeur pour le Nova 6 ? {last}, 12 rue du Port", language="fr",
                answer=Answer("none", None, "", (), "fr"), at=at, customer=id,
            )
            package.keep(s, conversations.lock(s, conversation), {"email": email, "intent": "track_order"}, at)
            customers.request_code(s, self.context.settings, conversation=conversation, purpose="export", language="fr", key=f"k{n}", at=at, customer=id)
        return conversation

    def person(self, email: str = "camille@example.org") -> Person:
        with self.context.database.reading() as session:
            found = privacy.person_of(session, email=email)
        assert found is not None
        return found

    def tracker_owners(self) -> list[str]:
        with self.trackers.connect() as connection:
            return [row[0] for row in connection.execute(sa.text("select sender_id from events order by id"))]

    def everything(self) -> dict[str, list[Any]]:
        """The whole database, table by table, as text."""
        with self.context.database.engine.connect() as connection:
            return {t.name: [tuple(map(str, row)) for row in connection.execute(sa.select(t))] for t in Conversation.metadata.sorted_tables}


@pytest.fixture
def people(context: Context) -> People:
    made = People(context)
    yield made  # type: ignore[misc]
    made.trackers.dispose()
