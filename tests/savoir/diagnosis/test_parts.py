"""Spare parts: found by model and symptom, ordered once, never more than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Optional

import pytest

from savoir.command.importing import DEMO
from savoir.core.database import Database
from savoir.core.importing import FaultyFile
from savoir.customers import importing as customers
from savoir.customers import service as shop
from savoir.customers.tables import Customer
from savoir.diagnosis import importing, parts
from savoir.diagnosis.parts import PartOrdering
from savoir.diagnosis.tables import SparePart
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def firm(database: Database) -> None:
    with database.writing() as session:
        customers.import_products(session, DEMO / "products.csv")
        importing.import_spare_parts(session, DEMO / "spare_parts.csv")
        for id, street in (("C-1", "1 rue du Port"), ("C-2", None)):
            session.add(Customer(
                id=id, first_name="Camille", last_name="Rousseau", email=f"{id}@example.org", language="fr", street=street, postal_code="44000",
                city="Nantes", country="FR",
            ))


def found(database: Database, product: str, kind: Optional[str] = None, symptom: Optional[str] = None) -> list[str]:
    with database.reading() as session:
        return [part.id for part in parts.find_parts(session, product=product, kind=kind, symptom=symptom).parts]


def order(database: Database, clock: Clock, part: str, *, quantity: int = 1, key: str = "k", customer: str = "C-1") -> PartOrdering:
    with database.writing() as session:
        return parts.order_part(session, customer=customer, part=part, quantity=quantity, key=key, at=clock())


def stock(database: Database, part: str) -> int:
    with database.reading() as session:
        return int(session.get(SparePart, part).stock)


@pytest.mark.parametrize(
    ("product", "kind", "symptom", "first"),
    [("nova-6", "charger", None, "chargeur-65"), ("nova-5", None, "charging", "chargeur-25"), ("brume-15-pro", "charger", None, "alimentation-brume-100"),
     ("horizon-43", None, "buttons", "telecommande-horizon"), ("murmure-mini", None, "sound", "embouts-murmure-mini"), ("tempo-3", "strap", None, "bracelet-tempo-22"),
     ("kivo-3", None, "battery", "batterie-kivo-3"), ("chargeur-65", None, None, "chargeur-65"), ("passerelle-ax3", None, "power", "alimentation-passerelle")],
)
def test_the_likeliest_part_comes_first(database: Database, product: str, kind: str, symptom: str, first: str) -> None:
    assert found(database, product, kind, symptom)[0] == first


def test_what_is_not_sold_or_not_known_is_said(database: Database) -> None:
    with database.reading() as session:
        assert parts.find_parts(session, product="nova-6", kind="strap").outcome == "none"
        assert parts.find_parts(session, product="nova-6", symptom="storage").outcome == "none"
        assert parts.find_parts(session, product="nova-99").outcome == "unknown_product"
        assert parts.find_parts(session, product="nova-6", kind="wheel").outcome == "unknown_kind"


def test_every_model_has_a_part_and_accessories_cost_what_the_shop_asks(database: Database) -> None:
    with database.reading() as session:
        for product in shop.catalogue(session):
            assert parts.find_parts(session, product=product.id).outcome == "found", product.id
            part = parts.part_by_id(session, product.id)
            assert (part is not None) == (product.type == "accessory")
            assert part is None or (part.price_cents, part.stock) == (product.price_cents, product.stock)


def test_delivery_is_free_from_49_euros(database: Database, clock: Clock) -> None:
    made = order(database, clock, "bracelet-tempo-22")
    assert made.outcome == "ordered" and made.order is not None
    assert (made.order.number, made.order.shipping_cents, made.order.total_cents, made.order.state) == ("PCE-000001", 490, 2480, "ordered")
    assert (made.order.recipient, made.order.street, made.order.city) == ("Camille Rousseau", "1 rue du Port", "Nantes")
    assert order(database, clock, "manette-pixio", key="two").order.total_cents == 4900  # type: ignore[union-attr]


def test_the_same_key_orders_once(database: Database, clock: Clock) -> None:
    before = stock(database, "bracelet-tempo-22")
    numbers = {order(database, clock, "bracelet-tempo-22", quantity=2).order.number for _ in range(2)}  # type: ignore[union-attr]
    assert numbers == {"PCE-000001"}
    assert stock(database, "bracelet-tempo-22") == before - 2


@pytest.mark.parametrize(
    ("part", "quantity", "customer", "outcome"),
    [("station-pixio-poche", 1, "C-1", "out_of_stock"), ("caisson-sillage", 4, "C-1", "not_enough"), ("batterie-nova-6", 1, "C-1", "workshop_only"),
     ("cable-ethernet", 6, "C-1", "too_many"), ("cable-ethernet", 0, "C-1", "too_many"), ("cable-ethernet", 1, "C-2", "no_address"),
     ("cable-ethernet", 1, "C-9", "unknown_customer"), ("wheel", 1, "C-1", "unknown_part")],
)
def test_what_can_not_be_ordered_is_said_and_changes_nothing(
    database: Database, clock: Clock, part: str, quantity: int, customer: str, outcome: str
) -> None:
    before = None if part == "wheel" else stock(database, part)
    refused = order(database, clock, part, quantity=quantity, customer=customer)
    assert (refused.outcome, refused.order) == (outcome, None)
    assert before is None or stock(database, part) == before


def test_what_is_out_of_stock_says_when_it_is_back(database: Database, clock: Clock) -> None:
    back = order(database, clock, "station-pixio-poche").part
    unknown = order(database, clock, "boitier-murmure-sport").part
    assert back is not None and back.restock_at.isoformat() == "2026-12-11T08:00:00+00:00"
    assert unknown is not None and unknown.restock_at is None


def test_of_many_who_want_the_last_ones_just_as_many_get_them(database: Database, clock: Clock) -> None:
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda n: order(database, clock, "caisson-sillage", key=str(n)).outcome, range(6)))
    assert sorted(outcomes) == ["ordered"] * 3 + ["out_of_stock"] * 3
    assert stock(database, "caisson-sillage") == 0


def test_one_turn_run_by_two_processes_at_once_orders_once(database: Database, clock: Clock) -> None:
    before = stock(database, "cable-ethernet")
    with ThreadPoolExecutor(4) as pool:
        assert {order_.outcome for order_ in pool.map(lambda _: order(database, clock, "cable-ethernet"), range(4))} == {"ordered"}
    assert stock(database, "cable-ethernet") == before - 1


def test_an_order_is_found_by_its_owner_only(database: Database, clock: Clock) -> None:
    order(database, clock, "cable-ethernet")
    with database.reading() as session:
        assert parts.order_by_number(session, customer="C-1", number="pce-000001") is not None
        assert parts.order_by_number(session, customer="C-2", number="PCE-000001") is None
        assert [made.number for made in parts.part_orders_of(session, "C-1")] == ["PCE-000001"]


def test_who_wants_to_hear_is_listed_once_it_is_back_until_they_were_told(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        assert parts.tell_when_back(session, customer="C-1", part="cable-ethernet", at=clock()).outcome == "in_stock"
        for _ in range(2):
            assert parts.tell_when_back(session, customer="C-1", part="station-pixio-poche", at=clock()).outcome == "noted"
        assert parts.due_notices(session) == []
        session.get(SparePart, "station-pixio-poche").stock = 5
        session.flush()
        (due,) = parts.due_notices(session)
        parts.mark_told(session, due, at=clock())
        assert parts.due_notices(session) == []


def test_a_part_for_a_model_that_does_not_exist_is_a_fault(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,kind,name_fr,name_en,products,price_cents,stock,self_fit\na,cable,A,A,nova-99,100,1,yes\n", encoding="utf-8")
    with pytest.raises(FaultyFile) as caught, database.writing() as session:
        importing.import_spare_parts(session, path)
    assert "nova-99" in str(caught.value.faults[0])
