"""Erasure: nothing of the person is left but what accounting needs, and nobody else loses anything."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from savoir.core import outbox
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.outbox_runner import OutboxRunner
from savoir.core.tables import OutboxItem
from savoir.customers import importing
from savoir.customers.tables import Customer, Order
from savoir.diagnosis.tables import PartOrder
from savoir.privacy import service as privacy
from savoir.privacy.export import gather
from savoir.privacy.tables import PrivacyCopy, PrivacyEvent, PrivacyRequest
from savoir.repairs.importing import import_repairs
from savoir.repairs.tables import Repair
from savoir.tickets import service as tickets
from savoir.tickets.tables import Ticket
from tests.conftest import Clock
from tests.savoir.privacy.conftest import SECRETS, People


def erase(context: Context, **about: Any) -> int:
    with context.database.writing() as session:
        row = privacy.receive(session, kind="erasure", language="fr", key=f"r{about}", at=context.clock(), **about)
        privacy.confirm(session, row.id, at=context.clock())
        privacy.carry_out_erasure(session, context.settings, row.id, at=context.clock())
        return int(row.id)


def rows_with(people: People, secret: str) -> list[str]:
    return [
        name for name, rows in people.everything().items()
        for row in rows if any(secret in value for value in row) and name not in ("product", "spare_part")
    ]


def test_nothing_by_which_one_could_know_her_is_left(context: Context, people: People) -> None:
    before = {secret: rows_with(people, secret) for secret in SECRETS}
    assert all(before.values())
    erase(context, customer="C-1")
    for secret in SECRETS:
        left = rows_with(people, secret)
        if secret == "camille@example.org":
            assert left == ["outbox_item"], "the mail that says so, until it is sent"
        elif secret in ("Rousseau", "+33639980001", "12 rue du Port", "NV2204518837", "CV1"):
            assert left == [], secret
        else:
            assert len(left) * 2 == len(before[secret]), f"his half of {secret}"


def test_nobody_else_loses_anything(context: Context, people: People) -> None:
    def of_james() -> dict[str, list[Any]]:
        with context.database.reading() as session:
            return gather(session, people.person("james@example.org")).sections

    before = of_james()
    erase(context, customer="C-1")
    assert of_james() == before
    assert people.tracker_owners() == [people.james]


def test_the_accounts_keep_numbers_dates_and_amounts(context: Context, people: People) -> None:
    erase(context, customer="C-1")
    with context.database.reading() as session:
        order, repair = session.get(Order, "CMD-100001"), session.get(Repair, "REP-000001")
        part, customer = session.query(PartOrder).filter_by(customer="C-1").one(), session.get(Customer, "C-1")
        assert (order.total_cents, order.lines[0]["product"], order.recipient, order.street) == (54900, "nova-6", None, None)
        assert (repair.quote_cents, repair.symptom) == (9900, None)
        assert (part.total_cents, part.recipient) == (2900, "")
        assert (customer.first_name, customer.email, customer.erased_at) == ("", "C-1@erased.invalid", context.clock())


def test_tickets_keep_their_kind_without_a_word(context: Context, people: People) -> None:
    erase(context, customer="C-1")
    with context.database.reading() as session:
        ticket = session.query(Ticket).order_by(Ticket.id).first()
    assert (ticket.state, ticket.category, ticket.subject, ticket.body, ticket.email, ticket.customer) == ("closed", "general.other", "", "", None, None)


def test_what_she_added_to_somebody_elses_ticket_is_told_and_erased_and_his_words_stay(context: Context, people: People) -> None:
    with context.database.writing() as session:
        his = tickets.by_number(session, "SAV-000002")
        tickets.add_to_ticket(session, his, text="moi aussi, à Nantes", key="t", at=context.clock(), conversation=people.camille)
    with context.database.reading() as session:
        assert gather(session, people.person()).sections["ticket_additions"][0]["text"] == "moi aussi, à Nantes"
    erase(context, customer="C-1")
    assert rows_with(people, "moi aussi") == []
    assert "ticket" in rows_with(people, "je vous ai écrit, Porter")


def test_she_is_told_by_mail_and_the_audit_holds_counts_only(context: Context, people: People) -> None:
    request = erase(context, customer="C-1")
    with context.database.reading() as session:
        mail = session.query(OutboxItem).filter_by(key=f"privacy:{request}:erased").one()
        events = session.query(PrivacyEvent).order_by(PrivacyEvent.id).all()
        row = session.get(PrivacyRequest, request)
    assert mail.payload["to"] == "camille@example.org"
    assert "L123-22" in mail.payload["text"]
    assert [e.action for e in events] == ["received", "confirmed", "erased"]
    assert (events[-1].counts["conversations"], events[-1].counts["tracker_events"]) == (1, 2)
    assert (row.state, row.done_at, row.conversation) == ("done", context.clock(), None)


@pytest.mark.parametrize(
    ("table", "key", "change", "number"),
    [(Order, "CMD-100001", {"status": "shipped"}, "CMD-100001"), (Repair, "REP-000001", {"status": "repairing"}, "REP-000001"), (PartOrder, 1, {"state": "shipped"}, "PCE-000001")],
)
def test_an_erasure_waits_for_what_is_under_way(context: Context, people: People, table: Any, key: Any, change: dict[str, str], number: str) -> None:
    with context.database.writing() as session:
        row = session.get(table, key)
        for name, value in change.items():
            setattr(row, name, value)
    with context.database.writing() as session:
        request = int(privacy.receive(session, kind="erasure", language="fr", key="r", at=context.clock(), customer="C-1").id)
    with pytest.raises(Problem) as caught, context.database.writing() as session:
        privacy.confirm(session, request, at=context.clock())
    assert (caught.value.code, caught.value.extra["numbers"]) == ("erasure-must-wait", [number])
    with context.database.reading() as session:
        assert [r.state for r in privacy.open_requests(session)] == ["received"]


def test_without_an_account_one_conversation_is_erased(context: Context, people: People) -> None:
    erase(context, conversation=people.camille)
    with context.database.reading() as session:
        assert session.get(Customer, "C-1").email == "camille@example.org"
    assert people.tracker_owners() == [people.james]
    assert rows_with(people, "note secrète") == ["message", "ticket_event"], "his"


def test_an_import_does_not_bring_back_who_was_erased(context: Context, people: People, tmp_path: Path) -> None:
    erase(context, customer="C-1")
    people_file, orders = tmp_path / "c.csv", tmp_path / "o.csv"
    people_file.write_text("id,first_name,last_name,email,language\nC-1,Camille,Rousseau,camille@example.org,fr\n", encoding="utf-8")
    orders.write_text(
        "number,customer,placed_at,status,recipient,street,lines\nCMD-100001,C-1,2026-01-01T10:00:00+01:00,delivered,Camille Rousseau,12 rue du Port,nova-6:1:54900\n",
        encoding="utf-8",
    )
    repairs = tmp_path / "r.csv"
    repairs.write_text(
        "number,customer,opened_at,status,symptom\nREP-000001,C-1,2026-01-01T10:00:00+01:00,closed,chez Mme Rousseau\n", encoding="utf-8"
    )
    with context.database.writing() as session:
        importing.import_customers(session, people_file)
        importing.import_orders(session, orders)
        import_repairs(session, repairs)
    assert rows_with(people, "Rousseau") == []


def test_copies_that_were_made_are_erased_too(context: Context, people: People) -> None:
    with context.database.writing() as session:
        row = privacy.receive(session, kind="export", language="fr", key="x", at=context.clock(), customer="C-1")
        privacy.confirm(session, row.id, at=context.clock())
        privacy.carry_out_export(session, context.settings, row.id, at=context.clock())
    erase(context, customer="C-1")
    with context.database.reading() as session:
        assert session.query(PrivacyCopy).count() == 0


def test_the_outbox_erases_a_quarter_of_an_hour_after_the_confirmation(context: Context, people: People, clock: Clock) -> None:
    with context.database.writing() as session:
        row = privacy.receive(session, kind="erasure", language="fr", key="r", at=clock(), customer="C-1", conversation=people.camille)
        privacy.confirm(session, row.id, at=clock())
        assert not outbox.is_due(session, kinds=["privacy_erasure"], at=clock())
    clock.forward(minutes=15)

    async def run() -> None:
        work = privacy.PrivacyWork(context)
        runner = OutboxRunner(context, handlers={"privacy_export": work.export, "privacy_erasure": work.erase})
        await runner.start()
        for _ in range(300):
            await asyncio.sleep(0.02)
            with context.database.reading() as session:
                if not privacy.open_requests(session):
                    break
        await runner.stop()

    asyncio.run(run())
    assert people.tracker_owners() == [people.james]
    with context.database.reading() as session:
        assert session.get(Customer, "C-1").erased_at == clock()


def test_where_rasa_never_kept_anything_there_is_nothing_to_erase(context: Context, people: People, tmp_path: Path) -> None:
    context.settings.tracker_url = f"sqlite:///{tmp_path / 'none.db'}"
    erase(context, customer="C-1")
    assert not (tmp_path / "none.db").exists()
