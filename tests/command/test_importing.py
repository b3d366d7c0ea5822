"""Imports: a bad line is reported with its number, and nothing of its file is taken."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from savoir.command.importing import DEMO, DEMO_TODAY, demo_shift
from savoir.core.context import Context
from savoir.core.database import Database
from savoir.core.importing import FaultyFile
from savoir.core.settings import Settings
from savoir.customers import importing
from savoir.customers.service import order_state
from savoir.customers.tables import Customer, Order, Product, Shipment


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_every_bad_line_is_named_and_none_of_the_file_is_taken(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.csv", "id,name,type,price_cents", "a,A,smartphone,100", "b,,smartphone,100", "c,C,spaceship,1", "d,D,laptop,12 €", "e,E"
    )
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        importing.import_products(session, path)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5, 6]
    assert "spaceship" in str(caught.value.faults[1])
    assert count(database, Product) == 0


def test_json_lines_are_taken_like_csv(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", '{"id": "a", "name": "A", "type": "laptop", "price_cents": 100}', "", '{"id": "b", "name": "B", "type": "camera"}')
    with database.writing() as session:
        assert importing.import_products(session, path) == 2


@pytest.mark.parametrize(("content", "said"), [(b"id,name\n\xe9,x\n", "UTF-8"), (b"", "empty"), (b'id,name,type\n"a,b\n', "CSV")])
def test_a_file_of_another_kind_says_what_was_expected(database: Database, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(content)
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        importing.import_products(session, path)
    assert said in str(caught.value.faults[0])


def test_a_customer_twice_in_a_file_is_a_fault(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", "id,first_name,last_name,email,language", "1,A,B,a@example.org,fr", "1,C,D,c@example.org,fr")
    with pytest.raises(FaultyFile, match="nothing was imported"), database.writing() as session:
        importing.import_customers(session, path)


def test_an_order_of_nobody_and_a_time_without_offset_are_faults(database: Database, tmp_path: Path) -> None:
    header = "number,customer,placed_at,status,lines"
    path = write(tmp_path / "o.csv", header, "CMD-1,C-9,2026-01-01T10:00:00,shipped,a:1:100")
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        importing.import_orders(session, path)
    assert "C-9" in str(caught.value.faults[0])


def test_the_demo_firm_is_taken_twice_without_doubling(database: Database) -> None:
    for _ in range(2):
        with database.writing() as session:
            importing.import_products(session, DEMO / "products.csv")
            importing.import_customers(session, DEMO / "customers.csv", timedelta(days=3))
            importing.import_orders(session, DEMO / "orders.csv", timedelta(days=3))
            importing.import_shipments(session, DEMO / "shipments.csv", timedelta(days=3))
    assert [count(database, table) for table in (Product, Customer, Order, Shipment)] == [41, 300, 600, 30]


def test_a_parcel_of_no_order_or_with_what_was_not_ordered_is_a_fault(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        session.add(Customer(id="C-1", first_name="A", last_name="B", email="a@example.org", language="fr"))
        session.flush()
        placed = datetime(2026, 11, 1, tzinfo=timezone.utc)
        session.add(Order(number="CMD-1", customer="C-1", placed_at=placed, status="shipped", lines=[{"product": "a", "quantity": 1, "unit_cents": 1}]))
    header = "order,parcel,status,lines"
    path = write(tmp_path / "s.csv", header, "CMD-1,1,shipped,a:1", "CMD-2,1,shipped,a:1", "CMD-1,2,shipped,b:1", "CMD-1,0,shipped,a:1", "CMD-1,3,shipped,a")
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        importing.import_shipments(session, path)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5, 6]


def test_the_demo_firms_split_orders_tell_the_same_as_their_parcels(database: Database) -> None:
    with database.writing() as session:
        importing.import_customers(session, DEMO / "customers.csv")
        importing.import_orders(session, DEMO / "orders.csv")
        importing.import_shipments(session, DEMO / "shipments.csv")
        numbers = {number for (number,) in session.query(Shipment.order_number)}
        for number in numbers:
            state = order_state(session, order_number=number, at=DEMO_TODAY)
            order = session.get(Order, number)
            held = Counter()
            for line in (line for parcel in state.parcels for line in parcel.lines):
                held[line.product] += line.quantity
            assert held == {line["product"]: line["quantity"] for line in order.lines}, number
            assert (state.delivered_on is not None) == (order.delivered_at is not None), number
            assert state.kind == ("delivered" if order.delivered_at else "several_parcels"), number


@pytest.mark.parametrize("hour", ["2026-12-01T00:05:00+01:00", "2026-12-01T11:59:00+01:00", "2026-12-01T23:55:00+01:00"])
def test_what_arrives_on_the_demos_day_arrives_today_at_any_hour(database: Database, tmp_path: Path, hour: str) -> None:
    the = Context(Settings(_env_file=None, var=tmp_path), database, clock=lambda: datetime.fromisoformat(hour))
    assert demo_shift(the) == timedelta(days=7)
