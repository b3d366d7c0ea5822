"""Technicians and prices come from files; the demo firm's fit its repairs and its articles."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Callable

import pytest
import sqlalchemy as sa

from savoir.command.importing import DEMO
from savoir.core.database import Database
from savoir.core.importing import FaultyFile
from savoir.customers import importing as customers
from savoir.customers import service as shop
from savoir.repairs import importing, service
from savoir.repairs.slots import Diary
from savoir.repairs.tables import Technician

SYMPTOM = {"Écran": "screen", "Screen": "screen", "Vitre": "screen", "Dalle": "screen", "Verre": "screen", "Glass": "screen", "Tombé": "water",
           "ventilateur": "noise", "S'éteint": "power", "Wi-Fi": "connectivity", "son": "sound"}


@pytest.fixture
def demo(database: Database) -> None:
    with database.writing() as session:
        customers.import_products(session, DEMO / "products.csv")
        importing.import_prices(session, DEMO / "repair_prices.csv")


def test_the_demo_firms_technicians_cover_all_of_metropolitan_france(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.delete(Technician))
        for _ in range(2):
            assert importing.import_technicians(session, DEMO / "technicians.csv") == 10
        departments = [f"{n:02d}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
        at = datetime.fromisoformat("2026-11-24T12:00:00+01:00")
        assert [d for d in departments if not Diary(session, d, "television", at).technicians] == []


def test_the_demo_firms_prices_are_those_of_its_fixed_price_quotes(database: Database, demo: None) -> None:
    seen = 0
    with database.reading() as session, open(DEMO / "repairs.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            symptom = next((s for word, s in SYMPTOM.items() if word in row["symptom"]), None)
            price = service.price_of(session, product=shop.product(session, row["product"]), symptom=symptom)
            if row["quote_cents"] and price.outcome == "fixed":
                seen += 1
                assert price.cents == int(row["quote_cents"]), row
    assert seen >= 5


@pytest.mark.parametrize(
    ("read", "text", "named"),
    [
        pytest.param(
            importing.import_technicians, "id,name,skills,departments,hours\na,A,television,44,always\n", "hours", id="a technician with unreadable hours"
        ),
        pytest.param(
            importing.import_technicians, "id,name,skills,departments,hours\na,Nora Belaïd,television,44,mo-fr 08:00-12:00\n", "nora",
            id="two technicians of one name",
        ),
        pytest.param(
            importing.import_prices, "product_type,product,symptom,price_cents\ntablet,nova-6,screen,1\n", "nova-6", id="a price for a model of another type"
        ),
    ],
)
def test_a_wrong_line_is_a_fault_that_names_what_is_wrong(
    database: Database, tmp_path: Path, read: Callable[..., object], text: str, named: str
) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        read(session, path)
    assert named in str(caught.value.faults[0])
