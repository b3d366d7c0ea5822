"""Asking for a repair: the device, whether it is free, what it costs else and where it is done, then a number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone
from typing import Any

import pytest

from savoir.core.database import Database
from savoir.repairs import service
from savoir.repairs.service import Opening, Plan
from savoir.repairs.tables import Repair
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def nothing_under_way(database: Database, firm: None) -> None:
    with database.writing() as session:
        session.get(Repair, "REP-000160").serial_number = "HZ0000000009"  # another one than they own


def plan(database: Database, clock: Clock, customer: str = "C-1", **named: Any) -> Plan:
    with database.reading() as session:
        return service.plan_repair(session, customer=customer, at=clock(), **named)


def open_(database: Database, clock: Clock, customer: str = "C-1", key: str = "k", **named: Any) -> Opening:
    with database.writing() as session:
        return service.open_repair(session, customer=customer, words="Il ne s'allume plus", key=key, at=clock(), **named)


def test_a_big_television_under_guarantee_is_repaired_at_home_and_free(database: Database, clock: Clock) -> None:
    made = plan(database, clock, serial_number="hz0000000001", symptom="sound")
    assert (made.outcome, made.how, made.ways, made.is_free) == ("ready", "at_home", ("at_home",), True)
    assert made.cover is not None and made.cover.until == date(2027, 1, 10)


def test_where_no_technician_comes_a_big_television_goes_to_the_workshop(database: Database, clock: Clock) -> None:
    made = plan(database, clock, "C-3", product="horizon-43", symptom="sound")
    assert (made.how, made.ways, made.is_out_of_reach) == ("sent_in", ("sent_in",), True)


def test_another_device_is_sent_in_or_dropped_off(database: Database, clock: Clock) -> None:
    made = plan(database, clock, product="nova-6", symptom="power")
    assert (made.how, made.ways, made.is_out_of_reach) == ("sent_in", ("sent_in", "drop_off"), False)


def test_a_fall_or_a_liquid_is_never_covered(database: Database, clock: Clock) -> None:
    broken = plan(database, clock, product="nova-6", symptom="screen", is_accident=True)
    assert broken.cover is not None and broken.price is not None
    assert (broken.cover.outcome, broken.price.outcome, broken.price.cents, broken.price.bonus_cents) == ("accident", "fixed", 14900, 2500)
    assert plan(database, clock, product="nova-6", symptom="water").cover.outcome == "accident"  # type: ignore[union-attr]


def test_the_guarantee_ends_unless_an_extension_was_bought(database: Database, clock: Clock) -> None:
    ended = plan(database, clock, "C-2", serial_number="NV0000000003")
    extended = plan(database, clock, "C-2", serial_number="NV0000000002")
    assert (ended.cover.outcome, extended.cover.outcome, extended.cover.by_extension) == ("ended", "covered", True)  # type: ignore[union-attr]


def test_a_free_repair_prolongs_the_guarantee(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        session.add(Repair(
            number="REP-000050", customer="C-2", serial_number="NV0000000003", product="nova-5", opened_at=clock(), status="closed", under_warranty=True,
            status_at=datetime(2025, 6, 1, 9, 0, tzinfo=timezone.utc),
        ))
    assert plan(database, clock, "C-2", serial_number="NV0000000003").cover.until == date(2026, 7, 10)  # type: ignore[union-attr]


def test_a_device_that_was_not_bought_here_can_be_repaired_and_its_cover_is_to_be_seen(database: Database, clock: Clock) -> None:
    made = open_(database, clock, product="tempo-2", symptom="screen")
    assert made.outcome == "opened" and made.repair is not None
    assert (made.repair.serial_number, made.repair.under_warranty) == (None, None)


def test_several_devices_that_fit_are_asked_about(database: Database, clock: Clock) -> None:
    made = plan(database, clock, "C-2", product="nova-5")
    assert made.outcome == "which_device"
    assert sorted(device.serial_number for device, _ in made.devices) == ["NV0000000002", "NV0000000003"]
    assert len(plan(database, clock).devices) == 2
    assert plan(database, clock, "C-3").outcome == "ready"
    assert plan(database, clock, "C-4").outcome == "no_device"


@pytest.mark.parametrize(
    ("named", "outcome"),
    [({"serial_number": "HZ0000000002"}, "unknown_serial"), ({"product": "nova-99"}, "unknown_product"), ({"product": "chargeur-25"}, "not_repaired")],
)
def test_what_can_not_be_repaired_is_said(database: Database, clock: Clock, named: dict[str, str], outcome: str) -> None:
    assert plan(database, clock, **named).outcome == outcome
    assert open_(database, clock, **named).outcome == outcome


def test_a_repair_gets_the_number_after_the_highest_and_says_what_is_known(database: Database, clock: Clock) -> None:
    made = open_(database, clock, product="nova-6", symptom="power", how="drop_off")
    assert made.outcome == "opened" and made.repair is not None
    repair = made.repair
    assert (repair.number, repair.status, repair.how, repair.serial_number) == ("REP-000161", "received", "drop_off", "NV0000000001")
    assert (repair.under_warranty, repair.symptom, repair.symptom_kind, repair.quote_cents) == (True, "Il ne s'allume plus", "power", None)


def test_a_way_that_is_not_offered_becomes_the_usual_one(database: Database, clock: Clock) -> None:
    assert open_(database, clock, product="nova-6", how="at_home").repair.how == "sent_in"  # type: ignore[union-attr]


def test_the_same_key_opens_one_and_another_finds_it_open(database: Database, clock: Clock) -> None:
    first = open_(database, clock, product="nova-6")
    assert open_(database, clock, product="nova-6").repair.number == first.repair.number  # type: ignore[union-attr]
    again = open_(database, clock, product="nova-6", key="other")
    assert again.outcome == "already_open" and again.repair is not None and again.repair.number == "REP-000161"


def test_repairs_opened_at_once_get_numbers_of_their_own(database: Database, clock: Clock) -> None:
    wanted = [("C-1", "nova-6"), ("C-2", "horizon-55"), ("C-3", "horizon-43"), ("C-4", "tempo-2"), ("C-4", "cap-4k")]
    with ThreadPoolExecutor(5) as pool:
        made = list(pool.map(lambda pair: open_(database, clock, pair[0], key="/".join(pair), product=pair[1]), wanted))
    assert sorted(opening.repair.number for opening in made) == [f"REP-{n:06d}" for n in range(161, 166)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("product", "symptom", "outcome", "cents", "bonus"),
    [("nova-5", "screen", "fixed", 11900, True), ("nova-6-pro", "screen", "on_quote", None, True), ("nova-5-lite", "battery", "fixed", 4900, True),
     ("nova-6-pro", "water", "estimate", 18900, True), ("nova-6", "software", "estimate", 2900, False), ("horizon-43", "screen", "estimate", 21900, True),
     ("tempo-2", "connectivity", "on_quote", None, False)],
)
def test_prices_are_those_of_the_articles_or_else_estimates(
    database: Database, product: str, symptom: str, outcome: str, cents: int, bonus: bool
) -> None:
    with database.reading() as session:
        price = service.price_of(session, product=service_product(session, product), symptom=symptom)
    assert (price.outcome, price.cents, price.has_bonus, price.quote_fee_cents) == (outcome, cents, bonus, 2900)


def service_product(session: Any, product: str) -> Any:
    from savoir.customers import service as customers

    return customers.product(session, product)
