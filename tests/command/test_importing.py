"""Imports: a bad line is reported with its number, and nothing of its file is taken."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from savoir.command.importing import DEMO
from savoir.core.database import Database
from savoir.core.importing import FaultyFile
from savoir.customers import importing
from savoir.customers.tables import Customer, Order, Product


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
    assert (count(database, Product), count(database, Customer), count(database, Order)) == (41, 300, 600)
